// 128 bit long double: arithmetic from compiler-rt, printing from its own library.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    long double third = 1.0L / 3.0L, sum = 0;
    for (int i = 1; i <= 100; i++)
        sum += 1.0L / i;
    printf("%.30Lf\n%.30Lf\n%Lg\n%La\n", third, sum, 1e-4000L, 1.5L);
    printf("%.25Lf %d\n", sqrtl(2.0L), sizeof(long double) == 16);
    printf("%.20Lf\n", strtold("3.14159265358979323846264338327950288", 0));
    return (int)(sum * 10);
}
