// File mappings that cannot crash their reader.
//
// Reading a mapped page beyond the file's end raises SIGBUS. That happens if another program truncates a file that is being
// read. Inside a mapping made here such a read yields zeros instead, and the mapping is marked as truncated. The owner must
// check that before it relies on what it has read. SIGBUS elsewhere goes to the previous handler.

#ifndef SLUICE_MAPPING_H
#define SLUICE_MAPPING_H

#include <stddef.h>
#include <stdint.h>

typedef struct sluice_mapping sluice_mapping;

// Maps `size` > 0 bytes of the file, read-only and private, followed by at least 4096 readable zero bytes. The caller may close
// the descriptor: the mapping has its own. Returns NULL and sets errno on failure.
sluice_mapping *sluice_mapping_open(int descriptor, size_t size);
const uint8_t *sluice_mapping_bytes(const sluice_mapping *mapping);
// Returns the mapping's own descriptor of the file, open as long as the mapping exists.
int sluice_mapping_descriptor(const sluice_mapping *mapping);
// Returns 1 if the file is shorter than it was, or a read found it so. Takes a system call.
int sluice_mapping_is_truncated(const sluice_mapping *mapping);
// Removes the whole pages between two offsets from this process's memory, if possible. Reading them loads them again.
void sluice_mapping_release(const sluice_mapping *mapping, size_t start, size_t end);
void sluice_mapping_close(sluice_mapping *mapping);

#endif
