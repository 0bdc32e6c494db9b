// The program of most seeds: calls, addresses of functions and of data, constants, zeros, a weak definition.
struct operation { const char *name; int (*run)(int, int); };

extern int add(int, int), multiply(int, int), twice(int);
extern int counter, table_of_numbers[8];
extern const char *greeting(int);
__attribute__((weak)) extern int maybe(int);
__attribute__((weak)) int replaceable(int x) { return x + 1; }

static int subtract(int a, int b) { return a - b; }
static int scratch[100];
int *pointer_into_array = &table_of_numbers[3];
const struct operation operations[] = {{"add", add}, {"multiply", multiply}, {"subtract", subtract}};

__attribute__((constructor(200))) static void late(void) { counter += 2; }
__attribute__((constructor(100))) static void early(void) { counter *= 3; }

int apply(int which, int a, int b) {
  scratch[a & 63] += operations[which % 3].run(a, b);
  return scratch[b & 63] + operations[which % 3].name[0];
}

int _start(void) {
  int sum = maybe ? maybe(1) : 0;
  for (int i = 0; i < 8; i++)
    sum += apply(i, table_of_numbers[i], *pointer_into_array) + twice(i) + greeting(i)[0];
  return sum + replaceable(counter);
}
