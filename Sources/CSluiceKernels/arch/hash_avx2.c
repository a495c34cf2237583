// The hash with AVX2, which takes half as many instructions as SSE2.

#if defined(__x86_64__)
#include <immintrin.h>

#include "instruction_sets.h"

#define XXH_VECTOR XXH_AVX2
#pragma clang attribute push(__attribute__((SLUICE_TARGET(SLUICE_AVX2_FEATURES))), apply_to = function)
#include "../generic/hash.h"

sluice_hash_value sluice_hash_avx2(const void *bytes, size_t count) { return hash(bytes, count); }
void sluice_hash_add_avx2(void *state, const void *bytes, size_t count) { add(state, bytes, count); }
#pragma clang attribute pop
#endif
