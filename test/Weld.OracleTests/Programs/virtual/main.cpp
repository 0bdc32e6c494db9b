// Virtual calls, multiple and virtual inheritance, RTTI, inline variables and static locals.
#include "animals.h"
#include <cstdio>
#include <typeinfo>

struct Global {
    explicit Global(const char *n) : name(n) { std::printf("construct %s\n", name); }
    ~Global() { std::printf("destroy %s\n", name); }
    const char *name;
};
__attribute__((init_priority(2000))) static Global late("late");
__attribute__((init_priority(1000))) static Global early("early");
static Global plain("plain");

int main()
{
    Duck duck;
    Animal *animals[] = { &duck, make_spider() };
    int legs = 0;
    for (Animal *animal : animals) {
        legs += count_legs(*animal);
        Swimmer *swimmer = dynamic_cast<Swimmer *>(animal);
        std::printf("%s %s %d\n", animal->name().c_str(), typeid(*animal).name(), swimmer ? swimmer->depth() : -1);
    }
    Registry<int>::count() += 5;
    shared_counter += Registry<Duck>::tag;
    std::printf("%d %d %d\n", legs, Registry<int>::count(), shared_counter);
    delete animals[1];
    return legs;
}
