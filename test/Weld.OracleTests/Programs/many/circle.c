#include "shapes.h"
#include <math.h>

static double area(const Shape *shape) { return M_PI * pow(shape->size, 2); }
Shape make_circle(double size) { count_one("circle"); return (Shape){ "circle", size, area }; }
