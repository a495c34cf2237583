// Marks bytes that keep fields from being numbers that JSON takes as they stand, 64 bytes at a time and whatever the columns.
//
// Then a row's neighbouring columns of numbers are all valid if no byte from the start of the first to the end of the last,
// included, is marked. A mark is at the wrong byte or at the one after it:
//
//     bytes      1 , - 2 , - , , 0 1 , 1 . 5 , 1 . 2 . 3 , N A ⏎
//     numbers    0 0 0 0 0 0 1 1 0 1 0 0 0 0 0 0 0 0 1 0 0 1 1 0     `-` without a digit, no value, 01, a second point, letters
//     integers   0 0 0 0 0 0 1 1 0 1 0 0 1 0 0 0 1 0 1 0 0 1 1 0     and each point
//
// A quote is marked, so that bytes inside quotes never count as the ends of a number. No delimiter or quote may be a digit, `-`
// or `.`.
//
// The including file supplies what index.h does, and digits. It includes index.h first.

#include "blocks.h"
#include "index_types.h"

enum { MOST_NUMBER_BLOCKS = 256 };

typedef struct {
    size_t first, end;  // the bytes that are known, the first the start of a record
    size_t blocks;      // how many blocks to mark next. Few at first: a kernel may be called for a single row
    uint64_t integers[MOST_NUMBER_BLOCKS + 1], numbers[MOST_NUMBER_BLOCKS + 1];
} number_marks;

// What the last byte was, 1 or 0.
typedef struct {
    uint64_t end, joined_end, sign, digit, leading_zero, point;
    unsigned char fraction;  // a digit after a point
} number_carry;

// Marks fractions: a point that is not between digits, or the second of a number.
INLINE uint64_t mark_points(uint64_t point, uint64_t digit, number_carry *carry) {
    uint64_t after_digit = digit << 1 | carry->digit, after_point = point << 1 | carry->point;
    uint64_t second = ends_of_marked(after_point & digit, ~digit, &carry->fraction) & point;
    carry->digit = digit >> 63;
    carry->point = point >> 63;
    return (point & ~after_digit) | (after_point & ~digit) | second;
}

// Adds the words of a block, that of numbers only if there are any. Bytes that are not valid count as ends.
INLINE void mark_block(block bytes, const uint8_t *shifted, uint64_t valid, sluice_dialect dialect, int has_points,
                       number_carry *carry, uint64_t *integers, uint64_t *numbers) {
    uint64_t digit = digits(bytes), minus = equal(bytes, '-');
    uint64_t cr = equal(bytes, '\r'), joined = 0;
    if (cr) {
        joined = cr & equal(load_block(shifted), '\n');
        if (dialect.bare_cr != SLUICE_CR_NEWLINE) cr = joined;
    }
    uint64_t end = equal(bytes, dialect.delimiter) | equal(bytes, '\n') | cr | ~valid;
    uint64_t after_end = end << 1 | carry->end;
    uint64_t sign = minus & after_end, after_sign = sign << 1 | carry->sign;
    uint64_t leading_zero = equal(bytes, '0') & (after_sign | after_end);
    uint64_t after_zero = leading_zero << 1 | carry->leading_zero;
    uint64_t after_joined = joined << 1 | carry->joined_end;
    uint64_t found = (after_sign & ~digit) | (after_zero & digit) | (end & after_end & ~after_joined);
    uint64_t others = ~(digit | sign | end);
    *integers = found | others;
    if (has_points) {
        uint64_t point = equal(bytes, '.');
        *numbers = found | (others & ~point) | mark_points(point, digit, carry);
    }
    carry->end = end >> 63;
    carry->joined_end = joined >> 63;
    carry->sign = sign >> 63;
    carry->leading_zero = leading_zero >> 63;
}

INLINE void mark_blocks(const uint8_t *bytes, size_t count, int next, size_t blocks, sluice_dialect dialect, int has_points,
                        number_marks *marks) {
    number_carry carry = {.end = 1};
    for (size_t i = 0; i < blocks; i++, bytes += 64) {
        uint64_t *integers = &marks->integers[i], *numbers = &marks->numbers[i];
        if (64 * i + 64 < count) {
            mark_block(load_block(bytes), bytes + 1, ~0ull, dialect, has_points, &carry, integers, numbers);
        } else {
            padded tail = pad_tail_before(next, bytes, count - 64 * i);
            mark_block(load_block(tail.bytes), tail.bytes + 1, tail.valid, dialect, has_points, &carry, integers, numbers);
        }
    }
    // A word after the last is read, and its bits are not used.
    marks->integers[blocks] = marks->numbers[blocks] = 0;
}

// Marks bytes from `first` on, the start of a record, at least up to `end`, the end of a record of the index. Returns 0 if
// they are too many.
static __attribute__((noinline)) int mark_numbers(const sluice_members *members, const sluice_rows *rows, size_t first, size_t end,
                                                  number_marks *marks) {
    // The end of the last record is an end whether or not the input goes on there. What is after it is not looked at.
    uint32_t last = rows->field_ends[rows->complete_count - 1];
    size_t count = (last >> SLUICE_END_SHIFT) - first, needed = (end - first) / 64 + 1;
    int next = last & SLUICE_END_CRLF ? '\n' : -1;
    if (needed > MOST_NUMBER_BLOCKS) return 0;
    size_t blocks = count / 64 + 1, most = needed > marks->blocks ? needed : marks->blocks;
    if (blocks > most) blocks = most;
    marks->blocks = 2 * most < MOST_NUMBER_BLOCKS ? 2 * most : MOST_NUMBER_BLOCKS;
    // Copies, which stores into the marks can't change.
    const sluice_dialect dialect = {.delimiter = members->delimiter, .bare_cr = members->bare_cr};
    if (members->has_points) {
        mark_blocks(rows->bytes + first, count, next, blocks, dialect, 1, marks);
    } else {
        mark_blocks(rows->bytes + first, count, next, blocks, dialect, 0, marks);
    }
    marks->first = first;
    marks->end = first + 64 * blocks;
    return 1;
}

// Returns 64 marks from a byte on, counted from the first that is known.
INLINE uint64_t marks_from(const uint64_t *words, size_t byte) {
    size_t shift = byte & 63;
    return words[byte >> 6] >> shift | words[(byte >> 6) + 1] << 1 << (63 - shift);
}

// Whether each number of a record is one. The record ends at `end`.
INLINE int are_numbers(const sluice_members *members, const sluice_rows *rows, size_t record, size_t end, const uint32_t *ends,
                       number_marks *marks) {
    if (end >= marks->end && !mark_numbers(members, rows, record, end, marks)) return 0;
    uint64_t found = 0;
    for (const sluice_number_range *range = members->ranges, *last = range + members->range_count; range < last; range++) {
        const uint64_t *words = range->has_points ? marks->numbers : marks->integers;
        size_t start = range->first ? (ends[range->first - 1] >> SLUICE_END_SHIFT) + 1 : record;
        size_t count = (ends[range->last] >> SLUICE_END_SHIFT) + 1 - start;
        start -= marks->first;
        for (; count > 64; count -= 64, start += 64) found |= marks_from(words, start);
        found |= marks_from(words, start) << (64 - count);
    }
    return !found;
}
