// AVX2: a block is two registers. Tables of shuffles gather field ends and insert the backslashes of escaped values.

#include "../kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "instruction_sets.h"
#include "../generic/index_types.h"

#pragma clang attribute push(__attribute__((SLUICE_TARGET(SLUICE_AVX2_FEATURES))), apply_to = function)

typedef struct {
    __m256i low, high;
} block;

static inline uint64_t to_mask(__m256i low, __m256i high) {
    uint64_t mask = (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
    SCALAR(mask);
    return mask;
}
static inline block load_block(const uint8_t *bytes) {
    return (block){_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32))};
}
static inline uint64_t equal(block bytes, uint8_t value) {
    __m256i all = _mm256_set1_epi8((char)value);
    return to_mask(_mm256_cmpeq_epi8(bytes.low, all), _mm256_cmpeq_epi8(bytes.high, all));
}
// Unsigned byte < 0x20, computed as min(byte, 0x1F) == byte, or a backslash.
static inline __m256i special_in(__m256i bytes) {
    __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F)), bytes);
    return _mm256_or_si256(control, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\')));
}
static inline uint64_t special(block bytes) { return to_mask(special_in(bytes.low), special_in(bytes.high)); }
// Unsigned byte - '0' <= 9.
static inline __m256i digits_in(__m256i bytes) {
    __m256i number = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(number, _mm256_set1_epi8(9)), number);
}
static inline uint64_t digits(block bytes) { return to_mask(digits_in(bytes.low), digits_in(bytes.high)); }
static inline int has_non_ascii(block bytes) { return _mm256_movemask_epi8(_mm256_or_si256(bytes.low, bytes.high)) != 0; }

#define VECTOR_BYTES 32
typedef __m256i vector;
static inline vector load_vector(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }
static inline vector zero_vector(void) { return _mm256_setzero_si256(); }
static inline vector splat(uint8_t byte) { return _mm256_set1_epi8((char)byte); }
static inline vector and_vector(vector a, vector b) { return _mm256_and_si256(a, b); }
static inline vector or_vector(vector a, vector b) { return _mm256_or_si256(a, b); }
static inline vector xor_vector(vector a, vector b) { return _mm256_xor_si256(a, b); }
static inline vector subtract(vector a, vector b) { return _mm256_subs_epu8(a, b); }
static inline vector low_nibbles(vector a) { return _mm256_and_si256(a, splat(0x0F)); }
static inline vector high_nibbles(vector a) { return low_nibbles(_mm256_srli_epi16(a, 4)); }
static inline int is_zero(vector a) { return _mm256_testz_si256(a, a); }
static inline vector lookup(const uint8_t table[16], vector index) {
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)), index);
}
static inline vector lanes_before(vector here, vector previous) { return _mm256_permute2x128_si256(previous, here, 0x21); }
static inline vector before1(vector here, vector previous) { return _mm256_alignr_epi8(here, lanes_before(here, previous), 15); }
static inline vector before2(vector here, vector previous) { return _mm256_alignr_epi8(here, lanes_before(here, previous), 14); }
static inline vector before3(vector here, vector previous) { return _mm256_alignr_epi8(here, lanes_before(here, previous), 13); }

// Each block adds up to two to a lane.
typedef __m256i tally;
enum { TALLY_BLOCKS = 255 / 2 };
static inline tally no_tally(void) { return _mm256_setzero_si256(); }
static inline tally add_equal(tally sum, const uint8_t *bytes, uint8_t value) {
    __m256i all = _mm256_set1_epi8((char)value);
    block loaded = load_block(bytes);
    return _mm256_sub_epi8(_mm256_sub_epi8(sum, _mm256_cmpeq_epi8(loaded.low, all)), _mm256_cmpeq_epi8(loaded.high, all));
}
static inline size_t total(tally sum) {
    __m256i sums = _mm256_sad_epu8(sum, _mm256_setzero_si256());
    __m128i both = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    return (size_t)(_mm_cvtsi128_si64(both) + _mm_extract_epi64(both, 1));
}

#include "clmul.h"
#include "emit_avx2.h"
#include "../generic/index.h"
#include "../generic/count.h"
#include "../generic/boundary.h"
#include "../generic/lines.h"
#include "../generic/utf8.h"
#include "../generic/bits.h"
#include "escape_avx2.h"
#define ESCAPES_IN_VECTORS
#include "../generic/rows.h"
#include "../generic/numbers.h"
#include "../generic/members.h"
#include "../profile/rows.h"

const sluice_kernel sluice_kernel_avx2 = {
    "avx2",        index_bytes, count_records, find_boundary, count_lines,   is_utf8,      mark_escapes,
    write_escaped, write_rows,  write_value,   write_members, check_members, profile_rows,
};

#pragma clang attribute pop
#endif
