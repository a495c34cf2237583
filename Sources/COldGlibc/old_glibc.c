// The functions that have new versions in glibc 2.35. With these definitions a program linked against a newer glibc also
// starts with 2.34, as on Amazon Linux 2023. swift-numerics, a dependency of the HTTP client, references them; nothing in
// Sluice calls them. Definitions in the program take precedence over glibc's, so no newer version is required.

#include <stdlib.h>

#ifdef __GLIBC__
static double magnitude(double x) { return __builtin_fabs(x); }

// Factors out the larger argument, so that no square overflows or underflows: hypot(3e200, 4e200) is 5e200.
double hypot(double x, double y) {
    if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inf();
    double larger = magnitude(x), smaller = magnitude(y);
    if (larger < smaller) {
        double swapped = larger;
        larger = smaller;
        smaller = swapped;
    }
    if (larger == 0 || smaller == 0) return larger + smaller;
    double ratio = smaller / larger;
    return larger * __builtin_sqrt(1 + ratio * ratio);
}

// Squares of floats neither overflow nor underflow in doubles.
float hypotf(float x, float y) {
    if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inff();
    return (float)__builtin_sqrt((double)x * x + (double)y * y);
}
#endif
