// Constructors with priorities, a destructor, and weak definitions and references.
#include <stdio.h>

static int order[8];
static int count;

__attribute__((constructor)) static void plain(void) { order[count++] = 1; }
__attribute__((constructor(300))) static void third(void) { order[count++] = 300; }
__attribute__((constructor(101))) static void first(void) { order[count++] = 101; }
__attribute__((constructor(200))) static void second(void) { order[count++] = 200; }
__attribute__((destructor)) static void finish(void) { puts("destructor"); }

__attribute__((weak)) int level(void) { return 1; }
__attribute__((weak)) extern int not_there(int);
__attribute__((weak)) extern int no_data;

int main(void)
{
    for (int i = 0; i < count; i++)
        printf("%d ", order[i]);
    printf("\nlevel %d, %s, %s\n", level(), not_there ? "there" : "absent", &no_data ? "there" : "absent");
    return not_there ? not_there(1) : level();
}
