// The signals that ask a run to end in an orderly way: SIGINT, SIGTERM and SIGHUP.

#ifndef SLUICE_SIGNALS_H
#define SLUICE_SIGNALS_H

// Starts watching. The first of these signals is then only recorded, and a second one ends the process as it would by default.
// Signals that the process was started to ignore stay ignored. Returns a descriptor that becomes and stays readable with the
// first signal, or -1 with errno set. Later calls return the same descriptor.
int sluice_watch_signals(void);

// Returns the first signal that arrived since then, or 0.
int sluice_first_signal(void);

// Waits until `descriptor` has input or is at its end, and returns 1. Returns 0 if one of the signals arrived first or before.
// If signals are not watched, returns 1 at once.
int sluice_wait_for_input(int descriptor);

#endif
