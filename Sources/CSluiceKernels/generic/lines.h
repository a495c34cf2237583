// Counts the lines that end in a byte range: at LF and, if CR ends records, at CR that no LF follows.
//
// LF is counted without masks: a comparison gives 0xFF for each match, and subtracting that from a byte lane adds one to
// it. Lanes are summed before they can overflow, after TALLY_BLOCKS blocks.
//
// The including file supplies tally, TALLY_BLOCKS, no_tally, add_equal (adds a block's bytes equal to a value) and total, and
// what index.h and boundary.h need.

#include "blocks.h"

INLINE size_t count_byte(const uint8_t *bytes, size_t count, uint8_t value) {
    size_t found = 0, offset = 0;
    while (count - offset >= 64) {
        size_t blocks = (count - offset) / 64;
        if (blocks > TALLY_BLOCKS) blocks = TALLY_BLOCKS;
        tally sum = no_tally();
#pragma clang loop unroll_count(4)
        for (size_t block = 0; block < blocks; block++) sum = add_equal(sum, bytes + offset + 64 * block, value);
        found += total(sum);
        offset += 64 * blocks;
    }
    if (offset == count) return found;
    padded tail = pad_tail(bytes + offset, count - offset);
    return found + total(add_equal(no_tally(), tail.bytes, value));
}

// Counts the CRs that no LF follows.
INLINE size_t count_bare(const uint8_t *bytes, size_t count, int next) {
    size_t found = 0, offset = 0;
    for (; offset + 64 < count; offset += 64) {
        uint64_t cr = equal(load_block(bytes + offset), '\r');
        if (cr) found += (size_t)__builtin_popcountll(cr & ~equal(load_block(bytes + offset + 1), '\n'));
    }
    if (offset == count) return found;
    padded tail = pad_tail_before(next, bytes + offset, count - offset);
    return found + (size_t)__builtin_popcountll(bare_crs(load_block(tail.bytes), tail.bytes + 1) & tail.valid);
}

static size_t count_lines(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect) {
    size_t found = count_byte(bytes, count, '\n');
    return dialect.bare_cr == SLUICE_CR_NEWLINE ? found + count_bare(bytes, count, next) : found;
}
