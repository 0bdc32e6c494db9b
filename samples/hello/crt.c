/* What runs before main: constructors, arguments, and the exit code afterwards. */
#include "tiny/tiny.h"

__attribute__((import_module("wasi_snapshot_preview1"), import_name("args_sizes_get")))
int wasi_args_sizes_get(size_t *count, size_t *bytes);

__attribute__((import_module("wasi_snapshot_preview1"), import_name("args_get")))
int wasi_args_get(char **arguments, char *bytes);

__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"), noreturn))
void wasi_proc_exit(int code);

/* Written by the linker: calls every constructor of the program in order of priority. */
void __wasm_call_ctors(void);

/* The name that clang gives to a main with parameters on wasm. */
int __main_argc_argv(int count, char **arguments);

void _start(void)
{
    __wasm_call_ctors();
    size_t count = 0, bytes = 0;
    wasi_args_sizes_get(&count, &bytes);
    char **arguments = allocate((count + 1) * sizeof *arguments);
    wasi_args_get(arguments, allocate(bytes));
    arguments[count] = 0;
    int code = __main_argc_argv((int)count, arguments);
    if (code)
        wasi_proc_exit(code);
}
