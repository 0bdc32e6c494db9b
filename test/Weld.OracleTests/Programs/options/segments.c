// Named segments, the bounds that the linker defines for them, and odd names.
__attribute__((section("my_numbers"))) int first_number = 1;
__attribute__((section("my_numbers"))) int second_number = 2;
__attribute__((section(".custom_data"))) int custom = 4;
extern int __start_my_numbers, __stop_my_numbers;
int total;
void _start(void)
{
    for (int *p = &__start_my_numbers; p < &__stop_my_numbers; p++)
        total += *p;
    total += custom;
}
