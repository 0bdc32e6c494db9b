// As much of an exception runtime as the test needs: Debian's libc++abi for wasm32 is built without one.
// Handlers are chosen as the personality routine of the Itanium C++ ABI does, from the language-specific data area.
extern "C" {

// The order of the fields is the compiler's.
struct LandingPad { unsigned long index; const unsigned char *data; unsigned long selector; };
_Thread_local LandingPad __wasm_lpad_context;

// The type information of classes points here; handlers compare only where it is itself.
void *class_type_info[4] __asm__("_ZTVN10__cxxabiv117__class_type_infoE");

static struct { unsigned char object[64]; const void *type; } thrown;

__asm__(".globl __cpp_exception\n"
        ".tagtype __cpp_exception i32\n"
        "__cpp_exception:\n");

void *__cxa_allocate_exception(unsigned long) { return thrown.object; }
void __cxa_free_exception(void *) {}
void *__cxa_begin_catch(void *exception) { return exception; }
void __cxa_end_catch() {}
__attribute__((noreturn)) void _ZSt9terminatev() { __builtin_trap(); }
__attribute__((noreturn)) void __clang_call_terminate(void *) { __builtin_trap(); }

__attribute__((noreturn)) void __cxa_throw(void *object, void *type, void (*)(void *)) {
    thrown.type = type;
    __builtin_wasm_throw(0, object);
}

int __gxx_wasm_personality_v0() { return 0; }

static unsigned long unsigned_leb(const unsigned char *&p) {
    unsigned long value = 0, shift = 0;
    unsigned char b;
    do { b = *p++; value |= (unsigned long)(b & 127) << shift; shift += 7; } while (b & 128);
    return value;
}

static long signed_leb(const unsigned char *&p) {
    long value = 0;
    unsigned shift = 0;
    unsigned char b;
    do { b = *p++; value |= (long)(b & 127) << shift; shift += 7; } while (b & 128);
    return shift < 32 && (b & 64) ? value | -(1L << shift) : value;
}

// Sets the selector of the landing pad: the number of the handler's type, or 0 for clean-up only.
int _Unwind_CallPersonality(void *) {
    LandingPad &pad = __wasm_lpad_context;
    pad.selector = 0;
    const unsigned char *p = pad.data;
    if (!p) return 0;
    if (*p++ != 0xff) unsigned_leb(p);
    const unsigned char *types = nullptr;
    if (*p++ != 0xff) { unsigned long offset = unsigned_leb(p); types = p + offset; }
    p++;
    unsigned long length = unsigned_leb(p);
    const unsigned char *actions = p + length;
    while (p < actions) {
        unsigned long index = unsigned_leb(p), action = unsigned_leb(p);
        if (index != pad.index || !action) continue;
        for (const unsigned char *a = actions + action - 1;;) {
            long type = signed_leb(a);
            const unsigned char *next = a;
            long step = signed_leb(a);
            const void *wanted = type > 0 ? *(const void **)(types - type * 4) : nullptr;
            if (type > 0 && (!wanted || wanted == thrown.type)) { pad.selector = type; return 0; }
            if (!step) return 0;
            a = next + step;
        }
    }
    return 0;
}

}
