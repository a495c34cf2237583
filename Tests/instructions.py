"""Counts the instructions that a command executes, to show how work grows without measuring time."""
import os
import re
import shutil
import subprocess
import tempfile

from waiting import BOUND


def instructions(program, *arguments):
    """Returns the number of instructions of a run. Its exit status does not matter. Needs valgrind, which knows no AVX-512."""
    kernel = "sse2" if os.uname().machine == "x86_64" else "portable"
    with tempfile.TemporaryDirectory() as folder:
        # valgrind up to 3.19 cannot read the debug information.
        subprocess.run(["strip", "-o", os.path.join(folder, "program"), program], check=True)
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                               os.path.join(folder, "program"), *arguments],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=BOUND, check=False,
                              env={**os.environ, "SLUICE_KERNEL": kernel, "LC_ALL": "C"})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found:
        raise AssertionError(f"valgrind: {done.stderr}")
    return int(found.group(1))


def is_available():
    return shutil.which("valgrind") is not None and shutil.which("strip") is not None
