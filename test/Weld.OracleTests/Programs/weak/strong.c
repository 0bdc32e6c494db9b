const char *flavour(void) { return "strong"; }
int limit = 20;
__attribute__((weak)) const char *renamed(void) { return "replaced"; }
int from_other(void) { return limit + 1; }
