// Removes an incomplete output if a signal ends the process.
//
// An incomplete output has a temporary name. Its owner removes it, except when a signal kills the process: SIGINT, SIGTERM,
// SIGHUP, or a trap of Swift's runtime. A handler for these signals removes the output and then lets the signal take effect.
// Signals that the process was started to ignore stay ignored.

#ifndef SLUICE_CLEANUP_H
#define SLUICE_CLEANUP_H

// Until sluice_keep_output is called, a signal that ends the process first removes the file at `path`. If that is a directory,
// it removes the files 00000000.json, 00000001.json and on in it, then the directory. Only one output can be registered at a
// time. Returns 0, or -1 with errno set if another one is registered or the path is too long.
int sluice_remove_on_signal(const char *path, int is_directory);
void sluice_keep_output(void);

#endif
