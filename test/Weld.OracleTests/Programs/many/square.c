#include "shapes.h"

static double area(const Shape *shape) { return shape->size * shape->size; }
Shape make_square(double size) { count_one("square"); return (Shape){ "square", size, area }; }
