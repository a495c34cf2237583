// The summary of a byte range: where its lines end if it is entered outside quotes, and if inside.
//
// Both hypotheses come from one pass, since one is the complement of the other: with `inside` the prefix xor of the
// quotes, line ends that are not inside count for the first and those inside for the second.

#include "blocks.h"
#include "index_types.h"

// Where lines end varies too much for a branch on whether any does in a block.
INLINE void note_lines(sluice_lines *lines, uint64_t ends, size_t offset) {
    size_t found = -(size_t)(ends != 0);
    size_t last = offset + 63 - (size_t)__builtin_clzll(ends | 1);
    lines->last = (last & found) | (lines->last & ~found);
    lines->count += (size_t)__builtin_popcountll(ends);
    if (lines->first == SIZE_MAX && ends) lines->first = offset + (size_t)__builtin_ctzll(ends);
}

static void summarize(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect, sluice_summary *summary) {
    const sluice_lines none = {.count = 0, .first = SIZE_MAX, .last = SIZE_MAX};
    sluice_lines outside = none, inside_out = none;
    uint64_t carry = 0;
    for (size_t offset = 0; offset < count; offset += 64) {
        block here;
        uint64_t lf_next, valid = ~0ull;
        if (offset + 64 < count) {
            here = load_block(bytes + offset);
            lf_next = equal(load_block(bytes + offset + 1), '\n');
        } else {
            padded tail = pad_tail(bytes + offset, count - offset);
            here = load_block(tail.bytes);
            valid = tail.valid;
            lf_next = equal(here, '\n') >> 1 | (next == '\n' ? valid ^ valid >> 1 : 0);
        }
        uint64_t inside = prefix_xor(equal(here, dialect.quote) & valid) ^ carry;
        carry = (uint64_t)((int64_t)inside >> 63);
        uint64_t line_ends = equal(here, '\n');
        if (dialect.bare_cr == SLUICE_CR_NEWLINE) line_ends |= equal(here, '\r') & ~lf_next;
        line_ends &= valid;
        note_lines(&outside, line_ends & ~inside, offset);
        if (inside) note_lines(&inside_out, line_ends & inside, offset);
    }
    summary->lines[0] = outside;
    summary->lines[1] = inside_out;
    summary->odd = carry & 1;
}

static void find_escapes(const uint8_t *bytes, size_t count, uint64_t *masks) {
    for (size_t offset = 0; offset < count; offset += 64) {
        padded tail;
        const uint8_t *here = bytes + offset;
        uint64_t valid = ~0ull;
        if (count - offset < 64) {
            tail = pad_tail(here, count - offset);
            here = tail.bytes;
            valid = tail.valid;
        }
        block loaded = load_block(here);
        masks[offset / 64] = (below_space(loaded) | equal(loaded, '\\') | equal(loaded, '"')) & valid;
    }
}
