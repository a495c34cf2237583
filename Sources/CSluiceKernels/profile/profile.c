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

// Takes the extremes among short integers into those of all numbers.
static void take_digits(sluice_column *column) {
    for (int sign = -1; sign <= 1 && column->digits.greatest; sign += 2) {
        uint64_t digits = sign < 0 ? column->digits.least : column->digits.greatest;
        size_t count = (size_t)(71 - __builtin_clzll(digits)) / 8;
        uint8_t text[SLUICE_EXCERPT] = {0};
        double value = 0;
        for (size_t i = 0; i < count; i++) {
            text[i] = (uint8_t)(digits >> 8 * (count - 1 - i));
            value = value * 10 + (text[i] & 15);
        }
        take_number(sign < 0 ? &column->least_number : &column->greatest_number, sign, (number_rank){value, 1}, text, count);
    }
    column->digits = (sluice_digits){0, 0};
}

void sluice_profile_flush(sluice_profile *profile) {
    for (size_t i = 0; i < profile->width; i++) {
        sluice_column *column = &profile->columns[i];
        for (size_t place = 0; place < (size_t)1 << profile->pending_bits; place++) {
            sluice_pending *value = &column->pending[place];
            if (!value->count) continue;
            uint8_t bytes[SLUICE_EXCERPT] = {0};
            memcpy(bytes, value, SHORT);
            add_short(profile, column, bytes, value);
            value->count = 0;
        }
        take_digits(column);
    }
}
