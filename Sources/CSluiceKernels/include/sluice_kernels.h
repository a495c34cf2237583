// Structure masks, segment summaries, the UTF-8 check and escaping: what is to be done with CSV bytes that needs SIMD.
//
// Each question has one algorithm, written once over 64-byte blocks (index.h, summary.h, utf8.h) and compiled for every
// instruction set in a file of its own (avx512.c, avx2.c, sse2.c, neon.c, portable.c) that supplies only the
// primitives; only escaping takes instructions that others have not. A caller picks a kernel at run time and calls it
// once per tile of several KiB, or once for a value to escape, so that the indirect call costs little. No function here
// allocates, keeps state, or knows what is an error.

#ifndef SLUICE_KERNELS_H
#define SLUICE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// What a CR outside quotes that no LF follows is.
enum { SLUICE_CR_VIOLATION = 0, SLUICE_CR_NEWLINE = 1, SLUICE_CR_DATA = 2 };

typedef struct {
    uint8_t delimiter;
    uint8_t quote;
    uint8_t bare_cr;
} sluice_dialect;

// An entry of a tile's index is one field's end: the offset of the delimiter, LF or (if it ends records) CR after it,
// shifted left by SLUICE_END_SHIFT, and flags below.
enum {
    SLUICE_END_DIRTY = 1,   // the value holds bytes that JSON must escape, or doubled quotes: see `specials`
    SLUICE_END_QUOTED = 2,  // the field starts with a quote, and so ends with one
    SLUICE_END_RECORD = 4,  // the end of the field is the end of the record
    SLUICE_END_CRLF = 8,    // that end is the LF of a CR LF
    SLUICE_END_SHIFT = 4,
};

typedef struct {
    size_t ends;        // entries in the index
    size_t complete;    // of these, the entries of records that end within the tile
    size_t violation;   // offset of the first byte where RFC 4180 allows no such byte, or the tile's length
    uint8_t non_ascii;  // some byte is 0x80 or more
    uint8_t inside;     // the tile ends inside quotes
    uint8_t bare_cr;    // some CR outside quotes is no half of a line end, and none is a violation
} sluice_tile;

// Line ends of a byte range under one hypothesis about the state before its first byte.
typedef struct {
    size_t count;
    size_t first;  // offset, or SIZE_MAX
    size_t last;   // offset, or SIZE_MAX
} sluice_lines;

typedef struct {
    sluice_lines lines[2];  // [0]: entered outside quotes, [1]: entered inside quotes
    uint8_t odd;            // the number of quotes is odd, so the state after the range is the other one
} sluice_summary;

typedef struct {
    const char *name;

    // Indexes `count` bytes, less than 2^28, that start at a record's first byte, outside quotes. `ends` has room for
    // count + 80 entries, `specials` for count / 64 + 1 words. Stops at the first violation: entries before it hold.
    // A bit of `specials` is a byte inside a value that cannot be copied as it is: one that JSON must escape (for
    // U+FFFE and U+FFFF, their third byte), or the second quote of a doubled one.
    // `last`: the input ends after these bytes, so a record that is open there ends there. Otherwise the last byte must
    // not be a CR.
    void (*index)(const uint8_t *bytes, size_t count, int last, sluice_dialect dialect, uint32_t *ends,
                  uint64_t *specials, sluice_tile *tile);

    // Summarizes `count` bytes. `next` is the byte after them, or -1 at the end of the input.
    void (*summarize)(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect, sluice_summary *summary);

    // How many lines end in `count` bytes: at LF and, if it ends records, at CR that no LF follows, inside quotes or not.
    // `next` is the byte after them, or -1 at the end of the input.
    size_t (*count_lines)(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect);

    // 1 if the bytes are well-formed UTF-8 (Unicode Standard, Table 3-7), otherwise 0.
    int (*is_utf8)(const uint8_t *bytes, size_t count);

    // Sets a bit of `masks`, (count + 63) / 64 words, for each byte that a JSON string must escape: `"`, `\` and controls.
    void (*escapes)(const uint8_t *bytes, size_t count, uint64_t *masks);

    // Writes `count` bytes, readable for 31 more, as the inside of a JSON string and returns the place after it; or NULL,
    // if a byte takes more than a backslash and a letter. `specials` has a bit for each byte to escape, that of the first
    // byte at `first`, and is readable for a word more. `doubled`: a quote so marked is the second of two, and one not
    // marked the first, which becomes its backslash. `target` has room for the result and 64 bytes more. No function
    // where the instruction set is no help.
    uint8_t *(*escape)(const uint8_t *bytes, size_t count, const uint64_t *specials, size_t first, int doubled,
                       uint8_t *target);
} sluice_kernel;

// The kernels that this processor can run, fastest first; the last is portable C and always there.
size_t sluice_kernel_count(void);
const sluice_kernel *sluice_kernel_at(size_t position);

// XXH3-128, without a seed.
typedef struct {
    uint64_t high, low;
} sluice_hash_value;

sluice_hash_value sluice_hash(const void *bytes, size_t count);

// The same of bytes that come in pieces. A state is memory of this size and alignment, reset before its first use; copying
// it copies what was added.
size_t sluice_hash_state_size(void);
size_t sluice_hash_state_alignment(void);
void sluice_hash_reset(void *state);
void sluice_hash_add(void *state, const void *bytes, size_t count);
sluice_hash_value sluice_hash_of(const void *state);

#endif
