// Writes field ends from masks as entries, for instruction sets without a compress instruction.
//
// Each round writes eight entries, even if fewer bits are left: a branch for each bit would often be mispredicted. The index
// has room for the surplus entries, and the next block overwrites them.

#include "index_types.h"
#include "../include/sluice_kernels.h"

static inline uint32_t flag_at(uint64_t mask, uint32_t bit, int flag) {
    return (uint32_t)(mask >> (bit & 63) & 1) * (uint32_t)flag;
}

INLINE uint32_t *emit_ends(uint32_t *next, uint32_t offset, const block_index *found) {
    uint32_t *end = next + __builtin_popcountll(found->ends);
    uint64_t rest = found->ends, marked = found->dirty | found->quoted | found->crlf;
    for (; next < end; next += 8) {
        for (int i = 0; i < 8; i++) {
            uint32_t bit = rest ? (uint32_t)__builtin_ctzll(rest) : 0;
            next[i] = (offset + bit) << SLUICE_END_SHIFT | flag_at(found->records, bit, SLUICE_END_RECORD);
            if (marked) {
                next[i] |= flag_at(found->dirty, bit, SLUICE_END_DIRTY) | flag_at(found->quoted, bit, SLUICE_END_QUOTED) |
                           flag_at(found->crlf, bit, SLUICE_END_CRLF);
            }
            rest &= rest - 1;
        }
    }
    return end;
}
