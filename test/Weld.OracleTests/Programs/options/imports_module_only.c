__attribute__((import_module("host"))) int host_only(int);
void _start(void) { host_only(1); }
