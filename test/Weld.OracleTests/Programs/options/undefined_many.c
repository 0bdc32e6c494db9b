int one_missing(void);
int two_missing(void);
int use(void) { return one_missing() + one_missing(); }
void _start(void) { use(); two_missing(); one_missing(); }
