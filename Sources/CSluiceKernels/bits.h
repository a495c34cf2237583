// Bits of a row of words from any place on.

// The low 57 bits are those from `position` on: more than the bytes that are escaped at a time.
INLINE uint64_t bits_at(const uint64_t *words, size_t position) {
    uint64_t bits;
    __builtin_memcpy(&bits, (const uint8_t *)words + position / 8, 8);
    return bits >> (position & 7);
}
