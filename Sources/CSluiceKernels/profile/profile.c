// Profiles the values of columns: see sluice_profile.h.
//
// Most values of most columns have occurred shortly before. So a short value is first only counted, in a table of pending values
// that is looked up by a hash. What the value is, how long, and whether it is the least, is found out once, when another value
// needs its place:
//
//     rows        Rome, Oslo, Rome, Rome, Bern        Bern's place is Rome's
//     pending     Rome 3, Oslo 1                  →   profile Rome three times; pending: Bern 1, Oslo 1
//
// Records of an index are read by columns, not by rows: a column's values are alike, so the processor predicts what comes, and its
// tables stay in the first cache.

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

// A value's length in characters: bytes but those that continue one.
INLINE size_t characters_of(const uint8_t *bytes, size_t count) {
    size_t characters = count, at = 0;
    for (; at + 8 <= count; at += 8) {
        uint64_t word = load_word(bytes + at);
        if (!(word & EACH_BYTE(0x80))) continue;
        characters -= (size_t)__builtin_popcountll(word & ~(word << 1) & EACH_BYTE(0x80));
    }
    for (; at < count; at++) characters -= (bytes[at] & 0xC0) == 0x80;
    return characters;
}

// The classes of lengths: 0 to 16, then four for each power of two.
INLINE size_t length_class(uint64_t length) {
    if (length <= 16) return length;
    unsigned log = 63 - (unsigned)__builtin_clzll(length);
    size_t found = 17 + (log - 4) * 4 + (length >> (log - 2) & 3) - (length == 16);
    return found < SLUICE_LENGTH_CLASSES ? found : SLUICE_LENGTH_CLASSES - 1;
}

uint64_t sluice_first_length(size_t class_number) {
    if (class_number <= 17) return class_number;
    size_t place = class_number - 17, log = 4 + place / 4;
    return (4 + place % 4) << (log - 2);
}

// Adds a value that occurs `times` times, whose hash is known.
INLINE void add_value(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes, size_t count, value_id id,
                      uint64_t times) {
    number_rank rank = {0, 0};
    sluice_kind kind = kind_of(bytes, count, &rank, &column->missing);
    column->kinds[kind] += times;
    if (kind == SLUICE_KIND_EMPTY) return;
    size_t characters = characters_of(bytes, count);
    column->lengths[length_class(characters)] += times;
    column->characters += characters * times;
    if (characters < column->shortest || !column->shortest) column->shortest = characters;
    if (characters > column->longest) column->longest = characters;
    add_to_sketch(column->sketch, profile->sketch_bits, id.hash);
    add_frequent(profile, column, bytes, count, id, times);
    if (kind == SLUICE_KIND_MISSING) return;
    if (kind <= SLUICE_KIND_NUMBER) {
        take_number(&column->least_number, -1, rank, bytes, count);
        take_number(&column->greatest_number, 1, rank, bytes, count);
    }
    uint64_t first = __builtin_bswap64(load_word(bytes) & first_bytes_of[count < 8 ? count : 8]);
    take_text(&column->least_text, -1, first, bytes, count);
    take_text(&column->greatest_text, 1, first, bytes, count);
}

static __attribute__((noinline)) void add_long(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes,
                                               size_t count) {
    add_value(profile, column, bytes, count, id_of_long(bytes, count), 1);
}

static __attribute__((noinline)) void add_pending(const sluice_profile *profile, sluice_column *column,
                                                  const sluice_pending *value) {
    uint8_t bytes[SLUICE_EXCERPT + 32] = {0};
    memcpy(bytes, value, SHORT);
    value_id id = {value->first, value->second, hash_of_short(value->first, value->second, value->length)};
    add_value(profile, column, bytes, value->length, id, value->count);
}

INLINE void count_value(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes, size_t count) {
    if (count - 1 >= SHORT) {
        if (count == 0) {
            column->kinds[SLUICE_KIND_EMPTY]++;
        } else {
            add_long(profile, column, bytes, count);
        }
        return;
    }
    uint64_t first = load_word(bytes) & short_masks[count][0], second = load_word(bytes + 8) & short_masks[count][1];
    uint64_t hash = hash_of_short(first, second, (uint32_t)count);
    sluice_pending *place = &column->pending[hash & ((1u << profile->pending_bits) - 1)];
    if (__builtin_expect(!((place->first ^ first) | (place->second ^ second) | (place->length ^ count)), 1)) {
        place->count++;
        return;
    }
    if (place->count) add_pending(profile, column, place);
    *place = (sluice_pending){first, second, 1, (uint32_t)count};
}

void sluice_profile_add_value(sluice_profile *profile, size_t column, const uint8_t *bytes, size_t count) {
    count_value(profile, &profile->columns[column], bytes, count);
}

void sluice_profile_flush(sluice_profile *profile) {
    for (size_t i = 0; i < profile->width; i++) {
        sluice_column *column = &profile->columns[i];
        for (size_t place = 0; place < (size_t)1 << profile->pending_bits; place++) {
            sluice_pending *value = &column->pending[place];
            if (!value->count) continue;
            add_pending(profile, column, value);
            *value = (sluice_pending){0, 0, 0, 0};
        }
    }
}

// Copies a value without the first of two quotes. Returns its length.
static size_t without_doubled(const uint8_t *bytes, size_t count, uint8_t quote, uint8_t *target) {
    size_t length = 0;
    for (size_t at = 0; at < count; at++) {
        uint8_t byte = bytes[at];
        target[length++] = byte;
        // The second of two quotes is left out.
        at += byte == quote;
    }
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

static void add_column(const sluice_profile *profile, const sluice_profile_place *place, size_t number, size_t rows) {
    sluice_column *column = &profile->columns[number];
    const uint8_t *bytes = place->bytes;
    const uint32_t *ends = place->field_ends + place->next + number;
    size_t width = profile->width;
    for (size_t row = 0; row < rows; row++, ends += width) {
        uint32_t end = *ends;
        size_t start = number + row ? (ends[-1] >> SLUICE_END_SHIFT) + 1 : place->start;
        size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
        size_t count = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1) - first;
        const uint8_t *value = bytes + first;
        if (__builtin_expect((end & (SLUICE_END_QUOTED | SLUICE_END_DIRTY)) == (SLUICE_END_QUOTED | SLUICE_END_DIRTY), 0)) {
            count = without_doubled(value, count, place->quote, place->scratch);
            value = place->scratch;
        }
        count_value(profile, column, value, count);
    }
}

int sluice_profile_add_rows(sluice_profile *profile, sluice_profile_place *place) {
    while (place->next < place->complete_count && place->start < place->limit) {
        size_t rows = regular_rows(profile, place, 4096);
        if (rows == 0) return 1;
        for (size_t column = 0; column < profile->width; column++) add_column(profile, place, column, rows);
        place->next += rows * profile->width;
        place->start = (place->field_ends[place->next - 1] >> SLUICE_END_SHIFT) + 1;
        place->number += rows;
        profile->rows += rows;
    }
    return 0;
}
