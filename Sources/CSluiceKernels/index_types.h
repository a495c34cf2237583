// What the index knows of one block, before it is written out as entries.

#ifndef SLUICE_INDEX_TYPES_H
#define SLUICE_INDEX_TYPES_H

#include <stdint.h>

// For the parts of the one loop over a tile: as calls they would pass blocks and masks through memory.
#define INLINE static inline __attribute__((always_inline))

// Keeps the compiler from taking a mask back into vectors, where shifting and adding it costs three times the time.
#define SCALAR(value) __asm__("" : "+r"(value))

typedef struct {
    uint64_t ends;        // bytes that end a field
    uint64_t records;     // of these, bytes that end the record
    uint64_t crlf;        // of these, LFs with a CR before
    uint64_t quoted;      // ends of fields that start with a quote
    uint64_t dirty;       // ends of fields with special bytes
    uint64_t specials;    // bytes of values that cannot be copied as they are
    uint64_t violations;  // bytes where RFC 4180 allows no such byte
} block_index;

#endif
