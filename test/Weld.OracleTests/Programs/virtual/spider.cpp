#include "animals.h"

struct Spider : Animal {
    int legs() const override { return 8; }
};
Animal *make_spider() { Registry<int>::count()++; shared_counter++; return new Spider; }
int count_legs(const Animal &animal) { Duck duck; return animal.legs() + duck.legs() - 2; }
