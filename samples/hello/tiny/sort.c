#include "tiny.h"

void sort(const char **items, size_t count, int (*before)(const char *, const char *))
{
    for (size_t end = 1; end < count; end++) {
        const char *item = items[end];
        size_t place = end;
        for (; place > 0 && before(item, items[place - 1]); place--)
            items[place] = items[place - 1];
        items[place] = item;
    }
}
