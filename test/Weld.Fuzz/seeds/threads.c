// Thread-local data and atomics.
_Thread_local int local_value = 3;
static _Thread_local int local_zeros[16];
static int lock;
int *address_of_local(void) { return &local_value; }
int _start(void) {
  __atomic_fetch_add(&lock, 1, __ATOMIC_SEQ_CST);
  return local_value + local_zeros[lock & 15] + *address_of_local();
}
