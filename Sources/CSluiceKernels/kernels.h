// All kernels. Each is defined only where its instruction set exists. Where `write_escaped` is NULL in a table, the
// instruction set does not help, and Swift escapes instead.

#ifndef SLUICE_KERNELS_PRIVATE_H
#define SLUICE_KERNELS_PRIVATE_H

#include "include/sluice_kernels.h"

extern const sluice_kernel sluice_kernel_avx512;
extern const sluice_kernel sluice_kernel_avx2;
extern const sluice_kernel sluice_kernel_sse2;
extern const sluice_kernel sluice_kernel_neon;
extern const sluice_kernel sluice_kernel_portable;

#if defined(__x86_64__)
// Whether the processor has all of SLUICE_AVX2_FEATURES.
int sluice_has_avx2(void);
#endif

#endif
