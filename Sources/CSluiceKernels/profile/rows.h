// Profiles the values of columns: see sluice_profile.h.
//
// Few values of most columns make up most of their rows. So a short value takes a place in a table of pending values, by
// its hash, if the place is free, and is then only counted. What it is, how long, and whether it is the least, is found out
// once, at the end of the range. A value whose place is taken is profiled each time:
//
//     rows        Rome, Oslo, Rome, Rome, Bern, Oslo        Bern's place is Rome's
//     pending     Rome 3, Oslo 2                            profiled at once: Bern
//
// Records of an index are read by columns, not by rows: a column's values are alike, so the processor predicts what comes,
// and its tables stay in the first cache. Values that are not pending are first listed, without a branch that would depend
// on them.

#ifndef SLUICE_PROFILE_ROWS_H
#define SLUICE_PROFILE_ROWS_H

#include "../include/sluice_kernels.h"

#include "extremes.h"
#include "kinds.h"
#include "sketches.h"

enum { SHORT = 16 };

// Masks of the first and the second eight bytes of a value, by its length.
static const uint64_t short_masks[SHORT + 1][2] = {
    {0, 0},
    {0xFF, 0},
    {0xFFFF, 0},
    {0xFFFFFF, 0},
    {0xFFFFFFFF, 0},
    {0xFFFFFFFFFF, 0},
    {0xFFFFFFFFFFFF, 0},
    {0xFFFFFFFFFFFFFF, 0},
    {~0ull, 0},
    {~0ull, 0xFF},
    {~0ull, 0xFFFF},
    {~0ull, 0xFFFFFF},
    {~0ull, 0xFFFFFFFF},
    {~0ull, 0xFFFFFFFFFF},
    {~0ull, 0xFFFFFFFFFFFF},
    {~0ull, 0xFFFFFFFFFFFFFF},
    {~0ull, ~0ull},
};

// A value's length in characters: its bytes but those that continue one, 80 to BF. 255 bytes at a time, so that the
// compiler can count in bytes.
INLINE size_t characters_of(const uint8_t *bytes, size_t count) {
    size_t characters = 0;
    while (count > 0) {
        size_t part = count < 255 ? count : 255;
        uint8_t starts = 0;
        for (size_t at = 0; at < part; at++) starts += (int8_t)bytes[at] >= -64;
        characters += starts;
        bytes += part;
        count -= part;
    }
    return characters;
}

// The classes of lengths: 0 to 16, then four for each power of two.
INLINE size_t length_class(uint64_t length) {
    if (length <= 16) return length;
    unsigned log = 63 - (unsigned)__builtin_clzll(length);
    size_t found = 17 + (log - 4) * 4 + (length >> (log - 2) & 3) - (length == 16);
    return found < SLUICE_LENGTH_CLASSES ? found : SLUICE_LENGTH_CLASSES - 1;
}

INLINE void add_text(sluice_column *column, uint64_t big_endian, const uint8_t *bytes, size_t count) {
    take_least(&column->least_text, ~big_endian, bytes, count);
    take_greatest(&column->greatest_text, big_endian, bytes, count);
}

// Adds a value that occurs `times` times, whose hash is known, and its characters.
static __attribute__((noinline)) void add_value(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes,
                                                size_t count, value_id id, uint64_t times) {
    number_rank rank = {0, 0};
    sluice_kind kind = kind_of(bytes, count, &rank, &column->missing);
    column->kinds[kind] += times;
    size_t characters = characters_of(bytes, count);
    column->lengths[length_class(characters)] += times;
    if (characters > SHORT) {
        column->long_characters += characters * times;
        if (~characters > column->short_long) column->short_long = ~characters;
        if (characters > column->longest) column->longest = characters;
    }
    add_to_sketch(column->sketch, profile->sketch_bits, id.hash);
    add_frequent(profile, column, bytes, count, id, times);
    if (kind == SLUICE_KIND_MISSING) return;
    if (kind <= SLUICE_KIND_NUMBER) {
        take_number(&column->least_number, -1, rank, bytes, count);
        take_number(&column->greatest_number, 1, rank, bytes, count);
    }
    add_text(column, __builtin_bswap64(load_word(bytes) & first_bytes_of[count < 8 ? count : 8]), bytes, count);
}

// The same for a value of at most 16 bytes. Most are integers of a few digits, or texts of ASCII.
INLINE void add_short(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes, const sluice_pending *value) {
    size_t count = value->length;
    unsigned beginning = beginnings[bytes[0]];
    int is_integer = beginning == BEGINS_NUMBER && count <= 8 && is_short_integer(bytes, count);
    int is_text = !(beginning & BEGINS_NUMBER) && (!beginning || count > 5) && !((value->first | value->second) & EACH_BYTE(0x80));
    value_id id = {value->first, value->second, value->hash};
    if (!(is_integer | is_text)) {
        add_value(profile, column, bytes, count, id, value->count);
        return;
    }
    column->kinds[is_integer ? SLUICE_KIND_INTEGER : SLUICE_KIND_TEXT] += value->count;
    column->lengths[count] += value->count;
    add_to_sketch(column->sketch, profile->sketch_bits, id.hash);
    add_frequent(profile, column, bytes, count, id, value->count);
    uint64_t text = __builtin_bswap64(value->first);
    if (is_integer) {
        uint64_t digits = text >> (64 - 8 * count);
        if (digits - 1 < column->digits.least - 1) column->digits.least = digits;
        if (digits > column->digits.greatest) column->digits.greatest = digits;
    }
    add_text(column, text, bytes, count);
}

INLINE sluice_pending pending_of(const uint8_t *bytes, size_t count) {
    uint64_t first = load_word(bytes), second = load_word(bytes + 8);
    SCALAR(first);
    SCALAR(second);
    first &= short_masks[count][0];
    second &= short_masks[count][1];
    return (sluice_pending){first, second, hash_of_short(first, second, (uint32_t)count), 1, (uint32_t)count};
}

// Counts a value if it is pending. Returns 0 otherwise.
INLINE int count_pending(sluice_pending *place, const sluice_pending *value) {
    if (__builtin_expect(place->count == 0, 0)) {
        *place = *value;
        return 1;
    }
    // No branch: whether it is pending is hard to predict.
    int is_same = !((place->first ^ value->first) | (place->second ^ value->second) | (place->length ^ value->length));
    place->count += (uint32_t)is_same;
    return is_same;
}

INLINE uint64_t pending_mask(const sluice_profile *profile) { return (1u << profile->pending_bits) - 1; }

INLINE void add_one(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes, size_t count) {
    if (count > SHORT) {
        add_value(profile, column, bytes, count, id_of_long(bytes, count), 1);
    } else {
        sluice_pending value = pending_of(bytes, count);
        sluice_pending *place = &column->pending[value.hash & pending_mask(profile)];
        if (!count_pending(place, &value)) add_short(profile, column, bytes, &value);
    }
}

// Copies a value without the first of two quotes. Returns its length, or 0 if there are none and it was not copied.
static size_t without_doubled(const uint8_t *bytes, size_t count, uint8_t quote, uint8_t *target) {
    size_t length = 0, start = 0, at;
    while ((at = start + sluice_find(bytes + start, count - start, quote)) < count) {
        memcpy(target + length, bytes + start, at + 1 - start);
        length += at + 1 - start;
        // The second of two quotes is left out.
        start = at + 2;
    }
    if (length == 0) return 0;
    if (start < count) memcpy(target + length, bytes + start, count - start), length += count - start;
    return length;
}

// Returns how many records from the place on have one field for every column, at most `most`.
INLINE size_t regular_rows(const sluice_profile *profile, const sluice_profile_place *place, size_t most) {
    size_t width = profile->width, rows = 0, start = place->start;
    const uint32_t *ends = place->field_ends + place->next;
    for (size_t left = (place->complete_count - place->next) / width; rows < most && rows < left; rows++, ends += width) {
        if (start >= place->limit) break;
        uint32_t others = 0;
        for (size_t column = 0; column + 1 < width; column++) others |= ends[column];
        uint32_t last = ends[width - 1];
        if (others & SLUICE_END_RECORD || !(last & SLUICE_END_RECORD)) break;
        size_t end = last >> SLUICE_END_SHIFT;
        // In a table of one column, a blank line has as many fields as a row.
        if (width == 1 && end - (last / SLUICE_END_CRLF & 1) == start) break;
        start = end + 1;
    }
    return rows;
}

enum { BATCH = 512 };

// A value that is not pending.
typedef struct {
    uint64_t hash;
    uint32_t first, count;  // its offset and its length
} other_value;

// Adds a column's values of up to BATCH rows. `ends` are their entries, a record's apart; `start` is that of the first.
static void add_batch(const sluice_profile *profile, const sluice_profile_place *place, sluice_column *column, const uint32_t *ends,
                      size_t start, size_t rows) {
    other_value others[BATCH];
    // Copies, which stores into the tables can't change.
    const size_t width = profile->width;
    const uint64_t mask = pending_mask(profile);
    sluice_pending *const table = column->pending;
    const uint8_t *const bytes = place->bytes;
    size_t found = 0, empty = 0;
    for (size_t row = 0; row < rows; row++, ends += width) {
        uint32_t end = *ends;
        if (row) start = (ends[-1] >> SLUICE_END_SHIFT) + 1;
        size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
        size_t count = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1) - first;
        const uint8_t *value = bytes + first;
        if (__builtin_expect((end & (SLUICE_END_QUOTED | SLUICE_END_DIRTY)) == (SLUICE_END_QUOTED | SLUICE_END_DIRTY), 0)) {
            size_t length = without_doubled(value, count, place->quote, place->scratch);
            if (length) {
                // Not listed, for the next one is copied to the same memory.
                add_one(profile, column, place->scratch, length);
                continue;
            }
        }
        if (count - 1 >= SHORT) {
            if (count == 0) {
                empty++;
            } else {
                add_value(profile, column, value, count, id_of_long(value, count), 1);
            }
            continue;
        }
        sluice_pending pending = pending_of(value, count);
        others[found] = (other_value){pending.hash, (uint32_t)first, (uint32_t)count};
        found += !count_pending(&table[pending.hash & mask], &pending);
    }
    column->kinds[SLUICE_KIND_EMPTY] += empty;
    for (const other_value *other = others; other < others + found; other++) {
        const uint8_t *value = bytes + other->first;
        uint64_t low = load_word(value), high = load_word(value + 8);
        SCALAR(low);
        SCALAR(high);
        sluice_pending pending = {low & short_masks[other->count][0], high & short_masks[other->count][1], other->hash, 1,
                                  other->count};
        add_short(profile, column, value, &pending);
    }
}

static int profile_rows(sluice_profile *profile, sluice_profile_place *place) {
    while (place->next < place->complete_count && place->start < place->limit) {
        size_t rows = regular_rows(profile, place, BATCH);
        if (rows == 0) return 1;
        const uint32_t *ends = place->field_ends + place->next;
        for (size_t column = 0; column < profile->width; column++, ends++) {
            size_t start = column ? (ends[-1] >> SLUICE_END_SHIFT) + 1 : place->start;
            add_batch(profile, place, &profile->columns[column], ends, start, rows);
        }
        place->next += rows * profile->width;
        place->start = (place->field_ends[place->next - 1] >> SLUICE_END_SHIFT) + 1;
        place->number += rows;
        profile->rows += rows;
    }
    return 0;
}

#endif
