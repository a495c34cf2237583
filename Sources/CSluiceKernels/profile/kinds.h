// What a value is, by its bytes.
//
// The first byte rules out most kinds: a digit, sign or point may begin a number or a date, and a few letters and marks
// begin words. Everything else is text without a further look.

#ifndef SLUICE_KINDS_H
#define SLUICE_KINDS_H

#include <string.h>

#include "../include/sluice_profile.h"

#include "../generic/values.h"

// A number's value, as far as it is known without its text.
typedef struct {
    double value;
    int is_exact;
} number_rank;

static const double powers_of_ten[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t largest_safe = (1ull << 53) - 1;

// The letters of a word, the first the lowest byte.
#define WORD4(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

// clang-format off
static const char *const missing_words[] = {
    "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "Null", "null", "None", "NaT", "#NA", "n.a.", "N.A.", "\\N",
    "-",  "--",  "?",   ".",
};
enum { MISSING_WORDS = sizeof missing_words / sizeof *missing_words, LONGEST_MISSING = 4, LONGEST_WORD = 5 };

// The same words, which hold no zero byte, as numbers.
static const uint32_t missing_numbers[] = {
    WORD4('N', 'A', 0, 0),       WORD4('N', '/', 'A', 0),     WORD4('n', '/', 'a', 0),     WORD4('#', 'N', '/', 'A'),
    WORD4('<', 'N', 'A', '>'),   WORD4('N', 'a', 'N', 0),     WORD4('n', 'a', 'n', 0),     WORD4('N', 'U', 'L', 'L'),
    WORD4('N', 'u', 'l', 'l'),   WORD4('n', 'u', 'l', 'l'),   WORD4('N', 'o', 'n', 'e'),   WORD4('N', 'a', 'T', 0),
    WORD4('#', 'N', 'A', 0),     WORD4('n', '.', 'a', '.'),   WORD4('N', '.', 'A', '.'),   WORD4('\\', 'N', 0, 0),
    WORD4('-', 0, 0, 0),         WORD4('-', '-', 0, 0),       WORD4('?', 0, 0, 0),         WORD4('.', 0, 0, 0),
};
// clang-format on

// Returns the number of a missing word of at most LONGEST_MISSING bytes, or -1.
INLINE int missing_word(const uint8_t *bytes, size_t count) {
    uint64_t word = load_word(bytes) & first_bytes_of[count];
    if (word >> 8 * (count - 1) == 0) return -1;
    for (int i = 0; i < MISSING_WORDS; i++) {
        if (missing_numbers[i] == word) return i;
    }
    return -1;
}

INLINE int is_truth(const uint8_t *bytes, size_t count) {
    uint64_t word = load_word(bytes) & first_bytes_of[count < 8 ? count : 8];
    const uint64_t e = (uint64_t)'e' << 32, upper_e = (uint64_t)'E' << 32;
    if (count == 4) {
        return word == WORD4('t', 'r', 'u', 'e') || word == WORD4('T', 'r', 'u', 'e') || word == WORD4('T', 'R', 'U', 'E');
    }
    if (count != 5) return 0;
    return word == (WORD4('f', 'a', 'l', 's') | e) || word == (WORD4('F', 'a', 'l', 's') | e) ||
           word == (WORD4('F', 'A', 'L', 'S') | upper_e);
}

INLINE int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') <= 9; }

// `hh:mm:ss`, then a fraction and a time zone, after a date. 24:00:00 is the next day's start, if there is one.
static int is_datetime_tail(const uint8_t *date, const uint8_t *bytes, size_t count) {
    if (count < 8) return 0;
    if (__builtin_expect(count == 8, 1) && is_time(bytes)) return 1;
    int ends_day = bytes[0] == '2' && bytes[1] == '4';
    if (ends_day ? memcmp(bytes, "24:00:00", 8) != 0 || memcmp(date, "9999-12-31", 10) == 0 : !is_time(bytes)) return 0;
    size_t at = 8;
    if (at < count && bytes[at] == '.') {
        size_t first = ++at;
        for (; at < count && is_digit(bytes[at]); at++) {
            if (ends_day && bytes[at] != '0') return 0;
        }
        if (at == first) return 0;
    }
    if (at == count || (at + 1 == count && bytes[at] == 'Z')) return 1;
    const uint8_t *zone = bytes + at;
    if (count - at != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return 0;
    if (!is_digit(zone[1]) || !is_digit(zone[2]) || !is_digit(zone[4]) || !is_digit(zone[5])) return 0;
    int hours = (zone[1] & 15) * 10 + (zone[2] & 15), minutes = (zone[4] & 15) * 10 + (zone[5] & 15);
    return minutes < 60 && hours * 60 + minutes <= 14 * 60;
}

// Reads the exponent at `bytes`, after the `e`. Returns 0 if it is none, or beyond what a double can have.
static int read_exponent(const uint8_t *bytes, size_t count, int *exponent) {
    size_t at = count && (bytes[0] == '-' || bytes[0] == '+');
    if (count - at - 1 >= 3) return 0;
    int value = 0;
    for (size_t i = at; i < count; i++) {
        if (!is_digit(bytes[i])) return 0;
        value = value * 10 + (bytes[i] & 15);
    }
    *exponent = bytes[0] == '-' ? -value : value;
    return 1;
}

// Returns SLUICE_KIND_INTEGER, SLUICE_KIND_NUMBER or SLUICE_KIND_TEXT.
INLINE sluice_kind number_kind(const uint8_t *bytes, size_t count, number_rank *rank) {
    size_t first = bytes[0] == '-', at = first, scale = 0;
    uint64_t mantissa = 0;
    if (count > SLUICE_EXCERPT) return SLUICE_KIND_TEXT;
    for (; at < count && is_digit(bytes[at]); at++) {
        mantissa = mantissa * 10 + (bytes[at] & 15);
        if (mantissa > largest_safe) return SLUICE_KIND_TEXT;
    }
    size_t digits = at - first;
    if (digits > 1 && bytes[first] == '0') return SLUICE_KIND_TEXT;
    double sign = first ? -1 : 1;
    if (at == count) {
        *rank = (number_rank){sign * (double)mantissa, 1};
        return digits ? SLUICE_KIND_INTEGER : SLUICE_KIND_TEXT;
    }
    size_t fraction = 0;
    if (bytes[at] == '.') {
        // Digits that a double has no room for are left to the comparison of texts.
        for (at++; at < count && is_digit(bytes[at]); at++, fraction++) {
            if (mantissa >= largest_safe / 10 || scale == 22) continue;
            mantissa = mantissa * 10 + (bytes[at] & 15);
            scale++;
        }
    }
    if (digits + fraction == 0) return SLUICE_KIND_TEXT;
    double value = (double)mantissa / powers_of_ten[scale];
    if (at < count) {
        int exponent;
        if ((bytes[at] | 0x20) != 'e' || !read_exponent(bytes + at + 1, count - at - 1, &exponent)) return SLUICE_KIND_TEXT;
        // Not beyond 2^53: at most 15 digits before the point.
        if (exponent + (int)digits > 15 && mantissa) return SLUICE_KIND_TEXT;
        for (; exponent < 0; exponent++) value /= 10;
        for (; exponent > 0; exponent--) value *= 10;
    }
    *rank = (number_rank){sign * value, 0};
    return SLUICE_KIND_NUMBER;
}

// What the first byte of a value may begin.
enum { BEGINS_NUMBER = 1, BEGINS_WORD = 2 };
// clang-format off
static const uint8_t beginnings[256] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['-'] = 3, ['.'] = 3, ['t'] = 2, ['T'] = 2, ['f'] = 2, ['F'] = 2, ['N'] = 2, ['n'] = 2, ['#'] = 2, ['<'] = 2,
    ['\\'] = 2, ['?'] = 2,
};
// clang-format on

INLINE sluice_kind kind_of(const uint8_t *bytes, size_t count, number_rank *rank, uint32_t *missing) {
    if (count == 0) return SLUICE_KIND_EMPTY;
    unsigned beginning = beginnings[bytes[0]];
    if (__builtin_expect(beginning == 0, 0)) return SLUICE_KIND_TEXT;
    if (beginning & BEGINS_NUMBER) {
        if (count >= 10 && bytes[4] == '-' && bytes[7] == '-' && is_date(bytes)) {
            if (count == 10) return SLUICE_KIND_DATE;
            return bytes[10] == 'T' && is_datetime_tail(bytes, bytes + 11, count - 11) ? SLUICE_KIND_DATETIME : SLUICE_KIND_TEXT;
        }
        if (count == 8 && bytes[2] == ':') return is_time(bytes) ? SLUICE_KIND_TIME : SLUICE_KIND_TEXT;
        sluice_kind kind = number_kind(bytes, count, rank);
        if (kind != SLUICE_KIND_TEXT) return kind;
    }
    if (beginning & BEGINS_WORD && count <= LONGEST_WORD) {
        if (is_truth(bytes, count)) return SLUICE_KIND_BOOLEAN;
        int word = count <= LONGEST_MISSING ? missing_word(bytes, count) : -1;
        if (word >= 0) {
            *missing |= 1u << word;
            return SLUICE_KIND_MISSING;
        }
    }
    return SLUICE_KIND_TEXT;
}

#endif
