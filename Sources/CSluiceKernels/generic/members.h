// Writes records as rows whose members are chosen, ordered and typed: see sluice_members.
//
// As in rows.h, keys and values are copied in turn. The quote before a string is part of the text before it, and the quote
// after it is written with it, so that null can take the place of both:
//
//     members a (string), b (integer), c (string)        texts    {"a":"    ,"b":    ,"c":"    }
//
// If all are numbers, or strings that are null only if they are empty, there are texts that hold the quotes after strings too.
// A row whose numbers are all valid, which numbers.h finds without looking at each, is written with these as fast as one of
// strings.
//
// Most values are short and without quotes. They take a way without calls; all others take `write_carefully`.
//
// The including file includes rows.h, lines.h and numbers.h first.

#include "values.h"

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
    uint64_t word = load_word(bytes) & first_bytes_of[count];
    const sluice_word *other = &member->words[word * member->multiplier >> SLUICE_WORD_SHIFT];
    return other->text == word && other->length == count ? other->value : -1;
}

INLINE uint8_t *write_truth(int value, uint8_t *target) {
    static const char texts[2][8] = {"false", "true"};
    __builtin_memcpy(target, texts[value], 8);
    return target + 5 - value;
}

static uint8_t *write_decimal(uint64_t value, uint8_t *target) {
    uint8_t digits[20], *first = digits + sizeof digits;
    do *--first = (uint8_t)('0' + value % 10);
    while (value /= 10);
    size_t count = (size_t)(digits + sizeof digits - first);
    __builtin_memcpy(target, first, count);
    return target + count;
}

static __attribute__((noinline)) uint8_t *write_place(const sluice_rows *rows, size_t start, unsigned type, uint8_t *target) {
    switch (type) {
    case SLUICE_VALUE_RECORD: return write_decimal(rows->number, target);
    case SLUICE_VALUE_LINE: return write_decimal(rows->line, target);
    case SLUICE_VALUE_OFFSET: return write_decimal(rows->offset + start, target);
    default: return target;
    }
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

INLINE uint8_t *close_string(const sluice_members *members, uint8_t *target) {
    __builtin_memcpy(target, members->quote, sizeof members->quote);
    return target + members->quote_length;
}

// Writes null in place of the quote before a string, or removes the text before the value.
INLINE uint8_t *write_null(const sluice_members *members, const sluice_member *member, sluice_rows *rows, int is_empty,
                           uint8_t *target) {
    if (is_empty ? members->omits_empty : members->omits_null) {
        rows->added -= member->text_added;
        return target - member->text_length;
    }
    if (member->type <= SLUICE_VALUE_DATETIME) {
        target -= members->quote_length;
        rows->added -= 2 * (members->quote_length - 1);
    }
    __builtin_memcpy(target, "null", 4);
    return target + 4;
}

// Writes the value of the field from `start` to the entry `end`, or only checks it. Returns the place after it, or NULL if it is
// not among the values accepted here.
static __attribute__((noinline)) uint8_t *write_carefully(const sluice_row_format *format, const sluice_members *members,
                                                          const sluice_member *member, sluice_rows *rows, size_t start,
                                                          uint32_t end, int writes, uint8_t *target) {
    size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
    size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1), count = value_end - first;
    const uint8_t *value = rows->bytes + first;
    if (is_null(member, value, count, quote)) {
        if (member->is_required) return NULL;
        return writes ? write_null(members, member, rows, count == 0, target) : target;
    }
    if (member->type == SLUICE_VALUE_STRING) {
        if (!writes) return target;
        target = end & SLUICE_END_DIRTY ? write_dirty(format, rows, first, value_end, target) : copy(value, count, target);
        return close_string(members, target);
    }
    if (end & SLUICE_END_DIRTY) return NULL;
    if (member->type == SLUICE_VALUE_BOOLEAN) {
        int found = truth(member, value, count);
        if (found < 0) return NULL;
        return writes ? write_truth(found, target) : target;
    }
    if (!is_of_type(member, value, count)) return NULL;
    if (!writes) return target;
    target = copy(value, count, target);
    return member->type <= SLUICE_VALUE_DATETIME ? close_string(members, target) : target;
}

// Whether it is a short value of a type, which no text that is not empty makes null.
INLINE int is_usual(unsigned type, const uint8_t *value, size_t count) {
    switch (type) {
    case SLUICE_VALUE_INTEGER: return count - 1 < 8 && is_short_integer(value, count);
    case SLUICE_VALUE_NUMBER: return count - 1 < 8 && is_short_number(value, count);
    case SLUICE_VALUE_DATE: return count == 10 && is_date(value);
    case SLUICE_VALUE_DATETIME: return is_datetime(value, count);
    default: return 0;
    }
}

// Whether a value may be one of the texts for null: whether its length is, and its first eight bytes.
INLINE int may_be_null(const sluice_member *member, const uint8_t *value, size_t count) {
    if (!(member->null_lengths >> (count < 63 ? count : 63) & 1)) return 0;
    uint64_t mask = first_bytes_of[count < 8 ? count : 8], word = load_word(value);
    for (size_t i = 0; i < member->null_count; i++) {
        if (!((load_word(member->nulls[i].text) ^ word) & mask)) return 1;
    }
    return 0;
}

// Writes a member's value, or only checks it: like `write_carefully`, in most cases without a call. The field is that from `start`
// to the entry `end`.
INLINE uint8_t *write_member(const sluice_row_format *format, const sluice_members *members, const sluice_member *member,
                             sluice_rows *rows, const uint8_t *bytes, size_t start, uint32_t end, int is_sure, int writes,
                             uint8_t *target) {
    unsigned type = is_sure ? member->sure_type : member->usual_type;
    if (type == SLUICE_VALUE_SURE) {
        size_t value_end = (end >> SLUICE_END_SHIFT) - (end / SLUICE_END_CRLF & 1);
        return copy(bytes + start, value_end - start, target);
    }
    if (type == SLUICE_VALUE_STRING || type == SLUICE_VALUE_NULLABLE) {
        size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
        size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1), count = value_end - first;
        if (type == SLUICE_VALUE_STRING || !may_be_null(member, bytes + first, count)) {
            if (!writes) return target;
            target =
                end & SLUICE_END_DIRTY ? write_dirty(format, rows, first, value_end, target) : copy(bytes + first, count, target);
            return close_string(members, target);
        }
    } else if (!(end & (SLUICE_END_QUOTED | SLUICE_END_DIRTY))) {
        size_t count = (end >> SLUICE_END_SHIFT) - start - (end / SLUICE_END_CRLF & 1);
        if (type == SLUICE_VALUE_BOOLEAN) {
            int found = truth(member, bytes + start, count);
            if (found >= 0) return writes ? write_truth(found, target) : target;
        } else if (__builtin_expect(is_usual(type, bytes + start, count), 1)) {
            if (!writes) return target;
            target = copy(bytes + start, count, target);
            return type <= SLUICE_VALUE_DATETIME ? close_string(members, target) : target;
        }
    }
    return write_carefully(format, members, member, rows, start, end, writes, target);
}

// Returns where the field of a column starts.
INLINE size_t start_of(const uint32_t *ends, size_t column, size_t record) {
    return column ? (ends[column - 1] >> SLUICE_END_SHIFT) + 1 : record;
}

// Checks members that are not written. Returns whether none was refused.
INLINE int check_values(const sluice_row_format *format, const sluice_members *members, const sluice_member *member, size_t count,
                        sluice_rows *rows, size_t record, const uint32_t *ends) {
    const uint8_t *bytes = rows->bytes;
    uint8_t *none = rows->target;
    for (const sluice_member *last = member + count; member < last; member++) {
        size_t column = member->column, start = start_of(ends, column, record);
        if (!write_member(format, members, member, rows, bytes, start, ends[column], 0, 0, none)) return 0;
    }
    return 1;
}

// Writes what an empty value of a plain row becomes, and the text after it. Returns NULL if the value is refused.
static __attribute__((noinline)) uint8_t *write_empty(const sluice_members *members, const sluice_key *next, sluice_rows *rows,
                                                      size_t quote, uint8_t *target) {
    const sluice_member *member = &members->members[next - members->plain_texts - 1];
    if (!is_null(member, NULL, 0, quote)) return copy(next->text, next->length, target);
    if (member->is_required) return NULL;
    target = write_null(members, member, rows, 1, target);
    // The next text starts with the quote after a string.
    return copy(next->text + members->quote_length, next->length - members->quote_length, target);
}

// Writes one row of numbers, and of strings that are null only if they are empty. Returns NULL if one was refused or, if
// `is_in_order`, if the record has fewer fields than there are columns.
INLINE uint8_t *write_plain_row(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows, size_t record,
                                const uint32_t *ends, int is_in_order, uint8_t *target) {
    const sluice_key *text = members->plain_texts, *last = text + members->count;
    const sluice_member *member = members->members;
    const uint8_t *bytes = rows->bytes;
    size_t start = record;
    target = copy(text->text, text->length, target);
    while (text < last) {
        uint32_t end;
        if (is_in_order) {
            end = *ends++;
        } else {
            size_t column = member++->column;
            start = start_of(ends, column, record);
            end = ends[column];
        }
        text++;
        if (is_in_order && end & SLUICE_END_RECORD && text < last) return NULL;
        size_t quote = end / SLUICE_END_QUOTED & 1, first = start + quote;
        size_t value_end = (end >> SLUICE_END_SHIFT) - quote - (end / SLUICE_END_CRLF & 1);
        if (__builtin_expect(first == value_end, 0)) {
            target = write_empty(members, text, rows, quote, target);
            if (!target) return NULL;
        } else {
            target = end & SLUICE_END_DIRTY ? write_dirty(format, rows, first, value_end, target)
                                            : copy(bytes + first, value_end - first, target);
            target = copy(text->text, text->length, target);
        }
        if (is_in_order) start = (end >> SLUICE_END_SHIFT) + 1;
    }
    return target;
}

// Writes one row. Returns NULL if a value was refused. If `is_in_order`, the members are all columns.
INLINE uint8_t *write_row_of_members(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows,
                                     size_t record, const uint32_t *ends, int is_sure, int is_in_order, uint8_t *target) {
    const sluice_key *key = format->keys;
    const uint8_t *bytes = rows->bytes;
    const sluice_member *member = members->members;
    uint8_t *row = target;
    size_t start = record;
    for (const sluice_member *last = member + members->count; member < last; member++, key++) {
        target = copy(key->text, key->length, target);
        if (is_in_order) {
            uint32_t end = *ends++;
            target = write_member(format, members, member, rows, bytes, start, end, is_sure, 1, target);
            start = (end >> SLUICE_END_SHIFT) + 1;
        } else if (member->type >= SLUICE_VALUE_RECORD) {
            target = write_place(rows, record, member->type, target);
        } else {
            size_t column = member->column;
            start = start_of(ends, column, record);
            target = write_member(format, members, member, rows, bytes, start, ends[column], is_sure, 1, target);
        }
        if (!target) return NULL;
    }
    if (members->omits_null | members->omits_empty) {
        if (target == row) target++;
        *row = '{';
    }
    return copy(format->end_text, format->end_length, target);
}

// The same where it is the exception.
static __attribute__((noinline)) uint8_t *write_unsure_row(const sluice_row_format *format, const sluice_members *members,
                                                           sluice_rows *rows, size_t record, const uint32_t *ends,
                                                           uint8_t *target) {
    return write_row_of_members(format, members, rows, record, ends, 0, 0, target);
}

// Whether no record ends before the last of `width` fields. Two entries at a time: most rows are too short for vectors.
INLINE int is_one_record(const uint32_t *ends, size_t width) {
    uint64_t all = 0;
    size_t i = 0;
#pragma clang loop vectorize(disable)
    for (; i + 2 < width; i += 2) {
        uint64_t two;
        __builtin_memcpy(&two, ends + i, sizeof two);
        all |= two;
    }
    if (i + 1 < width) all |= ends[i];
    return !(all & (SLUICE_END_RECORD | (uint64_t)SLUICE_END_RECORD << 32));
}

INLINE sluice_rows_stop write_rows_of_members(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows,
                                              int writes, int is_plain, int is_in_order) {
    const uint32_t *ends = rows->field_ends;
    size_t width = format->width;
    const sluice_member *others = writes ? members->unwritten : members->checked;
    number_marks marks;
    marks.end = 0;
    marks.blocks = 8;
    while (rows->next < rows->complete_count && rows->start < rows->limit) {
        size_t last = rows->next + width - 1, start = rows->start;
        const uint32_t *fields = ends + rows->next;
        if (last >= rows->complete_count || !(ends[last] & SLUICE_END_RECORD)) return SLUICE_ROWS_IRREGULAR;
        if (!(is_plain && is_in_order) && !is_one_record(fields, width)) return SLUICE_ROWS_IRREGULAR;
        size_t end = ends[last] >> SLUICE_END_SHIFT;
        int is_blank = width == 1 && end - start == (ends[last] / SLUICE_END_CRLF & 1);
        if (is_blank && format->is_blank_irregular) return SLUICE_ROWS_IRREGULAR;
        if (rows->count == rows->most) return SLUICE_ROWS_FULL;
        if (writes && (ptrdiff_t)(format->least + format->growth * (end - start)) > rows->room) return SLUICE_ROWS_FULL;
        int is_sure = !members->range_count || are_numbers(members, rows, start, end, fields, &marks);
        size_t unsure = writes    ? is_sure ? members->unwritten_unsure : members->unwritten_count
                        : is_sure ? members->checked_unsure
                                  : members->checked_count;
        if (unsure && !check_values(format, members, others, unsure, rows, start, fields)) return SLUICE_ROWS_IRREGULAR;
        if (writes) {
            size_t added = rows->added;
            uint8_t *target = rows->target;
            if (is_plain && is_sure) {
                target = write_plain_row(format, members, rows, start, fields, is_in_order, target);
            } else if (is_plain) {
                if (is_in_order && !is_one_record(fields, width)) return SLUICE_ROWS_IRREGULAR;
                target = write_unsure_row(format, members, rows, start, fields, target);
            } else {
                target = write_row_of_members(format, members, rows, start, fields, is_sure, is_in_order, target);
            }
            if (!target) {
                rows->added = added;
                return SLUICE_ROWS_IRREGULAR;
            }
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
            const sluice_dialect line_ends = {.bare_cr = members->bare_cr};
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
    if (members->plain_texts) {
        return members->is_in_order ? write_rows_of_members(format, members, rows, 1, 1, 1)
                                    : write_rows_of_members(format, members, rows, 1, 1, 0);
    }
    return members->is_in_order ? write_rows_of_members(format, members, rows, 1, 0, 1)
                                : write_rows_of_members(format, members, rows, 1, 0, 0);
}

static sluice_rows_stop check_members(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows) {
    return write_rows_of_members(format, members, rows, 0, 0, 0);
}
