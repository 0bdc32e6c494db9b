// Explicit import modules and names.
__attribute__((import_module("host"), import_name("log"))) void log_message(const char *);
__attribute__((import_module("host"), import_name("log"))) void log_again(const char *);
__attribute__((import_module("host"))) int host_only(int);
__attribute__((import_name("bare"))) int bare_name(void);
void _start(void) { log_message("a"); log_again("b"); bare_name(); }
int unused_user(void) { return host_only(1); }
