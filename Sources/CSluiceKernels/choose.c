// Chooses the kernels that this processor can run.

#include "arch/instruction_sets.h"
#include "kernels.h"

#if defined(__x86_64__)
static int has_avx512(void) { return SLUICE_AVX512_FEATURES(__builtin_cpu_supports, &&); }
int sluice_has_avx2(void) { return SLUICE_AVX2_FEATURES(__builtin_cpu_supports, &&); }
#endif

static size_t list(const sluice_kernel *kernels[5]) {
    size_t count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (has_avx512()) kernels[count++] = &sluice_kernel_avx512;
    if (sluice_has_avx2()) kernels[count++] = &sluice_kernel_avx2;
    kernels[count++] = &sluice_kernel_sse2;
#elif defined(__aarch64__)
    kernels[count++] = &sluice_kernel_neon;
#endif
    kernels[count++] = &sluice_kernel_portable;
    return count;
}

size_t sluice_kernel_count(void) {
    const sluice_kernel *kernels[5];
    return list(kernels);
}

const sluice_kernel *sluice_kernel_at(size_t position) {
    const sluice_kernel *kernels[5];
    return position < list(kernels) ? kernels[position] : NULL;
}
