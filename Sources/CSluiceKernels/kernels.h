// All kernels. Each is defined only where its instruction set exists. Where `write_escaped` is NULL in a table, the
// instruction set does not help, and Swift or rows.h escapes instead.

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

// Writes a value as the inside of a JSON string in a JSON string: as `write_escaped` of doubled quotes does, and what that
// escapes once more, so `\n` becomes `\\n`. Adds to `added` how many bytes longer the result is than that of `write_escaped`.
// Used with AVX-512 too.
uint8_t *sluice_write_nested_avx2(const uint8_t *bytes, size_t count, const uint64_t *escape_mask, size_t first, uint8_t *target,
                                  size_t *added);
#endif

#endif
