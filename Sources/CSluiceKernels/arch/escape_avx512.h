// Escapes a text for JSON, 32 bytes at a time, without a branch on where its special bytes are or how many.
//
// For `a⏎""b` in a quoted field, whose escape_mask are ⏎ and the second quote:
//
//     bytes      a  ⏎  "  "  b
//     letters    a  n  \  "  b      ⏎ becomes its letter, the first of two quotes a backslash
//     pairs     \a \n \\ \" \b      each byte gets a backslash in front,
//     kept      01 11 01 01 01      which is kept only before a byte to escape
//     compressed a \n \ " b

// The letter that JSON writes after a backslash for each byte below 0x40, or 0 if there is none.
static const uint8_t letters[64] __attribute__((aligned(64))) = {
    [0x08] = 'b', [0x09] = 't', [0x0A] = 'n', [0x0C] = 'f', [0x0D] = 'r', ['"'] = '"',
};

static uint8_t *write_escaped(const uint8_t *bytes, size_t count, const uint64_t *escape_mask, size_t first, int doubled,
                              uint8_t *target) {
    const __m512i table = _mm512_load_si512(letters), backslash = _mm512_set1_epi8('\\');
    const uint64_t quotes = doubled ? ~0ull : 0;
    for (size_t done = 0; done < count; done += 32) {
        size_t rest = count - done;
        // One byte more than the piece has: the second of two quotes may be there.
        uint64_t valid = _bzhi_u64(~0ull, rest < 33 ? (unsigned)rest : 33);
        __m512i piece = _mm512_maskz_loadu_epi8(valid, bytes + done);
        uint64_t special = bits_at(escape_mask, first + done) & valid;
        size_t taken = rest < 32 ? rest : 32;
        if (special == 0) {  // most pieces of long texts
            _mm256_storeu_si256((__m256i *)target, _mm512_castsi512_si256(piece));
            target += taken;
            continue;
        }
        uint64_t second = special & equal(piece, '"') & quotes;
        uint64_t escaped = special & ~second;
        uint64_t translated = escaped & ~equal(piece, '\\');
        __m512i letter = _mm512_permutexvar_epi8(piece, table);
        // The table sees six bits of a byte. Of the special bytes only third bytes of U+FFFE and U+FFFF use more: they find 0.
        if (__builtin_expect(_mm512_mask_testn_epi8_mask(translated, letter, letter) != 0, 0)) return NULL;
        piece = _mm512_mask_mov_epi8(piece, translated, letter);
        piece = _mm512_mask_mov_epi8(piece, second >> 1, backslash);
        // From here on, pairs of bytes: one for each of the piece's 32 bytes.
        uint64_t kept = _pdep_u64(escaped, 0x5555555555555555) | 0xAAAAAAAAAAAAAAAA;
        __m512i pairs = _mm512_slli_epi16(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(piece)), 8);
        _mm512_storeu_si512(target, _mm512_maskz_compress_epi8(kept, _mm512_or_si512(pairs, _mm512_set1_epi16('\\'))));
        target += taken + (size_t)__builtin_popcountll(_bzhi_u64(escaped, 32));
    }
    return target;
}
