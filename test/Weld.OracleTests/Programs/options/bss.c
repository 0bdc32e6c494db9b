// Zero data of several alignments.
char big[200000];
_Alignas(64) char aligned[3];
long long initialised = 1;
void _start(void) { big[5] = aligned[1] + (char)initialised; }
