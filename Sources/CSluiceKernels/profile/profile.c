// The functions on profiles that are not compiled for each instruction set.

#include "rows.h"

uint64_t sluice_first_length(size_t class_number) {
    if (class_number <= 17) return class_number;
    size_t place = class_number - 17, log = 4 + place / 4;
    return (4 + place % 4) << (log - 2);
}

void sluice_profile_add_value(sluice_profile *profile, size_t number, const uint8_t *bytes, size_t count) {
    sluice_column *column = &profile->columns[number];
    if (count == 0) {
        column->kinds[SLUICE_KIND_EMPTY]++;
    } else {
        add_one(profile, column, bytes, count);
    }
}

// Takes the extreme among short numbers into that of all numbers.
static void take_short(sluice_extreme *extreme, int sign, sluice_short_number *number) {
    if (!number->text) return;
    uint64_t bytes = __builtin_bswap64(number->text);
    uint8_t text[SLUICE_EXCERPT] = {0};
    memcpy(text, &bytes, sizeof bytes);
    number_rank rank = {(double)number->multiple / ONE, number->multiple % ONE == 0};
    take_number(extreme, sign, rank, text, 8 - (size_t)__builtin_ctzll(number->text) / 8);
    *number = (sluice_short_number){0, 0};
}

static void flush_pending(const sluice_profile *profile, sluice_column *column) {
    value_batch batch;
    size_t size = 0;
    start_batch(&batch);
    for (size_t place = 0; place < (size_t)1 << profile->pending_bits; place++) {
        sluice_pending *value = &column->pending[place];
        if (!value->count) continue;
        if (size == BATCH) {
            add_batch(profile, column, &batch, size);
            size = 0;
        }
        batch.times[size] = value->count;
        list_short(&batch, size++, (value_id){value->first, value->second, value->hash});
        value->count = 0;
    }
    add_batch(profile, column, &batch, size);
}

void sluice_profile_flush(sluice_profile *profile) {
    for (size_t i = 0; i < profile->width; i++) {
        sluice_column *column = &profile->columns[i];
        flush_pending(profile, column);
        take_short(&column->least_number, -1, &column->least_short);
        take_short(&column->greatest_number, 1, &column->greatest_short);
    }
}
