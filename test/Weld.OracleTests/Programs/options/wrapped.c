#include "shared.h"
int __real_helper(int);
int __wrap_helper(int x) { return __real_helper(x + 1) - 1; }
