// The registered path and the handler. The handler runs at any instruction of any thread, so it only reads a static array
// that is not changed while it is registered, and calls functions that POSIX lists as async-signal-safe.

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
static pthread_once_t installed = PTHREAD_ONCE_INIT;

static void on_signal(int signal) {
    if (atomic_load(&state) == REGISTERED) unlink(registered);
    // SA_RESETHAND has put the default action back; it comes when this handler returns.
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

int sluice_remove_on_signal(const char *path) {
    size_t length = strlen(path);
    if (length >= sizeof registered) return errno = ENAMETOOLONG, -1;
    int expected = FREE;
    if (!atomic_compare_exchange_strong(&state, &expected, CLAIMED)) return errno = EBUSY, -1;
    pthread_once(&installed, install);
    memcpy(registered, path, length + 1);
    atomic_store(&state, REGISTERED);
    return 0;
}

void sluice_keep_file(void) { atomic_store(&state, FREE); }
