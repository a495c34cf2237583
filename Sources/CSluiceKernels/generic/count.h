// Counts records without an index, as long as each has the expected number of fields.
//
// A block's field ends are counted up to its first record end, which must make the open record whole, and between record ends.
// With two columns, the block `b⏎c,d⏎e,` after an open `a,`:
//
//     ends       0 1 0 1 0 1 0 1
//     records    0 1 0 0 0 1 0 0     1 + 1 fields up to the first, 2 up to the second, 1 in the record that is open then
//
// The including file includes index.h first.

typedef struct {
    index_carry carry;
    size_t width;
    size_t open;  // fields of the open record that have ended
    size_t records;
    size_t end;  // after the last record
} record_count;

// Returns whether record ends between the first and the last are `width` fields apart.
static __attribute__((noinline)) int are_regular(uint64_t ends, uint64_t records, size_t width) {
    uint64_t rest = records & (records - 1);
    for (uint64_t before = records & -records; rest; rest &= rest - 1) {
        uint64_t here = rest & -rest;
        if ((size_t)__builtin_popcountll(ends & (here - before) << 1) != width) return 0;
        before = here;
    }
    return 1;
}

// Counts the records that end in a block. Returns false if one of them is irregular.
INLINE int count_next(const uint8_t *bytes, size_t offset, uint64_t valid, sluice_dialect dialect, record_count *count) {
    block_index found = index_block(load_block(bytes), bytes + 1, valid, dialect, &count->carry);
    uint64_t ends = found.ends, records = found.records;
    size_t all = (size_t)__builtin_popcountll(ends), number = (size_t)__builtin_popcountll(records);
    if (found.violations | count->carry.bare_cr) return 0;
    // No branch on whether a record ends here, which is hard to predict. Without one, `up_to_first` has all ends.
    uint64_t up_to_first = (records & -records) ^ ((records & -records) - 1);
    int last = 63 - __builtin_clzll(records | 1);
    size_t first = count->open + (size_t)__builtin_popcountll(ends & up_to_first);
    size_t open = (size_t)__builtin_popcountll(ends >> last >> 1);
    int is_irregular = (first != count->width) | (count->open + all != number * count->width + open);
    if ((number != 0) & is_irregular) return 0;
    if (__builtin_expect(number > 2, 0) && !are_regular(ends, records, count->width)) return 0;
    count->open = number ? open : first;
    count->end = number ? offset + (size_t)last + 1 : count->end;
    count->records += number;
    return 1;
}

INLINE void count_blocks(const uint8_t *bytes, size_t count, sluice_dialect dialect, size_t width, sluice_count *result) {
    record_count found = {.carry = {.start = 1}, .width = width};
    size_t offset = 0;
    int is_regular = 1;
    for (; is_regular && offset + 64 < count; offset += 64) {
        is_regular = count_next(bytes + offset, offset, ~0ull, dialect, &found);
    }
    if (is_regular && offset < count) {
        padded tail = pad_tail(bytes + offset, count - offset);
        count_next(tail.bytes, offset, tail.valid, dialect, &found);
    }
    *result = (sluice_count){.records = found.records, .end = found.end, .non_ascii = found.carry.non_ascii != 0};
}

static void count_records(const uint8_t *bytes, size_t count, sluice_dialect dialect, size_t width, sluice_count *result) {
    if (is_rfc4180(dialect)) {
        count_blocks(bytes, count, rfc4180, width, result);
    } else {
        count_blocks(bytes, count, dialect, width, result);
    }
}
