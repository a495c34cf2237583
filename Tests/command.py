#!/usr/bin/env python3
"""Runs the built command as a user would, and compares it with Python's csv module.

usage: command.py SLUICE [-k PATTERN]

These tests check the output for each input. The files in command/, which run too, check everything else.
"""
import csv
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

import durations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "command"))
from support import BOUND, FIXTURES, SLUICE, run  # noqa: E402


class Command(unittest.TestCase):
    def test_converts_a_fixture_to_its_golden_file(self):
        with open(os.path.join(FIXTURES, "orders.ndjson"), "rb") as golden:
            expected = golden.read()
        done = run("convert", os.path.join(FIXTURES, "orders.csv"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, expected, b""))

    def test_a_large_file_matches_pythons_csv_module_with_every_kernel_and_from_a_pipe(self):
        rows = [{"id": str(n), "text": f'é "{n}"\r\n,' * (n % 5), "last": "x" * (n % 70)} for n in range(60_000)]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode()
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(data)
            file.flush()
            runs = [run("convert", "-j", j, file.name, kernel=k) for j in "124" for k in (None, "sse2", "portable")
                    if k != "sse2" or os.uname().machine == "x86_64"]
        runs.append(run("convert", "-", data=data))
        for done in runs:
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([json.loads(line) for line in done.stdout.split(b"\n")[:-1]], rows)

    def test_compressed_input_is_recognised_by_its_first_bytes_in_files_and_pipes(self):
        with open(os.path.join(FIXTURES, "orders.csv"), "rb") as file, \
             open(os.path.join(FIXTURES, "orders.ndjson"), "rb") as golden, \
             open(os.path.join(FIXTURES, "orders.csv.zst"), "rb") as zstd:
            plain, expected, zst = file.read(), golden.read(), zstd.read()
        for data in [gzip.compress(plain), gzip.compress(plain[:50]) + gzip.compress(plain[50:]), zst]:
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                file.write(data)
                file.flush()
                for done in [run("convert", "-j", "4", file.name), run("convert", "-", data=data)]:
                    self.assertEqual((done.returncode, done.stdout, done.stderr), (0, expected, b""))

    def test_damaged_compressed_input_ends_with_65_after_the_rows_before_it(self):
        rows = b"".join(b"%d,some text\n" % n for n in range(200_000))
        data = gzip.compress(b"n,text\n" + rows)
        done = run("convert", "-", data=data[:-1])
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (65, 200_000))
        self.assertIn(b"standard input:200002: error: compressed input is damaged or cut short [badCompression]", done.stderr)
        done = run("convert", "-", data=data[:-8] + b"\0" * 8)
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"[badCompression]", done.stderr)

    def test_each_encoding_reads_its_text_and_offsets_count_stored_bytes(self):
        text = "a,b\né,ÿ\n"
        for encoding, data in [
            ("utf-8", text.encode()), ("utf-16le", text.encode("utf-16-le")), ("utf-16be", text.encode("utf-16-be")),
            ("utf-16", text.encode("utf-16")), ("utf-16", b"\xfe\xff" + text.encode("utf-16-be")),
            ("latin1", text.encode("latin-1")), ("latin1", gzip.compress(text.encode("latin-1"))),
            ("UTF8", text.encode()), ("ISO-8859-1", text.encode("latin-1")), ("windows-1254", text.encode("cp1254")),
            ("UTF-16", b"\xff\xfe" + text.encode("utf-16-le")),
        ]:
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                file.write(data)
                file.flush()
                for done in [run("convert", "--encoding", encoding, file.name),
                             run("convert", "--encoding", encoding, "-", data=data)]:
                    self.assertEqual((done.returncode, done.stdout), (0, '{"a":"é","b":"ÿ"}\n'.encode()), encoding)
        done = run("convert", "--encoding", "latin1", "-", data="éé\nx\"\n".encode("latin-1"))
        self.assertIn('2: error: quote inside an unquoted field [quoteInPlain] (record 2, field 1 "éé", byte 4)'.encode(), done.stderr)
        done = run("convert", "--encoding", "utf-16", "-", data=b"\0a\0\n")
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"--encoding utf-16be", done.stderr)
        self.assertEqual(run("convert", "--encoding", "utf-7", "-", data=b"").returncode, 64)

    def test_detecting_compression_does_not_delay_plain_input_from_a_pipe(self):
        with subprocess.Popen([SLUICE, "convert", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              bufsize=0) as process:
            for byte in b"P,b\n1,2\n":
                process.stdin.write(bytes([byte]))
            self.assertEqual(process.stdout.readline(), b'{"P":"1","b":"2"}\n')
            process.stdin.close()

    def test_array_format_is_one_document(self):
        self.assertEqual(run("convert", "--format", "array", "-", data=b"a\n1\n2\n").stdout, b'[{"a":"1"},{"a":"2"}]\n')
        self.assertEqual(run("convert", "--format", "array", "-", data=b"").stdout, b"[]\n")

    def test_bad_data_is_reported_with_65_and_its_place_after_the_rows_before_it(self):
        done = run("convert", "-", data=b'a,b\n1,2\n3"x,4\n')
        self.assertEqual((done.returncode, done.stdout), (65, b'{"a":"1","b":"2"}\n'))
        self.assertIn(b'3: error: quote inside an unquoted field [quoteInPlain] (record 3, field 1 "a", byte 9)', done.stderr)

    def test_each_dialect_option_takes_effect(self):
        for options, data, expected in [
            (["--bare-cr", "data"], b"a\n1\r2\n", b'{"a":"1\\r2"}\n'),
            (["--quote-in-plain", "data"], b'a\n1"\n', b'{"a":"1\\""}\n'),
            (["--after-quote", "append"], b'a\n"1"2\n', b'{"a":"12"}\n'),
            (["--unterminated", "close"], b'a\n"1', b'{"a":"1"}\n'),
            (["--ragged", "omit"], b"a,b\n1\n", b'{"a":"1"}\n'),
            (["--duplicate-headers", "rename"], b"a,a\n1,2\n", b'{"a":"1","a_2":"2"}\n'),
            (["--invalid-utf8", "replace"], b"a\n\xff\n", '{"a":"\ufffd"}\n'.encode()),
            (["--blank-lines", "skip-all"], b"a\n\n1\n", b'{"a":"1"}\n'),
            (["--delimiter", "tab", "--quote", "'"], b"a\tb\n'1\t'\t2\n", b'{"a":"1\\t","b":"2"}\n'),
            (["--no-header"], b"1,2\n", b'["1","2"]\n'),
            (["--header", "x,y"], b"1,2\n", b'{"x":"1","y":"2"}\n'),
        ]:
            done = run("convert", *options, "-", data=data)
            self.assertEqual((done.returncode, done.stdout), (0, expected), (options, done.stderr))
        self.assertEqual(run("convert", "--delimiter", '"', "-", data=b"").returncode, 64)

    def test_a_file_that_shrinks_while_it_is_read_is_an_error_and_no_row_of_zeros_is_written(self):
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            # Truncated where a page disappears, and where only the end of a page does.
            for jobs, size in [("1", 1000), ("2", 1000), ("1", 15_999_000), ("2", 15_999_000)]:
                file.truncate(0)
                file.seek(0)
                file.write(b"a,b\n" + b"1,2\n" * 4_000_000)
                file.flush()
                # No process reads the pipe until the file is truncated, so the command is still at its start.
                process = subprocess.Popen([SLUICE, "convert", "-j", jobs, file.name], stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE, bufsize=0)
                first = process.stdout.read(1)
                file.truncate(size)
                output, errors = process.communicate(timeout=BOUND)
                self.assertEqual(process.returncode, 74, errors)
                self.assertIn(b"it changed while it was read", errors)
                self.assertEqual(set((first + output).split(b"\n")[:-1]), {b'{"a":"1","b":"2"}'})

    def test_missing_files_and_directories_end_with_66(self):
        self.assertEqual(run("convert", "no such file").returncode, 66)
        self.assertEqual(run("convert", FIXTURES).returncode, 66)

    def test_an_unknown_kernel_ends_with_64(self):
        self.assertEqual(run("convert", "-", data=b"", kernel="mmx").returncode, 64)

    def test_a_closed_pipe_ends_quietly(self):
        done = subprocess.run(f'yes a,b | head -200000 | "{SLUICE}" convert - --lenient | head -1', shell=True,
                              capture_output=True, timeout=BOUND)
        self.assertEqual((done.stdout, done.stderr), (b'{"a":"a","b":"b"}\n', b""))


def load_tests(loader, tests, pattern):
    tests.addTests(loader.discover(os.path.join(HERE, "command"), "*_tests.py"))
    return tests


if __name__ == "__main__":
    unittest.main(testRunner=durations.Runner)
