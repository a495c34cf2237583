// Prefix xor by doubling: after each line a bit holds the xor of twice as many bits, itself and those below it. With eight
// bits, least significant first, and quotes at 0 and 4:
//
//     bits        1 0 0 0 1 0 0 0
//     after << 1  1 1 0 0 1 1 0 0     bit i: the xor of bits i - 1…i
//     after << 2  1 1 1 1 1 1 1 1     bit i: the xor of bits i - 3…i
//     after << 4  1 1 1 1 0 0 0 0     bit i: the xor of bits 0…i

#include <stdint.h>

static inline uint64_t prefix_xor(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}
