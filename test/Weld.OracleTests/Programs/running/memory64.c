// 64-bit addresses: pointers in data, in calls and in the table of functions.
static int numbers[4] = {1, 2, 3, 4};
int *pointers[2] = {&numbers[1], &numbers[3]};
static long twice(long x) { return x * 2; }
static long square(long x) { return x * x; }
long (*functions[2])(long) = {twice, square};
char zeros[100000];

__attribute__((export_name("run"))) long run(int test) {
    switch (test) {
    case 0: return *pointers[0] + *pointers[1];
    case 1: return functions[0](21) + functions[1](3);
    case 2: return sizeof(void *) * 1000 + zeros[99999];
    default: return (long)&numbers[3] - (long)&numbers[0];
    }
}
