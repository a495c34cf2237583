// Reads bits from an array of words, starting at any bit.

// The low 57 bits of the result are those from `position` on, more than the 33 that escaping uses at a time.
INLINE uint64_t bits_at(const uint64_t *words, size_t position) {
    uint64_t bits;
    __builtin_memcpy(&bits, (const uint8_t *)words + position / 8, 8);
    return bits >> (position & 7);
}
