// AVX-512BW: a block is one register, comparisons give masks, and compress writes the field ends of 16 bytes at once.

#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt,pclmul"))), apply_to = function)

typedef __m512i block;

static inline block load_block(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }
static inline uint64_t equal(block bytes, uint8_t value) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)value));
}
static inline uint64_t below_space(block bytes) { return _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)); }
static inline uint64_t non_ascii(block bytes) { return _mm512_movepi8_mask(bytes); }

#include "clmul.h"
#include "index_types.h"

static inline uint32_t *emit_ends(uint32_t *next, uint32_t offset, const block_index *found) {
    __m512i entries = _mm512_add_epi32(
        _mm512_slli_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), SLUICE_END_SHIFT),
        _mm512_set1_epi32((int)(offset << SLUICE_END_SHIFT)));
    for (int shift = 0; shift < 64; shift += 16) {
        __m512i flagged = entries;
        flagged = _mm512_mask_or_epi32(flagged, (__mmask16)(found->dirty >> shift), flagged, _mm512_set1_epi32(SLUICE_END_DIRTY));
        flagged = _mm512_mask_or_epi32(flagged, (__mmask16)(found->quoted >> shift), flagged, _mm512_set1_epi32(SLUICE_END_QUOTED));
        flagged = _mm512_mask_or_epi32(flagged, (__mmask16)(found->records >> shift), flagged, _mm512_set1_epi32(SLUICE_END_RECORD));
        flagged = _mm512_mask_or_epi32(flagged, (__mmask16)(found->crlf >> shift), flagged, _mm512_set1_epi32(SLUICE_END_CRLF));
        __mmask16 ends = (__mmask16)(found->ends >> shift);
        // Stores all 16 lanes: the index has room for them, and the next store overwrites those that are void.
        _mm512_storeu_si512(next, _mm512_maskz_compress_epi32(ends, flagged));
        next += __builtin_popcount(ends);
        entries = _mm512_add_epi32(entries, _mm512_set1_epi32(16 << SLUICE_END_SHIFT));
    }
    return next;
}

#define VECTOR_BYTES 64
typedef __m512i vector;
static inline vector load_vector(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }
static inline vector zero_vector(void) { return _mm512_setzero_si512(); }
static inline vector splat(uint8_t byte) { return _mm512_set1_epi8((char)byte); }
static inline vector and_vector(vector a, vector b) { return _mm512_and_si512(a, b); }
static inline vector or_vector(vector a, vector b) { return _mm512_or_si512(a, b); }
static inline vector xor_vector(vector a, vector b) { return _mm512_xor_si512(a, b); }
static inline vector subtract(vector a, vector b) { return _mm512_subs_epu8(a, b); }
static inline vector low_nibbles(vector a) { return _mm512_and_si512(a, splat(0x0F)); }
static inline vector high_nibbles(vector a) { return low_nibbles(_mm512_srli_epi16(a, 4)); }
static inline int is_zero(vector a) { return _mm512_test_epi8_mask(a, a) == 0; }
static inline vector lookup(const uint8_t table[16], vector index) {
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table)), index);
}
// Each 16-byte lane with the lane before it, so that alignr can shift across lanes.
static inline vector lanes_before(vector here, vector previous) {
    return _mm512_permutex2var_epi64(previous, _mm512_setr_epi64(6, 7, 8, 9, 10, 11, 12, 13), here);
}
static inline vector before1(vector here, vector previous) {
    return _mm512_alignr_epi8(here, lanes_before(here, previous), 15);
}
static inline vector before2(vector here, vector previous) {
    return _mm512_alignr_epi8(here, lanes_before(here, previous), 14);
}
static inline vector before3(vector here, vector previous) {
    return _mm512_alignr_epi8(here, lanes_before(here, previous), 13);
}

#include "index.h"
#include "summary.h"
#include "utf8.h"

const sluice_kernel sluice_kernel_avx512 = {"avx512", index_tile, summarize, is_utf8, find_escapes};

#pragma clang attribute pop
#endif
