// qsort, bsearch and tables of function pointers with several signatures.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { const char *name; int (*apply)(int, int); } Operation;
static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static int multiply(int a, int b) { return a * b; }
static const Operation operations[] = { { "add", add }, { "subtract", subtract }, { "multiply", multiply } };

static double half(double x) { return x / 2; }
static double twice(double x) { return x * 2; }
static double (*const shapes[])(double) = { half, twice };

static int by_name(const void *a, const void *b) { return strcmp(((const Operation *)a)->name, ((const Operation *)b)->name); }
static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }

static void each(const int *values, int count, void (*visit)(int, void *), void *context)
{
    for (int i = 0; i < count; i++)
        visit(values[i], context);
}
static void sum(int value, void *context) { *(long *)context += value; }
static void at_end(void) { puts("at exit"); }

int main(int argc, char **argv)
{
    int values[50];
    long total = 0;
    for (int i = 0; i < 50; i++)
        values[i] = i * 7919 % 101;
    qsort(values, 50, sizeof *values, descending);
    each(values, 50, sum, &total);
    printf("%d %d %d %ld\n", values[0], values[1], values[49], total);

    Operation sorted[3];
    memcpy(sorted, operations, sizeof sorted);
    qsort(sorted, 3, sizeof *sorted, by_name);
    Operation key = { "multiply", 0 };
    Operation *found = bsearch(&key, sorted, 3, sizeof *sorted, by_name);
    printf("%s %d %g\n", found->name, found->apply(6, 7), shapes[argc & 1](10) + shapes[0](3));
    atexit(at_end);
    exit(found->apply(argc, 5));
}
