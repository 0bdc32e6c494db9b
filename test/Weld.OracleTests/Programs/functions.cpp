// std::function, lambdas, templates and pointers to members.
#include <cstdio>
#include <functional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>
#include <optional>

struct Counter {
    int count = 0;
    int step(int by) { return count += by; }
    virtual int more(int by) { return step(by * 2); }
    virtual ~Counter() = default;
};
struct Louder : Counter {
    int more(int by) override { return step(by * 10); }
};

template <typename... Args> static int total(Args... args) { return (0 + ... + args); }

static std::function<int(int)> compose(std::function<int(int)> f, std::function<int(int)> g)
{
    return [f = std::move(f), g = std::move(g)](int x) { return g(f(x)); };
}

int main()
{
    std::vector<std::function<int(int)>> steps;
    std::string big(100, 'x');
    steps.push_back([](int x) { return x + 1; });
    steps.push_back([big](int x) { return x * (int)big.size(); });
    Counter counter;
    Louder louder;
    steps.push_back([&](int x) { return counter.step(x); });
    steps.push_back(std::bind(&Counter::more, &louder, std::placeholders::_1));
    auto all = compose(compose(steps[0], steps[1]), compose(steps[2], steps[3]));
    std::printf("%d %d %d\n", all(2), counter.count, louder.count);

    int (Counter::*method)(int) = &Counter::more;
    Counter *base = &louder;
    std::printf("%d %d\n", (base->*method)(1), total(1, 2, 3, 4));

    std::variant<int, std::string, double> value = std::string("text");
    std::visit([](const auto &v) { std::printf("%zu\n", sizeof v > 8 ? (size_t)1 : (size_t)0); }, value);
    std::optional<std::tuple<int, char>> maybe = std::make_tuple(5, 'c');
    return std::get<0>(*maybe) + (int)value.index();
}
