#include "shared.h"
int use_pic(void);
int counter = 1;
const char *message = "text";
void _start(void) { counter = use_pic(); }
