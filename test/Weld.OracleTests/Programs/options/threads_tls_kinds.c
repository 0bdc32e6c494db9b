// Thread-local data with and without initial values, with alignment, and everything about it that code can ask.
_Thread_local int initialised = 3;
_Thread_local char zeros[10];
_Thread_local long long aligned __attribute__((aligned(32))) = 5;
void __wasm_init_tls(void *);
int *get_initialised(void) { return &initialised; }
char *get_zeros(void) { return zeros; }
long long *get_aligned(void) { return &aligned; }
void initialise(void *block) { __wasm_init_tls(block); }
static int ordinary_zeros[100];
int ordinary = 4;
void _start(void) {
  *get_initialised() = __builtin_wasm_tls_size() + __builtin_wasm_tls_align() + ordinary_zeros[3]++ + ordinary;
  *get_zeros() = 1;
  *get_aligned() = *(int *)__builtin_wasm_tls_base();
}
