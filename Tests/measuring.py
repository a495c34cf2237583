"""Measures the peak memory of a command.

A process's `ru_maxrss` includes what its parent has in memory when it forks, which may be much for tests. So a small program
starts the command, waits for it and writes down its peak.
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
