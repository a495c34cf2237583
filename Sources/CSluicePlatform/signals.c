// The signal handler runs at any instruction of any thread, so it only changes an atomic, and calls functions that POSIX
// lists as async-signal-safe.

#define _GNU_SOURCE
#include "sluice_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int first = 0;
// A pipe. The byte written on a signal is never read, so the pipe stays readable for everyone who waits.
static int ends[2] = {-1, -1};
static atomic_int watched = -1;
static pthread_mutex_t installing = PTHREAD_MUTEX_INITIALIZER;

static void on_signal(int number) {
    int error = errno, none = 0;
    if (atomic_compare_exchange_strong(&first, &none, number)) {
        char byte = 0;
        // The pipe is empty, so this can't fail.
        ssize_t written = write(ends[1], &byte, 1);
        (void)written;
    } else {
        struct sigaction action = {0};
        action.sa_handler = SIG_DFL;
        sigaction(number, &action, NULL);
        // The default action runs when this handler returns.
        raise(number);
    }
    errno = error;
}

static void install(void) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
        struct sigaction action = {0}, previous;
        if (sigaction(signals[index], NULL, &previous) != 0 || previous.sa_handler == SIG_IGN) continue;
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(signals[index], &action, NULL);
    }
}

int sluice_watch_signals(void) {
    pthread_mutex_lock(&installing);
    if (atomic_load(&watched) < 0 && pipe(ends) == 0) {
        fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        atomic_store(&watched, ends[0]);
        install();
    }
    pthread_mutex_unlock(&installing);
    return atomic_load(&watched);
}

int sluice_first_signal(void) { return atomic_load(&first); }

int sluice_wait_for_input(int descriptor) {
    int signals = atomic_load(&watched);
    if (signals < 0) return 1;
    struct pollfd both[] = {{.fd = signals, .events = POLLIN}, {.fd = descriptor, .events = POLLIN}};
    // If the descriptor cannot be polled, return: reading it reports why.
    while (poll(both, 2, -1) < 0 && errno == EINTR) {}
    return both[0].revents & POLLIN ? 0 : 1;
}
