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
