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
// Most values are short and not null. Whether they are of their types is noted without branches, and looked at once for each
// record. If something was found, the record is written again by way of `write_carefully`.
//
// The including file includes rows.h and lines.h first.

#include "values.h"

// What a row is made of. Passed by value, so that the compiler need not load it again after each store.
typedef struct {
    const sluice_row_format *format;
    const sluice_members *members;
    sluice_rows *rows;
    const uint8_t *bytes;
    size_t start;  // the record: its offset, and its first entry
    const uint32_t *ends;
} open_row;

// The place after what was written, or NULL if the value is not among those accepted here; and how many bytes the next text is
// to be copied without.
typedef struct {
    uint8_t *target;
    size_t skip;
} written;

INLINE written up_to(uint8_t *target) { return (written){target, 0}; }

// Whether a value stands for none. Most lists have no text of its length.
INLINE int is_null(const sluice_member *member, const uint8_t *bytes, size_t count, size_t quote) {
    if (!(member->null_lengths >> (count < 63 ? count : 63) & 1)) return 0;
    if (count == 0) return !(quote & member->keeps_quoted_empty);
    for (size_t i = 0; i < member->null_count; i++) {
        const sluice_key *text = &member->nulls[i];
        if (text->length == count && __builtin_memcmp(text->text, bytes, count) == 0) return 1;
    }
    return 0;
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

INLINE uint8_t *write_truth(int value, uint8_t *target) {
    __builtin_memcpy(target, value ? "true\0\0\0" : "false\0\0", 8);
    return target + (value ? 4 : 5);
}

static uint8_t *write_decimal(uint64_t value, uint8_t *target) {
    uint8_t digits[20], *first = digits + sizeof digits;
    do *--first = (uint8_t)('0' + value % 10);
    while (value /= 10);
    size_t count = (size_t)(digits + sizeof digits - first);
    __builtin_memcpy(target, first, count);
    return target + count;
}

static uint8_t *write_place(const sluice_rows *rows, size_t start, unsigned type, uint8_t *target) {
    switch (type) {
    case SLUICE_VALUE_RECORD: return write_decimal(rows->number, target);
    case SLUICE_VALUE_LINE: return write_decimal(rows->line, target);
    default: return write_decimal(rows->offset + start, target);
    }
}

INLINE written write_null(const sluice_members *members, const sluice_member *member, sluice_rows *rows, uint8_t *target) {
    size_t skip = member->type <= SLUICE_VALUE_DATETIME ? members->quote_length : 0;
    rows->added -= skip ? 2 * (skip - 1) : 0;
    __builtin_memcpy(target - skip, "null", 4);
    return (written){target - skip + 4, skip};
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

// Writes the value of the field from `start` to the entry `end`, or only checks it.
static __attribute__((noinline)) written write_carefully(const sluice_row_format *format, const sluice_members *members,
                                                         const sluice_member *member, sluice_rows *rows, size_t start,
                                                         uint32_t end, int writes, uint8_t *target) {
    size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
    size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1), count = value_end - first;
    const uint8_t *value = rows->bytes + first;
    if (is_null(member, value, count, quote)) {
        if (member->is_required) return up_to(NULL);
        return writes ? write_null(members, member, rows, target) : up_to(target);
    }
    if (member->type == SLUICE_VALUE_STRING) {
        if (!writes) return up_to(target);
        if (end & SLUICE_END_DIRTY) return up_to(write_dirty(format, rows, first, value_end, target));
        return up_to(copy(value, count, target));
    }
    if (end & SLUICE_END_DIRTY) return up_to(NULL);
    if (member->type == SLUICE_VALUE_BOOLEAN) {
        int found = truth(member, value, count);
        if (found < 0) return up_to(NULL);
        return up_to(writes ? write_truth(found, target) : target);
    }
    if (!is_of_type(member, value, count)) return up_to(NULL);
    return up_to(writes ? copy(value, count, target) : target);
}

// Writes a member's value, or only checks it. Unless `careful`, values of the usual types and lengths are not refused but noted:
// the row counts only if nothing was found.
INLINE written write_member(open_row row, const sluice_member *member, int writes, int careful, findings *found,
                            uint8_t *target) {
    unsigned type = member->type;
    if (type >= SLUICE_VALUE_RECORD) return up_to(writes ? write_place(row.rows, row.start, type, target) : target);
    uint32_t end = row.ends[member->column];
    size_t start = member->column ? (row.ends[member->column - 1] >> SLUICE_END_SHIFT) + 1 : row.start;
    size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
    size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1), count = value_end - first;
    if (careful || member->null_lengths >> (count < 63 ? count : 63) & 1) {
        return write_carefully(row.format, row.members, member, row.rows, start, end, writes, target);
    }
    const uint8_t *value = row.bytes + first;
    if (type == SLUICE_VALUE_STRING) {
        if (!writes) return up_to(target);
        if (end & SLUICE_END_DIRTY) return up_to(write_dirty(row.format, row.rows, first, value_end, target));
        return up_to(copy(value, count, target));
    }
    found->bytes |= end & SLUICE_END_DIRTY ? 0x80 : 0;
    switch (type) {
    case SLUICE_VALUE_INTEGER: note_integer(found, value, count, 1); break;
    case SLUICE_VALUE_NUMBER: note_number(found, value, count); break;
    case SLUICE_VALUE_DATE: found->signs |= -(int64_t)(count != 10 || !is_date(value)); break;
    case SLUICE_VALUE_DATETIME: found->signs |= -(int64_t)!is_datetime(value, count); break;
    default: return write_carefully(row.format, row.members, member, row.rows, start, end, writes, target);
    }
    return up_to(writes ? copy(value, count, target) : target);
}

// Notes the values of integers, none in the first column.
INLINE void note_integers(open_row row, const sluice_integer *integers, size_t count, findings *found) {
    for (const sluice_integer *integer = integers, *last = integers + count; integer < last; integer++) {
        uint32_t end = row.ends[integer->column], before = row.ends[integer->column - 1];
        size_t quote = end / SLUICE_END_QUOTED & 1, start = (before >> SLUICE_END_SHIFT) + 1 + quote;
        size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1);
        found->signs |= -(int64_t)(end & SLUICE_END_DIRTY);
        note_integer(found, row.bytes + start, value_end - start, integer->least);
    }
}

// Checks the values of members that are not written. Returns whether none was refused.
INLINE int check_values(open_row row, const sluice_member *members, size_t count, int careful, findings *found) {
    uint8_t *none = row.rows->target;
    for (const sluice_member *member = members; member < members + count; member++) {
        if (!write_member(row, member, 0, careful, found, none).target) return 0;
    }
    return 1;
}

INLINE uint8_t *write_row_of_members(open_row row, int careful, uint8_t *target) {
    const sluice_members *members = row.members;
    const sluice_key *key = row.format->keys;
    written done = up_to(target);
    findings found = {0, 0};
    for (const sluice_member *member = members->members, *last = member + members->count; member < last; member++, key++) {
        target = copy(key->text + done.skip, key->length - done.skip, done.target);
        done = write_member(row, member, 1, careful, &found, target);
        if (!done.target) return NULL;
    }
    if (!check_values(row, members->unwritten, members->unwritten_count, careful, &found)) return NULL;
    if (!is_faultless(found)) return NULL;
    return copy(row.format->end_text + done.skip, row.format->end_length - done.skip, done.target);
}

INLINE int check_row_of_members(open_row row) {
    findings found = {0, 0};
    note_integers(row, row.members->integers, row.members->integer_count, &found);
    return check_values(row, row.members->checked, row.members->checked_count, 0, &found) & is_faultless(found);
}

// For a record in which something was found: long or negative numbers, or what is refused.
static __attribute__((noinline)) uint8_t *write_or_check_carefully(open_row row, int writes, uint8_t *target) {
    if (writes) return write_row_of_members(row, 1, target);
    const sluice_members *members = row.members;
    findings none = {0, 0};
    return check_values(row, members->members, members->count, 1, &none) &&
                   check_values(row, members->unwritten, members->unwritten_count, 1, &none)
               ? target
               : NULL;
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
        open_row row = {format, members, rows, rows->bytes, start, ends + rows->next};
        uint8_t *target = writes ? write_row_of_members(row, 0, rows->target) : check_row_of_members(row) ? rows->target : NULL;
        if (__builtin_expect(!target, 0)) {
            rows->added = added;
            target = write_or_check_carefully(row, writes, rows->target);
            if (!target) {
                rows->added = added;
                return SLUICE_ROWS_IRREGULAR;
            }
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
