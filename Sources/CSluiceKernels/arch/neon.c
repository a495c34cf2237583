// NEON: a block is four registers. A mask is made by weighting the bytes of a comparison and adding neighbours.

#include "../kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

typedef struct {
    uint8x16_t part[4];
} block;

// Each comparison byte keeps the bit of its place in its group of eight. Three pairwise additions gather 64 of them. For the
// group FF 00 FF 00 00 00 00 00: weighted 1 0 4 0 0 0 0 0, added 1 4 0 0, then 5 0, then 5, which is the mask 0b00000101.
static inline uint64_t to_mask(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bit = vld1q_u8(weights);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit)), vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit)));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}
static inline block load_block(const uint8_t *bytes) {
    return (block){{vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
}
static inline uint64_t equal(block bytes, uint8_t value) {
    uint8x16_t all = vdupq_n_u8(value);
    return to_mask(vceqq_u8(bytes.part[0], all), vceqq_u8(bytes.part[1], all), vceqq_u8(bytes.part[2], all),
                   vceqq_u8(bytes.part[3], all));
}
static inline uint8x16_t special_in(uint8x16_t bytes) {
    return vorrq_u8(vcltq_u8(bytes, vdupq_n_u8(0x20)), vceqq_u8(bytes, vdupq_n_u8('\\')));
}
static inline uint64_t special(block bytes) {
    return to_mask(special_in(bytes.part[0]), special_in(bytes.part[1]), special_in(bytes.part[2]), special_in(bytes.part[3]));
}
static inline uint8x16_t digits_in(uint8x16_t bytes) { return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8('0')), vdupq_n_u8(9)); }
static inline uint64_t digits(block bytes) {
    return to_mask(digits_in(bytes.part[0]), digits_in(bytes.part[1]), digits_in(bytes.part[2]), digits_in(bytes.part[3]));
}
static inline int has_non_ascii(block bytes) {
    return vmaxvq_u8(vorrq_u8(vorrq_u8(bytes.part[0], bytes.part[1]), vorrq_u8(bytes.part[2], bytes.part[3]))) >= 0x80;
}

#define VECTOR_BYTES 16
typedef uint8x16_t vector;
static inline vector load_vector(const uint8_t *bytes) { return vld1q_u8(bytes); }
static inline vector zero_vector(void) { return vdupq_n_u8(0); }
static inline vector splat(uint8_t byte) { return vdupq_n_u8(byte); }
static inline vector and_vector(vector a, vector b) { return vandq_u8(a, b); }
static inline vector or_vector(vector a, vector b) { return vorrq_u8(a, b); }
static inline vector xor_vector(vector a, vector b) { return veorq_u8(a, b); }
static inline vector subtract(vector a, vector b) { return vqsubq_u8(a, b); }
static inline vector low_nibbles(vector a) { return vandq_u8(a, splat(0x0F)); }
static inline vector high_nibbles(vector a) { return vshrq_n_u8(a, 4); }
static inline int is_zero(vector a) { return vmaxvq_u8(a) == 0; }
static inline vector lookup(const uint8_t table[16], vector index) { return vqtbl1q_u8(vld1q_u8(table), index); }
static inline vector before1(vector here, vector previous) { return vextq_u8(previous, here, 15); }
static inline vector before2(vector here, vector previous) { return vextq_u8(previous, here, 14); }
static inline vector before3(vector here, vector previous) { return vextq_u8(previous, here, 13); }

// Each block adds up to four to a lane.
typedef uint8x16_t tally;
enum { TALLY_BLOCKS = 255 / 4 };
static inline tally no_tally(void) { return vdupq_n_u8(0); }
static inline tally add_equal(tally sum, const uint8_t *bytes, uint8_t value) {
    uint8x16_t all = vdupq_n_u8(value);
    block loaded = load_block(bytes);
    for (int at = 0; at < 4; at++) sum = vsubq_u8(sum, vceqq_u8(loaded.part[at], all));
    return sum;
}
static inline size_t total(tally sum) { return vaddlvq_u8(sum); }

#include "../generic/shift_xor.h"
#include "../generic/emit.h"
#include "../generic/index.h"
#include "../generic/count.h"
#include "../generic/boundary.h"
#include "../generic/lines.h"
#include "../generic/utf8.h"
#include "../generic/rows.h"
#include "../generic/numbers.h"
#include "../generic/members.h"
#include "../profile/rows.h"

const sluice_kernel sluice_kernel_neon = {
    "neon", index_bytes, count_records, find_boundary, count_lines,   is_utf8,      mark_escapes,
    NULL,   write_rows,  write_value,   write_members, check_members, profile_rows,
};
#endif
