// A library member that nothing in start.c needs.
#include "shared.h"

const char *extra_text = "extra text";
int extra(void) { return counter + extra_text[0]; }
