// Profiles the values of columns: see sluice_profile.h.
//
// Few values of most columns make up most of their rows. So a short value takes a place in a table of pending values, by
// its hash, if the place is free, and is then only counted. What it is, how long, and whether it is the least, is found out
// once, at the end of the range. A value whose place is taken is profiled each time:
//
//     rows        Rome, Oslo, Rome, Rome, Bern, Oslo        Bern's place is Rome's
//     pending     Rome 3, Oslo 2                            profiled at once: Bern
//
// Records of an index are read by columns, not by rows: a column's values are alike, so the processor predicts what comes,
// and its tables stay in the first cache. Values that are not pending are first listed, without a branch that would depend
// on them.

#ifndef SLUICE_PROFILE_ROWS_H
#define SLUICE_PROFILE_ROWS_H

#include "../include/sluice_kernels.h"

#include "batch.h"

// Counts a value if it is pending. Returns 0 otherwise.
INLINE int count_pending(sluice_pending *place, value_id id) {
    if (__builtin_expect(place->count == 0, 0)) {
        *place = (sluice_pending){id.first, id.second, id.hash, 1};
        return 1;
    }
    // No branch: whether it is pending is hard to predict.
    int is_same = !((place->first ^ id.first) | (place->second ^ id.second));
    place->count += (uint64_t)is_same;
    return is_same;
}

INLINE uint64_t pending_mask(const sluice_profile *profile) { return (1u << profile->pending_bits) - 1; }

static void add_one(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes, size_t count) {
    int is_long = count > SHORT;
    value_id id = is_long ? id_of_long(bytes, count) : id_of_short(bytes, count);
    if (!is_long && count_pending(&column->pending[id.hash & pending_mask(profile)], id)) return;
    add_value(profile, column, bytes, count, id, 1);
}

// Copies a value without the first of two quotes. Returns its length, or 0 if there are none and it was not copied.
static size_t without_doubled(const uint8_t *bytes, size_t count, uint8_t quote, uint8_t *target) {
    size_t length = 0, start = 0, at;
    while ((at = start + sluice_find(bytes + start, count - start, quote)) < count) {
        memcpy(target + length, bytes + start, at + 1 - start);
        length += at + 1 - start;
        // The second of two quotes is left out.
        start = at + 2;
    }
    if (length == 0) return 0;
    if (start < count) memcpy(target + length, bytes + start, count - start), length += count - start;
    return length;
}

// Returns how many records from the place on have one field for every column, at most `most`, and adds the flags of their
// fields, but of the last column.
INLINE size_t regular_rows(const sluice_profile *profile, const sluice_profile_place *place, size_t most, uint32_t *flags) {
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
        *flags |= others;
    }
    return rows;
}

enum { ROWS = 1024 };

// Adds a column's values of up to ROWS rows. `ends` are their entries, a record's apart; `start` is that of the first. The
// fields of a plain column have no quotes, and no CR after them.
INLINE void add_column(const sluice_profile *profile, const sluice_profile_place *place, sluice_column *column,
                       const uint32_t *ends, size_t start, size_t rows, int is_plain) {
    value_batch others;
    // Copies, which stores into the tables can't change.
    const size_t width = profile->width;
    const uint64_t mask = pending_mask(profile);
    sluice_pending *const table = column->pending;
    const uint8_t *const bytes = place->bytes;
    uint8_t *scratch = place->scratch;
    size_t size = 0, empty = 0;
    start_batch(&others);
    for (size_t row = 0; row < rows; row++, ends += width) {
        uint32_t end = *ends;
        if (row) start = (ends[-1] >> SLUICE_END_SHIFT) + 1;
        size_t quote = is_plain ? 0 : end / SLUICE_END_QUOTED & 1, cr = is_plain ? 0 : end / SLUICE_END_CRLF & 1;
        size_t first = start + quote, count = (end >> SLUICE_END_SHIFT) - quote - cr - first;
        const uint8_t *value = bytes + first;
        if (!is_plain && quote & end / SLUICE_END_DIRTY) {
            size_t length = without_doubled(value, count, place->quote, scratch);
            if (length) value = scratch, count = length, scratch += length;
        }
        if (__builtin_expect(size == BATCH, 0)) {
            add_batch(profile, column, &others, size);
            size = 0;
        }
        if (count - 1 < SHORT) {
            value_id id = id_of_short(value, count);
            // Whether it stays in the list is hard to predict.
            list_short(&others, size, id);
            size += !count_pending(&table[id.hash & mask], id);
        } else if (count) {
            list_long(&others, size++, value, count);
        } else {
            empty++;
        }
    }
    column->kinds[SLUICE_KIND_EMPTY] += empty;
    add_batch(profile, column, &others, size);
}

// Two functions, each compiled for its kind of columns.
static __attribute__((noinline)) void add_plain_column(const sluice_profile *profile, const sluice_profile_place *place,
                                                       sluice_column *column, const uint32_t *ends, size_t start, size_t rows) {
    add_column(profile, place, column, ends, start, rows, 1);
}

static __attribute__((noinline)) void add_any_column(const sluice_profile *profile, const sluice_profile_place *place,
                                                     sluice_column *column, const uint32_t *ends, size_t start, size_t rows) {
    add_column(profile, place, column, ends, start, rows, 0);
}

static int profile_rows(sluice_profile *profile, sluice_profile_place *place) {
    while (place->next < place->complete_count && place->start < place->limit) {
        uint32_t flags = 0;
        size_t rows = regular_rows(profile, place, ROWS, &flags);
        if (rows == 0) return 1;
        const uint32_t *ends = place->field_ends + place->next;
        for (size_t column = 0; column < profile->width; column++, ends++) {
            size_t start = column ? (ends[-1] >> SLUICE_END_SHIFT) + 1 : place->start;
            int is_plain = !(flags & SLUICE_END_QUOTED) && column + 1 < profile->width;
            (is_plain ? add_plain_column : add_any_column)(profile, place, &profile->columns[column], ends, start, rows);
        }
        place->next += rows * profile->width;
        place->start = (place->field_ends[place->next - 1] >> SLUICE_END_SHIFT) + 1;
        place->number += rows;
        profile->rows += rows;
    }
    return 0;
}

#endif
