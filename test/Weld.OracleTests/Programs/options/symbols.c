// Every symbol that the linker itself defines.
extern char __data_end, __heap_base, __heap_end, __global_base, __stack_low, __stack_high, __memory_base, __table_base, __dso_handle, __wasm_first_page_end;
int data[5] = { 1, 2, 3 };
int zero[50];
char *all[] = { &__data_end, &__heap_base, &__heap_end, &__global_base, &__stack_low, &__stack_high, &__dso_handle, &__wasm_first_page_end };
char *all_code(int i)
{
    switch (i) {
    case 0: return &__data_end;
    case 1: return &__heap_base;
    case 2: return &__stack_high + 5;
    default: return all[i];
    }
}
void _start(void) { zero[data[1]] = *all_code(data[0]); }
