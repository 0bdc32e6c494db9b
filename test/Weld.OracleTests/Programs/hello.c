// The plainest program: its module must be wasm-ld's to the byte.
#include <stdio.h>

int main(void)
{
    puts("Hello, world!");
    return 0;
}
