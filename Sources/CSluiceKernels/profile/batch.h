// What many short values of a column are, several at a time.
//
// A value of at most 15 bytes is two words, so a loop over an array of words looks at as many values as a vector has lanes.
// The loops go from what is cheap and frequent to what is not, and each leaves what it does not recognize to the next:
//
//     42  7  -3  1.5  2024-02-28  LHR  true        integers: 42, 7
//             -3  1.5  2024-02-28  LHR  true       numbers: -3, 1.5
//                      2024-02-28  LHR  true       dates (until the 28th), then texts of ASCII
//                                       true       all others, one by one: add_value
//
// A number of at most eight bytes is compared as an integer, a multiple of 10^-8. The least and the greatest of a batch are
// those of the column so far only once in a while, so a batch costs two comparisons for them.

#ifndef SLUICE_PROFILE_BATCH_H
#define SLUICE_PROFILE_BATCH_H

#include "value.h"

enum { BATCH = 256, LANES = 16, UNKNOWN = SLUICE_KIND_COUNT };

// Values in the order of their records.
typedef struct {
    uint64_t first[BATCH], second[BATCH], hash[BATCH];  // as value_id has them
    uint64_t times[BATCH];
    const uint8_t *bytes[BATCH];  // of values of more than SHORT bytes, whose first word is 0 and the second their length
} value_batch;

INLINE void start_batch(value_batch *batch) {
    for (size_t i = 0; i < BATCH; i++) batch->times[i] = 1;
}

INLINE void list_short(value_batch *batch, size_t place, value_id id) {
    batch->first[place] = id.first;
    batch->second[place] = id.second;
    batch->hash[place] = id.hash;
}

// A value of more than SHORT bytes, which stay as they are until it is added.
INLINE void list_long(value_batch *batch, size_t place, const uint8_t *bytes, size_t count) {
    batch->first[place] = 0;
    batch->second[place] = count;
    batch->bytes[place] = bytes;
}

// Appends copies of the last value that occur no times, up to the next multiple of LANES, which the function returns. So
// loops over vectors have no rest. Undone by `times[i] = 1`.
INLINE size_t filled(value_batch *batch, size_t size) {
    size_t end = (size + LANES - 1) & ~(size_t)(LANES - 1);
    for (size_t i = size; i < end; i++) {
        batch->first[i] = batch->first[i - 1];
        batch->second[i] = batch->second[i - 1];
        batch->times[i] = 0;
    }
    return end;
}

// What the loops find out.
typedef struct {
    uint64_t kind[BATCH];    // a sluice_kind, or UNKNOWN
    uint64_t big[BATCH];     // the first eight bytes, the first the highest
    int64_t multiple[BATCH]; // of 10^-8
} batch_findings;

// A mask of the first 0 to 8 bytes of a word; of no use for more.
INLINE uint64_t lane_mask(uint64_t count) { return count == 0 ? 0 : ~0ull >> ((64 - 8 * count) & 63); }

// The number of eight digits, each less '0', the first the lowest byte.
INLINE uint64_t number_of_digits(uint64_t digits) {
    uint64_t pairs = pairs_of(digits), each = 0x000000FF000000FF;
    return ((pairs & each) * (100 + (1000000ull << 32)) + (pairs >> 16 & each) * (1 + (10000ull << 32))) >> 32;
}

enum { ONE = 100000000 };

// Of equal numbers, the least text.
INLINE void take_short_number(sluice_column *column, int64_t multiple, uint64_t big) {
    sluice_short_number *least = &column->least_short, *greatest = &column->greatest_short;
    if (!least->text || multiple < least->multiple || (multiple == least->multiple && big < least->text)) {
        *least = (sluice_short_number){multiple, big};
    }
    if (!greatest->text || multiple > greatest->multiple || (multiple == greatest->multiple && big < greatest->text)) {
        *greatest = (sluice_short_number){multiple, big};
    }
}

// The functions below return how many values they have recognized.

// Integers of one to eight digits. Their digits, from the highest byte on, order them. Adds to `numbers` how many other values
// begin as numbers do.
static size_t find_integers(sluice_column *column, const value_batch *batch, size_t end, batch_findings *findings,
                            size_t *numbers) {
    uint64_t least = ~0ull, greatest = 0, times = 0, found = 0, others = 0;
    for (size_t i = 0; i < end; i++) {
        uint64_t first = batch->first[i], count = length_of(batch->second[i]);
        uint64_t digits = (first ^ EACH_BYTE('0')) & lane_mask(count);
        uint64_t is_integer = (beyond(digits, EACH_BYTE(0x76)) == 0) & (count - 1 < 8) & ((count == 1) | ((first & 0xFF) != '0'));
        uint64_t big = __builtin_bswap64(first), aligned = big >> ((64 - 8 * count) & 63);
        findings->big[i] = big;
        findings->kind[i] = is_integer ? SLUICE_KIND_INTEGER : UNKNOWN;
        times += is_integer ? batch->times[i] : 0;
        found += is_integer;
        others += !is_integer & ((first & 0xFF) - '-' <= '9' - '-');
        uint64_t low = is_integer ? aligned : ~0ull, high = is_integer ? aligned : 0;
        least = low < least ? low : least;
        greatest = high > greatest ? high : greatest;
    }
    column->kinds[SLUICE_KIND_INTEGER] += times;
    for (int is_greatest = 0; is_greatest < 2 && greatest; is_greatest++) {
        uint64_t digits = is_greatest ? greatest : least, empty = (uint64_t)__builtin_clzll(digits) & 56;
        int64_t number = (int64_t)number_of_digits(__builtin_bswap64(digits) & EACH_BYTE(15));
        take_short_number(column, number * ONE, digits << empty);
    }
    *numbers += others;
    return found;
}

// Numbers of at most eight bytes that have a sign or a point:
//
//     -12.5    digits 12, and 5 as a fraction of eight digits: -(12 * 10^8 + 50000000)
static size_t find_numbers(sluice_column *column, const value_batch *batch, size_t end, batch_findings *findings) {
    uint64_t integers = 0, numbers = 0, found = 0;
    int64_t least = INT64_MAX, greatest = INT64_MIN;
    for (size_t i = 0; i < end; i++) {
        uint64_t minus = (batch->first[i] & 0xFF) == '-', body = batch->first[i] >> 8 * minus;
        uint64_t length = length_of(batch->second[i]), count = length - minus;
        uint64_t digits = (body ^ EACH_BYTE('0')) & lane_mask(count), others = beyond(digits, EACH_BYTE(0x76));
        // The bit of the point. Its product with the numbers 0 to 7 has its place in the highest byte.
        uint64_t point = others >> 7, is_fraction = point != 0;
        uint64_t whole = is_fraction ? point * 0x0001020304050607 >> 56 : count;
        uint64_t is_number = ((others & (others - 1)) == 0) & ((digits & point * 0xFF) == point * ('.' ^ '0')) & (length <= 8) &
                             (count > is_fraction) & ((whole < 2) | ((body & 0xFF) != '0')) & (findings->kind[i] == UNKNOWN);
        uint64_t integer = (digits & (point - 1)) << ((64 - 8 * whole) & 63);
        uint64_t fraction = is_fraction ? digits >> 8 >> (8 * whole & 63) : 0;
        int64_t size = (int64_t)(number_of_digits(integer) * ONE + number_of_digits(fraction));
        int64_t multiple = minus ? -size : size;
        findings->multiple[i] = is_number ? multiple : INT64_MIN;
        if (is_number) findings->kind[i] = is_fraction ? SLUICE_KIND_NUMBER : SLUICE_KIND_INTEGER;
        found += is_number;
        integers += (is_number & !is_fraction) ? batch->times[i] : 0;
        numbers += (is_number & is_fraction) ? batch->times[i] : 0;
        int64_t low = is_number ? multiple : INT64_MAX, high = is_number ? multiple : INT64_MIN;
        least = low < least ? low : least;
        greatest = high > greatest ? high : greatest;
    }
    column->kinds[SLUICE_KIND_INTEGER] += integers;
    column->kinds[SLUICE_KIND_NUMBER] += numbers;
    if (!found) return 0;
    uint64_t least_text = ~0ull, greatest_text = ~0ull;
    for (size_t i = 0; i < end; i++) {
        uint64_t big = findings->big[i];
        uint64_t low = findings->multiple[i] == least ? big : ~0ull, high = findings->multiple[i] == greatest ? big : ~0ull;
        least_text = low < least_text ? low : least_text;
        greatest_text = high < greatest_text ? high : greatest_text;
    }
    take_short_number(column, least, least_text);
    take_short_number(column, greatest, greatest_text);
    return found;
}

// Days that every month has.
static size_t find_dates(sluice_column *column, const value_batch *batch, size_t end, batch_findings *findings) {
    uint64_t times = 0, found = 0;
    for (size_t i = 0; i < end; i++) {
        uint64_t start = batch->first[i] ^ 0x2D30302D30303030;      // 0000-00-
        uint64_t rest = batch->second[i] ^ (0x3030 | 10ull << 56);  // 00, and the length
        uint64_t month = (start >> 40 & 0xFF) * 10 + (start >> 48 & 0xFF), day = (rest & 0xFF) * 10 + (rest >> 8 & 0xFF);
        uint64_t others = beyond(start, 0x7F76767F76767676) | beyond(rest, 0x7F7F7F7F7F7F7676);
        uint64_t is_date = (others == 0) & (month - 1 < 12) & (day - 1 < 28) & ((uint32_t)start != 0);
        findings->kind[i] = is_date ? SLUICE_KIND_DATE : findings->kind[i];
        times += is_date ? batch->times[i] : 0;
        found += is_date;
    }
    column->kinds[SLUICE_KIND_DATE] += times;
    return found;
}

// Texts of ASCII that do not begin as a number does and are no words.
static size_t find_texts(sluice_column *column, const value_batch *batch, size_t end, batch_findings *findings) {
    uint64_t times = 0, found = 0;
    for (size_t i = 0; i < end; i++) {
        uint64_t byte = batch->first[i] & 0xFF, lower = byte | 0x20, count = length_of(batch->second[i]);
        uint64_t begins_word =
            (lower == 't') | (lower == 'f') | (lower == 'n') | (byte == '#') | (byte == '<') | (byte == '\\') | (byte == '?');
        uint64_t is_text = (findings->kind[i] == UNKNOWN) & (count > 0) & ((byte - '-' > '9' - '-') | (byte == '/')) &
                           ((count > LONGEST_WORD) | !begins_word) &
                           (((batch->first[i] | batch->second[i]) & EACH_BYTE(0x80)) == 0);
        findings->kind[i] = is_text ? SLUICE_KIND_TEXT : findings->kind[i];
        times += is_text ? batch->times[i] : 0;
        found += is_text;
    }
    column->kinds[SLUICE_KIND_TEXT] += times;
    return found;
}

// Takes the least or the greatest value, of which the first eight bytes are `big`. `sign` is -1 for the least.
static void take_batch_text(sluice_column *column, const value_batch *batch, size_t end, const batch_findings *findings,
                            uint64_t big, int sign) {
    // What follows them, and the length as the lowest byte: of texts that differ in zeros at their end, the shorter is less.
    uint64_t least = ~0ull, greatest = 0;
    for (size_t i = 0; i < end; i++) {
        uint64_t second = batch->second[i], rest = __builtin_bswap64(text_of(second)) | length_of(second);
        uint64_t is_found = (findings->kind[i] != UNKNOWN) & (findings->big[i] == big);
        uint64_t low = is_found ? rest : ~0ull, high = is_found ? rest : 0;
        least = low < least ? low : least;
        greatest = high > greatest ? high : greatest;
    }
    uint64_t best = sign < 0 ? least : greatest;
    uint8_t text[SLUICE_EXCERPT] = {0};
    uint64_t first = __builtin_bswap64(big), second = text_of(__builtin_bswap64(best));
    memcpy(text, &first, sizeof first);
    memcpy(text + 8, &second, sizeof second);
    if (sign < 0) {
        take_least(&column->least_text, ~big, text, best & 0xFF);
    } else {
        take_greatest(&column->greatest_text, big, text, best & 0xFF);
    }
}

static void take_batch_texts(sluice_column *column, const value_batch *batch, size_t end, const batch_findings *findings) {
    uint64_t least = ~0ull, greatest = 0;
    for (size_t i = 0; i < end; i++) {
        uint64_t is_known = findings->kind[i] != UNKNOWN;
        uint64_t low = is_known ? findings->big[i] : ~0ull, high = is_known ? findings->big[i] : 0;
        least = low < least ? low : least;
        greatest = high > greatest ? high : greatest;
    }
    if (~least >= column->least_text.rank) take_batch_text(column, batch, end, findings, least, -1);
    if (greatest >= column->greatest_text.rank) take_batch_text(column, batch, end, findings, greatest, 1);
}

// Adds a short value of the batch to the frequent ones, and for the rest as well if it is not known.
static void add_listed(const sluice_profile *profile, sluice_column *column, value_id id, uint64_t times, int is_known) {
    uint8_t text[SLUICE_EXCERPT] = {0};
    uint64_t rest = text_of(id.second);
    memcpy(text, &id.first, sizeof id.first);
    memcpy(text + 8, &rest, sizeof rest);
    (is_known ? add_frequent : add_value)(profile, column, text, length_of(id.second), id, times);
}

// Adds the values. Afterwards each occurs once.
static __attribute__((noinline)) void add_batch(const sluice_profile *profile, sluice_column *column, value_batch *batch,
                                                size_t size) {
    if (size == 0) return;
    batch_findings findings;
    size_t end = filled(batch, size) & ~(size_t)(LANES - 1);
    size_t numbers = 0, known = find_integers(column, batch, end, &findings, &numbers);
    if (numbers) known += find_numbers(column, batch, end, &findings);
    if (numbers && known < end) known += find_dates(column, batch, end, &findings);
    if (known < end) known += find_texts(column, batch, end, &findings);
    if (known) take_batch_texts(column, batch, end, &findings);
    for (size_t i = 0; i < size; i++) {
        uint64_t times = batch->times[i];
        value_id id = {batch->first[i], batch->second[i], batch->hash[i]};
        int is_known = findings.kind[i] != UNKNOWN;
        size_t count = length_of(id.second);
        if (__builtin_expect(!is_known | (times > 1) | !column->has_lost, 0)) {
            if (count == 0) {
                add_value(profile, column, batch->bytes[i], id.second, id_of_long(batch->bytes[i], id.second), 1);
            } else {
                add_listed(profile, column, id, times, is_known);
            }
            if (!is_known) continue;
        }
        column->lengths[count] += times;
        add_to_sketch(column->sketch, profile->sketch_bits, id.hash);
    }
    for (size_t i = 0; i < end; i++) batch->times[i] = 1;
}

#endif
