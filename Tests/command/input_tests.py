"""Inputs: several, missing and unreadable ones, and `check`."""
import gzip
import json
import os
import shutil
import subprocess
import unittest

from case_tests import CASES, ERRORS
from support import BOUND, FIXTURES, SLUICE, InDirectory, run


class Inputs(InDirectory):
    def setUp(self):
        super().setUp()
        self.one = self.write("one.csv", b"a\n1\n2\n")
        self.two = self.write("two.csv", b"b,c\n3,4\n")
        self.none = self.write("none.csv", b"d\n")

    def test_several_inputs_make_one_array_or_lines_each_with_its_own_header(self):
        inputs = [self.none, self.one, self.none, self.two, self.none]
        for j in "12":
            lines = run("convert", "-j", j, "--allow-mixed-headers", *inputs).stdout
            self.assertEqual(lines, b'{"a":"1"}\n{"a":"2"}\n{"b":"3","c":"4"}\n')
            array = run("convert", "-j", j, "--allow-mixed-headers", "--format", "array", *inputs).stdout
            self.assertEqual(array, b'[{"a":"1"},{"a":"2"},{"b":"3","c":"4"}]\n')
        self.assertEqual(run("convert", "--format", "array", self.none, self.none).stdout, b"[]\n")
        mixed = run("convert", "--allow-mixed-headers", self.one, "-", data=b"x\ny\n")
        self.assertEqual(mixed.stdout, b'{"a":"1"}\n{"a":"2"}\n{"x":"y"}\n')

    def test_different_headers_are_an_error_before_the_first_row(self):
        same = self.write("same.csv", b'\n\xef\xbb\xbf"a"\r\n5\n'.lstrip(b"\n"))
        packed = self.write("two.csv.gz", gzip.compress(b"b,c\n3,4\n"))
        empty = self.write("empty.csv", b"")
        for inputs, differing, column in [
            ([self.one, self.two], self.two, 1), ([self.one, same, empty, packed], packed, 1),
            ([empty, self.two, self.write("more.csv", b"b,c,d\n1,2,3\n")], self.path("more.csv"), 3),
            ([self.write("less.csv", b"b\n"), self.two], self.two, 2), ([self.one, self.none], self.none, 1),
        ]:
            for options in [], ["-j", "1"], ["--format", "array"], ["-o", self.path("out")]:
                done = run("convert", *options, *inputs, "--summary", "json")
                self.assertEqual((done.returncode, done.stdout), (65, b""), done.stderr)
                error = self.error(done)
                self.assertEqual((error["code"], error["file"], error["field"], error["record"], error["offset"]),
                                 ("headerMismatch", differing, column, 1, 0))
        self.assertNotIn("out", self.files())
        done = run("convert", self.one, same, empty, self.one)
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 5))
        # The same names in another order form another header.
        self.ended(run("convert", self.two, self.write("order.csv", b"c,b\n1,2\n")), 65)
        for options in ["--no-header"], ["--header", "x"]:
            self.ended(run("convert", self.one, self.none, *options), 0)
        for command in "messages", "check":
            self.ended(run(command, self.one, self.two), 0)

    def test_the_header_of_an_input_that_can_be_read_only_once_is_compared_in_turn(self):
        done = run("convert", self.one, "-", data=b"b,c\n3,4\n")
        self.assertEqual((done.returncode, done.stdout), (65, b'{"a":"1"}\n{"a":"2"}\n'))
        self.assertIn(b"[headerMismatch]", done.stderr)
        done = run("convert", "-", self.one, data=b"b,c\n3,4\n")
        self.assertEqual((done.returncode, done.stdout), (65, b""))
        self.assertTrue(done.stderr.startswith(b"standard input:"), done.stderr)
        self.assertEqual(run("convert", "-", self.one, data=b"a\n0\n").stdout, b'{"a":"0"}\n{"a":"1"}\n{"a":"2"}\n')

    def test_other_errors_in_a_later_input_are_reported_after_the_rows_before_it(self):
        for bad, status in (self.write("bad.csv", b'"a'), 65), (self.path("missing"), 66):
            done = run("convert", self.one, bad)
            self.assertEqual((done.returncode, done.stdout), (status, b'{"a":"1"}\n{"a":"2"}\n'))

    def test_errors_in_a_second_input_are_reported_as_if_it_were_alone(self):
        empty = self.write("empty.csv", b"")
        for name, options, place, _, _ in ERRORS:
            for more in [], ["--allow-mixed-headers"]:
                done = run("convert", empty, os.path.join(CASES, name), *options, *more, "--summary", "json")
                self.ended(done, 65)
                error = self.error(done)
                self.assertEqual((error["file"], error["code"], error["offset"], error["record"], error["field"]),
                                 (os.path.join(CASES, name), *place), (name, options))

    def test_an_error_names_its_file_and_ends_the_run(self):
        bad = self.write("bad.csv", b"a,b\n1\n")
        done = run("convert", "--allow-mixed-headers", self.one, bad, self.two)
        self.ended(done, 65)
        self.assertEqual(done.stdout, b'{"a":"1"}\n{"a":"2"}\n')
        self.assertTrue(done.stderr.decode().startswith(f"{bad}:2: error: "), done.stderr)
        done = run("convert", self.one, self.path("missing"), "--summary", "json")
        self.ended(done, 66)
        self.assertEqual(self.error(done), {"code": "noInput", "file": self.path("missing"),
                                            "message": "open: No such file or directory"})
        done = run("convert", "-", data=b"a,b\n1\n")
        self.assertTrue(done.stderr.decode().startswith("standard input:2: error: "), done.stderr)

    def test_inputs_that_are_not_read_after_an_error_are_counted(self):
        bad, more = self.write("bad.csv", b'a\n1"\n'), self.write("more.csv", b"a\n3\n")
        last = self.write("last.csv", b"a\n4\n")
        for command in "convert", "messages":
            done = run(command, self.one, bad, more, last)
            self.ended(done, 65)
            self.assertTrue(done.stderr.endswith(b"\nsluice: warning: 2 further inputs were not read\n"), done.stderr)
            done = run(command, bad, self.one, "--summary", "json")
            warning = json.loads(done.stderr.splitlines()[0])["warning"]
            self.assertEqual(warning, {"code": "notRead", "count": 1, "message": "1 further input was not read"})
            self.assertNotIn(b"not read", run(command, self.one, bad).stderr)
        for command in "check", "plan":  # which read all of them
            self.assertNotIn(b"not read", run(command, bad, self.one).stderr)

    def test_an_unreadable_file_ends_with_66(self):
        os.chmod(self.one, 0)
        os.chmod(self.directory, 0o755)
        command = [SLUICE, "convert", self.one]
        if os.geteuid() == 0:
            # Root may read every file, so the test runs as another user.
            nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            if not shutil.which("setpriv") or subprocess.run([*nobody, SLUICE, "--version"],
                                                             capture_output=True).returncode != 0:
                self.skipTest("root can read every file, and no other user can run the command")
            command = nobody + command
        done = subprocess.run(command, capture_output=True, timeout=BOUND)
        self.ended(done, 66)
        self.assertEqual(done.stderr.decode(), f"{self.one}: error: open: Permission denied\n")

    def test_check_reports_the_first_error_of_each_input_and_writes_nothing(self):
        bad = self.write("bad.csv", b'a\n1\n2"\n"3"4\n')
        worse = self.write("worse.csv", b"a,b\n1\n")
        done = run("check", bad, self.one, worse)
        self.assertEqual((done.returncode, done.stdout), (65, b""))
        lines = done.stderr.decode().splitlines()
        self.assertEqual([line.split(" error: ")[0] for line in lines], [f"{bad}:3:", f"{worse}:2:"])
        done = run("check", self.one, self.two)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_check_ends_with_66_if_an_input_is_missing(self):
        self.ended(run("check", self.path("missing"), self.one), 66)
        self.ended(run("check", FIXTURES), 66)
        self.ended(run("check", "-", "--lenient", data=b'a\n1"\n'), 0)


if __name__ == "__main__":
    unittest.main()
