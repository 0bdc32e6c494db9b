// Two threads share a counter; each has its own copy of what is thread-local.
static int counter;
static int table[4] = {1, 2, 3, 4};
static _Thread_local int mine = 5;
static _Thread_local int *pointer_to_shared = &table[2];
static _Thread_local char zeros[100];

extern void __wasm_init_tls(void *);

__attribute__((export_name("tls_size"))) int tls_size(void) { return __builtin_wasm_tls_size(); }
__attribute__((export_name("tls_align"))) int tls_align(void) { return __builtin_wasm_tls_align(); }
__attribute__((export_name("init_thread"))) void init_thread(void *block) { __wasm_init_tls(block); }

__attribute__((export_name("work"))) int work(int times) {
    for (int i = 0; i < times; i++) {
        __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
        mine++;
        zeros[i % 100]++;
    }
    return mine * 10 + *pointer_to_shared;
}

__attribute__((export_name("count"))) int count(void) { return __atomic_load_n(&counter, __ATOMIC_SEQ_CST); }
