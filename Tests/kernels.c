// Checks that every kernel of this processor agrees with the portable one, on random bytes from a seed. The unit tests
// check more, but need Swift on the processor; this needs only a C compiler, so that an emulator can run NEON (Tests/neon).

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sluice_kernels.h"

#ifndef ROUNDS
#define ROUNDS 30000
#endif
enum { LONGEST = 700 };

static uint64_t state = 1;
static uint32_t below(uint32_t limit) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((state >> 32) * limit >> 32);
}

// clang-format off
static const char *const pieces[] = {
    "a",    "word", "x",        "\\",       "\x01",         "é",            "€",            "\xF0\x9F\x98\x80",
    ",",    ";",    "\n",       "\r\n",     "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\"\"",         "''",
    "\r",   "\"",   "'",        "\xC3",     "\x80",         "\xED\xA0\x80", "\xC0\xAF",     "\xF4\x90\x80\x80",
    "\xFF", "\xE0\x80\x80",     "\xF0\x80\x80\x80",
};
// clang-format on
enum { PLAIN = 8, INSIDE = 16, ALL = sizeof pieces / sizeof *pieces };

// Writes a few random pieces, each one of the first `kinds`.
static size_t some(uint8_t *bytes, uint32_t kinds) {
    size_t count = 0;
    for (uint32_t left = below(12); left > 0; left--) {
        const char *piece = pieces[below(kinds)];
        memcpy(bytes + count, piece, strlen(piece));
        count += strlen(piece);
    }
    return count;
}

// Writes mostly fields as RFC 4180 has them, quoted or not, and sometimes any pieces.
static size_t fill(uint8_t *bytes, sluice_dialect dialect) {
    size_t length = below(LONGEST), count = 0;
    int is_sound = below(3) > 0;
    while (count < length) {
        if (!is_sound) {
            count += some(bytes + count, ALL);
        } else if (below(2)) {
            count += some(bytes + count, PLAIN);
        } else {
            bytes[count++] = dialect.quote;
            count += some(bytes + count, INSIDE);
            bytes[count++] = dialect.quote;
        }
        bytes[count++] = below(4) ? dialect.delimiter : '\n';
    }
    return length;
}

static sluice_dialect some_dialect(void) {
    return (sluice_dialect){.delimiter = below(3) ? ',' : ';', .quote = below(3) ? '"' : '\'', .bare_cr = (uint8_t)below(3)};
}

typedef struct {
    sluice_index index;
    sluice_boundary boundary;
    uint32_t ends[LONGEST + 80];
    uint64_t escape_mask[LONGEST / 64 + 2], masks[LONGEST / 64 + 2];
    size_t lines;
    int is_utf8, non_ascii;
} answers;

static void ask(const sluice_kernel *kernel, const uint8_t *bytes, size_t count, int next, sluice_dialect dialect, answers *found) {
    memset(found, 0, sizeof *found);
    kernel->index(bytes, count, next < 0, dialect, found->ends, found->escape_mask, &found->index);
    // Entries after the last one are unspecified, and so are bits from a violation on.
    memset(found->ends + found->index.count, 0, sizeof found->ends - found->index.count * sizeof *found->ends);
    size_t word = found->index.violation / 64;
    found->escape_mask[word] &= (1ull << found->index.violation % 64) - 1;
    memset(found->escape_mask + word + 1, 0, sizeof found->escape_mask - (word + 1) * sizeof *found->escape_mask);
    kernel->find_boundary(bytes, count, next, dialect, &found->boundary);
    found->lines = kernel->count_lines(bytes, count, next, dialect);
    found->non_ascii = kernel->mark_escapes(bytes, count, found->masks);
    found->is_utf8 = kernel->is_utf8(bytes, count) != 0;
}

// Profiles the records of an index that have as many fields as the first. Returns a hash of all that is in the profile, or 0 if
// there are more columns than it has room for.
static uint64_t profile(const sluice_kernel *kernel, const uint8_t *bytes, size_t count, const answers *index) {
    enum { MOST_COLUMNS = 4 };
    static uint8_t *memory, scratch[LONGEST + 80];
    size_t width = 1, complete = index->index.complete_count;
    while (width < complete && !(index->ends[width - 1] & SLUICE_END_RECORD)) width++;
    if (width > MOST_COLUMNS || complete == 0) return 0;
    if (!memory && !(memory = malloc(sluice_profile_size(MOST_COLUMNS)))) abort();
    // At the same address each time, for there are pointers in it.
    sluice_profile made;
    sluice_profile_lay_out(&made, memory, width);
    sluice_profile_reset(&made);
    sluice_profile_place place = {
        .bytes = bytes, .field_ends = index->ends, .complete_count = complete, .limit = count, .quote = '"', .scratch = scratch};
    while (kernel->profile_rows(&made, &place)) {
        while (place.next < complete && !(index->ends[place.next] & SLUICE_END_RECORD)) place.next++;
        if (place.next < complete) place.start = (index->ends[place.next++] >> SLUICE_END_SHIFT) + 1;
    }
    sluice_profile_flush(&made);
    uint64_t hash = made.rows + 1;
    for (size_t i = 0; i < sluice_profile_size(width); i++) hash = (hash ^ memory[i]) * 0x100000001B3;
    return hash | 1;
}

int main(void) {
    static answers expected, found;
    uint8_t bytes[LONGEST + 80] = {0};
    size_t kernels = sluice_kernel_count();
    const sluice_kernel *portable = sluice_kernel_at(kernels - 1);
    size_t violations = 0, ill_formed = 0, profiled = 0;
    for (int round = 0; round < ROUNDS; round++) {
        sluice_dialect dialect = some_dialect();
        size_t count = fill(bytes, dialect);
        int next = below(2) ? -1 : bytes[count];
        if (next >= 0 && count > 0 && bytes[count - 1] == '\r') next = -1;
        ask(portable, bytes, count, next, dialect, &expected);
        violations += expected.index.violation < count;
        ill_formed += !expected.is_utf8;
        // A profile is much larger than these inputs.
        uint64_t hash = round % 100 ? 0 : profile(portable, bytes, count, &expected);
        profiled += hash != 0;
        for (size_t position = 0; position + 1 < kernels; position++) {
            const sluice_kernel *kernel = sluice_kernel_at(position);
            ask(kernel, bytes, count, next, dialect, &found);
            if (memcmp(&found, &expected, sizeof found) != 0 || (hash && profile(kernel, bytes, count, &expected) != hash)) {
                printf("%s differs from %s in round %d, on %zu bytes\n", kernel->name, portable->name, round, count);
                return 1;
            }
        }
    }
    for (size_t position = 0; position < kernels; position++) printf("%s ", sluice_kernel_at(position)->name);
    printf("agree on %d inputs, %zu of them with violations, %zu not UTF-8; on %zu profiles\n", ROUNDS, violations, ill_formed,
           profiled);
    return profiled == 0 || violations == 0 || violations == ROUNDS || ill_formed == 0 || ill_formed == ROUNDS || kernels < 2;
}
