// Several files and a static library of which one member is never needed.
#include "shapes.h"
#include <stdio.h>

int trace_level = 2;

int main(void)
{
    Shape shapes[] = { make_square(2), make_circle(1), make_square(0.5) };
    for (int i = 0; i < 3; i++)
        printf("%s %.3f\n", shapes[i].name, shapes[i].area(&shapes[i]));
    printf("%d made\n", made_count());
    return made_count();
}
