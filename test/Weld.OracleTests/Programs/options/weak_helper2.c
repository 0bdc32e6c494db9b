__attribute__((weak)) int helper(int x) { return x - 6; }
__attribute__((weak)) int weak_value = 4;
