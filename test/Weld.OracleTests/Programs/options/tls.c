_Thread_local int local_value = 7;
static _Thread_local char local_zero[20];
int *address(void) { return &local_value; }
void _start(void) { local_zero[1] = (char)(*address())++; }
