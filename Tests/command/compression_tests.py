"""Compressed output: `--zstd`, checked with the zstd tool."""
import os
import pty
import subprocess
import unittest

from support import SLUICE, InDirectory, run


class Compressed(InDirectory):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.csv", b"a\n1\n2\n")

    def test_zstd_writes_one_frame_with_a_checksum_in_every_way_of_running(self):
        data = b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(100_000))
        big = self.write("big.csv", data)
        rows = run("convert", big).stdout
        frames = [run("convert", "--zstd", big, "-j", j).stdout for j in "12"]
        frames += [run("convert", "--zstd=3", "-", data=data).stdout, run("convert", "--zstd=19", big).stdout]
        self.assertEqual(frames[0], frames[1])
        self.assertEqual(frames[0], frames[2])
        self.assertLess(len(frames[3]), len(frames[0]))
        for frame in frames:
            self.assertEqual(subprocess.run(["zstd", "-dc"], input=frame, capture_output=True).stdout, rows)
        listing = subprocess.run(["zstd", "-lv", self.write("f.zst", frames[0])], capture_output=True).stdout
        self.assertIn(b"Zstandard Frames: 1\n", listing)
        self.assertIn(b"Check: XXH64", listing)

    def test_a_terminal_gets_compressed_bytes_only_on_request(self):
        for options, status in ([], 64), (["-o", "-"], 0):
            ours, theirs = pty.openpty()
            done = subprocess.run([SLUICE, "convert", "--zstd", self.input, *options], stdout=theirs,
                                  stderr=subprocess.PIPE, timeout=60)
            os.close(theirs)
            self.ended(done, status)
            self.assertEqual(b"to write it here anyway: -o -" in done.stderr, status == 64)
            os.close(ours)
        self.assertTrue(run("convert", self.input, "--zstd").stdout.startswith(b"\x28\xb5\x2f\xfd"))

    def test_zstd_takes_a_level_only_after_an_equals_sign(self):
        self.write("7", b"a\n7\n")
        done = run("convert", "--zstd", "7", "-o", "out.zst", cwd=self.directory)
        self.ended(done, 0)
        for level in "0", "99", "x", "":
            self.ended(run("convert", self.input, f"--zstd={level}"), 64)

    def test_rows_before_an_error_can_be_read_from_the_compressed_output(self):
        done = run("convert", "--zstd", self.write("bad.csv", b'a\n1\n2"\n'))
        self.ended(done, 65)
        self.assertEqual(subprocess.run(["zstd", "-dc"], input=done.stdout, capture_output=True).stdout, b'{"a":"1"}\n')


if __name__ == "__main__":
    unittest.main()
