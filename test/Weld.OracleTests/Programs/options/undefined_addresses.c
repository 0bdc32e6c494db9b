// Undefined functions: called before their address is taken, and the other way round.
void first(void);
void second(void);
int called_first(int);
int never_called(int);
void (*volatile callbacks[])(void) = {first, second};
int (*volatile numbers[])(int) = {called_first, never_called};
void _start(void) {
  callbacks[0]();
  called_first(1);
  numbers[0](1);
  void (*volatile callback)(void) = second;
  callback();
}
