// The hash with baseline instructions, and the choice between it and AVX2 at run time.

#include "hash.h"
#include "../kernels.h"

#if defined(__x86_64__)
// hash_avx2.c
sluice_hash_value sluice_hash_avx2(const void *bytes, size_t count);
void sluice_hash_add_avx2(void *state, const void *bytes, size_t count);
#else
#define sluice_has_avx2() 0
#define sluice_hash_avx2 hash
#define sluice_hash_add_avx2 add
#endif

sluice_hash_value sluice_hash(const void *bytes, size_t count) {
    return sluice_has_avx2() ? sluice_hash_avx2(bytes, count) : hash(bytes, count);
}

size_t sluice_hash_state_size(void) { return sizeof(XXH3_state_t); }
size_t sluice_hash_state_alignment(void) { return _Alignof(XXH3_state_t); }
void sluice_hash_reset(void *state) { XXH3_128bits_reset(state); }

void sluice_hash_add(void *state, const void *bytes, size_t count) {
    if (sluice_has_avx2()) sluice_hash_add_avx2(state, bytes, count);
    else add(state, bytes, count);
}

sluice_hash_value sluice_hash_of(const void *state) { return to_value(XXH3_128bits_digest(state)); }
