__attribute__((weak)) int maybe(int);
__attribute__((weak)) void maybe_too(void);
__attribute__((weak)) extern int maybe_data;
int (*pointer)(int) = maybe;
int *data_pointer = &maybe_data;
int result;
void _start(void) { if (maybe) result = maybe(1); maybe_too(); if (&maybe_data) result += maybe_data; result += pointer != 0; }
