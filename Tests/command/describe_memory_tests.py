"""The memory of `describe`, which docs/describe.md limits by threads and columns, whatever the size of the input."""
import random
import subprocess
import unittest

from support import SLUICE, InDirectory, allocated, peak, until

MIB = 1 << 20
# What the command takes without a thread's tables.
LEAST = 2 * MIB


class Memory(InDirectory):
    def table(self, width, size):
        """Writes a file of different values."""
        chance = random.Random(width)
        rows = [b",".join(b"%x" % chance.getrandbits(40) for _ in range(width)) + b"\n" for _ in range(max(4, 100_000 // width))]
        block, count = b"".join(rows), 0
        with open(self.path("a.csv"), "wb") as file:
            count += file.write(b",".join(b"c%d" % n for n in range(width)) + b"\n")
            while count < size:
                count += file.write(block)
        return self.path("a.csv")

    def assert_takes(self, width, each):
        """Requires that `describe` takes at most so much memory for each thread."""
        # Each of three threads needs some of the 4 MiB blocks.
        path = self.table(width, 28 * MIB)
        for jobs in 1, 3:
            self.assert_allocates(LEAST + jobs * each, "-j", str(jobs), path)
        with open(path, "rb") as file:
            self.assert_allocates(LEAST + each, "-", stdin=file)

    def assert_allocates(self, most, *arguments, stdin=None):
        def run():
            if stdin:
                stdin.seek(0)
            status, memory = allocated([SLUICE, "describe", *arguments], stdin=stdin, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            self.assertEqual(status, 0)
            return memory

        self.assertLessEqual(until(run, "memory while it runs"), most)

    def test_a_thread_takes_3_mib_for_up_to_32_columns(self):
        for width in 1, 8, 32:
            self.assert_takes(width, 3 * MIB)

    def test_a_thread_takes_8_mib_for_1000_columns(self):
        self.assert_takes(1000, 8 * MIB)

    def test_a_thread_takes_half_a_gib_for_100_000_columns(self):
        self.assert_takes(100_000, 512 * MIB)

    def test_pages_of_a_file_that_were_read_do_not_stay(self):
        path = self.table(4, 160 * MIB)
        # A thread that is late loads again what another has released.
        for jobs, most in ("1", 64 * MIB), ("2", 112 * MIB):
            status, errors, memory = peak("describe", "-j", jobs, path)
            self.assertEqual(status, 0, errors)
            self.assertLess(memory, most)


if __name__ == "__main__":
    unittest.main()
