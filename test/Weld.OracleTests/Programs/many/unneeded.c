extern void this_exists_nowhere(void);
static const char text[] = "never linked";
const char *unneeded(void) { this_exists_nowhere(); return text; }
