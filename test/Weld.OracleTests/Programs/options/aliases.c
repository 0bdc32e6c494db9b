static int real_function(int x) { return x + 1; }
int alias_one(int) __attribute__((alias("real_function")));
__attribute__((weak)) int alias_two(int) __attribute__((alias("real_function")));
int value = 3;
extern int value_alias __attribute__((alias("value")));
void _start(void) { value_alias = alias_one(value) + alias_two(2); }
