// An output that goes when the process is ended by a signal.
//
// An output that is not complete yet has a temporary name. Its owner removes it on every way out but one: SIGINT,
// SIGTERM or SIGHUP, whose default action runs none of the process's code, or the signal of a trap, as when Swift's runtime
// finds no memory. For these a handler is installed that removes it and then lets the signal do what it does. Signals that the
// process was started to ignore stay ignored.

#ifndef SLUICE_CLEANUP_H
#define SLUICE_CLEANUP_H

// From now on, until sluice_keep_output, a signal that ends the process first removes the file at `path` or, if that is a
// directory, the files 00000000.json, 00000001.json and on in it, and then it. One output at a time. Returns 0, or -1 with
// errno set if another one is registered or the path is too long.
int sluice_remove_on_signal(const char *path, int is_directory);
void sluice_keep_output(void);

#endif
