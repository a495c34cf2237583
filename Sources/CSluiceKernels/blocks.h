// What every kernel shares: the last, partial block of a range.

#ifndef SLUICE_BLOCKS_H
#define SLUICE_BLOCKS_H

#include "include/sluice_kernels.h"

typedef struct {
    uint8_t bytes[64 + 1];
    uint64_t valid;
} padded;

// 1 to 64 bytes, filled up with zeros to one more; `valid` has a bit for each byte that was there.
static inline padded pad_tail(const uint8_t *bytes, size_t count) {
    padded tail = {.valid = count < 64 ? (1ull << count) - 1 : ~0ull};
    __builtin_memcpy(tail.bytes, bytes, count);
    return tail;
}

#endif
