// Linux and Darwin have a call for each of these, under different names. Elsewhere callers do without.

#define _GNU_SOURCE
#include "sluice_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
// The values of RENAME_EXCHANGE and RENAME_NOREPLACE, which some C libraries are too old to define.
enum { EXCHANGE = 1 << 1, UNUSED_NAME = 1 << 0 };
#elif defined(__APPLE__)
#include <limits.h>
#include <mach-o/dyld.h>
enum { EXCHANGE = RENAME_SWAP, UNUSED_NAME = RENAME_EXCL };
#else
enum { EXCHANGE, UNUSED_NAME };
#endif

static int rename_with(const char *path, const char *new_path, unsigned flags) {
#ifdef SYS_renameat2
    // Called by number: those C libraries lack the function too.
    return (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, new_path, flags);
#elif defined(__APPLE__)
    return renamex_np(path, new_path, flags);
#else
    (void)path, (void)new_path, (void)flags;
    return errno = ENOSYS, -1;
#endif
}

int sluice_exchange(const char *one, const char *other) { return rename_with(one, other, EXCHANGE); }
int sluice_rename_new(const char *path, const char *new_path) { return rename_with(path, new_path, UNUSED_NAME); }

int sluice_sync(int descriptor) {
#ifdef __APPLE__
    // fsync leaves the bytes in the drive's own memory. Not every file system can do more.
    if (fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
    return fsync(descriptor);
}

int sluice_sync_file_system(int descriptor) {
#ifdef __linux__
    return syncfs(descriptor);
#elif defined(__APPLE__)
    return fsync_volume_np(descriptor, SYNC_VOLUME_FULLSYNC | SYNC_VOLUME_WAIT);
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

char *sluice_program_path(void) {
#ifdef __APPLE__
    char path[PATH_MAX];
    uint32_t size = sizeof path;
    return _NSGetExecutablePath(path, &size) == 0 ? realpath(path, NULL) : NULL;
#else
    return realpath("/proc/self/exe", NULL);
#endif
}
