#include "shared.h"

static int calls;
static const char *const words[] = { "hello", "ello", "world", "beta" };
static int second(int x) { return x ^ 5; }
int helper(int x) { calls++; return x + words[x & 3][1] + (counter > 3 ? second : helper)(calls > 100 ? x : -x); }
int other_helper(int x) { return helper(x) + words[1][0]; }
