// SIMD kernels for CSV bytes: structural indexes, counts of records, boundaries of ranges, line counts, the UTF-8 check, rows of
// JSON and JSON escaping.
//
// Each operation has one algorithm, written once (index.h, count.h, boundary.h, lines.h, utf8.h, rows.h, numbers.h, members.h),
// mostly over blocks of 64 bytes, and compiled for every instruction set in a file of its own (avx512.c, avx2.c, sse2.c, neon.c,
// portable.c), which supplies only the primitives. Only escaping, and writing an index's entries, are written per instruction
// set, since they need instructions that not all of them have. A caller picks a kernel at run time and calls it once per
// stretch of several KiB, so the indirect call costs little. Kernels do not allocate, keep no state between calls and do not
// decide what is an error.
//
// A new escaping kernel goes to arch/escape_X.h, which arch/X.c includes and names in its table instead of NULL. A new
// instruction set also goes to arch/instruction_sets.h, kernels.h, choose.c, the comment of Kernel.name, Architecture.md, and
// Tests/processors or Tests/neon.

#ifndef SLUICE_KERNELS_H
#define SLUICE_KERNELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sluice_profile.h"

// How to treat a CR outside quotes that no LF follows.
enum { SLUICE_CR_VIOLATION = 0, SLUICE_CR_NEWLINE = 1, SLUICE_CR_DATA = 2 };

typedef struct {
    uint8_t delimiter;
    uint8_t quote;
    uint8_t bare_cr;
} sluice_dialect;

// An entry of the index describes one field's end: the offset of the delimiter, LF or (if it ends records) CR after the
// field, shifted left by SLUICE_END_SHIFT, combined with these flags.
enum {
    SLUICE_END_DIRTY = 1,   // the value holds bytes that JSON must escape, or doubled quotes: see `escape_mask`
    SLUICE_END_QUOTED = 2,  // the field starts with a quote, and therefore ends with one
    SLUICE_END_RECORD = 4,  // the record ends here too
    SLUICE_END_CRLF = 8,    // the offset is that of the LF of a CR LF
    SLUICE_END_SHIFT = 4,
};

typedef struct {
    size_t count;           // entries in the index
    size_t complete_count;  // of these, entries of records that end within the stretch
    size_t violation;       // offset of the first byte that RFC 4180 does not allow where it stands, or the stretch's length
    uint8_t non_ascii;      // some byte is 0x80 or more
    uint8_t inside;         // the stretch ends inside quotes
    uint8_t bare_cr;        // some CR outside quotes has no LF after it, and the dialect allows that
} sluice_index;

// A record of an index, as readers of records keep it. Offsets count from the stretch's first byte.
typedef struct {
    uint32_t first;    // the entry of its first field
    uint32_t count;    // the number of its fields
    uint32_t offset;   // the offset of its first byte in the stretch
    uint32_t ordinal;  // its number, counted from the stretch's first record
    uint32_t copied;   // whether its entries refer to a copy
} sluice_record;

// Finds the records at the start of `count` entries, of whole records, that have `width` > 0 fields and no value with
// doubled quotes; stops before any other record and before a blank line. The first starts at offset `start`. Writes at most
// `count / width` records, whose `first` counts from `ends`, and returns their number.
size_t sluice_plain_records(const uint32_t *ends, size_t count, size_t width, uint32_t start, uint32_t ordinal,
                            sluice_record *records);

typedef struct {
    size_t records;
    size_t end;         // the offset after the last of them
    uint8_t non_ascii;  // some byte is 0x80 or more
} sluice_count;

// The line ends of a byte range under one hypothesis about the state before its first byte.
typedef struct {
    size_t count;
    size_t first;  // offset, or SIZE_MAX
    size_t last;   // offset, or SIZE_MAX
} sluice_lines;

typedef struct {
    sluice_lines lines[2];  // [0]: entered outside quotes, [1]: entered inside quotes
    uint8_t odd;            // the number of quotes is odd: the range is left in the opposite state
} sluice_boundary;

// How rows are written.

// The text before a value, readable up to the multiple of 32 bytes that follows its end, and at least for 32.
typedef struct {
    const uint8_t *text;
    size_t length;
} sluice_key;

// The escape of a byte. See RowTexts.
typedef struct {
    uint64_t text;  // in memory order
    uint8_t length;
    uint8_t overwritten;  // bytes before it that the escape replaces
    uint8_t added;        // bytes that are there only because the row goes into a JSON string
} sluice_escape;

typedef struct {
    const sluice_key *keys;        // one for each column
    size_t width;                  // at least 1
    const sluice_escape *escapes;  // of all 256 bytes
    size_t least;                  // the length of a row whose values are all empty
    size_t least_added;            // bytes of it that are there only because the row goes into a JSON string
    size_t growth;                 // the most bytes that a byte of a value becomes
    uint64_t end;                  // the text after the last value, in memory order, if it has at most eight bytes
    size_t end_length;
    const uint8_t *end_text;       // the same text of any length, readable as that of a key
    uint8_t quote;                 // the dialect's
    uint8_t is_nested;             // rows are written as the inside of a JSON string
    uint8_t is_blank_irregular;    // a record without bytes is no row
} sluice_row_format;

// What a member's value must be, and so how it is written: the strings first, and those that no field holds last.
typedef enum {
    SLUICE_VALUE_STRING,
    SLUICE_VALUE_DATE,  // these in the form of ISO 8601
    SLUICE_VALUE_TIME,
    SLUICE_VALUE_DATETIME,
    SLUICE_VALUE_INTEGER,
    SLUICE_VALUE_NUMBER,
    SLUICE_VALUE_YEAR,
    SLUICE_VALUE_BOOLEAN,
    SLUICE_VALUE_RECORD,  // the record's number, line and offset
    SLUICE_VALUE_LINE,
    SLUICE_VALUE_OFFSET,
    SLUICE_VALUE_NONE,  // the text is all there is
    SLUICE_VALUE_NULLABLE,  // only as usual types: a string that can be null,
    SLUICE_VALUE_CAREFUL,   // anything else whose usual values can be null,
    SLUICE_VALUE_SURE,      // and a number of a range in a row whose ranges are known to be numbers
} sluice_value_type;

// A text that stands for true or false.
typedef struct {
    uint64_t text;  // the first byte is the lowest
    uint8_t length;
    uint8_t value;
} sluice_word;

// A word is at its text, times the multiplier of its member, shifted right by this.
enum { SLUICE_WORD_SHIFT = 64 - 5 };

typedef struct {
    uint32_t column;              // counted from 0
    uint8_t type;                 // a sluice_value_type
    uint8_t usual_type;           // the same, or how to treat values that look usual and can be null
    uint8_t sure_type;            // the same, or SLUICE_VALUE_SURE
    uint8_t is_required;          // a null value is refused
    uint8_t keeps_quoted_empty;   // `""`, in quotes, is not null
    uint64_t null_lengths;        // bit n: some null text has n bytes; bit 63: 63 or more
    const sluice_key *nulls;      // the null texts, none of which holds the dialect's quote
    size_t null_count;
    // Of a boolean: 1 << (64 - SLUICE_WORD_SHIFT) words, each where `multiplier` puts it, and empty ones.
    const sluice_word *words;
    uint64_t multiplier;
    size_t most_digits;           // of an integer or a number
    uint32_t text_length;         // where members can be left out: that of the text before the value,
    uint32_t text_added;          // and bytes of it and of a quote after the value that are there only in a JSON string
} sluice_member;

// Neighbouring columns of integers, or of numbers, of any length. No text for null looks like a number.
typedef struct {
    uint32_t first, last;
    uint32_t has_points;  // they are numbers
} sluice_number_range;

// How rows are written if not each column is a string member in its place. The text before the value of each member is the key
// at the same place in the format. The quote before a string is the end of that text.
//
// A row is called sure if each column of a range holds a number, which most rows do.
typedef struct {
    const sluice_member *members;
    size_t count;
    const sluice_member *unwritten;  // members whose values are only checked, first those that are in no range
    size_t unwritten_count, unwritten_unsure;
    const sluice_member *checked;    // where nothing is written: all members whose values can be refused, in the same order
    size_t checked_count, checked_unsure;
    const sluice_number_range *ranges;
    size_t range_count;
    // If a sure row has no members but numbers of ranges, and strings that are null only if they are empty: the texts before
    // their values, and the row's end. The quotes after strings are part of these. Otherwise NULL.
    const sluice_key *plain_texts;
    uint8_t quote[2];      // the quote after a string, and its length: 1, or 2 inside a JSON string
    uint8_t quote_length;
    uint8_t is_in_order;   // the members are all columns in their order, and no others
    uint8_t has_points;    // some range holds numbers
    uint8_t delimiter;     // the dialect's
    uint8_t omits_null;    // members whose values are null are left out: then each text starts with a comma,
    uint8_t omits_empty;   // also those whose null values are empty; and the first comma of a row becomes a `{`
    uint8_t counts_lines;  // whether `line` of the place is kept
    uint8_t bare_cr;       // the dialect's
} sluice_members;

// A row's end, and its record.
typedef struct {
    size_t output_end;     // offset in the output
    size_t plain_end;      // the same without what is there only because the row goes into a JSON string
    uint64_t input_start;  // offsets in the input
    uint64_t input_end;
    uint64_t number;
} sluice_row_mark;

// Bytes that `write_rows` and `write_value` may write after those that count.
enum { SLUICE_ROW_SLACK = 128 };

// A place in an index and one in the output.
typedef struct {
    const uint8_t *bytes;  // the stretch, readable for 32 bytes more
    const uint32_t *field_ends;
    const uint64_t *escape_mask;  // readable for one word more
    size_t complete_count;
    size_t limit;             // no record from this offset on is written
    uint64_t offset;          // of the stretch in the input
    size_t next;              // the next record: its first entry, its offset, and its number
    size_t start;
    uint64_t number;
    uint8_t *output;          // the first row in the output
    uint8_t *target;          // where the next row goes
    ptrdiff_t room;           // bytes that rows may take; SLUICE_ROW_SLACK more may be written, which do not count
    size_t count, most;       // rows in the output, and how many there may be
    size_t added;             // bytes in the output that are there only because rows go into a JSON string
    sluice_row_mark *marks;   // of all rows in the output, or NULL
    uint64_t line;            // the physical line of the next record, if lines are counted
} sluice_rows;

typedef enum {
    SLUICE_ROWS_DONE,       // there are no more records before the limit
    SLUICE_ROWS_FULL,       // there is no room for the next row
    SLUICE_ROWS_IRREGULAR,  // the next record has too few or too many fields, or is blank, or has a value that is not written here
} sluice_rows_stop;

typedef struct {
    const char *name;

    // Indexes `count` bytes, fewer than 2^28, which start at a record's first byte, outside quotes. `field_ends` has room for
    // count + 80 entries, `escape_mask` for count / 64 + 1 words. Stops at the first violation; entries before it are valid.
    // A bit of `escape_mask` marks a byte inside a value that cannot be copied unchanged: a byte that JSON must escape (for
    // U+FFFE and U+FFFF, their third byte), or the second quote of a doubled one.
    // If `last` is set, the input ends after these bytes, which also ends an open record. Otherwise the last byte must not
    // be a CR.
    void (*index)(const uint8_t *bytes, size_t count, int last, sluice_dialect dialect, uint32_t *field_ends, uint64_t *escape_mask,
                  sluice_index *result);

    // Counts records from the first byte on, which starts one, as long as each has `width` fields, at least 2, and no bare CR.
    // May stop up to a block of 64 bytes before the first other record or violation. The last byte may be any.
    void (*count_records)(const uint8_t *bytes, size_t count, sluice_dialect dialect, size_t width, sluice_count *result);

    // Computes the boundary of `count` bytes. `next` is the byte after them, or -1 at the end of the input.
    void (*find_boundary)(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect, sluice_boundary *boundary);

    // Returns how many lines end in `count` bytes: at LF and, if CR ends records, at CR that no LF follows, inside quotes
    // or not. `next` is the byte after them, or -1 at the end of the input.
    size_t (*count_lines)(const uint8_t *bytes, size_t count, int next, sluice_dialect dialect);

    // Returns 1 if the bytes are well-formed UTF-8 (Unicode Standard, Table 3-7), otherwise 0.
    int (*is_utf8)(const uint8_t *bytes, size_t count);

    // Sets a bit of `masks`, (count + 63) / 64 words, for each byte that a JSON string must escape: `"`, `\` and controls.
    // Returns 1 if some byte is 0x80 or more, otherwise 0.
    int (*mark_escapes)(const uint8_t *bytes, size_t count, uint64_t *masks);

    // Writes `count` bytes, readable for 31 more (see Window.padding), as the inside of a JSON string. Returns the place after
    // the output, or NULL if a byte needs more than a backslash and a letter. `escape_mask` has a bit for each byte to escape,
    // starting with bit `first` for the first byte, and is readable for one word more. If `doubled` is set, a marked quote is
    // the second of two and an unmarked one the first, which becomes the backslash. `target` has room for the result and 64
    // bytes more.
    // The pointer is NULL where the instruction set does not help.
    uint8_t *(*write_escaped)(const uint8_t *bytes, size_t count, const uint64_t *escape_mask, size_t first, int doubled,
                              uint8_t *target);

    // Writes records of an index as rows, from `rows->next` on, up to the first that starts at `rows->limit` or that has not one
    // field for every column. Advances `rows` past them.
    sluice_rows_stop (*write_rows)(const sluice_row_format *format, sluice_rows *rows);

    // Writes the value of the field from `start` to the entry `end`, whatever the columns. Returns the place after it. `target`
    // has room for `growth` bytes for each of the value's, and SLUICE_ROW_SLACK more. Changes no more of `rows` than `added`.
    uint8_t *(*write_value)(const sluice_row_format *format, sluice_rows *rows, size_t start, uint32_t end, uint8_t *target);

    // As `write_rows`, with these members. Stops also before a record with a value that JSON does not take as it stands.
    sluice_rows_stop (*write_members)(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows);

    // As `write_members`, and writes nothing: counts the rows.
    sluice_rows_stop (*check_members)(const sluice_row_format *format, const sluice_members *members, sluice_rows *rows);

    // Adds records of an index to a profile, up to the first that starts at the limit, is blank, or has not one field for
    // every column. Advances the place past them. Returns 1 if it stopped before such a record, 0 at the limit or the end.
    int (*profile_rows)(sluice_profile *profile, sluice_profile_place *place);
} sluice_kernel;

// The kernels that this processor can run, fastest first. The last is portable C and always available.
size_t sluice_kernel_count(void);
const sluice_kernel *sluice_kernel_at(size_t position);

// Returns the offset of the first byte of that value, or `count`.
static inline size_t sluice_find(const uint8_t *bytes, size_t count, uint8_t value) {
    const uint8_t *found = memchr(bytes, value, count);
    return found ? (size_t)(found - bytes) : count;
}

// XXH3-128, without a seed.
typedef struct {
    uint64_t high, low;
} sluice_hash_value;

sluice_hash_value sluice_hash(const void *bytes, size_t count);

// The same hash over bytes that arrive in pieces. A state is memory of this size and alignment. Reset it before its first
// use; a copy of the memory is a copy of the state.
size_t sluice_hash_state_size(void);
size_t sluice_hash_state_alignment(void);
void sluice_hash_reset(void *state);
void sluice_hash_add(void *state, const void *bytes, size_t count);
sluice_hash_value sluice_hash_of(const void *state);

#endif
