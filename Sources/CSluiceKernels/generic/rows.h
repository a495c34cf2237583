// Writes records as rows of JSON: a key, a value, a key, a value…
//
// Both are copied in whole vectors, past their ends: the next copy overwrites the surplus. With vectors of eight bytes, for
// the key `{"a":"` and the value 1 of the record `1,2⏎`:
//
//     copy the key      { " a " : " . .     advance by 6
//     copy the value    1 , 2 ⏎ . . . .     advance by 1: the next key overwrites `,2⏎`
//
// The including file supplies `write_escaped` and defines ESCAPES_IN_VECTORS, if its instruction set has it.

#include "index_types.h"
#include "../kernels.h"

enum { COPY_BYTES = 32 };

// Returns the place after the copy. Reads and writes up to 31 bytes more than `count`, and 32 if that is 0.
INLINE uint8_t *copy(const uint8_t *source, size_t count, uint8_t *target) {
    __builtin_memcpy(target, source, COPY_BYTES);
    for (size_t done = COPY_BYTES; __builtin_expect(done < count, 0); done += COPY_BYTES) {
        __builtin_memcpy(target + done, source + done, COPY_BYTES);
    }
    return target + count;
}

// Copies the bytes between special bytes, and escapes each of those.
static uint8_t *write_between_specials(const sluice_row_format *format, sluice_rows *rows, size_t first, size_t end,
                                       uint8_t *target) {
    size_t word = first >> 6, copied = first;
    uint64_t mask = rows->escape_mask[word] & ~0ull << (first & 63);
    while (1) {
        while (mask == 0 && (++word << 6) < end) mask = rows->escape_mask[word];
        size_t special = mask ? word << 6 | (size_t)__builtin_ctzll(mask) : end;
        if (special >= end) return copy(rows->bytes + copied, end - copied, target);
        mask &= mask - 1;
        const sluice_escape *escape = &format->escapes[rows->bytes[special]];
        // The bytes to overwrite lie after `copied`: bytes before a special byte are ordinary.
        target = copy(rows->bytes + copied, special - copied - escape->overwritten, target);
        __builtin_memcpy(target, &escape->text, sizeof escape->text);
        target += escape->length;
        rows->added += escape->added;
        copied = special + 1;
    }
}

static __attribute__((noinline)) uint8_t *write_dirty(const sluice_row_format *format, sluice_rows *rows, size_t first, size_t end,
                                                      uint8_t *target) {
#if defined(ESCAPES_IN_VECTORS)
    if (format->quote == '"') {
        const uint8_t *bytes = rows->bytes + first;
        uint8_t *after = format->is_nested
                             ? sluice_write_nested_avx2(bytes, end - first, rows->escape_mask, first, target, &rows->added)
                             : write_escaped(bytes, end - first, rows->escape_mask, first, 1, target);
        if (after) return after;
    }
#endif
    return write_between_specials(format, rows, first, end, target);
}

// Writes the value of the field from `start` to the entry `end`. Arithmetic removes the quotes around it and the CR of a CR LF:
// branches on them would often be mispredicted. `bytes` is that of `rows`, which the compiler would load again after each store.
INLINE uint8_t *write_field(const sluice_row_format *format, sluice_rows *rows, const uint8_t *bytes, size_t start, uint32_t end,
                            uint8_t *target) {
    size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
    size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1);
    if (end & SLUICE_END_DIRTY) return write_dirty(format, rows, first, value_end, target);
    return copy(bytes + first, value_end - first, target);
}

static uint8_t *write_value(const sluice_row_format *format, sluice_rows *rows, size_t start, uint32_t end, uint8_t *target) {
    return write_field(format, rows, rows->bytes, start, end, target);
}

// Writes one row. Returns NULL if the record has fewer fields than there are columns.
INLINE uint8_t *write_row(const sluice_row_format *format, sluice_rows *rows, size_t start, const uint32_t *end, int has_long_end,
                          uint8_t *target) {
    const sluice_key *key = format->keys, *last = key + format->width - 1;
    const uint8_t *bytes = rows->bytes;
    for (; key < last; key++, end++) {
        target = copy(key->text, key->length, target);
        if (*end & SLUICE_END_RECORD) return NULL;
        target = write_field(format, rows, bytes, start, *end, target);
        start = (*end >> SLUICE_END_SHIFT) + 1;
    }
    target = copy(key->text, key->length, target);
    target = write_field(format, rows, bytes, start, *end, target);
    if (has_long_end) return copy(format->end_text, format->end_length, target);
    __builtin_memcpy(target, &format->end, sizeof format->end);
    return target + format->end_length;
}

INLINE sluice_rows_stop write_rows_ended(const sluice_row_format *format, sluice_rows *rows, int has_long_end) {
    const uint32_t *ends = rows->field_ends;
    size_t width = format->width;
    while (rows->next < rows->complete_count && rows->start < rows->limit) {
        size_t last = rows->next + width - 1, start = rows->start;
        if (last >= rows->complete_count || !(ends[last] & SLUICE_END_RECORD)) return SLUICE_ROWS_IRREGULAR;
        size_t end = ends[last] >> SLUICE_END_SHIFT;
        int is_blank = width == 1 && end - start == (ends[last] / SLUICE_END_CRLF & 1);
        if (is_blank && format->is_blank_irregular) return SLUICE_ROWS_IRREGULAR;
        if ((ptrdiff_t)(format->least + format->growth * (end - start)) > rows->room) return SLUICE_ROWS_FULL;
        if (rows->count == rows->most) return SLUICE_ROWS_FULL;
        size_t added = rows->added;
        uint8_t *target = write_row(format, rows, start, ends + rows->next, has_long_end, rows->target);
        if (!target) {
            rows->added = added;
            return SLUICE_ROWS_IRREGULAR;
        }
        rows->added += format->least_added;
        if (rows->marks) {
            size_t output_end = (size_t)(target - rows->output);
            rows->marks[rows->count] =
                (sluice_row_mark){output_end, output_end - rows->added, rows->offset + start, rows->offset + end + 1, rows->number};
        }
        rows->room -= target - rows->target;
        rows->target = target;
        rows->count++;
        rows->number++;
        rows->next = last + 1;
        rows->start = end + 1;
    }
    return SLUICE_ROWS_DONE;
}

// The usual end of a row is written with one store; that of nested objects can be longer.
static sluice_rows_stop write_rows(const sluice_row_format *format, sluice_rows *rows) {
    return format->end_length > sizeof format->end ? write_rows_ended(format, rows, 1) : write_rows_ended(format, rows, 0);
}
