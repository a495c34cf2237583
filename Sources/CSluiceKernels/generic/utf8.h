// Checks UTF-8 with the lookup algorithm of Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte"
// (2020), doi 10.1002/spe.2920.
//
// Every error shows in two neighbouring bytes. Three tables, indexed by the first byte's high nibble, its low nibble and the
// second byte's high nibble, give the set of errors that each nibble allows. An error is present if all three agree:
//
//     E0 80    first_high[E]     TOO_SHORT, OVERLONG_3, SURROGATE
//              first_low[0]      TOO_SHORT, TOO_LONG, TWO_CONTS, OVERLONG_2, OVERLONG_3, OVERLONG_4
//              second_high[8]    TOO_LONG, TWO_CONTS, OVERLONG_2, OVERLONG_3, OVERLONG_4, TOO_LARGE_8
//              all three         OVERLONG_3: an error
//     E0 A0    second_high[A]    TOO_LONG, TWO_CONTS, OVERLONG_2, SURROGATE, TOO_LARGE
//              all three         none: no error
//
// The tables do not see whether a three- or four-byte lead gets all its continuation bytes. Looking two and three bytes back
// shows where a third or fourth byte is due: there, and only there, TWO_CONTS is required rather than an error.
//
// The including file supplies vector, VECTOR_BYTES, load_vector, zero_vector, lookup, high_nibbles, low_nibbles,
// before1, before2, before3, and_vector, or_vector, xor_vector, subtract, splat and is_zero.

#include "blocks.h"

enum {
    TOO_SHORT = 1 << 0,    // a lead followed by a lead or by ASCII
    TOO_LONG = 1 << 1,     // ASCII followed by a continuation
    OVERLONG_3 = 1 << 2,   // E0 80…9F
    TOO_LARGE = 1 << 3,    // F4…FF 90…BF
    SURROGATE = 1 << 4,    // ED A0…BF
    OVERLONG_2 = 1 << 5,   // C0…C1 80…BF
    TOO_LARGE_8 = 1 << 6,  // F5…FF 80…8F
    OVERLONG_4 = 1 << 6,   // F0 80…8F
    TWO_CONTS = 1 << 7,    // a continuation after a continuation
    ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTS,
};

// clang-format off
static const uint8_t first_high[16] = {
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_CONTS, TWO_CONTS, TWO_CONTS, TWO_CONTS,
    TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_8 | OVERLONG_4,
};

static const uint8_t first_low[16] = {
    ANY_LOW | OVERLONG_2 | OVERLONG_3 | OVERLONG_4, ANY_LOW | OVERLONG_2, ANY_LOW, ANY_LOW, ANY_LOW | TOO_LARGE,
    ANY_LOW | TOO_LARGE | TOO_LARGE_8, ANY_LOW | TOO_LARGE | TOO_LARGE_8, ANY_LOW | TOO_LARGE | TOO_LARGE_8,
    ANY_LOW | TOO_LARGE | TOO_LARGE_8, ANY_LOW | TOO_LARGE | TOO_LARGE_8, ANY_LOW | TOO_LARGE | TOO_LARGE_8,
    ANY_LOW | TOO_LARGE | TOO_LARGE_8, ANY_LOW | TOO_LARGE | TOO_LARGE_8,
    ANY_LOW | TOO_LARGE | TOO_LARGE_8 | SURROGATE,
    ANY_LOW | TOO_LARGE | TOO_LARGE_8, ANY_LOW | TOO_LARGE | TOO_LARGE_8,
};

static const uint8_t second_high[16] = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    TOO_LONG | TWO_CONTS | OVERLONG_2 | OVERLONG_3 | OVERLONG_4 | TOO_LARGE_8,
    TOO_LONG | TWO_CONTS | OVERLONG_2 | OVERLONG_3 | TOO_LARGE,
    TOO_LONG | TWO_CONTS | OVERLONG_2 | SURROGATE | TOO_LARGE,
    TOO_LONG | TWO_CONTS | OVERLONG_2 | SURROGATE | TOO_LARGE,
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
};
// clang-format on

static inline vector check_pairs(vector here, vector previous) {
    vector first = before1(here, previous);
    vector errors = and_vector(lookup(first_high, high_nibbles(first)), lookup(first_low, low_nibbles(first)));
    errors = and_vector(errors, lookup(second_high, high_nibbles(here)));
    // Bit 7 is set exactly where a third or fourth byte is due: saturating subtraction leaves it only for E0… and F0….
    // In E0 A0 80 the pair A0 80 gives TWO_CONTS, 0x80; E0 - 0x60 = 0x80 is due there; the xor is 0, so no error.
    vector due =
        or_vector(subtract(before2(here, previous), splat(0xE0 - 0x80)), subtract(before3(here, previous), splat(0xF0 - 0x80)));
    return xor_vector(and_vector(due, splat(0x80)), errors);
}

static int is_utf8(const uint8_t *bytes, size_t count) {
    vector errors = zero_vector(), previous = zero_vector();
    size_t offset = 0;
    for (; offset + VECTOR_BYTES <= count; offset += VECTOR_BYTES) {
        vector here = load_vector(bytes + offset);
        errors = or_vector(errors, check_pairs(here, previous));
        previous = here;
    }
    // Zeros pad the tail, so a sequence that the end cuts short is TOO_SHORT like any other.
    uint8_t tail[VECTOR_BYTES] = {0};
    __builtin_memcpy(tail, bytes + offset, count - offset);
    return is_zero(or_vector(errors, check_pairs(load_vector(tail), previous)));
}
