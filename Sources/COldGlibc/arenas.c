// Has all threads take memory from two places. With a place for every few threads, as glibc has it, most of what is freed is
// of use to some of them only, and stays. What it gives is in Benchmarks/NOTES.md.

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

__attribute__((constructor)) static void share_memory_among_threads(void) { mallopt(M_ARENA_MAX, 2); }
#endif
