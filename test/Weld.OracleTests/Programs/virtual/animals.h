#include <string>

// Inline virtual functions: vtables and bodies come in several objects, one of each is kept.
struct Animal {
    virtual ~Animal() = default;
    virtual std::string name() const { return "animal"; }
    virtual int legs() const = 0;
};
struct Swimmer {
    virtual ~Swimmer() = default;
    virtual int depth() const { return 1; }
};
struct Duck : Animal, virtual Swimmer {
    std::string name() const override { return "duck"; }
    int legs() const override { return 2; }
    int depth() const override { return 3; }
};
template <typename T> struct Registry {
    static int &count() { static int value = 0; return value; }
    static inline int tag = 7;
};
inline int shared_counter = 100;
int count_legs(const Animal &animal);
Animal *make_spider();
