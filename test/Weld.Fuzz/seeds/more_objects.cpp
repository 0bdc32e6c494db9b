// The other member of each COMDAT group of objects.cpp.
#include "shared.h"
struct Circle : Shape { int area() const override { return larger(3, Counter<int>::value); } };
static Circle circle;
Registered also_registered(&circle);
extern "C" int total();
extern "C" int _start() { return total() + sum_of(circle, circle) + also_registered.shape->area(); }
