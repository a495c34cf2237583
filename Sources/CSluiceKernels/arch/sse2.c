// SSE2, which every x86-64 processor has: a block is four registers. There is no byte shuffle, so the UTF-8 check is scalar.

#include "../kernels.h"

#if defined(__x86_64__)
#include <emmintrin.h>

typedef struct {
    __m128i part[4];
} block;

static inline uint64_t to_mask(__m128i a, __m128i b, __m128i c, __m128i d) {
    return (uint64_t)_mm_movemask_epi8(a) | (uint64_t)_mm_movemask_epi8(b) << 16 | (uint64_t)_mm_movemask_epi8(c) << 32 |
           (uint64_t)_mm_movemask_epi8(d) << 48;
}
static inline block load_block(const uint8_t *bytes) {
    const __m128i *parts = (const __m128i *)bytes;
    return (block){{_mm_loadu_si128(parts), _mm_loadu_si128(parts + 1), _mm_loadu_si128(parts + 2), _mm_loadu_si128(parts + 3)}};
}
static inline uint64_t equal(block bytes, uint8_t value) {
    __m128i all = _mm_set1_epi8((char)value);
    return to_mask(_mm_cmpeq_epi8(bytes.part[0], all), _mm_cmpeq_epi8(bytes.part[1], all), _mm_cmpeq_epi8(bytes.part[2], all),
                   _mm_cmpeq_epi8(bytes.part[3], all));
}
static inline __m128i special_in(__m128i bytes) {
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    return _mm_or_si128(control, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
}
static inline uint64_t special(block bytes) {
    return to_mask(special_in(bytes.part[0]), special_in(bytes.part[1]), special_in(bytes.part[2]), special_in(bytes.part[3]));
}
static inline __m128i digits_in(__m128i bytes) {
    __m128i number = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    return _mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number);
}
static inline uint64_t digits(block bytes) {
    return to_mask(digits_in(bytes.part[0]), digits_in(bytes.part[1]), digits_in(bytes.part[2]), digits_in(bytes.part[3]));
}
static inline int has_non_ascii(block bytes) {
    return _mm_movemask_epi8(
               _mm_or_si128(_mm_or_si128(bytes.part[0], bytes.part[1]), _mm_or_si128(bytes.part[2], bytes.part[3]))) != 0;
}

// Each block adds up to four to a lane.
typedef __m128i tally;
enum { TALLY_BLOCKS = 255 / 4 };
static inline tally no_tally(void) { return _mm_setzero_si128(); }
static inline tally add_equal(tally sum, const uint8_t *bytes, uint8_t value) {
    __m128i all = _mm_set1_epi8((char)value);
    block loaded = load_block(bytes);
    for (int at = 0; at < 4; at++) sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(loaded.part[at], all));
    return sum;
}
static inline size_t total(tally sum) {
    __m128i sums = _mm_sad_epu8(sum, _mm_setzero_si128());
    return (size_t)(_mm_cvtsi128_si64(sums) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums)));
}

#include "../generic/shift_xor.h"
#include "../generic/emit.h"
#include "../generic/index.h"
#include "../generic/count.h"
#include "../generic/boundary.h"
#include "../generic/lines.h"
#include "../generic/utf8_scalar.h"
#include "../generic/rows.h"
#include "../generic/numbers.h"
#include "../generic/members.h"
#include "../profile/rows.h"

const sluice_kernel sluice_kernel_sse2 = {
    "sse2", index_bytes, count_records, find_boundary, count_lines,   is_utf8,      mark_escapes,
    NULL,   write_rows,  write_value,   write_members, check_members, profile_rows,
};
#endif
