// printf and scanf over the awkward floating point values.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const double values[] = { 0.0, -0.0, 1.0, 0.1, 1e100, 5e-324, DBL_MAX, 2.5, 3.5, -123456.789 };
    char text[64];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double back = 0;
        snprintf(text, sizeof text, "%.17g", values[i]);
        sscanf(text, "%lf", &back);
        printf("%-24s|%12.4f|%e|%a|%d\n", text, values[i], values[i], values[i], memcmp(&back, &values[i], sizeof back) == 0);
    }
    printf("%f %f %F\n", INFINITY, -INFINITY, NAN);
    printf("%5.1f%%|%+d|%#x|%08.3f|%-6s|%*d\n", 99.55, 42, 255, 3.14159, "ab", 6, 7);
    printf("%.3f %.6f %.9f\n", sqrt(2.0), sin(1.0), pow(2.0, 0.5));
    int matched = sscanf("17 0x1f 2.75 word", "%i %i %lf %15s", &(int){ 0 }, &(int){ 0 }, &(double){ 0 }, text);
    printf("%d %s\n", matched, text);
    return 7;
}
