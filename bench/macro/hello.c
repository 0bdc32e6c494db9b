#include <stdio.h>

int main(int argc, char **argv)
{
    printf("hello %s, %d\n", argc > 0 ? argv[0] : "nobody", argc);
    return 0;
}
