// The memory of profiles, their merging, and the estimate of a sketch.

#include <math.h>

#include "extremes.h"
#include "sketches.h"

enum { LARGEST_PENDING = 11, LARGEST_SKETCH = 12, LARGEST_SETS = 6, BUDGET = 1 << 20, LINE = 64 };

// Tables shrink where columns are many, so that those of all columns fit into the second cache, and a profile of 100,000
// columns has 210 MB.
static void choose_sizes(sluice_profile *profile, size_t width) {
    profile->width = width;
    profile->pending_bits = LARGEST_PENDING;
    profile->sketch_bits = LARGEST_SKETCH;
    profile->set_bits = LARGEST_SETS;
    while (profile->pending_bits > 4 && (width << profile->pending_bits) * sizeof(sluice_pending) > BUDGET / 8) {
        profile->pending_bits--;
    }
    while (profile->set_bits > 1 && (width * WAYS << profile->set_bits) * sizeof(sluice_frequent) > BUDGET) profile->set_bits--;
    while (profile->sketch_bits > 6 && width << profile->sketch_bits > BUDGET / 4) profile->sketch_bits--;
}

typedef struct {
    size_t pending, sketch, tags, frequent;
} column_sizes;

static column_sizes sizes_of(const sluice_profile *profile) {
    size_t values = WAYS << profile->set_bits;
    return (column_sizes){sizeof(sluice_pending) << profile->pending_bits, (size_t)1 << profile->sketch_bits,
                          values * sizeof(uint32_t), values * sizeof(sluice_frequent)};
}

size_t sluice_profile_size(size_t width) {
    sluice_profile profile;
    choose_sizes(&profile, width);
    column_sizes sizes = sizes_of(&profile);
    return LINE + width * (sizeof(sluice_column) + sizes.pending + sizes.sketch + sizes.tags + sizes.frequent);
}

void sluice_profile_lay_out(sluice_profile *profile, void *memory, size_t width) {
    choose_sizes(profile, width);
    column_sizes sizes = sizes_of(profile);
    profile->rows = 0;
    profile->columns = memory;
    // All pending values, then all frequent ones and so on. None lies in two lines of the cache.
    uint8_t *place = (uint8_t *)memory + width * sizeof(sluice_column);
    place += -(uintptr_t)place & (LINE - 1);
    for (size_t i = 0; i < width; i++) {
        sluice_column *column = &profile->columns[i];
        column->pending = (sluice_pending *)(place + i * sizes.pending);
        column->frequent = (sluice_frequent *)(place + width * sizes.pending + i * sizes.frequent);
        column->tags = (uint32_t *)(place + width * (sizes.pending + sizes.frequent) + i * sizes.tags);
        column->sketch = place + width * (sizes.pending + sizes.frequent + sizes.tags) + i * sizes.sketch;
    }
}

void sluice_profile_reset(sluice_profile *profile) {
    memset(profile->columns, 0, sluice_profile_size(profile->width));
    sluice_profile_lay_out(profile, profile->columns, profile->width);
}

static number_rank rank_of(const sluice_extreme *number) { return (number_rank){number_of(number), number->is_exact}; }

static void merge_extremes(sluice_column *column, const sluice_column *next) {
    const sluice_extreme *least = &next->least_number, *greatest = &next->greatest_number;
    if (least->length) {
        take_number(&column->least_number, -1, rank_of(least), least->text, least->length);
        take_number(&column->greatest_number, 1, rank_of(greatest), greatest->text, greatest->length);
    }
    least = &next->least_text, greatest = &next->greatest_text;
    if (least->length) {
        take_least(&column->least_text, least->rank, least->text, least->length);
        take_greatest(&column->greatest_text, greatest->rank, greatest->text, greatest->length);
    }
}

// The four most frequent of both sets stay. Of equally frequent ones, those that came first.
static void merge_sets(sluice_column *column, const sluice_column *next, size_t first) {
    uint32_t *tags = column->tags + first;
    sluice_frequent *set = column->frequent + first;
    for (size_t i = first; i < first + WAYS && next->tags[i]; i++) {
        const sluice_frequent *value = &next->frequent[i];
        int way = find_frequent(tags, set, next->tags[i], value->first, value->second, value->length);
        if (way >= 0) {
            set[way].count += value->count;
            continue;
        }
        way = rarest(tags, set);
        if (tags[way]) {
            column->has_lost = 1;
            if (set[way].count >= value->count) continue;
        }
        tags[way] = next->tags[i];
        set[way] = *value;
    }
}

static void merge_columns(const sluice_profile *profile, sluice_column *column, const sluice_column *next) {
    for (int kind = 0; kind < SLUICE_KIND_COUNT; kind++) column->kinds[kind] += next->kinds[kind];
    for (int i = 0; i < SLUICE_LENGTH_CLASSES; i++) column->lengths[i] += next->lengths[i];
    column->long_characters += next->long_characters;
    if (next->short_long > column->short_long) column->short_long = next->short_long;
    if (next->longest > column->longest) column->longest = next->longest;
    column->missing |= next->missing;
    column->has_lost |= next->has_lost;
    merge_extremes(column, next);
    for (size_t i = 0; i < (size_t)1 << profile->sketch_bits; i++) {
        if (next->sketch[i] > column->sketch[i]) column->sketch[i] = next->sketch[i];
    }
    for (size_t set = 0; set < (size_t)1 << profile->set_bits; set++) merge_sets(column, next, WAYS * set);
}

void sluice_profile_merge(sluice_profile *profile, const sluice_profile *next) {
    profile->rows += next->rows;
    for (size_t i = 0; i < profile->width; i++) merge_columns(profile, &profile->columns[i], &next->columns[i]);
}

double sluice_profile_distinct(const sluice_profile *profile, size_t number) {
    const sluice_column *column = &profile->columns[number];
    size_t registers = (size_t)1 << profile->sketch_bits, empty = 0;
    if (!column->has_lost) {
        // All of them are at hand.
        size_t values = 0;
        for (size_t i = 0; i < (size_t)WAYS << profile->set_bits; i++) values += column->tags[i] != 0;
        return (double)values;
    }
    double sum = 0, count = (double)registers;
    for (size_t i = 0; i < registers; i++) {
        sum += ldexp(1, -column->sketch[i]);
        empty += column->sketch[i] == 0;
    }
    double estimate = 0.7213 / (1 + 1.079 / count) * count * count / sum;
    // With few values some registers stay empty. Their number gives the better estimate.
    return estimate <= 2.5 * count && empty ? count * log(count / (double)empty) : estimate;
}

sluice_kind sluice_kind_of(const uint8_t *bytes, size_t count, uint32_t *missing) {
    number_rank rank;
    return kind_of(bytes, count, &rank, missing);
}

const char *sluice_missing_word(size_t number) { return number < MISSING_WORDS ? missing_words[number] : NULL; }
