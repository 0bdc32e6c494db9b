int closed;
void __wasm_call_dtors(void) { closed = 1; }
