// libFuzzer target: the profile of a table must be what plain loops find in its values, with every kernel of this processor, and
// the profiles of two halves must merge to it.
//
// Input: a byte of flags, a byte that says where the first half ends, and then the table. Bits 0 and 1 of the flags choose the
// delimiter; without bit 2 the tables of a column are as small as those of wide ones. Buffers have exactly the sizes that
// sluice_profile.h requires.

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sluice_kernels.h"
#include "sluice_profile.h"

enum { MOST_COLUMNS = 40 };

static const char *asked;

static void require(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s: %s\n", asked, what);
    abort();
}

static void *allocate(size_t bytes) {
    void *memory = calloc(bytes ? bytes : 1, 1);
    if (!memory) abort();
    return memory;
}

typedef struct {
    uint8_t *bytes;
    size_t count;
    sluice_kind kind;
} value;

typedef struct {
    uint8_t *bytes;  // readable for 32 bytes more
    size_t count, width, rows, value_count;
    sluice_dialect dialect;
    uint32_t *ends;
    sluice_index index;
    value *values;   // of regular rows, row by row
    size_t *starts;  // of the rows
} table;

// Kinds, by regular expressions.

static int matches(const char *pattern, const value *v) {
    enum { MOST = 16 };
    static struct {
        const char *pattern;
        regex_t compiled;
    } known[MOST];
    size_t i = 0;
    while (known[i].pattern && known[i].pattern != pattern) i++;
    if (!known[i].pattern) {
        if (i + 1 == MOST || regcomp(&known[i].compiled, pattern, REG_EXTENDED)) abort();
        known[i].pattern = pattern;
    }
    if (memchr(v->bytes, 0, v->count) || memchr(v->bytes, '\n', v->count)) return 0;
    regmatch_t range = {0, (regoff_t)v->count};
    return regexec(&known[i].compiled, (const char *)v->bytes, 1, &range, REG_STARTEND) == 0;
}

static int number_at(const uint8_t *digits, size_t count) {
    int number = 0;
    for (size_t i = 0; i < count; i++) number = number * 10 + digits[i] - '0';
    return number;
}

static int is_in_calendar(const uint8_t *date) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = number_at(date, 4), month = number_at(date + 5, 2), day = number_at(date + 8, 2);
    int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && is_leap);
}

#define DATE "[0-9]{4}-[0-9]{2}-[0-9]{2}"
#define TIME "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
#define FRACTION "([.][0-9]+)?"
#define ZONE "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"

// A number's digits, each at its place: number.places[POINT] is that of the ones.
enum { POINT = 1100, PLACES = 2 * POINT };
typedef struct {
    int is_negative, first;  // the place of the first digit that is not 0, or PLACES
    uint8_t places[PLACES];
} decimal;

static decimal decimal_of(const uint8_t *bytes, size_t count) {
    decimal found = {.first = PLACES};
    size_t at = 0, digits = 0;
    if (count && bytes[0] == '-') found.is_negative = 1, at = 1;
    while (at + digits < count && bytes[at + digits] >= '0' && bytes[at + digits] <= '9') digits++;
    int exponent = 0, place = POINT - (int)digits + 1;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 'e' && bytes[i] != 'E') continue;
        exponent = atoi((const char *)bytes + i + 1);
        count = i;
    }
    place -= exponent;
    for (; at < count; at++) {
        if (bytes[at] == '.') continue;
        if (place < 0 || place >= PLACES) abort();
        found.places[place++] = bytes[at] - '0';
    }
    for (int i = PLACES - 1; i >= 0; i--) {
        if (found.places[i]) found.first = i;
    }
    return found;
}

static int compare_numbers(const decimal *a, const decimal *b) {
    int a_sign = a->first == PLACES ? 0 : a->is_negative ? -1 : 1, b_sign = b->first == PLACES ? 0 : b->is_negative ? -1 : 1;
    if (a_sign != b_sign) return a_sign < b_sign ? -1 : 1;
    return a_sign * memcmp(a->places, b->places, PLACES);
}

static sluice_kind kind_of(const value *v) {
    static const char missing[] =
        "^(NA|N/A|n/a|#N/A|<NA>|NaN|nan|NULL|Null|null|None|NaT|#NA|n[.]a[.]|N[.]A[.]|\\\\N|-|--|[?]|[.])$";
    static const char truth[] = "^(true|True|TRUE|false|False|FALSE)$", integer[] = "^-?(0|[1-9][0-9]{0,15})$";
    static const char number[] = "^-?((0|[1-9][0-9]{0,15})([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$";
    static const char date[] = "^" DATE "$", time[] = "^" TIME "$", zero_day[] = "^" DATE "T24:00:00([.]0+)?" ZONE "$";
    static const char datetime[] = "^" DATE "T" TIME FRACTION ZONE "$";
    if (v->count == 0) return SLUICE_KIND_EMPTY;
    if (matches(missing, v)) return SLUICE_KIND_MISSING;
    if (matches(truth, v)) return SLUICE_KIND_BOOLEAN;
    if (matches(integer, v)) {
        return llabs(atoll((const char *)v->bytes)) < 1ll << 53 ? SLUICE_KIND_INTEGER : SLUICE_KIND_TEXT;
    }
    if (v->count <= SLUICE_EXCERPT && matches(number, v)) {
        size_t first = v->bytes[0] == '-', digits = first, last = first;
        while (digits < v->count && v->bytes[digits] >= '0' && v->bytes[digits] <= '9') digits++;
        while (last < v->count && (v->bytes[last] | 0x20) != 'e') last++;
        digits -= first;
        if (digits == 16 && llabs(atoll((const char *)v->bytes)) >= 1ll << 53) return SLUICE_KIND_TEXT;
        decimal mantissa = decimal_of(v->bytes, last);
        int exponent = last < v->count ? atoi((const char *)v->bytes + last + 1) : 0;
        if (last < v->count && exponent + (int)digits > 15 && mantissa.first < PLACES) return SLUICE_KIND_TEXT;
        return SLUICE_KIND_NUMBER;
    }
    if (matches(date, v)) return is_in_calendar(v->bytes) ? SLUICE_KIND_DATE : SLUICE_KIND_TEXT;
    if (matches(time, v)) return SLUICE_KIND_TIME;
    int is_last = memcmp(v->bytes, "9999-12-31", v->count < 10 ? v->count : 10) == 0;
    if (matches(datetime, v) || (matches(zero_day, v) && !is_last)) {
        return is_in_calendar(v->bytes) ? SLUICE_KIND_DATETIME : SLUICE_KIND_TEXT;
    }
    return SLUICE_KIND_TEXT;
}

// The table's values, with plain loops.

static void read_rows(table *in) {
    size_t next = 0, start = 0;
    while (next < in->index.complete_count) {
        size_t last = next;
        while (last < in->index.complete_count && !(in->ends[last] & SLUICE_END_RECORD)) last++;
        if (last == in->index.complete_count) return;
        size_t end = in->ends[last] >> SLUICE_END_SHIFT, content = end - ((in->ends[last] & SLUICE_END_CRLF) != 0);
        if (last - next + 1 == in->width && !(in->width == 1 && content == start)) {
            in->starts[in->rows++] = start;
            size_t from = start;
            for (size_t field = next; field <= last; field++) {
                uint32_t entry = in->ends[field];
                size_t quote = (entry & SLUICE_END_QUOTED) != 0, to = entry >> SLUICE_END_SHIFT;
                size_t until = to - quote - ((entry & SLUICE_END_CRLF) != 0);
                value *v = &in->values[in->value_count++];
                *v = (value){.bytes = allocate(until - from + 33)};
                for (size_t i = from + quote; i < until; i++) {
                    v->bytes[v->count++] = in->bytes[i];
                    if (quote && in->bytes[i] == in->dialect.quote) i++;
                }
                v->kind = kind_of(v);
                from = to + 1;
            }
        }
        start = end + 1;
        next = last + 1;
    }
}

// Profiles by a kernel.

static sluice_profile profile_of(const table *in, const sluice_kernel *kernel, size_t from, size_t to, int is_small) {
    asked = kernel->name;
    sluice_profile made;
    sluice_profile_lay_out(&made, allocate(sluice_profile_size(in->width)), in->width);
    if (is_small) made.pending_bits = 4, made.sketch_bits = 6, made.set_bits = 1;
    uint8_t *scratch = allocate(in->count + 32);
    sluice_profile_place place = {.bytes = in->bytes,
                                  .field_ends = in->ends,
                                  .complete_count = in->index.complete_count,
                                  .limit = to,
                                  .quote = in->dialect.quote,
                                  .scratch = scratch};
    while (place.start < from && place.next < place.complete_count) {
        place.start = (in->ends[place.next] >> SLUICE_END_SHIFT) + 1;
        place.next++;
    }
    while (kernel->profile_rows(&made, &place)) {
        // An irregular record is left out.
        while (place.next < place.complete_count && !(in->ends[place.next] & SLUICE_END_RECORD)) place.next++;
        if (place.next < place.complete_count) place.start = (in->ends[place.next++] >> SLUICE_END_SHIFT) + 1;
    }
    free(scratch);
    sluice_profile_flush(&made);
    return made;
}

static size_t characters_of(const value *v) {
    size_t characters = 0;
    for (size_t i = 0; i < v->count; i++) characters += (v->bytes[i] & 0xC0) != 0x80;
    return characters;
}

static size_t class_of(size_t length) {
    size_t found = 0;
    while (found + 1 < SLUICE_LENGTH_CLASSES && sluice_first_length(found + 1) <= length) found++;
    return found;
}

static int is_same(const value *a, const value *b) { return a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0; }

static int compare_texts(const value *a, const value *b) {
    size_t a_count = a->count < SLUICE_EXCERPT ? a->count : SLUICE_EXCERPT;
    size_t b_count = b->count < SLUICE_EXCERPT ? b->count : SLUICE_EXCERPT;
    int order = memcmp(a->bytes, b->bytes, a_count < b_count ? a_count : b_count);
    return order ? order : (a_count > b_count) - (a_count < b_count);
}

static void require_extreme(const sluice_extreme *found, const value *expected, int are_numbers, const char *what) {
    require((found->length > 0) == (expected != NULL), what);
    if (!expected) return;
    value text = {.bytes = allocate(SLUICE_EXCERPT + 33), .count = found->length};
    memcpy(text.bytes, found->text, found->length < SLUICE_EXCERPT ? found->length : SLUICE_EXCERPT);
    if (are_numbers) {
        decimal a = decimal_of(text.bytes, text.count), b = decimal_of(expected->bytes, expected->count);
        require(compare_numbers(&a, &b) == 0, what);
    } else {
        require(compare_texts(&text, expected) == 0, what);
    }
    free(text.bytes);
}

// Requires a column to be what its values are.
static void check_column(const table *in, const sluice_profile *found, size_t number) {
    const sluice_column *column = &found->columns[number];
    uint64_t kinds[SLUICE_KIND_COUNT] = {0}, lengths[SLUICE_LENGTH_CLASSES] = {0}, distinct = 0, long_characters = 0;
    size_t longest = 0, shortest_long = SIZE_MAX;
    uint32_t missing = 0;
    const value *least = NULL, *greatest = NULL, *least_number = NULL, *greatest_number = NULL;
    decimal lowest, highest;
    for (size_t i = number; i < in->value_count; i += in->width) {
        const value *v = &in->values[i];
        sluice_kind kind = v->kind;
        kinds[kind]++;
        if (kind == SLUICE_KIND_EMPTY) continue;
        size_t characters = characters_of(v), times = 0, is_first = 1;
        lengths[class_of(characters)]++;
        if (characters > 16) {
            long_characters += characters;
            if (characters > longest) longest = characters;
            if (characters < shortest_long) shortest_long = characters;
        }
        for (size_t j = number; j < in->value_count; j += in->width) {
            times += is_same(v, &in->values[j]);
            is_first &= j >= i || !is_same(v, &in->values[j]);
        }
        distinct += is_first;
        for (size_t way = 0; is_first && way < (size_t)4 << found->set_bits; way++) {
            const sluice_frequent *frequent = &column->frequent[way];
            size_t kept = v->count < SLUICE_FREQUENT_TEXT ? v->count : SLUICE_FREQUENT_TEXT;
            // Of longer ones, several may begin alike.
            if (!column->tags[way] || frequent->length != v->count || v->count > SLUICE_FREQUENT_TEXT) continue;
            if (memcmp(frequent->text, v->bytes, kept) != 0) continue;
            require(column->has_lost ? frequent->count <= times : frequent->count == times, "another count of a frequent value");
        }
        if (kind == SLUICE_KIND_MISSING) {
            for (size_t word = 0; sluice_missing_word(word); word++) {
                const char *text = sluice_missing_word(word);
                if (strlen(text) == v->count && memcmp(text, v->bytes, v->count) == 0) missing |= 1u << word;
            }
            continue;
        }
        if (!least || compare_texts(v, least) < 0) least = v;
        if (!greatest || compare_texts(v, greatest) > 0) greatest = v;
        if (kind > SLUICE_KIND_NUMBER) continue;
        decimal this = decimal_of(v->bytes, v->count);
        if (!least_number || compare_numbers(&this, &lowest) < 0) least_number = v, lowest = this;
        if (!greatest_number || compare_numbers(&this, &highest) > 0) greatest_number = v, highest = this;
    }
    require(memcmp(kinds, column->kinds, sizeof kinds) == 0, "other kinds");
    require(memcmp(lengths, column->lengths, sizeof lengths) == 0, "other lengths");
    require(column->long_characters == long_characters && column->longest == longest, "other long values");
    require(!longest || ~column->short_long == shortest_long, "another shortest long value");
    require(column->missing == missing, "other missing words");
    require_extreme(&column->least_text, least, 0, "another least text");
    require_extreme(&column->greatest_text, greatest, 0, "another greatest text");
    require_extreme(&column->least_number, least_number, 1, "another least number");
    require_extreme(&column->greatest_number, greatest_number, 1, "another greatest number");
    double estimate = sluice_profile_distinct(found, number);
    require(column->has_lost ? estimate >= 0 : estimate == (double)distinct, "another number of different values");
}

static void check(const table *in, const sluice_profile *found) {
    require(found->rows == in->rows, "another number of rows");
    for (size_t i = 0; i < in->width; i++) check_column(in, found, i);
}

static void check_halves(const table *in, const sluice_profile *whole, const sluice_kernel *kernel, size_t row, int is_small) {
    size_t half = in->rows ? in->starts[row % in->rows] : 0;
    sluice_profile first = profile_of(in, kernel, 0, half, is_small);
    sluice_profile second = profile_of(in, kernel, half, in->count + 1, is_small);
    sluice_profile_merge(&first, &second);
    check(in, &first);
    for (size_t i = 0; i < in->width; i++) {
        const uint8_t *sketch = whole->columns[i].sketch;
        require(memcmp(sketch, first.columns[i].sketch, (size_t)1 << whole->sketch_bits) == 0, "halves have another sketch");
    }
    free(first.columns), free(second.columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3) return 0;
    table in = {.count = size - 2,
                .width = 1,
                .dialect = {.delimiter = (uint8_t)",;\t|"[data[0] & 3], .quote = '"', .bare_cr = SLUICE_CR_DATA}};
    int is_small = !(data[0] >> 2 & 1);
    in.bytes = allocate(in.count + 32);
    memcpy(in.bytes, data + 2, in.count);
    in.ends = allocate((in.count + 80) * sizeof *in.ends);
    uint64_t *mask = allocate((in.count / 64 + 1) * sizeof *mask);
    size_t kernels = sluice_kernel_count();
    sluice_kernel_at(kernels - 1)->index(in.bytes, in.count, 1, in.dialect, in.ends, mask, &in.index);
    while (in.width < in.index.complete_count && !(in.ends[in.width - 1] & SLUICE_END_RECORD)) in.width++;
    if (in.width <= MOST_COLUMNS && in.index.complete_count) {
        in.values = allocate(in.index.complete_count * sizeof *in.values);
        in.starts = allocate(in.index.complete_count * sizeof *in.starts);
        read_rows(&in);
        for (size_t position = 0; position < kernels; position++) {
            sluice_profile whole = profile_of(&in, sluice_kernel_at(position), 0, in.count + 1, is_small);
            check(&in, &whole);
            if (position == data[1] % kernels) check_halves(&in, &whole, sluice_kernel_at(position), data[1], is_small);
            free(whole.columns);
        }
        for (size_t i = 0; i < in.value_count; i++) free(in.values[i].bytes);
        free(in.values), free(in.starts);
    }
    free(in.bytes), free(in.ends), free(mask);
    return 0;
}
