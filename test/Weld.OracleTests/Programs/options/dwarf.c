// Debug information about functions that are dropped.
struct Record { int first; const char *second; };
static struct Record record = { 1, "record" };
int dropped(int value) { struct Record local = { value, "local" }; return local.first + record.first; }
int dropped_too(int value) { for (int i = 0; i < value; i++) { int inner = i * 2; record.first += inner; } return record.first; }
static int inlined(int value) { return value * record.first; }
int live(int value) { return inlined(value) + inlined(value + 1); }
void _start(void) { record.first = live(record.first); }
