// C11 atomics in a program without threads: they become plain operations.
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int counter;
static _Atomic unsigned long long wide = 1;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static _Thread_local int per_thread = 5;
static _Thread_local char zeroed[40];

int main(void)
{
    for (int i = 0; i < 100; i++)
        atomic_fetch_add(&counter, i);
    int expected = 4950;
    int swapped = atomic_compare_exchange_strong(&counter, &expected, 1);
    for (int i = 0; i < 40; i++)
        atomic_fetch_xor_explicit(&wide, 0x9e3779b97f4a7c15ull << i, memory_order_relaxed);
    int was = atomic_flag_test_and_set(&flag);
    per_thread += was + 1;
    strcpy(zeroed, "thread");
    printf("%d %d %llx %d %d %s\n", swapped, atomic_load(&counter), atomic_load(&wide), atomic_flag_test_and_set(&flag), per_thread, zeroed);
    return per_thread;
}
