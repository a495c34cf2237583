// Writes records as rows whose members are chosen, ordered and typed: see sluice_members.
//
// As in rows.h, keys and values are copied in turn. The quotes around a string are part of the keys' texts:
//
//     members a (string), b (integer), c (string)        keys    {"a":"    ","b":    ,"c":"        end    "}
//
// If a string is null, `null` overwrites the quote before it, and the next text is copied without the quote that it starts with:
//
//     {"a":" → {"a":null → {"a":null,"b":
//
// The including file includes rows.h and lines.h first.

#include "values.h"

static __attribute__((noinline)) int is_listed(const sluice_member *member, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < member->null_count; i++) {
        const sluice_key *text = &member->nulls[i];
        if (text->length == count && __builtin_memcmp(text->text, bytes, count) == 0) return 1;
    }
    return 0;
}

// Whether a value stands for none. Most lists have no text of its length.
INLINE int is_null(const sluice_member *member, const uint8_t *bytes, size_t count, size_t quote) {
    if (!(member->null_lengths >> (count < 63 ? count : 63) & 1)) return 0;
    if (count == 0) return !(quote & member->keeps_quoted_empty);
    return is_listed(member, bytes, count);
}

// Returns 1 or 0 for a word of a boolean, -1 for anything else.
INLINE int truth(const sluice_member *member, const uint8_t *bytes, size_t count) {
    if (count - 1 >= 8) return -1;
    uint64_t word = load_word(bytes) & first_bytes(count);
    int found = -1;
    for (size_t i = 0; i < member->word_count; i++) {
        const sluice_word *other = &member->words[i];
        if ((other->text == word) & (other->length == count)) found = other->value;
    }
    return found;
}

static uint8_t *write_decimal(uint64_t value, uint8_t *target) {
    uint8_t digits[20], *first = digits + sizeof digits;
    do *--first = (uint8_t)('0' + value % 10);
    while (value /= 10);
    size_t count = (size_t)(digits + sizeof digits - first);
    __builtin_memcpy(target, first, count);
    return target + count;
}

// Whether JSON takes the value as it stands for one of the member's type.
INLINE int is_of_type(const sluice_member *member, const uint8_t *bytes, size_t count) {
    switch (member->type) {
    case SLUICE_VALUE_INTEGER: return is_integer(bytes, count, member->most_digits);
    case SLUICE_VALUE_NUMBER: return is_number(bytes, count, member->most_digits);
    case SLUICE_VALUE_DATE: return count == 10 && is_date(bytes);
    case SLUICE_VALUE_TIME: return count == 8 && is_time(bytes);
    case SLUICE_VALUE_DATETIME: return is_datetime(bytes, count);
    default: return is_year(bytes, count);
    }
}

// Writes the member's value, or only checks it. Returns the place after it, or NULL if it is not among the values accepted here.
// `skip` becomes the number of bytes that the next text is to be copied without.
INLINE uint8_t *write_member(const sluice_row_format *format, const sluice_members *members, const sluice_member *member,
                             sluice_rows *rows, const uint8_t *bytes, size_t record, const uint32_t *ends, int writes,
                             size_t *skip, uint8_t *target) {
    if (member->type >= SLUICE_VALUE_RECORD) {
        if (!writes) return target;
        return write_decimal(member->type == SLUICE_VALUE_RECORD ? rows->number
                             : member->type == SLUICE_VALUE_LINE ? rows->line
                                                                 : rows->offset + record,
                             target);
    }
    uint32_t end = ends[member->column];
    size_t start = member->column ? (ends[member->column - 1] >> SLUICE_END_SHIFT) + 1 : record;
    size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
    size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1), count = value_end - first;
    int is_string = member->type <= SLUICE_VALUE_DATETIME;
    if (is_null(member, bytes + first, count, quote)) {
        if (member->is_required) return NULL;
        if (!writes) return target;
        *skip = is_string ? members->quote_length : 0;
        rows->added -= is_string ? 2 * (members->quote_length - 1) : 0;
        target -= *skip;
        __builtin_memcpy(target, "null", 4);
        return target + 4;
    }
    if (member->type == SLUICE_VALUE_STRING) {
        if (!writes) return target;
        if (end & SLUICE_END_DIRTY) return write_dirty(format, rows, first, value_end, target);
        return copy(bytes + first, count, target);
    }
    if (end & SLUICE_END_DIRTY) return NULL;
    if (member->type == SLUICE_VALUE_BOOLEAN) {
        int value = truth(member, bytes + first, count);
        if (value < 0) return NULL;
        if (writes) __builtin_memcpy(target, value ? "true\0\0\0" : "false\0\0", 8);
        return writes ? target + (value ? 4 : 5) : target;
    }
    if (!is_of_type(member, bytes + first, count)) return NULL;
    return writes ? copy(bytes + first, count, target) : target;
}

INLINE uint8_t *write_members_row(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows,
                                  size_t start, const uint32_t *ends, int writes, uint8_t *target) {
    const uint8_t *bytes = rows->bytes;
    const sluice_key *key = format->keys;
    const sluice_member *member = members->members, *last = member + members->count;
    size_t skip = 0, none = 0;
    for (; member < last; member++, key++) {
        if (writes) target = copy(key->text + skip, key->length - skip, target);
        skip = 0;
        target = write_member(format, members, member, rows, bytes, start, ends, writes, &skip, target);
        if (!target) return NULL;
    }
    for (last += members->checked_count; member < last; member++) {
        if (!write_member(format, members, member, rows, bytes, start, ends, 0, &none, target)) return NULL;
    }
    return writes ? copy(format->end_text + skip, format->end_length - skip, target) : target;
}

// Whether no record ends before the last of `width` fields.
INLINE int is_one_record(const uint32_t *ends, size_t width) {
    uint32_t all = 0;
    for (size_t i = 0; i + 1 < width; i++) all |= ends[i];
    return !(all & SLUICE_END_RECORD);
}

INLINE sluice_rows_stop write_rows_of_members(const sluice_row_format *format, const sluice_members *members,
                                              sluice_rows *rows, int writes) {
    const uint32_t *ends = rows->field_ends;
    size_t width = format->width;
    const sluice_dialect line_ends = {.bare_cr = members->bare_cr};
    while (rows->next < rows->complete_count && rows->start < rows->limit) {
        size_t last = rows->next + width - 1, start = rows->start;
        if (last >= rows->complete_count || !(ends[last] & SLUICE_END_RECORD)) return SLUICE_ROWS_IRREGULAR;
        if (!is_one_record(ends + rows->next, width)) return SLUICE_ROWS_IRREGULAR;
        size_t end = ends[last] >> SLUICE_END_SHIFT;
        int is_blank = width == 1 && end - start == (ends[last] / SLUICE_END_CRLF & 1);
        if (is_blank && format->is_blank_irregular) return SLUICE_ROWS_IRREGULAR;
        if (writes && (ptrdiff_t)(format->least + format->growth * (end - start)) > rows->room) return SLUICE_ROWS_FULL;
        if (rows->count == rows->most) return SLUICE_ROWS_FULL;
        size_t added = rows->added;
        uint8_t *target = write_members_row(format, members, rows, start, ends + rows->next, writes, rows->target);
        if (!target) {
            rows->added = added;
            return SLUICE_ROWS_IRREGULAR;
        }
        if (writes) {
            rows->added += format->least_added;
            if (rows->marks) {
                size_t output_end = (size_t)(target - rows->output);
                rows->marks[rows->count] = (sluice_row_mark){output_end, output_end - rows->added, rows->offset + start,
                                                             rows->offset + end + 1, rows->number};
            }
            rows->room -= target - rows->target;
            rows->target = target;
        }
        if (members->counts_lines) {
            rows->line += 1 + count_lines(rows->bytes + start, end - start, rows->bytes[end], line_ends);
        }
        rows->count++;
        rows->number++;
        rows->next = last + 1;
        rows->start = end + 1;
    }
    return SLUICE_ROWS_DONE;
}

static sluice_rows_stop write_members(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows) {
    return write_rows_of_members(format, members, rows, 1);
}

static sluice_rows_stop check_members(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows) {
    return write_rows_of_members(format, members, rows, 0);
}
