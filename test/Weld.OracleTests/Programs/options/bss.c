// Zero data of several alignments, and named segments with their bounds.
char big[200000];
_Alignas(64) char aligned[3];
long long initialised = 1;
__attribute__((section("my_numbers"))) int first_number = 1;
__attribute__((section("my_numbers"))) int second_number = 2;
__attribute__((section(".custom_data"))) int custom = 4;
extern int __start_my_numbers, __stop_my_numbers;
int total;
void _start(void)
{
    for (int *p = &__start_my_numbers; p < &__stop_my_numbers; p++)
        total += *p;
    big[5] = aligned[1] + (char)initialised + (char)custom;
}
