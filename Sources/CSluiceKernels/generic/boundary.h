// The boundary of a byte range: where its lines end if it is entered outside quotes, and where if inside.
//
// One pass gives both, since one hypothesis is the complement of the other. With `inside` the prefix xor of the quotes, line
// ends that are not inside count for the first hypothesis and those inside for the second.

#include "blocks.h"
#include "index_types.h"

// Line ends under one hypothesis. `first` and `last` are the masks of the first and last block that have any, with the
// blocks' offsets.
typedef struct {
    size_t count;
    uint64_t first, last;
    size_t first_offset, last_offset;
} line_ends;

// No branch on whether a block has a line end, which is hard to predict.
INLINE void note_lines(line_ends *lines, uint64_t ends, size_t offset) {
    lines->count += (size_t)__builtin_popcountll(ends);
    lines->last_offset = ends ? offset : lines->last_offset;
    lines->last = ends ? ends : lines->last;
    if (lines->first == 0) {
        lines->first = ends;
        lines->first_offset = offset;
    }
}

INLINE sluice_lines lines_of(line_ends found) {
    if (found.count == 0) return (sluice_lines){.count = 0, .first = SIZE_MAX, .last = SIZE_MAX};
    return (sluice_lines){
        .count = found.count,
        .first = found.first_offset + (size_t)__builtin_ctzll(found.first),
        .last = found.last_offset + 63 - (size_t)__builtin_clzll(found.last),
    };
}

typedef struct {
    line_ends outside, inside;
    uint64_t carry;  // all ones inside quotes, if the range is entered outside
} boundary_state;

// Returns the CRs that no LF follows. `shifted`: the bytes from the block's second on.
INLINE uint64_t bare_crs(block here, const uint8_t *shifted) { return equal(here, '\r') & ~equal(load_block(shifted), '\n'); }

// `shifted` is read only if a CR may end a line.
INLINE void add_block(block here, const uint8_t *shifted, uint64_t valid, size_t offset, sluice_dialect dialect,
                      boundary_state *state) {
    uint64_t inside = prefix_xor(equal(here, dialect.quote) & valid) ^ state->carry;
    state->carry = (uint64_t)((int64_t)inside >> 63);
    uint64_t ends = equal(here, '\n');
    if (dialect.bare_cr == SLUICE_CR_NEWLINE) ends |= bare_crs(here, shifted);
    ends &= valid;
    note_lines(&state->outside, ends & ~inside, offset);
    note_lines(&state->inside, ends & inside, offset);
}

INLINE void find_boundary_of_blocks(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect,
                                    sluice_boundary *boundary) {
    boundary_state state = {.carry = 0};
    size_t offset = 0;
    for (; offset + 64 < count; offset += 64) {
        add_block(load_block(bytes + offset), bytes + offset + 1, ~0ull, offset, dialect, &state);
    }
    if (offset < count) {
        padded tail = pad_tail_before(next, bytes + offset, count - offset);
        add_block(load_block(tail.bytes), tail.bytes + 1, tail.valid, offset, dialect, &state);
    }
    boundary->lines[0] = lines_of(state.outside);
    boundary->lines[1] = lines_of(state.inside);
    boundary->odd = state.carry & 1;
}

// The dialect of RFC 4180 has its own loop, as in index.h.
static void find_boundary(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect, sluice_boundary *boundary) {
    if (dialect.quote == '"' && dialect.bare_cr != SLUICE_CR_NEWLINE) {
        const sluice_dialect usual = {.quote = '"', .bare_cr = SLUICE_CR_VIOLATION};
        find_boundary_of_blocks(bytes, count, next, usual, boundary);
    } else {
        find_boundary_of_blocks(bytes, count, next, dialect, boundary);
    }
}

static int mark_escapes(const uint8_t *bytes, size_t count, uint64_t *masks) {
    uint64_t any_non_ascii = 0;
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
        masks[offset / 64] = (special(loaded) | equal(loaded, '"')) & valid;
        any_non_ascii |= has_non_ascii(loaded);
    }
    return any_non_ascii != 0;
}
