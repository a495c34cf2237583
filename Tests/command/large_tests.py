"""Large inputs: wide records, long records, offsets beyond 32 bits."""
import json
import os
import subprocess
import unittest

from support import BOUND, SLUICE, InDirectory, peak, run

GIB = 1 << 30


class Large(InDirectory):
    def test_a_table_of_100_000_columns_is_converted(self):
        names = ",".join(f"column {n}" for n in range(100_000))
        rows = "".join(",".join(str(row * n) for n in range(100_000)) + "\n" for row in range(1, 6))
        path = self.write("wide.csv", f"{names}\n{rows}".encode())
        for j in "12":
            done = run("convert", path, "-j", j)
            self.ended(done, 0)
            lines = done.stdout.splitlines()
            self.assertEqual(len(lines), 5)
            for row, line in enumerate(lines, 1):
                self.assertEqual(json.loads(line), {f"column {n}": str(row * n) for n in range(100_000)})

    def test_a_record_of_a_gigabyte_takes_a_small_multiple_of_its_size(self):
        path = self.path("long.csv")
        with open(path, "wb") as file:
            file.write(b'a,b\n1,2\n"')
            for _ in range(1000):
                file.write(b"0123456789abcdef" * (1 << 16))
            file.write(b'",3\n4,5\n')
        for j in "12":
            status, errors, memory = peak("convert", path, "-j", j, "--summary", "json", "--max-record", "2GiB")
            self.assertEqual(status, 0, errors)
            summary = json.loads(errors)
            self.assertEqual((summary["rows"], summary["bytesRead"]), (3, os.path.getsize(path)))
            self.assertEqual(summary["bytesWritten"], (1000 << 20) + 5 + 3 * len('{"a":"","b":""}\n'))
            # The mapped file, the row, and the 32-bit offsets into a stretch of 16 MiB.
            self.assertLess(memory, 2.5 * GIB)

    def test_an_error_beyond_4_gib_of_a_file_is_reported_at_its_place(self):
        """A hole in a file takes no disk space: here it is a quoted field of 4 GiB of NUL bytes, which are data. The test
        runs `check`, since `convert` would write 24 GiB of \\u0000. The error is in that field, so no row is made of it.
        Most of the time is spent on the pages of zeros that the system makes."""
        path = self.path("holes.csv")
        with open(path, "wb") as file:
            file.write(b'a\n1\n"')
            file.seek(4 * GIB + 1000)
            file.write(b'"x\n2\n')
        status, errors, _ = peak("check", path, "--summary", "json", "--max-record", "5GiB")
        self.assertEqual(status, 65, errors)
        error = json.loads(errors.splitlines()[0])["error"]
        self.assertEqual((error["code"], error["offset"], error["record"], error["field"]),
                         ("textAfterQuote", 4 * GIB + 1001, 3, 1))

    def test_a_stream_of_more_than_4_gib_takes_no_more_memory_than_a_short_one(self):
        """Sends 66,560 rows of 64 KiB: long rows make the test one of the stream."""
        process = subprocess.Popen([SLUICE, "check", "-", "--summary", "json"], stdin=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        block = (b"x" * 65535 + b"\n") * 16
        process.stdin.write(b"a\n")
        for _ in range(66_560 // 16):
            process.stdin.write(block)
        process.stdin.flush()
        # From /proc, as the peak of wait4 includes this process's memory when it forked.
        with open(f"/proc/{process.pid}/status") as file:
            memory = next(int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM"))
        _, errors = process.communicate(b'1"\n', timeout=BOUND)
        errors = errors.splitlines()
        error, summary = json.loads(errors[0])["error"], json.loads(errors[1])
        self.assertEqual((error["code"], error["offset"], error["record"]), ("quoteInPlain", 66_560 * 65536 + 3, 66_562))
        self.assertEqual((summary["rows"], summary["bytesRead"]), (66_560, 66_560 * 65536 + 2))
        self.assertLess(memory, 50 << 20)


if __name__ == "__main__":
    unittest.main()
