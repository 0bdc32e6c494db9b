#include "templates.h"
int other_file();
namespace outer { int named(const char *text, Box<int> *box) { return text[0] + box->get(); } }
extern "C" void _start()
{
    Box<int> box;
    box.value = 3;
    shared_static() += other_file() + outer::named(shared_text(), &box) + Box<int>::made;
}
extern "C" void __cxa_pure_virtual() {}
void operator delete(void *, unsigned long) noexcept {}
