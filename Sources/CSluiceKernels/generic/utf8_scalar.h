// Checks UTF-8 one sequence at a time, skipping ASCII eight bytes at once. For instruction sets without a byte shuffle.

#include "blocks.h"

static inline int continues(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Returns the length of the well-formed sequence at `bytes`, or 0 if there is none (Unicode Standard, Table 3-7).
static inline size_t sequence_length(const uint8_t *bytes, size_t count) {
    uint8_t lead = bytes[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (count < length) return 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high) return 0;
    for (size_t at = 2; at < length; at++) {
        if (!continues(bytes[at])) return 0;
    }
    return length;
}

static int is_utf8(const uint8_t *bytes, size_t count) {
    size_t offset = 0;
    while (offset < count) {
        uint64_t word;
        if (count - offset >= sizeof word) {
            __builtin_memcpy(&word, bytes + offset, sizeof word);
            if (!(word & 0x8080808080808080ull)) {
                offset += sizeof word;
                continue;
            }
        }
        size_t length = sequence_length(bytes + offset, count - offset);
        if (!length) return 0;
        offset += length;
    }
    return 1;
}
