// Linux has a system call for each of these. Elsewhere callers do without.

#define _GNU_SOURCE
#include "sluice_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

static int rename_with(const char *path, const char *new_path, unsigned flags) {
#ifdef SYS_renameat2
    // Called by number: some C libraries are older than the function.
    return (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, new_path, flags);
#else
    (void)path, (void)new_path, (void)flags;
    return errno = ENOSYS, -1;
#endif
}

// The values of RENAME_EXCHANGE and RENAME_NOREPLACE, which those libraries do not define either.
int sluice_exchange(const char *one, const char *other) { return rename_with(one, other, 1 << 1); }
int sluice_rename_new(const char *path, const char *new_path) { return rename_with(path, new_path, 1 << 0); }

int sluice_sync_file_system(int descriptor) {
#ifdef __linux__
    return syncfs(descriptor);
#else
    (void)descriptor;
    sync();
    return 0;
#endif
}

int sluice_lock(int descriptor) {
    while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) return errno == EWOULDBLOCK ? 0 : -1;
    }
    return 1;
}

int sluice_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
