// Prefix xor by one carry-less multiplication with all ones. That is the xor of `bits << 0`, `bits << 1`, … `bits << 63`, so
// bit i of the product is the xor of bits 0…i. With eight bits, least significant first, and quotes at 0 and 4:
//
//     bits           1 0 0 0 1 0 0 0
//     from bit 0     1 1 1 1 1 1 1 1     its copies, shifted by 0…7
//     from bit 4     0 0 0 0 1 1 1 1     its copies, shifted by 0…3
//     product        1 1 1 1 0 0 0 0

static inline uint64_t prefix_xor(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}
