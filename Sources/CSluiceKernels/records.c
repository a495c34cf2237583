#include "sluice_kernels.h"

// The fields of a record are independent, so the loop is compiled to vectors. Reading on to the next record's entries is
// avoided by testing first whether there are enough.
size_t sluice_plain_records(const uint32_t *ends, size_t count, size_t width, uint32_t start, uint32_t ordinal,
                            sluice_record *records) {
    size_t found = 0;
    for (size_t first = 0; first + width <= count; first += width) {
        uint32_t last = ends[first + width - 1];
        uint32_t inner = 0, doubts = last & last >> 1;
        for (size_t field = 0; field + 1 < width; field++) {
            uint32_t end = ends[first + field];
            inner |= end;
            doubts |= end & end >> 1;
        }
        // The flag of doubled quotes is bit 0 of `doubts`: SLUICE_END_DIRTY and, shifted onto it, SLUICE_END_QUOTED.
        uint32_t content_end = (last >> SLUICE_END_SHIFT) - (last & SLUICE_END_CRLF ? 1 : 0);
        int is_blank = width == 1 && content_end == start;
        if (inner & SLUICE_END_RECORD || !(last & SLUICE_END_RECORD) || doubts & SLUICE_END_DIRTY || is_blank) break;
        records[found] = (sluice_record){
            .first = (uint32_t)first,
            .count = (uint32_t)width,
            .offset = start,
            .ordinal = ordinal + (uint32_t)found,
        };
        found++;
        start = (last >> SLUICE_END_SHIFT) + 1;
    }
    return found;
}
