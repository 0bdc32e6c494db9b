#include <stddef.h>
const char *b1 = "another common tail", *b2 = "tail", *b3 = "il", *b4 = "ail\0with zero";
const wchar_t *wide = L"wide tail", *wide2 = L"tail";
