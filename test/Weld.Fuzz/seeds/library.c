// What program.c calls; goes into archives.
int counter = 7;
int table_of_numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8};
int add(int a, int b) { return a + b; }
int multiply(int a, int b) { return a * b; }
long long wide(long long a, double b) { return a + (long long)b; }
int replaceable(int x) { return x + 2; }
