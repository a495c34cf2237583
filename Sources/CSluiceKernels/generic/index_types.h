// The masks of one block, before they are written as entries.

#ifndef SLUICE_INDEX_TYPES_H
#define SLUICE_INDEX_TYPES_H

#include <stdint.h>

// For the parts of the loop over a stretch: as real calls they would pass blocks and masks through memory.
#define INLINE static inline __attribute__((always_inline))

// Keeps the compiler from moving a mask back into vectors, where shifting and adding it takes three times as long.
#define SCALAR(value) __asm__("" : "+r"(value))

typedef struct {
    uint64_t ends;         // bytes that end a field
    uint64_t records;      // of these, bytes that end the record
    uint64_t crlf;         // of these, LFs that follow a CR
    uint64_t quoted;       // ends of fields that start with a quote
    uint64_t dirty;        // ends of fields with special bytes
    uint64_t escape_mask;  // bytes of values that cannot be copied unchanged
    uint64_t violations;   // bytes that RFC 4180 does not allow where they stand
} block_index;

#endif
