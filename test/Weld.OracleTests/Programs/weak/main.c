// A weak definition here, a strong one in the other file, and an alias.
#include <stdio.h>

__attribute__((weak)) const char *flavour(void) { return "weak"; }
__attribute__((weak)) int limit = 10;
const char *own(void) { return "own"; }
const char *renamed(void) __attribute__((alias("own")));
extern int from_other(void);

int main(void)
{
    printf("%s %d %s %d\n", flavour(), limit, renamed(), from_other());
    return limit;
}
