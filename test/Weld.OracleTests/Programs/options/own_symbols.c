// A program's own definition wins over the linker's.
char __heap_base[16] = "mine";
int __data_end = 3;
void _start(void) { __heap_base[0] = (char)__data_end; }
