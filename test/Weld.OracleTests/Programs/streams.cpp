// iostream and string streams with manipulators.
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

struct Point { int x, y; };
static std::ostream &operator<<(std::ostream &out, const Point &p) { return out << '(' << p.x << ", " << p.y << ')'; }

int main()
{
    std::cout << "pi " << std::fixed << std::setprecision(5) << 3.14159265 << ' ' << std::scientific << 12345.678 << '\n';
    std::cout << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << std::dec << ' ' << std::boolalpha << true << '\n';
    std::ostringstream out;
    out << std::setw(8) << std::setfill('*') << 42 << '|' << std::left << std::setw(6) << "ab" << '|' << Point{ 3, -4 };
    std::cout << out.str() << '\n';

    std::istringstream in("12 3.5 hello 0x1f rest of line");
    int whole; double part; std::string word, rest; unsigned hex;
    in >> whole >> part >> word >> std::hex >> hex;
    std::getline(in, rest);
    std::cout << whole << ' ' << std::defaultfloat << part << ' ' << word << ' ' << hex << " [" << rest << "]\n";

    std::string line;
    int lines = 0;
    while (std::getline(std::cin, line))
        std::cout << ++lines << ": " << line << std::endl;
    std::cerr << "to cerr\n";
    return lines;
}
