// Calls helper with another signature than its definition.
long long helper(double);
int counter;
const char *message;
void _start(void) { counter = (int)helper(2.5); }
