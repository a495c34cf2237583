// The functions that glibc 2.35 gave new versions to, so that a program linked with a newer glibc also starts where there is
// only 2.34, as on Amazon Linux 2023. They are referenced by swift-numerics, which the HTTP client brings; nothing in Sluice
// calls them. Definitions in the program win over those of the library, so nothing newer is asked for.

static double magnitude(double x) { return __builtin_fabs(x); }

// The larger of both is taken out, so that no square overflows or vanishes: hypot(3e200, 4e200) is 5e200.
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

// Squares of floats neither overflow nor vanish in doubles.
float hypotf(float x, float y) {
    if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inff();
    return (float)__builtin_sqrt((double)x * x + (double)y * y);
}
