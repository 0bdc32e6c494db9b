#include "exceptions.h"

__attribute__((noinline)) void thrower(int what) {
    Guard guard{1};
    switch (what) {
    case 1: throw Number{7};
    case 2: throw Text{9};
    case 3: throw Other{1};
    }
}
