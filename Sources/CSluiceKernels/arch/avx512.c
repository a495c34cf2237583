// AVX-512 with VBMI2 (Ice Lake, Zen 4): a block is one register and comparisons give masks. Compress instructions gather
// field ends, and drop the backslashes that escaping does not need.

#include "../kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "instruction_sets.h"

#pragma clang attribute push(__attribute__((SLUICE_TARGET(SLUICE_AVX512_FEATURES))), apply_to = function)

typedef __m512i block;

static inline block load_block(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }
static inline uint64_t equal(block bytes, uint8_t value) { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)value)); }
static inline uint64_t special(block bytes) { return _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)) | equal(bytes, '\\'); }
static inline uint64_t digits(block bytes) {
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(9));
}
static inline int has_non_ascii(block bytes) { return _mm512_movepi8_mask(bytes) != 0; }

// Each mask is counted at once, so no lane can overflow.
typedef size_t tally;
enum { TALLY_BLOCKS = 1 << 30 };
static inline tally no_tally(void) { return 0; }
static inline tally add_equal(tally sum, const uint8_t *bytes, uint8_t value) {
    return sum + (size_t)__builtin_popcountll(equal(load_block(bytes), value));
}
static inline size_t total(tally sum) { return sum; }

#include "clmul.h"
#include "../generic/index_types.h"

// clang-format off
static const uint8_t byte_offsets[64] __attribute__((aligned(64))) = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
};
// clang-format on

// Compresses the offsets of a block's field ends and their flags, a byte each, then widens them to entries.
INLINE uint32_t *emit_ends(uint32_t *next, uint32_t offset, const block_index *found) {
    __m512i flags = _mm512_maskz_set1_epi8(found->records, SLUICE_END_RECORD);
    if (found->dirty | found->quoted | found->crlf) {
        flags = _mm512_or_si512(flags, _mm512_maskz_set1_epi8(found->dirty, SLUICE_END_DIRTY));
        flags = _mm512_or_si512(flags, _mm512_maskz_set1_epi8(found->quoted, SLUICE_END_QUOTED));
        flags = _mm512_or_si512(flags, _mm512_maskz_set1_epi8(found->crlf, SLUICE_END_CRLF));
    }
    __m512i offsets = _mm512_maskz_compress_epi8(found->ends, _mm512_load_si512(byte_offsets));
    flags = _mm512_maskz_compress_epi8(found->ends, flags);
    __m512i start = _mm512_set1_epi32((int)(offset << SLUICE_END_SHIFT));
    uint32_t *end = next + __builtin_popcountll(found->ends);
    // Stores all lanes: the index has room for them, and the next store overwrites the unused ones. Most blocks have at most
    // as many ends as two stores hold. More than one store is needed so often that a branch on it would cost more.
    for (int half = 0; half < 2; half++) {
        for (int quarter = 0; quarter < 2; quarter++) {
            __m512i wide = _mm512_slli_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(offsets)), SLUICE_END_SHIFT);
            wide = _mm512_or_si512(wide, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(flags)));
            _mm512_storeu_si512(next + 32 * half + 16 * quarter, _mm512_add_epi32(wide, start));
            offsets = _mm512_shuffle_i64x2(offsets, offsets, 0x39);
            flags = _mm512_shuffle_i64x2(flags, flags, 0x39);
        }
        if (__builtin_expect(end <= next + 32, 1)) break;
    }
    return end;
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
// Returns, for each 16-byte lane, the lane before it, so that alignr can shift across lanes.
static inline vector lanes_before(vector here, vector previous) {
    return _mm512_permutex2var_epi64(previous, _mm512_setr_epi64(6, 7, 8, 9, 10, 11, 12, 13), here);
}
static inline vector before1(vector here, vector previous) { return _mm512_alignr_epi8(here, lanes_before(here, previous), 15); }
static inline vector before2(vector here, vector previous) { return _mm512_alignr_epi8(here, lanes_before(here, previous), 14); }
static inline vector before3(vector here, vector previous) { return _mm512_alignr_epi8(here, lanes_before(here, previous), 13); }

#include "../generic/index.h"
#include "../generic/count.h"
#include "../generic/boundary.h"
#include "../generic/lines.h"
#include "../generic/utf8.h"
#include "../generic/bits.h"
#include "escape_avx512.h"
#define ESCAPES_IN_VECTORS
#include "../generic/rows.h"
#include "../generic/numbers.h"
#include "../generic/members.h"
#include "../profile/rows.h"

const sluice_kernel sluice_kernel_avx512 = {
    "avx512",      index_bytes, count_records, find_boundary, count_lines,   is_utf8,      mark_escapes,
    write_escaped, write_rows,  write_value,   write_members, check_members, profile_rows,
};

#pragma clang attribute pop
#endif
