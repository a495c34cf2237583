// Escapes a text for JSON, 32 bytes at a time, without a branch on where its special bytes are or how many.
//
// Each byte that JSON writes as a letter becomes that letter, and the first of two quotes becomes a backslash. Then a shuffle
// spreads eight bytes at a time to make room for backslashes. A table has one shuffle for each of the 256 patterns of bytes to
// escape. Lane 8 holds a backslash. For `a"b`, in which byte 1 is escaped:
//
//     lanes     a  "  b  …  \       numbered 0 1 2 … 8
//     row       0  8  1  2  …
//     shuffled  a  \  "  b  …

#include "table256.h"

// PLACE(m, i) is where byte `i` goes under the pattern `m`. FROM(m, j, i) is what byte `i` puts at output `j`: lane `i` if the
// byte lands there, lane 8 if its backslash does, otherwise 0. At most one byte puts something there, so LANE can OR them. For
// `m` = 0b010:
//
//     PLACE(m, 0…3)    0 2 3 4          byte 1 moves past its own backslash, later bytes move with it
//     LANE(m, 1)       8                byte 1 has its bit set, and PLACE(m, 1) == 1 + 1
//     LANE(m, 2)       1                PLACE(m, 1) == 2
//     LANE(m, 3)       2                PLACE(m, 2) == 3
//
// Places past the last byte get lane 0. The next write overwrites them.
#define PLACE(m, i) ((i) + __builtin_popcount((m) & ((2 << (i)) - 1)))
#define FROM(m, j, i) (PLACE(m, i) == (j) ? (i) : ((m) >> (i) & 1) && PLACE(m, i) == (j) + 1 ? 8 : 0)
#define LANE(m, j)                                                                                                                 \
    (FROM(m, j, 0) | FROM(m, j, 1) | FROM(m, j, 2) | FROM(m, j, 3) | FROM(m, j, 4) | FROM(m, j, 5) | FROM(m, j, 6) | FROM(m, j, 7))
#define ROW(m)                                                                                                                     \
    {LANE(m, 0), LANE(m, 1), LANE(m, 2),  LANE(m, 3),  LANE(m, 4),  LANE(m, 5),  LANE(m, 6),  LANE(m, 7),                          \
     LANE(m, 8), LANE(m, 9), LANE(m, 10), LANE(m, 11), LANE(m, 12), LANE(m, 13), LANE(m, 14), LANE(m, 15)}

static const uint8_t rows[256][16] __attribute__((aligned(16))) = {TABLE256(ROW)};

// The letter that JSON writes after a backslash for each byte below 0x10, or 0 if there is none.
static const uint8_t letters[16] = {[0x08] = 'b', [0x09] = 't', [0x0A] = 'n', [0x0C] = 'f', [0x0D] = 'r'};

// Writes 16 bytes: the low eight of `bytes` with the backslashes of `pattern`. The high eight of `bytes` are backslashes.
INLINE void write_eight(__m128i bytes, uint32_t pattern, uint8_t *target) {
    __m128i row = _mm_load_si128((const __m128i *)rows[pattern & 0xFF]);
    _mm_storeu_si128((__m128i *)target, _mm_shuffle_epi8(bytes, row));
}

// Writes a piece with the backslashes of `pattern`.
INLINE void write_piece(vector piece, uint32_t pattern, uint8_t *target) {
    const __m256i backslash = splat('\\');
    __m256i even = _mm256_unpacklo_epi64(piece, backslash), odd = _mm256_unpackhi_epi64(piece, backslash);
    uint8_t *second = target + 8 + __builtin_popcount(pattern & 0xFF);
    uint8_t *third = target + 16 + __builtin_popcount(pattern & 0xFFFF);
    uint8_t *fourth = target + 24 + __builtin_popcount(pattern & 0xFFFFFF);
    write_eight(_mm256_castsi256_si128(even), pattern, target);
    write_eight(_mm256_castsi256_si128(odd), pattern >> 8, second);
    write_eight(_mm256_extracti128_si256(even, 1), pattern >> 16, third);
    write_eight(_mm256_extracti128_si256(odd, 1), pattern >> 24, fourth);
}

// Turns the bytes of `escaped` into the letters that JSON writes after a backslash. Returns 0 if one has none.
INLINE int to_letters(vector *piece, vector escaped) {
    vector plain = or_vector(_mm256_cmpeq_epi8(*piece, splat('"')), _mm256_cmpeq_epi8(*piece, splat('\\')));
    vector translated = _mm256_andnot_si256(plain, escaped);
    // Bytes from 0x10 on become 0x80 or more, for which a lookup gives 0.
    vector letter = lookup(letters, _mm256_adds_epu8(*piece, splat(0x70)));
    vector none = _mm256_cmpeq_epi8(letter, zero_vector());
    *piece = _mm256_blendv_epi8(*piece, letter, translated);
    return __builtin_expect(_mm256_testz_si256(none, translated), 1);
}

static uint8_t *write_escaped(const uint8_t *bytes, size_t count, const uint64_t *escape_mask, size_t first, int doubled,
                              uint8_t *target) {
    const __m256i quote = splat('"'), backslash = splat('\\'), in_pairs = splat(doubled ? 0xFF : 0);
    for (size_t done = 0; done < count; done += 32) {
        size_t rest = count - done, taken = rest < 32 ? rest : 32;
        vector piece = load_vector(bytes + done);
        uint32_t special = (uint32_t)_bzhi_u64(bits_at(escape_mask, first + done), (unsigned)taken);
        // In pairs, an unmarked quote is the first of two and becomes a backslash.
        vector quotes = _mm256_cmpeq_epi8(piece, quote), pairs = and_vector(quotes, in_pairs);
        if (special == 0) {  // most pieces of long texts; the second of two quotes may be in the next piece
            _mm256_storeu_si256((__m256i *)target, _mm256_blendv_epi8(piece, backslash, pairs));
            target += taken;
            continue;
        }
        vector marked = spread_bits(special);
        vector escaped = _mm256_andnot_si256(pairs, marked);
        if (!to_letters(&piece, escaped)) return NULL;
        piece = _mm256_blendv_epi8(piece, backslash, _mm256_andnot_si256(marked, pairs));
        uint32_t pattern = (uint32_t)_mm256_movemask_epi8(escaped);
        write_piece(piece, pattern, target);
        target += taken + (size_t)__builtin_popcount(pattern);
    }
    return target;
}

// Escapes a piece as above, and what that wrote, at most 64 bytes, once more. Returns NULL as above.
static __attribute__((noinline)) uint8_t *write_piece_twice(vector piece, uint32_t taken, vector marked, vector quotes,
                                                            uint8_t *target, size_t *added) {
    const __m256i quote = splat('"'), backslash = splat('\\');
    vector escaped = _mm256_andnot_si256(quotes, marked);
    if (!to_letters(&piece, escaped)) return NULL;
    piece = _mm256_blendv_epi8(piece, backslash, _mm256_andnot_si256(marked, quotes));
    uint32_t pattern = (uint32_t)_mm256_movemask_epi8(escaped);
    uint8_t once[64 + 32] = {0};
    write_piece(piece, pattern, once);
    size_t length = taken + (size_t)__builtin_popcount(pattern);
    for (size_t start = 0; start < length; start += 32) {
        size_t left = length - start, here = left < 32 ? left : 32;
        vector text = load_vector(once + start);
        vector again = or_vector(_mm256_cmpeq_epi8(text, quote), _mm256_cmpeq_epi8(text, backslash));
        uint32_t second = _bzhi_u32((uint32_t)_mm256_movemask_epi8(again), (unsigned)here);
        write_piece(text, second, target);
        target += here + (size_t)__builtin_popcount(second);
        *added += (size_t)__builtin_popcount(second);
    }
    return target;
}

// Most pieces with special bytes have pairs of quotes only. Of a pair, the first becomes a backslash, and both get one more:
//
//     a""b    once a\"b    twice a\\\"b
uint8_t *sluice_write_nested_avx2(const uint8_t *bytes, size_t count, const uint64_t *escape_mask, size_t first, uint8_t *target,
                                  size_t *added) {
    size_t more = 0;
    for (size_t done = 0; done < count; done += 32) {
        size_t rest = count - done, taken = rest < 32 ? rest : 32;
        vector piece = load_vector(bytes + done), quotes = _mm256_cmpeq_epi8(piece, splat('"'));
        uint32_t special = (uint32_t)_bzhi_u64(bits_at(escape_mask, first + done), (unsigned)taken);
        uint32_t pattern = _bzhi_u32((uint32_t)_mm256_movemask_epi8(quotes), (unsigned)taken);
        if ((special | pattern) == 0) {
            _mm256_storeu_si256((__m256i *)target, piece);
            target += taken;
            continue;
        }
        // An unmarked quote is the first of two. The second may be in the next piece.
        vector marked = spread_bits(special);
        if (special & ~pattern) {
            target = write_piece_twice(piece, (uint32_t)taken, marked, quotes, target, &more);
            if (!target) return NULL;
            continue;
        }
        write_piece(_mm256_blendv_epi8(piece, splat('\\'), _mm256_andnot_si256(marked, quotes)), pattern, target);
        target += taken + (size_t)__builtin_popcount(pattern);
        more += (size_t)__builtin_popcount(pattern);
    }
    *added += more;
    return target;
}
