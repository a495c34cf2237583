// Starting a command of the shell's.

#ifndef SLUICE_SHELL_H
#define SLUICE_SHELL_H

#include <sys/types.h>

// Starts `sh -c command` with this process's environment, its standard output going to `output`, and with the signals as
// they are by default, whatever this process ignores. Returns the process's number, or -1.
pid_t sluice_start_shell(const char *command, int output);

#endif
