#define _GNU_SOURCE
#include "sluice_shell.h"

#include <signal.h>
#include <spawn.h>
#include <stddef.h>

extern char **environ;

pid_t sluice_start_shell(const char *command, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults, none;
    char *arguments[] = {"sh", "-c", (char *)command, NULL};
    pid_t child = -1;
    if (posix_spawn_file_actions_init(&actions) != 0) return -1;
    if (posix_spawnattr_init(&attributes) == 0) {
        sigemptyset(&none);
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        sigaddset(&defaults, SIGINT);
        sigaddset(&defaults, SIGTERM);
        sigaddset(&defaults, SIGHUP);
        if (posix_spawn_file_actions_adddup2(&actions, output, 1) == 0 &&
            posix_spawnattr_setsigdefault(&attributes, &defaults) == 0 && posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) == 0 &&
            posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ) != 0)
            child = -1;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return child;
}
