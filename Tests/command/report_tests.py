"""The command's output on standard error: errors, summaries, progress; and its version."""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from support import BOUND, FIXTURES, ROOT, SLUICE, InDirectory, read_until, run

ORDERS = os.path.join(FIXTURES, "orders.csv")


class Report(InDirectory):
    def test_says_nothing_by_default(self):
        self.assertEqual(run("convert", ORDERS).stderr, b"")
        self.assertEqual(run("check", ORDERS).stderr, b"")

    def test_a_summary_counts_rows_records_and_bytes(self):
        done = run("convert", ORDERS, ORDERS, "--summary", "json", "-j", "3", kernel="portable")
        summary = json.loads(done.stderr)
        self.assertGreater(summary.pop("seconds"), 0)
        self.assertGreaterEqual(summary.pop("megabytesPerSecond"), 0)
        self.assertEqual(summary, {
            "rows": 6, "records": 8, "rejected": 0, "bytesRead": 2 * os.path.getsize(ORDERS),
            "bytesWritten": len(done.stdout), "kernel": "portable", "threads": 3,
        })
        text = run("convert", ORDERS, "--summary", "text", kernel="portable").stderr.decode()
        self.assertRegex(text, r"^3 rows of 4 records; \d+ B read, \d+ B written in \d+\.\d{3} s, \d+\.\d MB/s; "
                               r"kernel portable, threads 2\n$")

    def test_a_summary_counts_the_same_from_files_streams_and_any_number_of_threads(self):
        data = "\ufeffa,b\n".encode() + b'"x\n",y\n\n' * 300_000
        path = self.write("in.csv", data)
        for done in [run("convert", path, "-j", "1", "--summary", "json"), run("convert", path, "--summary", "json"),
                     run("convert", "-", "--summary", "json", data=data), run("check", path, "--summary", "json")]:
            summary = json.loads(done.stderr)
            self.assertEqual((summary["rows"], summary["records"], summary["bytesRead"]), (300_000, 600_001, len(data)))

    def test_an_error_is_an_object_if_the_summary_is(self):
        path = self.write('q"uote.csv', b'a,b\n1,2\n3,4"\n')
        done = run("convert", path, "--summary", "json")
        self.ended(done, 65)
        report = json.loads(done.stderr)
        self.assertEqual(report["error"], {
            "code": "quoteInPlain", "line": 3, "record": 3, "field": 2, "column": "b", "offset": 11, "file": path,
            "message": "quote inside an unquoted field",
            "advice": "to accept such quotes as data: --quote-in-plain data",
        })
        self.assertEqual((report["rows"], report["records"], report["bytesRead"]), (1, 2, 8))

    def test_an_error_comes_before_a_summary_in_text(self):
        path = self.write("bad.csv", b'a\n1\n"\n')
        lines = run("convert", path, "--summary", "text").stderr.decode().splitlines()
        self.assertTrue(lines[0].startswith(f"{path}:3: error: "), lines)
        self.assertTrue(lines[1].startswith("1 row of 2 records"), lines)

    def test_prints_its_version_and_its_kernels(self):
        with open(os.path.join(ROOT, "Sources", "SluiceEngine", "Version.swift")) as file:
            version = re.search(r'version = "(.*)"', file.read()).group(1)
        self.assertEqual(run("--version").stdout.decode(), f"sluice {version}\n")
        lines = run("--version", "--verbose", kernel="portable").stdout.decode().splitlines()
        self.assertEqual(lines[:2], [f"sluice {version}", "kernel: portable"])
        self.assertRegex(lines[2], r"^available: (.*, )?portable$")

    PROGRESS = re.compile(rb"2\.0 kB, \d+\.\d MB/s\x1b\[K")

    def on_terminal(self, *arguments, lines):
        """Returns what a slow run writes to standard error, which is a terminal. The run ends after `lines` progress
        lines."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([SLUICE, "convert", "-", *arguments], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        process.stdin.write(b"a\n" + b"1\n" * 1000)
        process.stdin.flush()
        text = read_until(ours, lambda text: len(self.PROGRESS.findall(text)) >= lines, "progress on a terminal")
        process.stdin.close()
        self.assertEqual(process.wait(timeout=BOUND), 0)
        try:
            while chunk := os.read(ours, 4096):
                text += chunk
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        return text.decode()

    def test_shows_progress_on_a_terminal_and_clears_it_at_the_end(self):
        lines = self.on_terminal(lines=2).split("\r")
        self.assertGreaterEqual(len(lines), 4, lines)
        for line in lines[1:-1]:
            self.assertRegex(line, r"^(0 B|2\.0 kB), \d+\.\d MB/s\x1b\[K$")
        self.assertEqual(lines[-1], "\x1b[K")
        self.assertEqual(self.on_terminal("--progress", "none", lines=0), "")
        self.assertEqual(run("convert", "--progress", "auto", ORDERS).stderr, b"")

    def test_shows_how_much_of_a_file_is_left(self):
        """After some rows no process reads the pipe, so the run stops in the middle of the file."""
        path = self.write("big.csv", b"a\n" + b"1\n" * 5_000_000)
        ours, theirs = pty.openpty()
        process = subprocess.Popen([SLUICE, "convert", path], stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        process.stdout.read(10_000_000)
        expected = re.compile(rb"\r(\d\.\d MB of 10\.0 MB \(\d+ %\), \d+\.\d MB/s, [^\r]*(s|min) left)\x1b\[K")
        read_until(ours, expected.search, "how much is left")
        process.stdout.read()
        self.assertEqual(process.wait(timeout=BOUND), 0)
        process.stdout.close()
        os.close(ours)

    def test_progress_fits_a_narrow_terminal(self):
        """Shows as much as fits on one line, or nothing if nothing fits."""
        path = self.write("big.csv", b"a\n" + b"1\n" * 5_000_000)
        for columns, pattern in [(80, r"\d\.\d MB of 10\.0 MB \(\d+ %\), \d+\.\d MB/s, .*left"),
                                 (40, r"\d\.\d MB of 10\.0 MB \(\d+ %\), .* left"),
                                 (25, r"\d\.\d MB of 10\.0 MB \(\d+ %\)"), (10, r"\d+ %"), (3, "")]:
            ours, theirs = pty.openpty()
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            process = subprocess.Popen([SLUICE, "convert", path], stdout=subprocess.PIPE, stderr=theirs)
            os.close(theirs)
            process.stdout.read(10_000_000)
            # No process reads the pipe, so the run stops and the line is repeated.
            lines = ""
            while lines.count("\x1b[K") < 3:
                lines += os.read(ours, 4096).decode()
            process.stdout.read()
            self.assertEqual(process.wait(timeout=60), 0)
            process.stdout.close()
            os.close(ours)
            line = lines.split("\r")[-1].split("\x1b[K")[0]
            self.assertRegex(line, f"^{pattern}$")
            self.assertLess(len(line), columns)

    def test_logs_progress_every_ten_seconds(self):
        process = subprocess.Popen([SLUICE, "convert", "-", "--progress", "log"], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        process.stdin.write(b"a\n" + b"1\n" * 1000)
        process.stdin.flush()
        expected = re.compile(rb"^sluice: 2\.0 kB, \d+\.\d MB/s\n", re.M)
        text = read_until(process.stderr.fileno(), expected.search, "a line of progress")
        _, errors = process.communicate(timeout=BOUND)
        for line in (text + errors).decode().splitlines():
            self.assertRegex(line, r"^sluice: (0 B|2\.0 kB), \d+\.\d MB/s$")


if __name__ == "__main__":
    unittest.main()
