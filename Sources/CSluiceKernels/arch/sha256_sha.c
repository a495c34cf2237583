// SHA-256 of two messages at once with the SHA instructions of x86-64.
//
// Each round depends on the one before, so one message leaves the processor waiting for most of the time. The rounds of a
// second message fill the gaps: two take 1.1 times as long as one.

#include "../include/sluice_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "instruction_sets.h"

#define SHA_TARGET __attribute__((SLUICE_TARGET(SLUICE_SHA_FEATURES)))

int sluice_has_sha256_pair(void) { return SLUICE_SHA_FEATURES(__builtin_cpu_supports, &&); }

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// The eight words of a hash, a to h, in the order that the instructions take.
typedef struct {
    __m128i abef, cdgh;
} state;

// Adds `blocks` blocks of 64 bytes of each message. Inlined with a constant number of messages, so that all is in registers.
__attribute__((always_inline)) SHA_TARGET static inline void compress(state *states, const uint8_t *const *texts, size_t blocks,
                                                                      int messages) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    for (size_t block = 0; block < blocks; block++) {
        __m128i words[2][4];
        state next[2];
        for (int m = 0; m < messages; m++) {
            next[m] = states[m];
            for (int i = 0; i < 4; i++) {
                const __m128i *text = (const __m128i *)(texts[m] + block * 64 + i * 16);
                words[m][i] = _mm_shuffle_epi8(_mm_loadu_si128(text), big_endian);
            }
        }
#pragma clang loop unroll(full)
        for (int round = 0; round < 16; round++) {  // four of the 64
#pragma clang loop unroll(full)
            for (int m = 0; m < messages; m++) {
                __m128i *w = words[m], now = w[round & 3], last = w[(round + 3) & 3];
                __m128i sum = _mm_add_epi32(now, _mm_load_si128((const __m128i *)(constants + 4 * round)));
                next[m].cdgh = _mm_sha256rnds2_epu32(next[m].cdgh, next[m].abef, sum);
                next[m].abef = _mm_sha256rnds2_epu32(next[m].abef, next[m].cdgh, _mm_shuffle_epi32(sum, 0x0e));
                if (round >= 12) continue;
                __m128i new = _mm_sha256msg1_epu32(now, w[(round + 1) & 3]);
                new = _mm_add_epi32(new, _mm_alignr_epi8(last, w[(round + 2) & 3], 4));
                w[round & 3] = _mm_sha256msg2_epu32(new, last);
            }
        }
        for (int m = 0; m < messages; m++) {
            states[m].abef = _mm_add_epi32(states[m].abef, next[m].abef);
            states[m].cdgh = _mm_add_epi32(states[m].cdgh, next[m].cdgh);
        }
    }
}

SHA_TARGET static void compress_one(state *states, const uint8_t *text, size_t blocks) { compress(states, &text, blocks, 1); }

// Adds the bytes after the last whole block, and what ends a message: a one bit, zeros, and its length in bits.
SHA_TARGET static void finish(state *states, const uint8_t *text, size_t count, uint8_t digest[32]) {
    uint8_t end[128] = {0};
    size_t rest = count % 64, size = rest < 56 ? 64 : 128;
    if (rest) memcpy(end, text + (count - rest), rest);
    end[rest] = 0x80;
    for (int i = 0; i < 8; i++) end[size - 1 - i] = (uint8_t)((uint64_t)count * 8 >> (8 * i));
    compress_one(states, end, size / 64);
    uint32_t abef[4], cdgh[4];
    _mm_storeu_si128((__m128i *)abef, states->abef);
    _mm_storeu_si128((__m128i *)cdgh, states->cdgh);
    uint32_t words[8] = {abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]};
    for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(words[i / 4] >> (24 - 8 * (i % 4)));
}

SHA_TARGET void sluice_sha256_pair(const void *first, size_t first_count, const void *second, size_t second_count,
                                   uint8_t digests[64]) {
    const state start = {_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                         _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
    state states[2] = {start, start};
    const uint8_t *texts[2] = {first, second};
    size_t counts[2] = {first_count, second_count};
    size_t common = (first_count < second_count ? first_count : second_count) / 64;
    compress(states, texts, common, 2);
    for (int m = 0; m < 2; m++) {
        compress_one(&states[m], texts[m] + common * 64, counts[m] / 64 - common);
        finish(&states[m], texts[m], counts[m], digests + 32 * m);
    }
}
#else
int sluice_has_sha256_pair(void) { return 0; }
void sluice_sha256_pair(const void *first, size_t first_count, const void *second, size_t second_count, uint8_t digests[64]) {
    (void)first, (void)first_count, (void)second, (void)second_count, (void)digests;
}
#endif
