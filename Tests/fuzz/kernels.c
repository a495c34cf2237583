// libFuzzer target: every kernel of this processor must agree with the portable one, and that one with plain loops.
//
// Input: a byte that chooses the dialect, a byte of flags (bit 0: the input ends after the bytes), the byte that follows
// the input, and then the input. Buffers have exactly the sizes that sluice_kernels.h requires, so that AddressSanitizer
// reports each access outside of them.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sluice_kernels.h"

static const sluice_kernel *asked;

static void require(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s: %s\n", asked->name, what);
    abort();
}

static void *allocate(size_t bytes) {
    void *memory = calloc(bytes ? bytes : 1, 1);
    if (!memory) abort();
    return memory;
}

typedef struct {
    const uint8_t *bytes;
    size_t count;
    int next;  // the byte after `bytes`, or -1
    sluice_dialect dialect;
} input;

static sluice_dialect dialect_of(uint8_t choice) {
    static const uint8_t delimiters[8] = {',', ';', '\t', '|', 0, ' ', '\\', '"'}, quotes[4] = {'"', '\'', '`', '\\'};
    sluice_dialect dialect = {delimiters[choice & 7], quotes[choice >> 3 & 3], (uint8_t)((choice >> 5) % 3)};
    if (dialect.delimiter == dialect.quote) dialect.delimiter = ',';
    return dialect;
}

// The results of a kernel for an input.

typedef struct {
    sluice_index index;
    sluice_boundary boundary;
    uint32_t *ends;
    uint64_t *escape_mask, *masks;
    size_t lines;
    int is_utf8, non_ascii;
} answers;

static answers ask(const sluice_kernel *kernel, const input *in) {
    asked = kernel;
    answers found = {.ends = allocate((in->count + 80) * sizeof(uint32_t)),
                     .escape_mask = allocate((in->count / 64 + 1) * sizeof(uint64_t)),
                     .masks = allocate((in->count + 63) / 64 * sizeof(uint64_t))};
    if (in->count) {
        kernel->index(in->bytes, in->count, in->next < 0, in->dialect, found.ends, found.escape_mask, &found.index);
    }
    kernel->find_boundary(in->bytes, in->count, in->next, in->dialect, &found.boundary);
    found.lines = kernel->count_lines(in->bytes, in->count, in->next, in->dialect);
    found.non_ascii = kernel->mark_escapes(in->bytes, in->count, found.masks);
    found.is_utf8 = kernel->is_utf8(in->bytes, in->count) != 0;
    return found;
}

static void release(answers *found) {
    free(found->ends);
    free(found->escape_mask);
    free(found->masks);
}

static int bit(const uint64_t *words, size_t position) { return (int)(words[position / 64] >> (position % 64) & 1); }

static void compare(const answers *found, const answers *expected, size_t count) {
    const sluice_index *a = &found->index, *b = &expected->index;
    require(a->count == b->count && a->complete_count == b->complete_count && a->violation == b->violation, "different index");
    // After a violation, only the entries before it are specified.
    require(b->violation < count || (a->non_ascii == b->non_ascii && a->inside == b->inside), "different end of the index");
    require(memcmp(found->ends, expected->ends, b->count * sizeof(uint32_t)) == 0, "different field ends");
    for (size_t i = 0; i < b->violation; i++) {
        require(bit(found->escape_mask, i) == bit(expected->escape_mask, i), "different escape_mask");
    }
    require(memcmp(&found->boundary.lines, &expected->boundary.lines, sizeof found->boundary.lines) == 0 &&
                found->boundary.odd == expected->boundary.odd,
            "different boundary");
    require(found->lines == expected->lines, "different number of lines");
    require(memcmp(found->masks, expected->masks, (count + 63) / 64 * sizeof(uint64_t)) == 0, "different escapes");
    require(found->non_ascii == expected->non_ascii, "different verdict on ASCII");
    require(found->is_utf8 == expected->is_utf8, "different verdict on UTF-8");
}

// Plain loops.

static int is_utf8(const uint8_t *bytes, size_t count) {  // Unicode Standard, Table 3-7
    for (size_t i = 0, length; i < count; i += length) {
        uint8_t first = bytes[i], low = 0x80, high = 0xBF;
        length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
        if (length == 0 || i + length > count) return 0;
        if (length > 1 && (bytes[i + 1] < low || bytes[i + 1] > high)) return 0;
        for (size_t j = 2; j < length; j++) {
            if ((bytes[i + j] & 0xC0) != 0x80) return 0;
        }
    }
    return 1;
}

static int must_escape(uint8_t byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

// Returns the letter that JSON writes after the backslash, or 0 if the escape is longer.
static uint8_t letter(uint8_t byte) {
    switch (byte) {
    case '"':
    case '\\': return byte;
    case 0x08: return 'b';
    case 0x09: return 't';
    case 0x0A: return 'n';
    case 0x0C: return 'f';
    case 0x0D: return 'r';
    default: return 0;
    }
}

// Requires the kernel to escape a text as the plain loop does. `bits` marks the bytes to escape, with the text's first byte
// at bit `first`. In `doubled` texts, an unmarked quote is the first of two and becomes the backslash.
static void escape(const uint8_t *text, size_t count, const uint64_t *bits, size_t first, int doubled) {
    uint8_t *expected = allocate(2 * count), *readable = allocate(count + 31);
    size_t length = 0;
    int is_possible = 1;
    for (size_t i = 0; i < count; i++) {
        int is_marked = bit(bits, first + i);
        if (doubled && text[i] == '"') {
            expected[length++] = is_marked ? '"' : '\\';
        } else if (is_marked) {
            expected[length++] = '\\';
            expected[length++] = letter(text[i]);
            is_possible &= letter(text[i]) != 0;
        } else {
            expected[length++] = text[i];
        }
    }
    memcpy(readable, text, count);
    uint8_t *target = allocate((is_possible ? length : 2 * count) + 64);
    uint8_t *end = asked->write_escaped(readable, count, bits, first, doubled, target);
    if (is_possible) {
        require(end == target + length && memcmp(target, expected, length) == 0, "different escaped text");
    } else {
        require(end == NULL, "a byte that takes more than a letter is escaped");
    }
    free(expected);
    free(readable);
    free(target);
}

// Escapes the whole input, with the mask of its escapes shifted by some bits.
static void escape_all(const input *in, const uint64_t *masks) {
    size_t first = in->bytes[0] & 63, words = (first + in->count + 63) / 64 + 1;
    uint64_t *bits = allocate(words * sizeof *bits);
    for (size_t i = 0; i < in->count; i++) {
        if (bit(masks, i)) bits[(first + i) / 64] |= 1ull << (first + i) % 64;
    }
    escape(in->bytes, in->count, bits, first, 0);
    free(bits);
}

// Escapes each field that is marked for it, as the encoder does.
static void escape_fields(const input *in, const answers *index) {
    uint64_t *bits = allocate((in->count / 64 + 2) * sizeof *bits);
    memcpy(bits, index->escape_mask, (in->count / 64 + 1) * sizeof *bits);
    size_t start = 0;
    for (size_t field = 0; field < index->index.count; field++) {
        uint32_t entry = index->ends[field];
        size_t end = entry >> SLUICE_END_SHIFT, quote = (entry & SLUICE_END_QUOTED) != 0;
        size_t from = start + quote, to = end - quote - ((entry & SLUICE_END_CRLF) != 0);
        start = end + 1;
        if ((entry & SLUICE_END_DIRTY) && from <= to && to <= in->count) escape(in->bytes + from, to - from, bits, from, 1);
    }
    free(bits);
}

// Rows: keys of 6, 33, 60… bytes, and every byte's escape.

enum { MOST_COLUMNS = 40, LONGEST_KEY = 96 };

typedef struct {
    sluice_row_format format;
    sluice_key keys[MOST_COLUMNS];
    sluice_escape escapes[256];
    uint8_t texts[MOST_COLUMNS * LONGEST_KEY];
} row_format;

// Sets the escape of a byte to a text, which is escaped once more for rows inside a JSON string.
static void set_escape(row_format *rows, uint8_t byte, const char *text, uint8_t overwritten) {
    sluice_escape *escape = &rows->escapes[byte];
    uint8_t bytes[8] = {0};
    escape->overwritten = overwritten;
    for (size_t i = 0; i < strlen(text); i++) {
        if (rows->format.is_nested && (text[i] == '"' || text[i] == '\\')) {
            bytes[escape->length++] = '\\';
            escape->added++;
        }
        bytes[escape->length++] = (uint8_t)text[i];
    }
    memcpy(&escape->text, bytes, sizeof bytes);
}

static row_format *row_format_of(const input *in, size_t width, int is_nested) {
    row_format *rows = allocate(sizeof *rows);
    // clang-format off
    rows->format = (sluice_row_format){.keys = rows->keys, .width = width, .escapes = rows->escapes, .least = 3,
                                       .least_added = (size_t)is_nested, .growth = is_nested ? 7 : 6, .end_length = 3,
                                       .quote = in->dialect.quote, .is_nested = (uint8_t)is_nested};
    // clang-format on
    memcpy(&rows->format.end, "\"}\n", 3);
    for (size_t column = 0; column < width; column++) {
        uint8_t *text = rows->texts + column * LONGEST_KEY;
        size_t length = 6 + 27 * (column % 3);
        memset(text, 'a' + (int)(column % 26), length);
        rows->keys[column] = (sluice_key){text, length};
        rows->format.least += length;
    }
    for (int byte = 0; byte < 256; byte++) {
        char text[8];
        if (letter((uint8_t)byte)) snprintf(text, sizeof text, "\\%c", letter((uint8_t)byte));
        else if (byte < 0x20) snprintf(text, sizeof text, "\\u%04x", byte);
        else if (byte == 0xBE || byte == 0xBF) snprintf(text, sizeof text, "\\uff%s", byte == 0xBE ? "fe" : "ff");
        else snprintf(text, sizeof text, "%c", byte);
        uint8_t overwritten = byte == in->dialect.quote ? 1 : byte == 0xBE || byte == 0xBF ? 2 : 0;
        set_escape(rows, (uint8_t)byte, text, overwritten);
    }
    return rows;
}

// Writes the value of a field with a plain loop.
static uint8_t *expect_value(const row_format *rows, const sluice_rows *place, size_t start, uint32_t entry, uint8_t *target,
                             size_t *added) {
    size_t quote = (entry & SLUICE_END_QUOTED) != 0;
    size_t end = (entry >> SLUICE_END_SHIFT) - quote - ((entry & SLUICE_END_CRLF) != 0);
    for (size_t i = start + quote; i < end; i++) {
        const sluice_escape *escape = &rows->escapes[place->bytes[i]];
        if (!bit(place->escape_mask, i)) {
            *target++ = place->bytes[i];
            continue;
        }
        target -= escape->overwritten;
        memcpy(target, &escape->text, escape->length);
        target += escape->length;
        *added += escape->added;
    }
    return target;
}

// Writes the next row with plain loops. Returns NULL if the record has not one field for each column.
static uint8_t *expect_row(const row_format *rows, const sluice_rows *place, uint8_t *target, size_t *added) {
    size_t start = place->start;
    for (size_t column = 0; column < rows->format.width; column++) {
        size_t field = place->next + column;
        if (field >= place->complete_count) return NULL;
        uint32_t entry = place->field_ends[field];
        if (((entry & SLUICE_END_RECORD) != 0) != (column + 1 == rows->format.width)) return NULL;
        memcpy(target, rows->keys[column].text, rows->keys[column].length);
        target = expect_value(rows, place, start, entry, target + rows->keys[column].length, added);
        start = (entry >> SLUICE_END_SHIFT) + 1;
    }
    memcpy(target, &rows->format.end, 3);
    *added += rows->format.least_added;
    return target + 3;
}

// Requires the kernel to write the records as plain loops do, and to stop at the first that is irregular.
static void write_rows(const input *in, const answers *index, int is_nested) {
    size_t width = 1;
    while (width < index->index.complete_count && !(index->ends[width - 1] & SLUICE_END_RECORD)) width++;
    if (width > MOST_COLUMNS || !index->index.complete_count) return;
    row_format *rows = row_format_of(in, width, is_nested);
    size_t most = rows->format.least * index->index.complete_count + 7 * in->count;
    uint8_t *readable = allocate(in->count + 32), *target = allocate(most + SLUICE_ROW_SLACK), *expected = allocate(most + 8);
    uint64_t *mask = allocate((in->count / 64 + 2) * sizeof *mask);
    uint32_t *ends = allocate(index->index.count * sizeof *ends);
    sluice_row_mark *marks = allocate(index->index.complete_count * sizeof *marks);
    memcpy(readable, in->bytes, in->count);
    memcpy(mask, index->escape_mask, (in->count / 64 + 1) * sizeof *mask);
    memcpy(ends, index->ends, index->index.count * sizeof *ends);
    // clang-format off
    sluice_rows place = {.bytes = readable, .field_ends = ends, .escape_mask = mask,
                         .complete_count = index->index.complete_count, .limit = in->count, .offset = 1000, .number = 5,
                         .output = target, .target = target, .room = (ptrdiff_t)most, .most = SIZE_MAX, .marks = marks};
    // clang-format on
    sluice_rows plain = place;
    sluice_rows_stop stop = asked->write_rows(&rows->format, &place);

    uint8_t *end = expected, *next;
    size_t added = 0, more = 0, count = 0;
    while (plain.next < plain.complete_count && (next = expect_row(rows, &plain, end, &more))) {
        size_t last = plain.next + width - 1, start = plain.start;
        plain.start = (ends[last] >> SLUICE_END_SHIFT) + 1;
        end = next;
        added = more;
        require(marks[count].output_end == (size_t)(end - expected) && marks[count].input_start == 1000 + start &&
                    marks[count].plain_end == (size_t)(end - expected) - added && marks[count].number == 5 + count &&
                    marks[count].input_end == 1000 + plain.start,
                "different mark of a row");
        plain.next = last + 1;
        count++;
    }
    require(stop == (plain.next < plain.complete_count ? SLUICE_ROWS_IRREGULAR : SLUICE_ROWS_DONE), "another stop");
    require(place.count == count && place.next == plain.next && place.start == plain.start, "a different number of rows");
    require(place.target == target + (end - expected) && memcmp(target, expected, (size_t)(end - expected)) == 0, "different rows");
    require(place.added == added, "a different number of escapes");
    if (plain.next < plain.complete_count) {  // the first value of an irregular record
        added = 0;
        end = expect_value(rows, &plain, plain.start, ends[plain.next], expected, &added);
        next = asked->write_value(&rows->format, &plain, plain.start, ends[plain.next], target);
        require(next == target + (end - expected) && memcmp(target, expected, (size_t)(end - expected)) == 0, "different value");
        require(plain.added == added, "a different number of escapes in a value");
    }
    free(rows), free(readable), free(target), free(expected), free(mask), free(ends), free(marks);
}

#include "members.h"

// Requires the kernel to count whole records of the same width from the first on, all of them if there is nothing else.
static void count_records(const input *in, const answers *index) {
    size_t width = 1, records = 0, field = 0;
    while (width < index->index.complete_count && !(index->ends[width - 1] & SLUICE_END_RECORD)) width++;
    if (width < 2 || !index->index.complete_count) return;
    sluice_count counted, expected;
    asked->count_records(in->bytes, in->count, in->dialect, width, &counted);
    sluice_kernel_at(sluice_kernel_count() - 1)->count_records(in->bytes, in->count, in->dialect, width, &expected);
    require(counted.records == expected.records && counted.end == expected.end, "another count of records");
    while (records < counted.records && field + width <= index->index.complete_count) {
        for (size_t column = 1; column < width; column++) {
            require(!(index->ends[field++] & SLUICE_END_RECORD), "a short record is counted");
        }
        require(index->ends[field++] & SLUICE_END_RECORD, "a long record is counted");
        records++;
    }
    require(records == counted.records, "more records than there are");
    require(!records || counted.end == (index->ends[field - 1] >> SLUICE_END_SHIFT) + 1, "another end of the records");
    int is_whole = index->index.violation == in->count && !index->index.bare_cr && in->next >= 0;
    for (size_t i = field; i < index->index.complete_count; i++) {
        is_whole &= ((index->ends[i] & SLUICE_END_RECORD) != 0) == ((i - field) % width == width - 1);
    }
    require(!is_whole || field == index->index.complete_count, "regular records are not counted");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3) return 0;
    size_t count = size - 3;
    uint8_t *bytes = allocate(count);
    memcpy(bytes, data + 3, count);
    input in = {bytes, count, data[1] & 1 ? -1 : data[2], dialect_of(data[0])};
    // A stretch must not end with a CR whose LF may follow.
    if (count && bytes[count - 1] == '\r') in.next = -1;

    size_t kernels = sluice_kernel_count();
    answers expected = ask(sluice_kernel_at(kernels - 1), &in);
    require(expected.is_utf8 == is_utf8(bytes, count), "contradicts Table 3-7");
    int non_ascii = 0;
    for (size_t i = 0; i < count; i++) {
        require(bit(expected.masks, i) == must_escape(bytes[i]), "not what JSON must escape");
        non_ascii |= bytes[i] >= 0x80;
    }
    require(expected.non_ascii == non_ascii, "not whether a byte is no ASCII");
    for (size_t position = 0; position < kernels; position++) {
        answers found = ask(sluice_kernel_at(position), &in);
        compare(&found, &expected, count);
        count_records(&in, &expected);
        for (int is_nested = 0; is_nested < 2; is_nested++) {
            write_rows(&in, &expected, is_nested);
            write_members(&in, &expected, is_nested);
        }
        if (asked->write_escaped && count) {
            escape_all(&in, expected.masks);
            if (in.dialect.quote == '"' && expected.is_utf8) escape_fields(&in, &expected);
        }
        release(&found);
    }
    release(&expected);
    free(bytes);
    return 0;
}
