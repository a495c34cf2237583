// Portable C: a block is eight words, and a comparison is arithmetic on the eight bytes of each.

#include "kernels.h"

#include "blocks.h"

typedef struct {
    uint64_t word[8];
} block;

#define EACH(byte) (0x0101010101010101ull * (uint64_t)(byte))

// The top bits of eight bytes, gathered: the product adds each of them, shifted, into a place of its own in the top byte.
static inline uint64_t top_bits(uint64_t word) {
    return ((word & EACH(0x80)) >> 7) * 0x0102040810204080ull >> 56;
}

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

// A byte is zero if neither its low seven bits carry into its top bit when 0x7F is added, nor the top bit is set.
static inline uint64_t equal(block bytes, uint8_t value) {
    uint64_t mask = 0;
    for (int at = 0; at < 8; at++) {
        uint64_t difference = bytes.word[at] ^ EACH(value);
        uint64_t non_zero = ((difference & EACH(0x7F)) + EACH(0x7F)) | difference;
        mask |= top_bits(~non_zero) << 8 * at;
    }
    return mask;
}

static inline uint64_t below_space(block bytes) {
    uint64_t mask = 0;
    for (int at = 0; at < 8; at++) {
        uint64_t at_least = ((bytes.word[at] & EACH(0x7F)) + EACH(0x60)) | bytes.word[at];
        mask |= top_bits(~at_least) << 8 * at;
    }
    return mask;
}

static inline uint64_t non_ascii(block bytes) {
    uint64_t mask = 0;
    for (int at = 0; at < 8; at++) mask |= top_bits(bytes.word[at]) << 8 * at;
    return mask;
}

typedef size_t tally;
enum { TALLY_BLOCKS = 1 << 30 };
static inline tally no_tally(void) { return 0; }
static inline tally add_equal(tally sum, const uint8_t *bytes, uint8_t value) {
    return sum + (size_t)__builtin_popcountll(equal(load_block(bytes), value));
}
static inline size_t total(tally sum) { return sum; }

#include "shift_xor.h"
#include "emit.h"
#include "index.h"
#include "summary.h"
#include "lines.h"
#include "utf8_scalar.h"

const sluice_kernel sluice_kernel_portable = {"portable", index_tile, summarize, count_lines, is_utf8, find_escapes, NULL};
