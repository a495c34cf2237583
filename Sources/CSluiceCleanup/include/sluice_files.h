// Calls about files and terminals that the C library does not have everywhere, or that Swift cannot call.

#ifndef SLUICE_FILES_H
#define SLUICE_FILES_H

// Lets two names change places, so that neither is missing at any moment. Returns 0, or -1 with errno set: EINVAL or ENOSYS
// where the system or the file system cannot do it.
int sluice_exchange(const char *one, const char *other);

// Renames to a name that nothing has. Returns 0, or -1 with errno set: EEXIST if something has it, EINVAL or ENOSYS where
// the system or the file system cannot do it.
int sluice_rename_new(const char *path, const char *new_path);

// Waits until the disk has what was written to any file of the file system of this descriptor. Returns 0, or -1 with errno
// set.
int sluice_sync_file_system(int descriptor);

// Locks an open file for this process until the descriptor is closed. Returns 1, 0 if another process has it, or -1 if such
// files can't be locked.
int sluice_lock(int descriptor);

// The columns of a terminal, or 0 if the descriptor is none or does not say.
int sluice_terminal_columns(int descriptor);

#endif
