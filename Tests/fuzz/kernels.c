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
        case '"': case '\\': return byte;
        case 0x08: return 'b';
        case 0x09: return 't';
        case 0x0A: return 'n';
        case 0x0C: return 'f';
        case 0x0D: return 'r';
        default: return 0;
    }
}

// Requires the kernel to escape a text twice, as `once` escaped again, or to give up if that is NULL.
static void nest(const uint8_t *readable, size_t count, const uint64_t *bits, size_t first, const uint8_t *once,
                 size_t length) {
    uint8_t *expected = allocate(2 * length), *target = allocate(4 * count + 64);
    size_t twice = 0, added = 1;
    for (size_t i = 0; once && i < length; i++) {
        if (once[i] == '"' || once[i] == '\\') expected[twice++] = '\\';
        expected[twice++] = once[i];
    }
    uint8_t *end = asked->write_nested(readable, count, bits, first, target, &added);
    if (once) {
        require(end == target + twice && memcmp(target, expected, twice) == 0, "different text, escaped twice");
        require(added == 1 + twice - length, "different length, escaped twice");
    } else {
        require(end == NULL && added == 1, "a byte that takes more than a letter is escaped twice");
    }
    free(expected);
    free(target);
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
    if (doubled && asked->write_nested) nest(readable, count, bits, first, is_possible ? expected : NULL, length);
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
    for (size_t position = 0; position + 1 < kernels; position++) {
        answers found = ask(sluice_kernel_at(position), &in);
        compare(&found, &expected, count);
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
