// A file that goes when the process is ended by a signal.
//
// An output that is not complete yet has a temporary name. Its owner removes it on every way out but one: SIGINT,
// SIGTERM or SIGHUP, whose default action runs none of the process's code, or the signal of a trap, as when Swift's runtime
// finds no memory. For these a handler is installed that removes the file and then lets the signal do what it does. Signals
// that the process was started to ignore stay ignored.

#ifndef SLUICE_CLEANUP_H
#define SLUICE_CLEANUP_H

// From now on, until sluice_keep_file, a signal that ends the process removes the file at `path` first. One file at a
// time. Returns 0, or -1 with errno set if another file is registered or the path is too long.
int sluice_remove_on_signal(const char *path);
void sluice_keep_file(void);

#endif
