#include "templates.h"
int other_file()
{
    Box<int> box;
    box.value = 4;
    return shared_text()[1] + shared_static() + Box<int>::made + box.get();
}
