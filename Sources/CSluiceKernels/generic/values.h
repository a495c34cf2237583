// Checks values of the common types, eight bytes at a time.
//
// Each check accepts only values that JSON takes as they stand, so that they can be copied. All others are the caller's: some
// of them are valid too, such as `+1` or `1,000`, and it knows what is wrong with the rest.
//
// A byte b is a digit if b ^ '0' is at most 9, so if adding 0x76 does not reach its high bit. For `12:4` of the bytes that
// should be `00:00`, lowest byte first:
//
//     bytes            31 32 3A 34
//     ^ 30 30 3A 30    01 02 00 04
//     + 76 76 7F 76    77 78 7F 7A      no high bit: two digits, a colon (which the xor must make 0), a digit
//
// A byte of 0x80 or more may carry into the one above it, but is then found itself.

#ifndef SLUICE_VALUES_H
#define SLUICE_VALUES_H

#include "index_types.h"

#define EACH_BYTE(byte) (0x0101010101010101ull * (byte))

// The first byte is the lowest.
INLINE uint64_t load_word(const uint8_t *bytes) {
    uint64_t word;
    __builtin_memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

// Returns a mask of the first 1 to 8 bytes of a word.
INLINE uint64_t first_bytes(size_t count) { return ~0ull >> (64 - 8 * count); }

// Returns the high bits of the bytes that are too large for their allowance, if there are any.
INLINE uint64_t beyond(uint64_t xored, uint64_t allowance) { return ((xored + allowance) | xored) & EACH_BYTE(0x80); }

INLINE uint64_t non_digits(uint64_t word) { return beyond(word ^ EACH_BYTE('0'), EACH_BYTE(0x76)); }

// A mask of the first 1 to 8 bytes of a word, by their count.
static const uint64_t first_bytes_of[9] = {
    0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, ~0ull,
};

// A number of at most eight bytes without its sign: its bytes ^ '0', the first the lowest, and how many there are.
typedef struct {
    uint64_t all, digits;  // with and without the bytes after it
    int64_t count;
} short_number;

INLINE short_number unsigned_of(const uint8_t *bytes, size_t count) {
    uint64_t word = load_word(bytes);
    unsigned sign = (uint8_t)word == '-';
    short_number number = {.all = word >> 8 * sign ^ EACH_BYTE('0'), .count = (int64_t)(count - sign)};
    number.digits = number.all & first_bytes_of[count - sign];
    return number;
}

// Below 0 if the first of several digits is a zero, or if there are none.
INLINE int64_t misses_digits(short_number number) {
    int64_t before_first = (int64_t)(number.all & 0xFF) - 1;
    return (before_first & (1 - number.count)) | (number.count - 1);
}

// `-?(0|[1-9][0-9]*)` of one to eight bytes. No branches: whether there is a sign, or one digit, is hard to predict.
INLINE int is_short_integer(const uint8_t *bytes, size_t count) {
    short_number number = unsigned_of(bytes, count);
    uint64_t found = (number.digits + EACH_BYTE(0x76)) | number.digits | (uint64_t)misses_digits(number);
    return !(found & EACH_BYTE(0x80));
}

// `-?(0|[1-9][0-9]*)(\.[0-9]+)?` of one to eight bytes.
INLINE int is_short_number(const uint8_t *bytes, size_t count) {
    short_number number = unsigned_of(bytes, count);
    uint64_t others = ((number.digits + EACH_BYTE(0x76)) | number.digits) & EACH_BYTE(0x80);
    if (!others) return misses_digits(number) >= 0;
    // It must be one other byte, a point, and neither the first nor the last. After a first zero it must be the second.
    uint64_t place = others >> 7, first_and_last = 0x80 | 0x80ull << 8 * ((number.count - 1) & 7);
    int is_point = !(others & (others - 1)) & ((number.digits & place * 0xFF) == place * ('.' ^ '0'));
    return is_point & !(others & first_and_last) & (((number.all & 0xFF) != 0) | (others == 0x8000));
}

static __attribute__((noinline)) int are_many_digits(const uint8_t *bytes, size_t count) {
    uint64_t found = non_digits(load_word(bytes + count - 8));
    for (size_t offset = 0; offset + 8 < count; offset += 8) found |= non_digits(load_word(bytes + offset));
    return !found;
}

// At least one digit. Reads up to seven bytes after them.
INLINE int are_digits(const uint8_t *bytes, size_t count) {
    if (count <= 8) return !(non_digits(load_word(bytes)) & first_bytes(count));
    return are_many_digits(bytes, count);
}

// `-?(0|[1-9][0-9]*)`, with at most `most` digits.
INLINE int is_integer(const uint8_t *bytes, size_t count, size_t most) {
    size_t sign = bytes[0] == '-', digits = count - sign;
    bytes += sign;
    // No digits wrap around to too many.
    if (digits - 1 >= most) return 0;
    if ((bytes[0] == '0') & (digits > 1)) return 0;
    return are_digits(bytes, digits);
}

// `-?(0|[1-9][0-9]*)(\.[0-9]+)?`, with at most `most` digits and points.
static __attribute__((noinline)) int is_number(const uint8_t *bytes, size_t count, size_t most) {
    size_t sign = bytes[0] == '-', digits = count - sign, point = 0;
    bytes += sign;
    if (digits - 1 >= most) return 0;
    while (point < digits && bytes[point] != '.') point++;
    if (point == 0 || point + 1 == digits || ((bytes[0] == '0') & (point > 1))) return 0;
    if (point == digits) return are_digits(bytes, digits);
    return are_digits(bytes, point) && are_digits(bytes + point + 1, digits - point - 1);
}

// Returns a word whose byte n is the number of two digits that bytes n and n + 1 are.
INLINE uint64_t pairs_of(uint64_t digits) { return digits * 10 + (digits >> 8); }

// `YYYY-MM-DD`, a day from the year 1 to 9999. Reads ten bytes.
INLINE int is_date(const uint8_t *bytes) {
    // For each month the number of its days, and none for what is no month.
    static const uint8_t lengths[128] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t start = load_word(bytes) ^ 0x2D30302D30303030;    // 0000-00-
    uint64_t end = load_word(bytes + 2) ^ 0x30302D30302D3030;  // 00-00-00
    uint64_t found = beyond(start, 0x7F76767F76767676) | beyond(end, 0x76767F76767F7676);
    uint64_t pairs = pairs_of(end);
    unsigned month = (unsigned)(pairs >> 24) & 0x7F, day = (unsigned)(pairs >> 48) & 0xFF;
    if (found || day - 1 >= lengths[month] || !(uint32_t)start) return 0;
    if (month != 2 || day != 29) return 1;
    unsigned century = (unsigned)pairs_of(start) & 0xFF, year = (unsigned)pairs & 0xFF;
    return (year ? year : century) % 4 == 0;
}

// `hh:mm:ss`. Reads eight bytes.
INLINE int is_time(const uint8_t *bytes) {
    uint64_t digits = load_word(bytes) ^ 0x30303A30303A3030;  // 00:00:00
    // The high bit of each pair shows whether it is at least 24 or 60.
    uint64_t late = pairs_of(digits) + 0x0044000044000068;
    return !(beyond(digits, 0x76767F76767F7676) | (late & 0x0080000080000080));
}

// `YYYY-MM-DDThh:mm:ss`, with or without a Z.
INLINE int is_datetime(const uint8_t *bytes, size_t count) {
    if (count != 19 && (count != 20 || bytes[19] != 'Z')) return 0;
    return bytes[10] == 'T' && is_date(bytes) && is_time(bytes + 11);
}

// `YYYY`, without a leading zero.
INLINE int is_year(const uint8_t *bytes, size_t count) { return count == 4 && bytes[0] != '0' && are_digits(bytes, 4); }

#endif
