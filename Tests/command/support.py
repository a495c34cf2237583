"""Shared by the tests of the command: the command itself, and a directory for each test."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measuring import allocated, measured  # noqa: F401
from waiting import BOUND, read_until, until  # noqa: F401

SLUICE = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "sluice"
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FIXTURES = os.path.join(ROOT, "Fixtures")


def run(*arguments, data=None, kernel=None, **options):
    environment = dict(os.environ, **({"SLUICE_KERNEL": kernel} if kernel else {}))
    return subprocess.run([SLUICE, *arguments], input=data, capture_output=True, env=environment, timeout=BOUND, **options)


def peak(*arguments, data=None):
    """Runs the command, and returns its status, standard error and peak memory in bytes. Discards its output."""
    done, memory = measured([SLUICE, *arguments], input=data, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=BOUND)
    return done.returncode, done.stderr, memory


class InDirectory(unittest.TestCase):
    """Tests that write files, each in its own empty directory."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def files(self):
        return sorted(os.listdir(self.directory))

    def ended(self, done, status):
        self.assertEqual(done.returncode, status, done.stderr)

    def error(self, done):
        """Returns the error in the last line of a run with `--summary json`."""
        return json.loads(done.stderr.splitlines()[-1])["error"]


class CountsWork(InDirectory):
    """Counts instructions instead of time, so that other load on the machine does not matter."""

    def instructions(self, *arguments, statuses=(0,)):
        # valgrind up to 3.19 can't read the compiler's debug information, which this test does not need.
        program = self.path("stripped")
        if not os.path.exists(program):
            subprocess.run(["strip", "-o", program, SLUICE], check=True)
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + self.path("counts"), program,
                               *arguments],
                              capture_output=True, timeout=BOUND, env=dict(os.environ, SLUICE_KERNEL="portable"))
        self.assertIn(done.returncode, statuses, done.stderr)
        return int(re.search(rb"Collected : (\d+)", done.stderr)[1])

    def assertLinear(self, make, size, *arguments, most=5.5, **options):
        """Requires that four times the input takes about four times the work."""
        counts = [self.instructions("convert", self.write("a.csv", make(n)), "-j", "1", *arguments, **options)
                  for n in (1, size, 4 * size)]
        start, one, four = counts
        self.assertLess((four - start) / (one - start), most, counts)
