// The registered path and the signal handler. The handler runs at any instruction of any thread, so it only reads a static
// array that does not change while it is registered, and calls functions that POSIX lists as async-signal-safe. Reading a
// directory is not one of them, so the handler generates the names of the files in it.

#define _GNU_SOURCE
#include "sluice_cleanup.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { FREE, CLAIMED, REGISTERED };
static atomic_int state = FREE;
static char registered[PATH_MAX];
static int is_directory;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

// Removes the files `00000000.json` and on, from `number` to the first that is missing. Returns the number of that one.
static unsigned long remove_members(unsigned long number) {
    // Room for the directory, a slash, the digits of any number, and `.json`.
    char member[sizeof registered + 32];
    size_t length = strlen(registered);
    memcpy(member, registered, length);
    member[length++] = '/';
    for (;; number++) {
        char digits[20];
        size_t count = 0, end = length;
        for (unsigned long rest = number; rest > 0 || count < 8; rest /= 10) digits[count++] = (char)('0' + rest % 10);
        while (count > 0) member[end++] = digits[--count];
        memcpy(member + end, ".json", sizeof ".json");
        if (unlink(member) != 0) return number;
    }
}

static void remove_registered(void) {
    if (!is_directory) {
        unlink(registered);
        return;
    }
    // Repeat if files were removed and the directory is not empty: another thread may be writing the next file.
    for (unsigned long number = 0, next; (next = remove_members(number)), rmdir(registered) != 0 && next > number;) number = next;
}

static void on_signal(int signal) {
    if (atomic_load(&state) == REGISTERED) remove_registered();
    // SA_RESETHAND has restored the default action. It runs when this handler returns.
    raise(signal);
}

static void install(void) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGABRT, SIGILL, SIGTRAP, SIGSEGV};
    for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
        struct sigaction action = {0}, previous;
        if (sigaction(signals[index], NULL, &previous) != 0 || previous.sa_handler != SIG_DFL) continue;
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESETHAND | SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(signals[index], &action, NULL);
    }
}

int sluice_remove_on_signal(const char *path, int directory) {
    size_t length = strlen(path);
    if (length >= sizeof registered) return errno = ENAMETOOLONG, -1;
    int expected = FREE;
    if (!atomic_compare_exchange_strong(&state, &expected, CLAIMED)) return errno = EBUSY, -1;
    pthread_once(&installed, install);
    memcpy(registered, path, length + 1);
    is_directory = directory;
    atomic_store(&state, REGISTERED);
    return 0;
}

void sluice_keep_output(void) { atomic_store(&state, FREE); }
