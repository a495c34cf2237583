// Limits malloc to two arenas for all threads. By default glibc creates an arena for every few threads; memory freed in one
// is of use only to its threads, and is kept. Benchmarks/NOTES.md has the measurements.

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

__attribute__((constructor)) static void share_memory_among_threads(void) { mallopt(M_ARENA_MAX, 2); }
#endif
