#include "shared.h"
int helper(int x) { return x - 1000; }
