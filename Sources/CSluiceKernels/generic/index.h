// The structural index of a stretch: which byte ends which field, found 64 bytes at a time.
//
// For the block `"a,b",1⏎` (quote `"`, delimiter `,`), least significant bit first:
//
//     bytes      " a , b " , 1 ⏎
//     quotes     1 0 0 0 1 0 0 0
//     inside     1 1 1 1 0 0 0 0     prefix xor: 1 from an opening quote up to the byte before the closing one
//     ends       0 0 0 0 0 1 0 1     delimiters and line ends that are not inside
//     starts     1 0 0 0 0 0 1 0     bytes after an end
//     opening    1 0 0 0 0 0 0 0     quotes that are inside and at a start
//     quoted     0 0 0 0 0 1 0 0     ends of fields with an opening quote, see `ends_of_marked`
//
// A quote that is inside but not at a start must directly follow a closing one: `""`. Any other is a violation, and so is a
// byte other than an end or a quote after a closing quote. Before the first violation parity separates inside from outside
// exactly. After it nothing is certain, so indexing stops there.
//
// The including file supplies block, load_block, equal, special (controls and backslashes), has_non_ascii,
// prefix_xor and emit_ends.

#include "blocks.h"
#include "index_types.h"

typedef struct {
    uint64_t inside;       // all ones inside quotes
    uint64_t start;        // 1 if the next byte starts a field
    uint64_t closed;       // 1 if the last byte was a closing quote
    uint64_t crlf;         // 1 if the last byte was the CR of a CR LF
    uint64_t ef, ef_bf;    // 1 if the last bytes were EF, EF BF
    uint64_t bare_cr;      // not zero if some CR that is allowed had no LF after it
    int non_ascii;         // some byte was 0x80 or more
    unsigned char dirty;   // the field open at the block's end has a special byte
    unsigned char quoted;  // the field open at the block's end has an opening quote
} index_carry;

// Returns the ends of the fields that contain a mark. Adding a mark to ~ends starts a carry, which runs up through the field's
// other bytes (ones in ~ends) and stops in the zero of the field's end. With blocks of eight bits and backslashes marked:
//
//     bytes      a \ , b , c \ d     e , …
//     ends       0 0 1 0 1 0 0 0     0 1
//     ~ends      1 1 0 1 0 1 1 1     1 0
//     marks      0 1 0 0 0 0 1 0     0 0     + the carry of the first block: 1
//     sum        1 0 1 1 0 1 0 0     0 1
//     & ends     0 0 1 0 0 0 0 0     0 1     the fields `a\` and `c\de`
//
// The carry out of bit 63 means that the open field is marked. At most one of the two additions overflows.
INLINE uint64_t ends_of_marked(uint64_t marks, uint64_t ends, unsigned char *carry) {
    uint64_t partial, sum;
    unsigned char first = __builtin_add_overflow(~ends, marks, &partial);
    unsigned char second = __builtin_add_overflow(partial, (uint64_t)*carry, &sum);
    *carry = first | second;
    return sum & ends;
}

// Returns the third bytes of U+FFFE (EF BF BE) and U+FFFF (EF BF BF), which SQS does not accept unescaped. `ef`: bytes EF.
// `carry` joins sequences that cross a block's end; `│` is that end:
//
//     EF BF │ BE     second at bit 63, so carry->ef_bf = 1; then third at bit 0
//     EF │ BF BE     ef at bit 63, so carry->ef = 1; then second at bit 0, third at bit 1
INLINE uint64_t noncharacters(block bytes, uint64_t ef, index_carry *carry) {
    uint64_t bf = equal(bytes, 0xBF);
    uint64_t second = bf & (ef << 1 | carry->ef);
    uint64_t third = (bf | equal(bytes, 0xBE)) & (second << 1 | carry->ef_bf);
    carry->ef = ef >> 63;
    carry->ef_bf = second >> 63;
    return third;
}

// Adds what depends on quotes. Most blocks of most inputs have none.
INLINE void index_quotes(block_index *found, uint64_t quotes, uint64_t inside, uint64_t valid, index_carry *carry) {
    uint64_t starts = found->ends << 1 | carry->start;
    uint64_t closing = quotes & ~inside;
    uint64_t after_closing = closing << 1 | carry->closed;
    uint64_t opening = quotes & inside & starts;
    uint64_t doubled = quotes & inside & ~starts;
    found->escape_mask = (found->escape_mask & ~quotes) | doubled;
    found->violations |= (doubled & ~after_closing) | (after_closing & valid & ~(found->ends | quotes | found->crlf));
    found->quoted = ends_of_marked(opening, found->ends, &carry->quoted);
    carry->closed = closing >> 63;
}

// `shifted`: the bytes from the block's second on. `valid`: the bytes that belong to the stretch.
INLINE block_index index_block(block bytes, const uint8_t *shifted, uint64_t valid, sluice_dialect dialect, index_carry *carry) {
    uint64_t quotes = equal(bytes, dialect.quote) & valid;
    uint64_t inside = carry->inside;
    int has_quotes = (quotes | inside | carry->closed | carry->quoted) != 0;
    if (has_quotes) inside ^= prefix_xor(quotes);
    uint64_t outside = ~inside & valid;
    uint64_t escapes = special(bytes), lf = equal(bytes, '\n'), crlf = 0, bare = 0;
    // Most blocks have no control but LF, and no backslash.
    if (escapes & ~lf & outside) {
        uint64_t cr = equal(bytes, '\r') & outside, lf_next = equal(load_block(shifted), '\n');
        crlf = cr & lf_next;
        bare = cr & ~lf_next;
        if (dialect.bare_cr != SLUICE_CR_VIOLATION) carry->bare_cr |= bare;
    }
    uint64_t records = (lf & outside) | (dialect.bare_cr == SLUICE_CR_NEWLINE ? bare : 0);
    uint64_t ends = (equal(bytes, dialect.delimiter) & outside) | records;
    if (dialect.quote != '"') escapes |= equal(bytes, '"');

    block_index found = {
        .ends = ends,
        .records = records,
        .crlf = crlf,
        .escape_mask = escapes & valid & ~(ends | crlf),
        .violations = dialect.bare_cr == SLUICE_CR_VIOLATION ? bare : 0,
    };
    if (has_quotes) index_quotes(&found, quotes, inside, valid, carry);
    carry->non_ascii |= has_non_ascii(bytes);
    uint64_t ef = equal(bytes, 0xEF);  // rare, unlike other bytes of 0x80 or more, on which a branch is hard to predict
    if (ef | carry->ef | carry->ef_bf) found.escape_mask |= noncharacters(bytes, ef, carry) & valid;
    found.dirty = ends_of_marked(found.escape_mask, ends, &carry->dirty);
    found.crlf = crlf << 1 | carry->crlf;
    carry->inside = (uint64_t)((int64_t)inside >> 63);
    carry->start = ends >> 63;
    carry->crlf = crlf >> 63;
    return found;
}

// Indexes a block and writes its entries up to its first violation. Returns whether it has none.
INLINE int index_next(const uint8_t *bytes, size_t offset, uint64_t valid, sluice_dialect dialect, index_carry *carry,
                      uint64_t *escape_mask, uint32_t **next, sluice_index *result) {
    block_index found = index_block(load_block(bytes), bytes + 1, valid, dialect, carry);
    escape_mask[offset / 64] = found.escape_mask;
    int is_valid = found.violations == 0;
    if (__builtin_expect(!is_valid, 0)) {
        found.ends &= (found.violations & -found.violations) - 1;
        result->violation = offset + (size_t)__builtin_ctzll(found.violations);
    }
    if (found.ends) *next = emit_ends(*next, (uint32_t)offset, &found);
    return is_valid;
}

INLINE void index_blocks(const uint8_t *bytes, size_t count, int last, sluice_dialect dialect, uint32_t *field_ends,
                         uint64_t *escape_mask, sluice_index *result) {
    index_carry carry = {.start = 1};
    uint32_t *next = field_ends;
    result->violation = count;
    size_t offset = 0;
    int is_valid = 1;
    for (; is_valid && offset + 64 < count; offset += 64) {
        is_valid = index_next(bytes + offset, offset, ~0ull, dialect, &carry, escape_mask, &next, result);
    }
    if (is_valid && offset < count) {
        padded tail = pad_tail(bytes + offset, count - offset);
        is_valid = index_next(tail.bytes, offset, tail.valid, dialect, &carry, escape_mask, &next, result);
    }
    result->non_ascii = carry.non_ascii != 0;
    result->inside = carry.inside & 1;
    result->bare_cr = carry.bare_cr != 0;
    int open = next == field_ends ? count > 0 : (next[-1] >> SLUICE_END_SHIFT) + 1 < count || !(next[-1] & SLUICE_END_RECORD);
    if (last && is_valid && open && !result->inside) {
        *next++ = (uint32_t)count << SLUICE_END_SHIFT | SLUICE_END_RECORD | (carry.quoted ? SLUICE_END_QUOTED : 0) |
                  (carry.dirty ? SLUICE_END_DIRTY : 0);
    }
    result->count = (size_t)(next - field_ends);
    while (next > field_ends && !(next[-1] & SLUICE_END_RECORD)) next--;
    result->complete_count = (size_t)(next - field_ends);
}

// The dialect of RFC 4180 has its own loop, in which the compiler knows the dialect's bytes.
static const sluice_dialect rfc4180 = {.delimiter = ',', .quote = '"', .bare_cr = SLUICE_CR_VIOLATION};

INLINE int is_rfc4180(sluice_dialect dialect) {
    return dialect.delimiter == rfc4180.delimiter && dialect.quote == rfc4180.quote && dialect.bare_cr == rfc4180.bare_cr;
}

static void index_bytes(const uint8_t *bytes, size_t count, int last, sluice_dialect dialect, uint32_t *field_ends,
                        uint64_t *escape_mask, sluice_index *result) {
    if (is_rfc4180(dialect)) {
        index_blocks(bytes, count, last, rfc4180, field_ends, escape_mask, result);
    } else {
        index_blocks(bytes, count, last, dialect, field_ends, escape_mask, result);
    }
}
