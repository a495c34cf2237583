// Profiles: what the values of each column are, counted in constant memory.
//
// A profile of a range of records and one of the next range merge to the profile of both. Counts, extremes and lengths are
// then exact. The number of different values is that of a HyperLogLog sketch, and merges without loss. Frequent values are
// kept in sets of four, and one that is rare in every range may be lost.

#ifndef SLUICE_PROFILE_H
#define SLUICE_PROFILE_H

#include <stddef.h>
#include <stdint.h>

// What a value is: the first of these that it can be.
typedef enum {
    SLUICE_KIND_EMPTY,
    SLUICE_KIND_INTEGER,   // within ±(2^53 - 1), without a plus or leading zeros
    SLUICE_KIND_NUMBER,    // the same with a fraction or an exponent, of at most SLUICE_EXCERPT bytes
    SLUICE_KIND_DATE,      // these as ISO 8601 has them, and in the calendar
    SLUICE_KIND_TIME,
    SLUICE_KIND_DATETIME,
    SLUICE_KIND_BOOLEAN,   // `true`, `false`, in lower or upper case or with an upper-case letter
    SLUICE_KIND_MISSING,   // a word that often stands for no value: see sluice_missing_word
    SLUICE_KIND_TEXT,
    SLUICE_KIND_COUNT,
} sluice_kind;

enum {
    SLUICE_EXCERPT = 64,         // bytes that are kept of an extreme value
    SLUICE_FREQUENT_TEXT = 36,   // and of a frequent one
    SLUICE_LENGTH_CLASSES = 64,  // see sluice_length_class
};

// The least or the greatest value.
typedef struct {
    uint64_t rank;    // orders most values by itself: a number as a double, a text's first bytes (inverted in the least)
    uint32_t length;  // in bytes; 0 if there is no value
    uint8_t is_exact; // the rank is the number
    uint8_t text[SLUICE_EXCERPT];
} sluice_extreme;

// A value that occurs often, or an empty place if its tag is 0.
typedef struct {
    uint64_t first, second;  // the same, or a hash of a longer one
    uint64_t count;
    uint32_t length;         // in bytes
    uint8_t text[SLUICE_FREQUENT_TEXT];
} sluice_frequent;

// A value of at most 15 bytes that is only counted, or none if the count is 0.
typedef struct {
    uint64_t first, second;  // the length is the highest byte
    uint64_t hash, count;
} sluice_pending;

// The least or the greatest number of at most eight bytes.
typedef struct {
    int64_t multiple;  // of 10^-8
    uint64_t text;     // the first byte the highest; 0 if there is none
} sluice_short_number;

typedef struct {
    uint64_t kinds[SLUICE_KIND_COUNT];
    uint64_t lengths[SLUICE_LENGTH_CLASSES];  // values that are not empty, by their length in characters
    // Of values of more than 16 bytes: their characters, ~ the least length, and the greatest.
    uint64_t long_characters, short_long, longest;
    uint32_t missing;                         // a bit for each sluice_missing_word that occurs
    uint8_t has_lost;                         // a value found no place among the frequent ones
    sluice_short_number least_short, greatest_short;
    sluice_extreme least_number, greatest_number;
    sluice_extreme least_text, greatest_text; // of all values but missing words
    sluice_pending *pending;
    uint8_t *sketch;                          // for each register, the most leading zeros of a hash, and one
    uint32_t *tags;                           // four for each set
    sluice_frequent *frequent;
} sluice_column;

typedef struct {
    sluice_column *columns;
    size_t width;
    unsigned pending_bits, sketch_bits, set_bits;  // logarithms of how many a column has
    uint64_t rows;
} sluice_profile;

// The memory of a profile. All zeros is an empty profile once `sluice_profile_lay_out` has set its pointers.
size_t sluice_profile_size(size_t width);
void sluice_profile_lay_out(sluice_profile *profile, void *memory, size_t width);

// A place in an index, as sluice_rows has it; see `profile_rows` of a kernel.
typedef struct {
    const uint8_t *bytes;  // readable for 32 bytes more
    const uint32_t *field_ends;
    size_t complete_count;
    size_t limit;          // no record from this offset on is read
    size_t next, start;
    uint64_t number;
    uint8_t quote;
    uint8_t *scratch;      // room for `bytes` and 32 bytes more
} sluice_profile_place;

// Adds a value, readable for 32 bytes more, to a column.
void sluice_profile_add_value(sluice_profile *profile, size_t column, const uint8_t *bytes, size_t count);

// Profiles what is pending. Call it before anything is read from the profile or merged.
void sluice_profile_flush(sluice_profile *profile);

// Adds the profile of the next range, which has as many columns. Both are flushed.
void sluice_profile_merge(sluice_profile *profile, const sluice_profile *next);

void sluice_profile_reset(sluice_profile *profile);

// The number of different values, as the sketch estimates it.
double sluice_profile_distinct(const sluice_profile *profile, size_t column);

// Returns what a value is; it is readable for 32 bytes more. A missing word sets its bit.
sluice_kind sluice_kind_of(const uint8_t *bytes, size_t count, uint32_t *missing);

// The words that may stand for a missing value, by the numbers of their bits; NULL after the last.
const char *sluice_missing_word(size_t number);

// The lengths, in characters, that are counted together: 1, 2 … 16, then four classes for each power of two. Returns the
// first length of a class; class 0 is that of length 0.
uint64_t sluice_first_length(size_t length_class);

#endif
