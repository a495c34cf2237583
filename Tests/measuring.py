"""Measures the memory of a command.

The peak: a process's `ru_maxrss` includes what its parent has in memory when it forks, which may be much for tests. So a small
program starts the command, waits for it and writes down its peak.

Without pages of mapped files: the system keeps no peak of that. It is read again and again while the command runs. The most that
is seen may be less than the peak, but not by much if the command keeps what it allocates.
"""
import subprocess
import sys
import tempfile

_PROGRAM = """
import os, sys
path, *command = sys.argv[1:]
_, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
with open(path, "w") as file:
    file.write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status) % 256)
"""


def measured(command, **options):
    """Runs a command with options of subprocess.run. Returns what that returns, and the command's peak memory in bytes."""
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run([sys.executable, "-S", "-c", _PROGRAM, file.name, *command], check=False, **options)
        return done, int(file.read()) * 1024


def allocated(command, **options):
    """Runs a command with options of subprocess.Popen. Returns its status, and the most memory that it was seen to have without
    pages of files; None if it ended before that was read."""
    seen = []
    with subprocess.Popen(command, **options) as process:
        while process.poll() is None:
            with open(f"/proc/{process.pid}/status") as file:
                seen += [int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon:")]
    return process.returncode, max(seen, default=None)
