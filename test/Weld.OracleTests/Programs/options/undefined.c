// References without definitions, to functions and to data.
int missing_function(int);
void missing_callback(void);
static int dead(void) { extern int missing_in_dead_code(void); return missing_in_dead_code(); }
int (*dead_pointer)(void) = dead;
void _start(void) { missing_function(3); void (*volatile f)(void) = missing_callback; f(); }
