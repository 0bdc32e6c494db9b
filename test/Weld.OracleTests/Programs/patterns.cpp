// std::regex: heavy templates, locale facets, many small functions.
#include <cstdio>
#include <regex>
#include <string>

int main()
{
    const std::string text = "alice@example.org, bob.smith@test.com; nobody, carol_99@a-b.net";
    const std::regex address(R"((\w[\w.]*)@([\w-]+)\.(org|com|net))");
    int matches = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), address), end; it != end; ++it, ++matches)
        std::printf("%s at %s (%s)\n", (*it)[1].str().c_str(), (*it)[2].str().c_str(), (*it)[3].str().c_str());
    std::string masked = std::regex_replace(text, address, "<$2>");
    std::printf("%s\n%d\n", masked.c_str(), (int)std::regex_match("2026-11-21", std::regex("[0-9]{4}(-[0-9]{2}){2}")));
    return matches;
}
