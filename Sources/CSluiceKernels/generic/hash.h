// XXH3-128 from xxhash.h of libxxhash-dev, compiled into this module: three times as fast as its archive, and nothing to link.
// Included once for each instruction set, whose file may set XXH_VECTOR. The hash is the same for all.

#if !__has_include(<xxhash.h>)
#error "xxhash.h is missing: tools/setup installs it, or apt-get install libxxhash-dev"
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "../include/sluice_kernels.h"

static sluice_hash_value to_value(XXH128_hash_t hash) { return (sluice_hash_value){hash.high64, hash.low64}; }

static sluice_hash_value hash(const void *bytes, size_t count) { return to_value(XXH3_128bits(bytes, count)); }
static void add(void *state, const void *bytes, size_t count) { XXH3_128bits_update(state, bytes, count); }
