// Starts shell commands.

#ifndef SLUICE_SHELL_H
#define SLUICE_SHELL_H

#include <sys/types.h>

// Starts `sh -c command` with this process's environment, its standard output going to `output`. Signals have their default
// actions, whatever this process ignores. Returns the process id, or -1.
pid_t sluice_start_shell(const char *command, int output);

#endif
