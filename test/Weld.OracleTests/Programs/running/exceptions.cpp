// Throws and catches across functions of two objects, with destructors on the way.
#include "exceptions.h"

int destroyed;

Guard::~Guard() { destroyed += weight; }

static int attempt(int what) {
    Guard guard{1};
    try {
        Guard inner{10};
        thrower(what);
        return 1;
    } catch (const Number &number) {
        return 100 + number.value;
    } catch (const Text &text) {
        return 200 + text.length;
    }
}

extern "C" __attribute__((export_name("run"))) int run(int what) {
    destroyed = 0;
    int result;
    try {
        result = attempt(what);
    } catch (...) {
        // What attempt() has no handler for.
        result = 300;
    }
    return result * 100 + destroyed;
}
