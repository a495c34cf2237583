// The least and the greatest value of a column.
//
// Most values are ruled out by their rank alone: a number as a double, or the first eight bytes of a text as a big-endian
// number. Where ranks are equal, or too close for doubles that were rounded, the texts decide:
//
//     0.1234567890123456789 and 0.1234567890123456788    the same double; the last digits differ

#ifndef SLUICE_EXTREMES_H
#define SLUICE_EXTREMES_H

#include "kinds.h"

// A number's digits, without the point: those of a fraction go on to the right without end, as zeros.
typedef struct {
    const uint8_t *bytes, *end;  // of the digits and the point
    int is_negative, is_zero;
    long exponent;  // of the first digit that is not zero
} decimal;

static decimal decimal_of(const uint8_t *bytes, size_t count) {
    decimal number = {bytes, bytes + count, 0, 1, 0};
    if (count && *bytes == '-') number.is_negative = 1, number.bytes++;
    const uint8_t *exponent = number.bytes;
    while (exponent < number.end && (*exponent | 0x20) != 'e') exponent++;
    int power = 0;
    if (exponent < number.end) read_exponent(exponent + 1, (size_t)(number.end - exponent - 1), &power);
    number.end = exponent;
    const uint8_t *point = number.bytes;
    while (point < number.end && *point != '.') point++;
    const uint8_t *digit = number.bytes;
    while (digit < number.end && (*digit == '0' || *digit == '.')) digit++;
    number.bytes = digit;
    number.is_zero = digit == number.end;
    number.exponent = power + (digit < point ? (long)(point - digit) - 1 : (long)(point - digit));
    return number;
}

// Returns the next digit, 0 at the end.
static int next_digit(decimal *number) {
    if (number->bytes < number->end && *number->bytes == '.') number->bytes++;
    return number->bytes < number->end ? *number->bytes++ & 15 : 0;
}

// Returns a number below 0, 0 or above, as the first is less, equal or greater.
static int compare_numbers(const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count) {
    decimal a = decimal_of(first, first_count), b = decimal_of(second, second_count);
    if (a.is_zero && b.is_zero) return 0;
    if (a.is_zero) return b.is_negative ? 1 : -1;
    if (b.is_zero) return a.is_negative ? -1 : 1;
    if (a.is_negative != b.is_negative) return a.is_negative ? -1 : 1;
    int sign = a.is_negative ? -1 : 1;
    if (a.exponent != b.exponent) return a.exponent < b.exponent ? -sign : sign;
    while (a.bytes < a.end || b.bytes < b.end) {
        int one = next_digit(&a), other = next_digit(&b);
        if (one != other) return one < other ? -sign : sign;
    }
    return 0;
}

static int compare_texts(const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count) {
    size_t a = first_count < SLUICE_EXCERPT ? first_count : SLUICE_EXCERPT;
    size_t b = second_count < SLUICE_EXCERPT ? second_count : SLUICE_EXCERPT;
    int order = memcmp(first, second, a < b ? a : b);
    return order ? order : a < b ? -1 : a > b;
}

INLINE double number_of(const sluice_extreme *extreme) {
    double value;
    memcpy(&value, &extreme->rank, sizeof value);
    return value;
}

INLINE void set_extreme(sluice_extreme *extreme, uint64_t rank, int is_exact, const uint8_t *bytes, size_t count) {
    extreme->rank = rank;
    extreme->is_exact = (uint8_t)is_exact;
    extreme->length = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    memcpy(extreme->text, bytes, count < SLUICE_EXCERPT ? count : SLUICE_EXCERPT);
}

// `sign` is -1 for the least number, 1 for the greatest. Of equal numbers the least text stays, whichever came first.
INLINE void take_number(sluice_extreme *extreme, int sign, number_rank rank, const uint8_t *bytes, size_t count) {
    double known = number_of(extreme), ahead = (rank.value - known) * sign;
    if (extreme->length) {
        double slack = rank.is_exact & extreme->is_exact ? 0 : (known < 0 ? -known : known) * 1e-12;
        if (__builtin_expect(ahead < -slack, 1)) return;
        if (ahead <= slack) {
            int order = compare_numbers(bytes, count, extreme->text, extreme->length) * sign;
            if (order < 0 || (order == 0 && compare_texts(bytes, count, extreme->text, extreme->length) >= 0)) return;
        }
    }
    uint64_t bits;
    memcpy(&bits, &rank.value, sizeof bits);
    set_extreme(extreme, bits, rank.is_exact, bytes, count);
}

// The rank of the least text is inverted, so that without a text it is the most that it can be.
INLINE void take_least(sluice_extreme *least, uint64_t inverted, const uint8_t *bytes, size_t count) {
    if (__builtin_expect(inverted < least->rank, 1)) return;
    if (inverted == least->rank && least->length && compare_texts(bytes, count, least->text, least->length) >= 0) return;
    set_extreme(least, inverted, 0, bytes, count);
}

INLINE void take_greatest(sluice_extreme *greatest, uint64_t rank, const uint8_t *bytes, size_t count) {
    if (__builtin_expect(rank < greatest->rank, 1)) return;
    if (rank == greatest->rank && compare_texts(bytes, count, greatest->text, greatest->length) <= 0) return;
    set_extreme(greatest, rank, 0, bytes, count);
}

#endif
