// Writes field ends from masks as entries, eight bytes of the input at a time.
//
// A table has the numbers of the bits that are set in each of the 256 masks of eight bytes. It gathers the entries of the bytes
// that end fields: a shuffle by the numbers. For `a,"b",c⏎`, whose ends are at 1, 5 and 7:
//
//     entry bytes   00 10 20 30 40 52 60 74     the byte's number, and the flags QUOTED and RECORD of the field that it ends
//     numbers        1  5  7  0  0  0  0  0     of the mask 0b10100010
//     gathered      10 52 74 00 00 00 00 00     three count; the next eight bytes' overwrite the others

#include "../generic/index_types.h"
#include "../include/sluice_kernels.h"
#include "table256.h"

// NUMBER(m, j) is the number of the bit of `m` that has `j` set bits below it, or 0.
#define IS_NUMBER(m, j, i) ((m) >> (i) & 1 && __builtin_popcount((m) & ((1 << (i)) - 1)) == (j) ? (i) : 0)
#define NUMBER(m, j)                                                                                                               \
    (IS_NUMBER(m, j, 0) | IS_NUMBER(m, j, 1) | IS_NUMBER(m, j, 2) | IS_NUMBER(m, j, 3) | IS_NUMBER(m, j, 4) | IS_NUMBER(m, j, 5) | \
     IS_NUMBER(m, j, 6) | IS_NUMBER(m, j, 7))
#define NUMBERS(m) {NUMBER(m, 0), NUMBER(m, 1), NUMBER(m, 2), NUMBER(m, 3), NUMBER(m, 4), NUMBER(m, 5), NUMBER(m, 6), NUMBER(m, 7)}

static const uint8_t numbers[256][8] __attribute__((aligned(64))) = {TABLE256(NUMBERS)};

// Returns 0xFF in byte i if bit i is set, else 0. Each group of eight bytes gets its byte of `bits` eight times, and each byte
// keeps its own bit of that: for bits 0x00000002 group 0 holds 02 02 02 …, and only byte 1, whose own bit is 02, keeps it.
INLINE __m256i spread_bits(uint32_t bits) {
    const __m256i sources = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i own = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), sources);
    return _mm256_cmpeq_epi8(_mm256_and_si256(spread, own), own);
}

INLINE __m256i add_flags(__m256i entries, uint64_t mask, int half, int flag) {
    __m256i flagged = spread_bits((uint32_t)(mask >> 32 * half));
    return _mm256_or_si256(entries, _mm256_and_si256(flagged, _mm256_set1_epi8((char)flag)));
}

// Writes the entries of eight bytes, in the low half of `entries`. Those after the last end are overwritten next.
INLINE uint32_t *emit_eight(uint32_t *next, __m128i entries, uint64_t ends, __m256i start) {
    __m128i row = _mm_loadl_epi64((const __m128i *)numbers[ends]);
    __m256i gathered = _mm256_cvtepu8_epi32(_mm_shuffle_epi8(entries, row));
    _mm256_storeu_si256((__m256i *)next, _mm256_add_epi32(gathered, start));
    return next + __builtin_popcountll(ends);
}

INLINE uint32_t *emit_ends(uint32_t *next, uint32_t offset, const block_index *found) {
    const __m256i eight = _mm256_set1_epi32(8 << SLUICE_END_SHIFT);
    __m256i start = _mm256_set1_epi32((int)(offset << SLUICE_END_SHIFT));
    uint64_t marked = found->dirty | found->quoted | found->crlf, ends = found->ends;
    for (int half = 0; half < 2; half++) {
        __m256i entries = _mm256_set1_epi64x(0x7060504030201000);
        entries = add_flags(entries, found->records, half, SLUICE_END_RECORD);
        if (marked) {
            entries = add_flags(entries, found->dirty, half, SLUICE_END_DIRTY);
            entries = add_flags(entries, found->quoted, half, SLUICE_END_QUOTED);
            entries = add_flags(entries, found->crlf, half, SLUICE_END_CRLF);
        }
        for (int quarter = 0; quarter < 2; quarter++, ends >>= 16) {
            __m128i sixteen = quarter ? _mm256_extracti128_si256(entries, 1) : _mm256_castsi256_si128(entries);
            next = emit_eight(next, sixteen, ends & 0xFF, start);
            start = _mm256_add_epi32(start, eight);
            next = emit_eight(next, _mm_unpackhi_epi64(sixteen, sixteen), ends >> 8 & 0xFF, start);
            start = _mm256_add_epi32(start, eight);
        }
    }
    return next;
}
