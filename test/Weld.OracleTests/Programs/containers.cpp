// The containers, algorithms, strings and smart pointers.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

struct Node {
    explicit Node(int v) : value(v) { live++; }
    ~Node() { live--; }
    int value;
    std::unique_ptr<Node> next;
    static int live;
};
int Node::live = 0;

int main()
{
    std::vector<int> numbers(200);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::transform(numbers.begin(), numbers.end(), numbers.begin(), [](int n) { return n * 37 % 211; });
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());

    std::map<std::string, int> lengths;
    std::unordered_map<std::string, std::vector<int>> groups;
    for (int n : numbers) {
        std::string key = "key" + std::to_string(n % 10);
        lengths[key] += n;
        groups[key].push_back(n);
    }
    for (const auto &[key, total] : lengths)
        std::printf("%s=%d/%zu ", key.c_str(), total, groups[key].size());

    std::deque<int> queue(numbers.begin(), numbers.begin() + 20);
    std::set<int, std::greater<int>> backwards(queue.begin(), queue.end());
    std::list<int> list(backwards.begin(), backwards.end());
    list.splice(list.begin(), list, std::prev(list.end()));
    std::printf("\n%d %d %zu\n", list.front(), *std::next(list.begin()), backwards.size());

    std::unique_ptr<Node> head;
    for (int i = 0; i < 10; i++) {
        auto node = std::make_unique<Node>(i);
        node->next = std::move(head);
        head = std::move(node);
    }
    std::shared_ptr<Node> shared = std::make_shared<Node>(99);
    std::weak_ptr<Node> weak = shared;
    std::printf("%d %ld\n", Node::live, shared.use_count());
    shared.reset();
    head.reset();
    std::printf("%d %d\n", Node::live, (int)weak.expired());
    return (int)numbers.size() % 128;
}
