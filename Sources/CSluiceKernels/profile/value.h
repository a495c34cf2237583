// Adds one value to a column, whatever it is.

#ifndef SLUICE_PROFILE_VALUE_H
#define SLUICE_PROFILE_VALUE_H

#include "extremes.h"
#include "kinds.h"
#include "sketches.h"

// A value's length in characters: its bytes but those that continue one, 80 to BF. Reads up to seven bytes after it.
INLINE size_t characters_of(const uint8_t *bytes, size_t count) {
    size_t characters = count;
    for (size_t at = 0; at < count; at += 8) {
        uint64_t word = load_word(bytes + at) & first_bytes_of[count - at < 8 ? count - at : 8];
        characters -= (size_t)__builtin_popcountll(word & ~(word << 1) & EACH_BYTE(0x80));
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
    if (characters > 16) {
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

#endif
