/* A small program that needs most of what a linker does: an archive, a weak default, constructors,
   function pointers, addresses in data, and a symbol that only the linker can define. */
#include "tiny/tiny.h"

static const char *linkers[] = { "wasm-ld", "weld", "wild" };
static unsigned ready;

/* A default; an object that defines greeting wins over it. */
__attribute__((weak)) const char *greeting(void)
{
    return "hello";
}

__attribute__((constructor(200))) static void second(void)
{
    ready = ready * 10 + 2;
}

__attribute__((constructor(100))) static void first(void)
{
    ready = ready * 10 + 1;
}

static int shorter(const char *a, const char *b)
{
    return text_length(a) < text_length(b);
}

int main(int count, char **arguments)
{
    print(greeting());
    for (int i = 1; i < count; i++) {
        print(i == 1 ? " from " : ", ");
        print(arguments[i]);
    }
    print("\nconstructors ran in the order ");
    print_number(ready);
    print("\nlinkers by length of name:");
    sort(linkers, sizeof linkers / sizeof *linkers, shorter);
    for (size_t i = 0; i < sizeof linkers / sizeof *linkers; i++) {
        print(" ");
        print(linkers[i]);
    }
    print("\n");
    return 0;
}
