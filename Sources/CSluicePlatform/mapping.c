// The mapping, and the SIGBUS handler that protects it. The handler runs in the thread that faulted, at any instruction, so it
// only reads a table of atomics and calls mmap, a plain system call on Linux.

#define _GNU_SOURCE
#include "sluice_mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct sluice_mapping {
    uint8_t *bytes;
    size_t size, reserved;
    int descriptor;  // a duplicate, to query the file's size
    int slot;
};

// The mappings that the handler knows. A slot is free while `start` is 0. The handler sets `truncated`.
enum { SLOTS = 256 };
static struct {
    _Atomic uintptr_t start, end;
    _Atomic int truncated;
} slots[SLOTS];

static size_t page_size;
static struct sigaction previous;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

static void on_bus_error(int signal, siginfo_t *info, void *context) {
    uintptr_t address = (uintptr_t)info->si_addr;
    for (int slot = 0; slot < SLOTS; slot++) {
        if (address < atomic_load(&slots[slot].start) || address >= atomic_load(&slots[slot].end)) continue;
        uintptr_t page = address & ~(uintptr_t)(page_size - 1);
        void *zeros = mmap((void *)page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros == MAP_FAILED) break;
        atomic_store(&slots[slot].truncated, 1);
        return;
    }
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(signal, info, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(signal);
    } else {
        // Restores the default action, which is taken when the faulting instruction runs again.
        sigaction(SIGBUS, &previous, NULL);
    }
}

static void install(void) {
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = {0};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous);
}

static int claim_slot(uintptr_t start, uintptr_t end) {
    for (int slot = 0; slot < SLOTS; slot++) {
        uintptr_t free_slot = 0;
        if (!atomic_compare_exchange_strong(&slots[slot].start, &free_slot, start)) continue;
        atomic_store(&slots[slot].truncated, 0);
        atomic_store(&slots[slot].end, end);
        return slot;
    }
    return -1;
}

sluice_mapping *sluice_mapping_open(int descriptor, size_t size) {
    pthread_once(&installed, install);
    if (size > SIZE_MAX - 2 * page_size) return errno = EFBIG, NULL;
    size_t reserved = (size + page_size - 1) / page_size * page_size + page_size;
    // Map zero pages first, then the file over all but the last page: so memory after the file's last byte is readable.
    uint8_t *bytes = mmap(NULL, reserved, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED) return NULL;
    int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    sluice_mapping *mapping = malloc(sizeof *mapping);
    if (own < 0 || !mapping || mmap(bytes, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) == MAP_FAILED) goto fail;
    madvise(bytes, size, MADV_SEQUENTIAL);
    *mapping = (sluice_mapping){bytes, size, reserved, own, claim_slot((uintptr_t)bytes, (uintptr_t)bytes + reserved)};
    if (mapping->slot < 0) {
        errno = EMFILE;
        goto fail;
    }
    return mapping;
fail:;
    int reason = errno;
    if (own >= 0) close(own);
    free(mapping);
    munmap(bytes, reserved);
    errno = reason;
    return NULL;
}

const uint8_t *sluice_mapping_bytes(const sluice_mapping *mapping) { return mapping->bytes; }

int sluice_mapping_descriptor(const sluice_mapping *mapping) { return mapping->descriptor; }

int sluice_mapping_is_truncated(const sluice_mapping *mapping) {
    if (atomic_load(&slots[mapping->slot].truncated)) return 1;
    // In the page that contains the new end, bytes past that end read as zeros without a signal, so the size must be checked.
    struct stat status;
    return fstat(mapping->descriptor, &status) == 0 && S_ISREG(status.st_mode) && (size_t)status.st_size < mapping->size;
}

void sluice_mapping_release(const sluice_mapping *mapping, size_t start, size_t end) {
    start = (start + page_size - 1) / page_size * page_size;
    end = end / page_size * page_size;
    if (start < end) madvise(mapping->bytes + start, end - start, MADV_DONTNEED);
}

void sluice_mapping_close(sluice_mapping *mapping) {
    atomic_store(&slots[mapping->slot].end, 0);
    atomic_store(&slots[mapping->slot].start, 0);
    munmap(mapping->bytes, mapping->reserved);
    close(mapping->descriptor);
    free(mapping);
}
