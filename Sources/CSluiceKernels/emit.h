// Field ends from masks to entries, one bit at a time, for instruction sets without a compress instruction.

#include "index_types.h"
#include "include/sluice_kernels.h"

static inline uint32_t *emit_ends(uint32_t *next, uint32_t offset, const block_index *found) {
    for (uint64_t rest = found->ends; rest; rest &= rest - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(rest);
        uint32_t flags = (uint32_t)((found->dirty >> bit & 1) | (found->quoted >> bit & 1) << 1 |
                                    (found->records >> bit & 1) << 2 | (found->crlf >> bit & 1) << 3);
        *next++ = (offset + bit) << SLUICE_END_SHIFT | flags;
    }
    return next;
}
