// Portable C: a block is eight words. A comparison is arithmetic on the eight bytes of each word.

#include "../kernels.h"

#include "../generic/blocks.h"

typedef struct {
    uint64_t word[8];
} block;

#define EACH(byte) (0x0101010101010101ull * (uint64_t)(byte))

// Gathers the top bits of eight bytes in one byte. Bit 7 of byte k becomes bit 8k, and the factor's bit 56 - 7k moves it to bit
// 56 + k. No two of the 64 partial products share a bit, so nothing carries into the top byte. For bytes 0 and 3:
//
//     top bits    1 << 0 | 1 << 24
//     product     1 << (0 + 56) | 1 << (24 + 35) | bits below 56     top byte 0b00001001
//
// (The factor's other bits move bit 24 below 56 or past 63.)
static inline uint64_t top_bits(uint64_t word) { return ((word & EACH(0x80)) >> 7) * 0x0102040810204080ull >> 56; }

static inline block load_block(const uint8_t *bytes) {
    block loaded;
    for (int at = 0; at < 8; at++) {
        __builtin_memcpy(&loaded.word[at], bytes + 8 * at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        loaded.word[at] = __builtin_bswap64(loaded.word[at]);
#endif
    }
    return loaded;
}

// A byte of `difference` is zero if its top bit is clear and adding 0x7F to its low seven bits does not carry into it:
// 0x00 + 0x7F = 0x7F, 0x01 + 0x7F = 0x80.
static inline uint64_t equal(block bytes, uint8_t value) {
    uint64_t mask = 0;
    for (int at = 0; at < 8; at++) {
        uint64_t difference = bytes.word[at] ^ EACH(value);
        uint64_t non_zero = ((difference & EACH(0x7F)) + EACH(0x7F)) | difference;
        mask |= top_bits(~non_zero) << 8 * at;
    }
    return mask;
}

// A byte is 0x20 or more if its top bit is set or adding 0x60 to its low seven bits carries into it: 0x1F + 0x60 = 0x7F,
// 0x20 + 0x60 = 0x80.
static inline uint64_t below_space(block bytes) {
    uint64_t mask = 0;
    for (int at = 0; at < 8; at++) {
        uint64_t at_least = ((bytes.word[at] & EACH(0x7F)) + EACH(0x60)) | bytes.word[at];
        mask |= top_bits(~at_least) << 8 * at;
    }
    return mask;
}

static inline uint64_t special(block bytes) { return below_space(bytes) | equal(bytes, '\\'); }

// A byte is a digit if its difference from '0' is at most 9, so if its top bit is clear and adding 0x76 to its low seven bits
// does not carry into it.
static inline uint64_t digits(block bytes) {
    uint64_t mask = 0;
    for (int at = 0; at < 8; at++) {
        uint64_t difference = bytes.word[at] ^ EACH('0');
        uint64_t beyond = ((difference & EACH(0x7F)) + EACH(0x76)) | difference;
        mask |= top_bits(~beyond) << 8 * at;
    }
    return mask;
}

static inline int has_non_ascii(block bytes) {
    uint64_t all = 0;
    for (int at = 0; at < 8; at++) all |= bytes.word[at];
    return (all & EACH(0x80)) != 0;
}

typedef size_t tally;
enum { TALLY_BLOCKS = 1 << 30 };
static inline tally no_tally(void) { return 0; }
static inline tally add_equal(tally sum, const uint8_t *bytes, uint8_t value) {
    return sum + (size_t)__builtin_popcountll(equal(load_block(bytes), value));
}
static inline size_t total(tally sum) { return sum; }

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

const sluice_kernel sluice_kernel_portable = {
    "portable", index_bytes, count_records, find_boundary, count_lines,   is_utf8,      mark_escapes,
    NULL,       write_rows,  write_value,   write_members, check_members, profile_rows,
};
