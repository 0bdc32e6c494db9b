#include "tiny.h"

/* Not defined in C anywhere: the linker gives it the address after the stack and the data. */
extern unsigned char __heap_base;

static unsigned char *next = &__heap_base;

void *allocate(size_t size)
{
    void *memory = next;
    next += (size + 15) & ~(size_t)15;
    return memory;
}
