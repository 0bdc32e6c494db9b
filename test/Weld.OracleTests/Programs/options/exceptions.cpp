// The tag of C++ exceptions, thrown and caught without a library.
extern "C" void *__cxa_begin_catch(void *) noexcept { return 0; }
extern "C" void __cxa_end_catch() noexcept {}
extern "C" int __gxx_personality_wasm0(...) { return 0; }
extern "C" int __gxx_wasm_personality_v0(...) { return 0; }
extern "C" int _Unwind_CallPersonality(void *) { return 0; }
extern "C" struct { int a; int b; int c; } __wasm_lpad_context = {};
namespace std { void terminate() noexcept { __builtin_trap(); } }
int seen;
void thrower(void *thing) { __builtin_wasm_throw(0, thing); }
extern "C" void _start() { try { thrower(&seen); } catch (...) { seen = 1; } }
