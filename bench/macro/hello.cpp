#include <iostream>
#include <map>
#include <string>

int main(int argc, char **argv)
{
    std::map<std::string, int> words;
    for (int i = 0; i < argc; i++)
        words[argv[i]]++;
    for (const auto &[word, count] : words)
        std::cout << "hello " << word << ", " << count << std::endl;
    return 0;
}
