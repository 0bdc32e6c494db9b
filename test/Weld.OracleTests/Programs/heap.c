// malloc, realloc, calloc, aligned_alloc and growth of the memory.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 12345;
static uint32_t next(void) { return state = state * 1664525u + 1013904223u; }

int main(void)
{
    enum { Count = 300 };
    unsigned char *blocks[Count] = { 0 };
    size_t sizes[Count] = { 0 };
    uint64_t checksum = 0;
    for (int round = 0; round < 3000; round++) {
        int slot = next() % Count;
        for (size_t i = 0; i < sizes[slot]; i += 97)
            checksum = checksum * 31 + blocks[slot][i];
        if (next() % 3 == 0) {
            free(blocks[slot]);
            blocks[slot] = 0;
            sizes[slot] = 0;
            continue;
        }
        size_t old = sizes[slot];
        sizes[slot] = next() % 4000 + 1;
        blocks[slot] = realloc(blocks[slot], sizes[slot]);
        if (!blocks[slot])
            return 1;
        if (sizes[slot] > old)
            memset(blocks[slot] + old, (int)(round & 0xff), sizes[slot] - old);
    }
    char *large = calloc(1 << 20, 8);
    for (int i = 0; i < 8 << 20; i += 4096)
        checksum += (unsigned char)large[i];
    void *aligned = aligned_alloc(256, 1024);
    printf("%llu %d %d\n", (unsigned long long)checksum, large != 0, (int)((uintptr_t)aligned % 256));
    return (int)(checksum % 100);
}
