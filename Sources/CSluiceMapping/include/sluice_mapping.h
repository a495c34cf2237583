// A file in memory that cannot crash its reader.
//
// Reading a mapped page that lies beyond the file's end raises SIGBUS: what happens when somebody truncates a file that
// is being read. Inside a mapping made here such a read yields zeros instead, and the mapping is marked as torn, which
// its owner must ask about before it believes what it has read. SIGBUS elsewhere goes to whoever handled it before.

#ifndef SLUICE_MAPPING_H
#define SLUICE_MAPPING_H

#include <stddef.h>
#include <stdint.h>

typedef struct sluice_mapping sluice_mapping;

// Maps `size` > 0 bytes of the file, read-only and private, followed by at least 4096 readable zero bytes. The descriptor may
// be closed: the mapping has one of its own.
// Returns NULL and sets errno if that is impossible.
sluice_mapping *sluice_mapping_open(int descriptor, size_t size);
const uint8_t *sluice_mapping_bytes(const sluice_mapping *mapping);
// The mapping's own descriptor of the file, open as long as the mapping is.
int sluice_mapping_descriptor(const sluice_mapping *mapping);
// 1 if the file is shorter than it was, or a read found it so. Costs a system call.
int sluice_mapping_is_torn(const sluice_mapping *mapping);
// Takes the whole pages between two offsets out of this process's memory, as far as possible; a read brings them back.
void sluice_mapping_release(const sluice_mapping *mapping, size_t start, size_t end);
void sluice_mapping_close(sluice_mapping *mapping);

#endif
