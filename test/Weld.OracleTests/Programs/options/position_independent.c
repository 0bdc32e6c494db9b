// Compiled with -fPIC and linked statically: the GOT becomes globals of the module.
extern int helper(int);
extern int counter;
extern const char *message;
static int local_state;
int (*choose(int x))(int) { return x ? helper : 0; }
int *where(void) { return &counter; }
int use_pic(void) { local_state++; return choose(local_state)(*where()) + message[0]; }
