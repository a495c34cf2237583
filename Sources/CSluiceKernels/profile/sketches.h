// Which values are frequent, and how many different ones there are, in constant memory.
//
// Both work on a hash of the value. Its lowest bits are a place among pending values, its highest the register of a
// HyperLogLog sketch (Flajolet et al. 2007): a register keeps the most zeros that followed in any hash, so many zeros mean
// many hashes. Bits in between choose one of the sets of frequent values. A set has four, and a tag of each:
//
//     hash    sketch register | zeros …   tag   set   pending place

#ifndef SLUICE_SKETCHES_H
#define SLUICE_SKETCHES_H

#include <string.h>

#include "../include/sluice_profile.h"

#include "../generic/values.h"

enum { WAYS = 4, SHORT = 15 };

// What distinguishes a value: its bytes and their number if there are at most SHORT, otherwise a hash.
typedef struct {
    uint64_t first, second, hash;
} value_id;

INLINE uint64_t folded(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static const uint64_t salts[3] = {0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0x8CB92BA72F3D8DD7};

// Masks of the first and the second eight bytes of a value, by its length.
static const uint64_t short_masks[SHORT + 1][2] = {
    {0, 0},
    {0xFF, 0},
    {0xFFFF, 0},
    {0xFFFFFF, 0},
    {0xFFFFFFFF, 0},
    {0xFFFFFFFFFF, 0},
    {0xFFFFFFFFFFFF, 0},
    {0xFFFFFFFFFFFFFF, 0},
    {~0ull, 0},
    {~0ull, 0xFF},
    {~0ull, 0xFFFF},
    {~0ull, 0xFFFFFF},
    {~0ull, 0xFFFFFFFF},
    {~0ull, 0xFFFFFFFFFF},
    {~0ull, 0xFFFFFFFFFFFF},
    {~0ull, 0xFFFFFFFFFFFFFF},
};

// A value of one to SHORT bytes: the first the lowest, then zeros, and their number in the highest byte.
INLINE value_id id_of_short(const uint8_t *bytes, size_t count) {
    uint64_t first = load_word(bytes), second = load_word(bytes + 8);
    SCALAR(first);
    SCALAR(second);
    first &= short_masks[count][0];
    second = (second & short_masks[count][1]) | (uint64_t)count << 56;
    return (value_id){first, second, folded(first ^ salts[0], second ^ salts[1])};
}

INLINE size_t length_of(uint64_t second) { return second >> 56; }
INLINE uint64_t text_of(uint64_t second) { return second & ~0ull >> 8; }

// A value of more than SHORT bytes.
INLINE value_id id_of_long(const uint8_t *bytes, size_t count) {
    uint64_t hash = count * salts[2], second = 0;
    for (size_t at = 0; at + 16 < count; at += 16) {
        hash = folded(load_word(bytes + at) ^ salts[0] ^ hash, load_word(bytes + at + 8) ^ salts[1]);
    }
    second = folded(load_word(bytes + count - 16) ^ salts[1] ^ hash, load_word(bytes + count - 8) ^ salts[0]);
    hash = folded(second ^ count, salts[2]);
    return (value_id){hash, second, hash};
}

INLINE void add_to_sketch(uint8_t *sketch, unsigned bits, uint64_t hash) {
    // The hash of a short value is good enough for tables only.
    hash = (hash ^ hash >> 32) * salts[2];
    uint8_t *place = &sketch[hash >> (64 - bits)];
    // The added bit bounds the zeros.
    uint8_t zeros = (uint8_t)(__builtin_clzll(hash << bits | 1ull << (bits - 1)) + 1);
    // No branch: in a range of few records it would be hard to predict.
    SCALAR(zeros);
    *place = zeros > *place ? zeros : *place;
}

INLINE size_t set_of(const sluice_profile *profile, uint64_t hash) { return hash >> 12 & (((size_t)1 << profile->set_bits) - 1); }
// Never 0.
INLINE uint32_t tag_of(uint64_t hash) { return (uint32_t)(hash >> 20) | 1; }

INLINE int is_same(const sluice_frequent *value, uint64_t first, uint64_t second, uint32_t length) {
    return !((value->first ^ first) | (value->second ^ second) | (value->length ^ length));
}

// Returns the place of a value in its set, or -1.
INLINE int find_frequent(const uint32_t *tags, const sluice_frequent *set, uint32_t tag, uint64_t first, uint64_t second,
                         uint32_t length) {
    for (int way = 0; way < WAYS; way++) {
        if (tags[way] == tag && is_same(&set[way], first, second, length)) return way;
    }
    return -1;
}

// Returns a free place of a set, or that of the rarest value.
INLINE int rarest(const uint32_t *tags, const sluice_frequent *set) {
    int found = 0;
    for (int way = 0; way < WAYS; way++) {
        if (!tags[way]) return way;
        if (set[way].count < set[found].count) found = way;
    }
    return found;
}

// Adds a value that occurs `times` times. Once some value found no place, one that occurs only once at a time is not looked
// up: in a column without repetitions that would cost most.
static void add_frequent(const sluice_profile *profile, sluice_column *column, const uint8_t *bytes, size_t count, value_id id,
                         uint64_t times) {
    if (times == 1 && column->has_lost) return;
    size_t number = set_of(profile, id.hash);
    uint32_t *tags = column->tags + WAYS * number, tag = tag_of(id.hash);
    sluice_frequent *set = column->frequent + WAYS * number;
    uint32_t length = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    int way = find_frequent(tags, set, tag, id.first, id.second, length);
    if (way >= 0) {
        set[way].count += times;
        return;
    }
    way = rarest(tags, set);
    if (tags[way]) {
        column->has_lost = 1;
        if (set[way].count >= times) return;
    }
    tags[way] = tag;
    set[way] = (sluice_frequent){.first = id.first, .second = id.second, .count = times, .length = length};
    memcpy(set[way].text, bytes, count < SLUICE_FREQUENT_TEXT ? count : SLUICE_FREQUENT_TEXT);
}

#endif
