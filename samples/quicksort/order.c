// An order for quicksort.air, compiled by clang: the two call each other through function pointers.
#include <string.h>

struct planet {
    const char *name;
    double distance;
    unsigned moons;
};

int by_name(const void *x, const void *y)
{
    return strcmp(((const struct planet *)x)->name, ((const struct planet *)y)->name);
}
