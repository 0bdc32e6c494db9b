__attribute__((weak)) int helper(int x) { return x - 5; }
__attribute__((weak)) int weak_value = 3;
int from_weak(void) { return weak_value; }
