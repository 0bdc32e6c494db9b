struct Record { int first; const char *second; };
static int table[4] = { 1, 2, 3, 4 };
int in_second_file(struct Record *record) { return table[record->first & 3]; }
int dropped_here(struct Record *record) { return in_second_file(record) + 1; }
