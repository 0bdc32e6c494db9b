int called_first(int);
int called_elsewhere(int);
void use_others(void) {
  int (*volatile number)(int) = called_first;
  number(1);
  called_elsewhere(2);
  number = called_elsewhere;
}
