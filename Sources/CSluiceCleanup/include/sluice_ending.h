// Signals that ask a run to end in order: SIGINT, SIGTERM and SIGHUP.

#ifndef SLUICE_ENDING_H
#define SLUICE_ENDING_H

// From now on, the first of these signals is only kept, and a second one ends the process as it would by default. Signals that
// the process was started to ignore stay ignored. Returns a descriptor that becomes readable with the first signal, and stays
// so; or -1 with errno set. It can be called again, and then returns the same.
int sluice_watch_signals(void);

// The first signal that came since then; 0: none.
int sluice_ending_signal(void);

// Waits until there is input at `descriptor`, or its end. Returns 0 if one of the signals came first or before. If they are not
// watched, it returns 1 at once.
int sluice_wait_for_input(int descriptor);

#endif
