// Shared by all kernels: the last, partial block of a range.

#ifndef SLUICE_BLOCKS_H
#define SLUICE_BLOCKS_H

#include "../include/sluice_kernels.h"

typedef struct {
    uint8_t bytes[64 + 1];
    uint64_t valid;
} padded;

// Copies 1 to 64 bytes and pads them with zeros to 65. `valid` has a bit for each byte that was copied.
static inline padded pad_tail(const uint8_t *bytes, size_t count) {
    padded tail = {.valid = count < 64 ? (1ull << count) - 1 : ~0ull};
    __builtin_memcpy(tail.bytes, bytes, count);
    return tail;
}

// Also copies the byte after them, if it is LF: `next`, or -1 at the end of the input.
static inline padded pad_tail_before(int next, const uint8_t *bytes, size_t count) {
    padded tail = pad_tail(bytes, count);
    tail.bytes[count] = next == '\n' ? '\n' : 0;
    return tail;
}

#endif
