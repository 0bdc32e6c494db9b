// The side module.
extern int main_value;
extern int main_double(int);
extern int main_numbers[3];

int side_value = 20;
int side_was_constructed;
static int hidden = 3;
static int numbers[3] = {10, 20, 30};
int *side_pointers[2] = {&numbers[1], &main_numbers[2]};

__attribute__((weak)) extern int nobody_has_this(void);

int side_sum(int x) { return x + side_value + main_value + main_double(hidden) + *side_pointers[0] + *side_pointers[1] + (nobody_has_this ? 1000 : 0); }
int side_apply(int (*function)(int), int argument) { return function(argument); }
static int triple(int x) { return x * hidden; }
int (*side_function(void))(int) { return triple; }
int *side_table(void) { return numbers; }
__attribute__((constructor)) static void construct(void) { side_was_constructed = 42; }
