// File and terminal calls that not every C library has, or that Swift cannot call.

#ifndef SLUICE_FILES_H
#define SLUICE_FILES_H

// Exchanges two names atomically, so that neither is ever missing. Returns 0, or -1 with errno set: EINVAL or ENOSYS if
// the system or the file system does not support it.
int sluice_exchange(const char *one, const char *other);

// Renames a file to an unused name. Returns 0, or -1 with errno set: EEXIST if the name is in use, EINVAL or ENOSYS if the
// system or the file system does not support it.
int sluice_rename_new(const char *path, const char *new_path);

// Waits until the content of a file, or the names in a directory, are on disk. Returns 0, or -1 with errno set.
int sluice_sync(int descriptor);

// Waits until everything written to the descriptor's file system is on disk. Returns 0, or -1 with errno set.
int sluice_sync_file_system(int descriptor);

// Locks an open file for this process until the descriptor is closed. Returns 1, 0 if another process holds the lock, or -1 if
// such files cannot be locked.
int sluice_lock(int descriptor);

// Returns the number of columns of a terminal, or 0 if the descriptor is not a terminal or does not report it.
int sluice_terminal_columns(int descriptor);

// Returns the path of the program that this process runs, without links, or NULL. The caller frees it.
char *sluice_program_path(void);

#endif
