const char *a1 = "a common tail", *a2 = "common tail", *a3 = "tail", *a4 = "";
static const char array_kept_apart[] = "tail";
const char *a5 = array_kept_apart;
void _start(void) { __asm__ volatile("" : : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)); }
