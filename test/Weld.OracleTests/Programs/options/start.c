// The entry point of most option cases.
#include "shared.h"

int counter = 5;
static int scratch[100];
const char *message = "shared tail: hello";
const char *const names[] = { "alpha", "beta", "tail: hello", "hello" };
static int callback(int x) { return x + scratch[x & 63]; }
int (*handler)(int) = callback;
int *inside = &scratch[10];

int unused_function(int x) { return x * 3; }
int unused_data[20] = { 1 };

__attribute__((used)) static int kept(void) { return 77; }
__attribute__((export_name("renamed"))) int exported(int x) { return helper(x) + 1; }
__attribute__((visibility("default"))) int visible(void) { return counter; }
__attribute__((visibility("default"))) int visible_data = 9;

void _start(void)
{
    counter += helper(handler(counter)) + names[counter & 3][0];
    scratch[3] = *inside + message[0];
}
