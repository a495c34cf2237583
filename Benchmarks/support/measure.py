"""Runs a program and measures its wall time, processor time and peak memory.

Peak memory has two figures. `peak` is the peak resident set, which includes the pages of a mapped input although the system
may take these back at any moment; `anonymous` excludes the pages of files. `ru_maxrss` alone is not usable: for a small
program it is the size of the process that started it, which Linux counts as the child's until it has loaded its own
program. So /proc/PID/status is sampled every few milliseconds, and `ru_maxrss` is used only if it is larger than this
process has ever been.

A run with N threads gets N processors, so that helper threads of a tool are not free.
"""
import dataclasses
import os
import select
import subprocess
import time

SAMPLE_MILLISECONDS = 5


@dataclasses.dataclass
class Run:
    seconds: float
    cpu: float
    peak: int                   # of the resident set, with the pages of mapped files
    anonymous: int              # the peak without them
    switches: int               # how often it waited
    status: int
    errors: bytes


def memory(pid):
    """Returns (peak resident set, anonymous memory now) in bytes, or zeros if the process has ended."""
    peak = anonymous = 0
    try:
        with open(f"/proc/{pid}/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    peak = int(line.split()[1]) * 1024
                elif line.startswith(b"RssAnon:"):
                    anonymous = int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return peak, anonymous


def run(command, processors=None, environment=None, output=subprocess.DEVNULL, input=subprocess.DEVNULL):
    """Runs `command`. With `processors`, it may use only that many of the machine's processors."""
    allowed = os.sched_getaffinity(0)
    variables = {**os.environ, **(environment or {})}
    errors_out, errors_in = os.pipe()
    try:
        if processors:
            os.sched_setaffinity(0, sorted(allowed)[:processors])
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=errors_in, stdin=input, env=variables)
    finally:
        os.sched_setaffinity(0, allowed)
        os.close(errors_in)
    os.set_blocking(errors_out, False)
    errors = b""
    peak = anonymous = 0
    exited = os.pidfd_open(child.pid)
    poll = select.poll()
    poll.register(exited, select.POLLIN)
    while not poll.poll(SAMPLE_MILLISECONDS):
        now = memory(child.pid)
        peak, anonymous = max(peak, now[0]), max(anonymous, now[1])
        errors += drained(errors_out)
    seconds = time.perf_counter() - started
    os.close(exited)
    _, status, usage = os.wait4(child.pid, 0)
    errors += drained(errors_out)
    child.returncode = os.waitstatus_to_exitcode(status)
    os.close(errors_out)
    largest = usage.ru_maxrss * 1024
    if largest > memory(os.getpid())[0]:
        peak = largest
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak, anonymous, usage.ru_nvcsw, child.returncode, errors)


def drained(descriptor):
    try:
        return os.read(descriptor, 1 << 16)
    except BlockingIOError:
        return b""


def warm(path):
    """Reads a file into the page cache."""
    with open(path, "rb", buffering=0) as file:
        buffer = bytearray(1 << 20)
        while file.readinto(buffer):
            pass
