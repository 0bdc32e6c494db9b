// A whole C program with its library.
#include <stdio.h>
#include <stdlib.h>
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(int argc, char **argv) {
  int numbers[] = {3, 1, 2};
  qsort(numbers, 3, sizeof *numbers, compare);
  printf("%d %s %.3f\n", numbers[0], argv[0], 1.0 / argc);
  return 0;
}
