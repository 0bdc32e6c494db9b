// Strings that are merged, tails included, and a section whose name is a C identifier.
static const char *const words[] = {"hello world", "world", "hello", "a longer string than the others", "others", ""};
__attribute__((section("records"), used, retain)) static const int record = 42;
extern const int __start_records[], __stop_records[];
int twice(int x) { return 2 * x + (int)(__stop_records - __start_records) + __start_records[0]; }
const char *greeting(int i) { return words[i % 6]; }
