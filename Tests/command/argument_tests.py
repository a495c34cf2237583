"""The command's arguments: names of any bytes, options, help, and no arguments at all."""
import json
import os
import pty
import shlex
import subprocess
import unittest

from support import SLUICE, InDirectory, run

ROWS = b'{"a":"1"}\n'


class Names(InDirectory):
    """File names are bytes. They need not be UTF-8, and may hold anything but a slash and NUL."""

    NAMES = [b"caf\xe9.csv", b"\xff\xfe.csv", b"a\xed\xa0\x80.csv", "\ufdd8\ufde0.csv".encode(), b"\x80.csv",
             "\u0301.csv".encode(), b"\xef\xb7", b" '\"$x\\.csv"]

    def bytes_path(self, name):
        return os.fsencode(self.directory) + b"/" + name

    def write_bytes(self, name, data):
        with open(self.bytes_path(name), "wb") as file:
            file.write(data)
        return self.bytes_path(name)

    def test_every_name_is_read_and_written_unchanged(self):
        for name in self.NAMES:
            path = self.write_bytes(name, b"a\n1\n")
            out = self.bytes_path(b"out-" + name)
            for command in [["convert", path], ["convert", path, b"-o" + out], ["convert", path, b"--output", out, "--force"],
                            ["convert", path, b"--output=" + out, "--force"], ["check", path], ["plan", path]]:
                done = run(*command)
                self.ended(done, 0)
            with open(out, "rb") as file:
                self.assertEqual(file.read(), ROWS)
        expected = set(self.NAMES) | {b"out-" + name for name in self.NAMES}
        self.assertEqual(set(os.listdir(os.fsencode(self.directory))), expected)

    def test_names_that_differ_only_in_bytes_are_different_files(self):
        """U+FDD8 U+FDE0 is the internal form of the byte 0x80."""
        names = [b"\x80.csv", "\ufdd8\ufde0.csv".encode(), "é.csv".encode(), "e\u0301.csv".encode()]
        for name in names:
            self.write_bytes(name, b"a\n" + name + b"\n")
        for name in names:
            done = run("convert", "--invalid-utf8", "replace", self.bytes_path(name))
            value = b"\\ufffd.csv" if name == b"\x80.csv" else name
            self.assertEqual(done.stdout.decode("utf-8").replace("\ufffd", "\\ufffd").encode(), b'{"a":"' + value + b'"}\n')

    def test_messages_and_directories_of_them_can_have_any_name(self):
        for name in self.NAMES[:4]:
            path, out = self.write_bytes(name, b"a\n1\n"), self.bytes_path(b"out-" + name)
            for options in [], ["--force"]:
                self.ended(run("messages", path, "-o", out, *options), 0)
                self.assertEqual(len(os.listdir(out)), 2)
                self.ended(run("verify", out, "--against", path), 0)

    def test_a_long_name_can_be_written(self):
        for name in [b"x" * 255, "é".encode() * 127]:
            self.ended(run("convert", "-o", self.bytes_path(name), data=b"a\n1\n"), 0)
            with open(self.bytes_path(name), "rb") as file:
                self.assertEqual(file.read(), ROWS)

    def test_control_characters_are_escaped_in_errors(self):
        name = b"a\x1b[31m\x9b\xc2\x9b\n\xe9.csv"
        shown = rb"a\x1b[31m\x9b\xc2\x9b\x0a\xe9.csv"
        bad = self.write_bytes(name, b'a\n1"\n')
        for command in ["convert", bad], ["messages", bad], ["check", bad], ["plan", bad], ["verify", bad], \
                       ["convert", bad + b"-not"], ["convert", bad, "-o", bad], ["messages", bad, "-o", bad], \
                       ["convert", bad + b"-x", "--" + os.fsdecode(name)], ["convert", "--format", name]:
            for options in [], ["--summary", "json"], ["--summary", "text", "--progress", "log"]:
                if command[0] == "verify" and options:
                    continue
                done = run(*command, *options)
                self.assertNotEqual(done.returncode, 0)
                self.assertTrue(done.stderr.isascii() or b"\xc3" in done.stderr, done.stderr)
                for byte in b"\x1b\x9b":
                    # Messages may hold these bytes, as they are data.
                    self.assertNotIn(byte, done.stderr + (b"" if command[0] == "messages" else done.stdout))
        self.assertTrue(run("convert", bad).stderr.startswith(os.fsencode(self.directory) + b"/" + shown + b":"))
        self.assertEqual(self.error(run("convert", bad, "--summary", "json"))["file"],
                         (os.fsencode(self.directory) + b"/" + shown.replace(rb"\x1b", b"\x1b").replace(
                             rb"\xc2\x9b", b"\xc2\x9b").replace(rb"\x0a", b"\n")).decode())

    def test_control_characters_are_escaped_in_warnings_plans_and_findings(self):
        path = self.write_bytes(b"a\x1b\n\xe9.csv", b"a;b\n1;2\n")
        shown = os.fsencode(self.directory) + rb"/a\x1b\x0a\xe9.csv: "
        self.assertEqual(run("check", path).stderr,
                         shown + b"warning: the header has one column and contains ';': --delimiter ';'?\n")
        warning = json.loads(run("check", path, "--summary", "json").stderr.splitlines()[0])["warning"]
        self.assertIn("the header has one column", warning["message"])
        self.assertTrue(run("plan", path, "--delimiter", ";").stdout.startswith(shown))
        plan = json.loads(run("plan", path, "--delimiter", ";", "--summary", "json").stdout)
        self.assertEqual(warning["file"], plan["inputs"][0]["input"])
        lines = run("messages", path, "--source", "NAME").stdout.replace(b'"NAME"', rb'"a\nb"').splitlines(keepends=True)
        self.assertTrue(run("verify", "-", data=lines[0]).stderr.startswith(rb"a\x0ab: there are 0 manifests"))

    def test_a_header_that_is_not_utf8_is_refused(self):
        self.ended(run("convert", "--header", b"a\xff", data=b"1\n"), 64)


class Arguments(InDirectory):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.csv", b"a\n1\n")

    def usage(self, *arguments, **options):
        done = run(*arguments, cwd=self.directory, **options)
        self.assertEqual((done.returncode, done.stdout), (64, b""), done.stderr)
        return done.stderr.decode()

    def test_a_file_that_looks_like_an_option_is_an_error_with_advice_that_works(self):
        for name in "-hits.csv", "-1.csv", "-jobs.csv", "-orders.csv", "--help.csv", "--x y.csv", "-V.csv":
            self.write(name, b"a\n2\n")
            errors = self.usage("convert", "in.csv", name)
            self.assertTrue(errors.startswith("sluice: error: "), errors)
            advice = errors.splitlines()[0].split("must follow --: ")[1]
            done = run("convert", "in.csv", *shlex.split(advice), cwd=self.directory)
            self.assertEqual((done.returncode, done.stdout), (0, ROWS + b'{"a":"2"}\n'), name)
        self.assertEqual(self.files(), sorted(["-hits.csv", "-1.csv", "-jobs.csv", "-orders.csv", "--help.csv",
                                               "--x y.csv", "-V.csv", "in.csv"]))

    def test_every_form_of_help_is_printed(self):
        for arguments in ["-h"], ["--help"], ["help"], ["convert", "-h"], ["convert", "in.csv", "--help"], ["help", "convert"]:
            done = run(*arguments, cwd=self.directory)
            self.ended(done, 0)
            self.assertIn(b"USAGE: sluice", done.stdout)

    def test_short_options_may_be_joined_with_their_values(self):
        self.ended(run("convert", "-j1", "in.csv", "-oout", cwd=self.directory), 0)
        self.assertEqual(self.read("out"), ROWS)
        self.assertEqual(run("convert", "-j2", "-o-", "in.csv", cwd=self.directory).stdout, ROWS)
        self.ended(run("convert", "in.csv", "-o-strange-", cwd=self.directory), 0)
        self.assertEqual(self.read("-strange-"), ROWS)
        self.usage("convert", "-jx", "in.csv")

    def test_threads_are_at_least_one_and_negative_numbers_are_values(self):
        for command in "convert", "messages", "check", "plan":
            for words in ["-j", "0"], ["-j0"], ["-j", "-1"], ["-j-1"]:
                self.assertIn("-j takes a number of threads, at least 1", self.usage(command, *words, "in.csv"))
        self.assertIn("--max-bytes takes a number of bytes", self.usage("messages", "--max-bytes", "-1", "in.csv"))
        self.assertIn("--max-columns takes a number from 1", self.usage("convert", "in.csv", "--max-columns", "-1"))

    def test_misplaced_help_and_version_options_are_errors(self):
        self.assertIn("unknown option '--version'", self.usage("convert", "in.csv", "--version"))
        self.assertIn("--help takes no value", self.usage("convert", "in.csv", "--help=1"))
        self.assertIn("there is no command 'bogus'", self.usage("help", "bogus"))
        self.ended(run("--version", "--verbose"), 0)
        self.write("--version", b"a\n2\n")
        self.assertEqual(run("convert", "--", "--version", cwd=self.directory).stdout, b'{"a":"2"}\n')

    def test_usage_errors_are_json_too(self):
        for words in ["convert", "-j", "x"], ["messages", "--max-bytes", "1", "in.csv"], ["convert", "--bogus"]:
            for summary in ["--summary", "json"], ["--summary=json"]:
                done = run(*words, *summary, cwd=self.directory)
                self.ended(done, 64)
                self.assertEqual(self.error(done)["code"], "usage")
                self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_the_version_has_a_short_option(self):
        self.assertEqual(run("-V").stdout, run("--version").stdout)
        self.assertTrue(run("-V").stdout.startswith(b"sluice "))

    def test_without_inputs_standard_input_is_read(self):
        for command in "convert", "messages", "check", "plan":
            with open(self.input, "rb") as file:
                done = subprocess.run([SLUICE, command], stdin=file, capture_output=True, timeout=60)
            self.ended(done, 0)
        self.assertEqual(run("convert", "-j", "1", data=b"a\n1\n").stdout, ROWS)
        messages = run("messages", data=b"a\n1\n").stdout
        self.ended(run("verify", data=messages), 0)

    def test_without_inputs_on_a_terminal_short_help_is_printed(self):
        for command in "convert", "messages", "check", "plan", "verify":
            ours, theirs = pty.openpty()
            done = subprocess.run([SLUICE, command], stdin=theirs, capture_output=True, timeout=60)
            os.close(theirs)
            os.close(ours)
            self.assertEqual((done.returncode, done.stdout), (64, b""))
            lines = done.stderr.decode().splitlines()
            self.assertEqual(lines[0], "sluice: error: there is no input; name a file, or - to type it in")
            self.assertTrue(lines[1].startswith(f"usage: sluice {command} ["), lines)
            self.assertEqual(lines[2:], [f"help: sluice {command} --help"])

    def test_every_usage_error_has_one_style_and_the_usage_of_its_own_command(self):
        for arguments in [["convert", "--zstd=99"], ["convert", "--zstd=x"], ["convert", "--foo"], ["convert", "-j", "x"],
                          ["convert", "--format", "xml"], ["convert", "--delimiter", "123456789"], ["convert", "-o", ""],
                          ["convert", "--ragged", "maybe"], ["messages", "--max-bytes", "1"], ["messages", "--only", "x"],
                          ["verify", "x", "--queue-url", "y", "--against", "z"], ["plan", "--speed", "0"], ["check", "-o", "x"],
                          ["plan", "--only", "0/0", "in.csv"], ["verify", "--timeout", "3"]]:
            if "--queue-url" in arguments:
                continue  # sluice runs sluice-aws, which reports the error
            lines = self.usage(*arguments).splitlines()
            self.assertRegex(lines[0], r"^sluice: error: [a-z'-]")
            self.assertTrue(lines[1].startswith(f"usage: sluice {arguments[0]} "), lines)
            self.assertEqual(lines[2:], [f"help: sluice {arguments[0]} --help"])

    def test_a_command_that_does_not_exist_is_a_usage_error(self):
        for arguments in [["konvert"], ["--foo"], ["-x"], ["in.csv"]]:
            lines = self.usage(*arguments).splitlines()
            self.assertTrue(lines[0].startswith("sluice: error: "), lines)
            self.assertTrue(lines[1].startswith("usage: sluice "), lines)

    def test_byte_counts_may_have_units(self):
        data = b"a\n" + b"some text\n" * 10_000
        expected = run("messages", "--source", "x", "--max-bytes", "65536", data=data).stdout
        for text in "64KiB", "64 kib", "65536B":
            self.assertEqual(run("messages", "--source", "x", "--max-bytes", text, data=data).stdout == expected, True, text)
        self.assertEqual(run("messages", "--source", "x", "--max-bytes", "64kB", data=data).stdout,
                         run("messages", "--source", "x", "--max-bytes", "64000", data=data).stdout)
        for text in "64K", "64k", "1GiB", "-1", "1e5", "KiB", "64 KiB ", "99999999999999999999", "20000000TiB":
            self.assertIn("a number of bytes", self.usage("messages", f"--max-bytes={text}"))

    def test_version_and_help_that_cannot_be_written_fail(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full here")
        for argument in "--version", "--help":
            with open("/dev/full", "wb") as full:
                done = subprocess.run([SLUICE, argument], stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.ended(done, 74)


class HeaderOption(InDirectory):
    def test_names_are_one_csv_record(self):
        for header, row in [('"x,1",y', b'{"x,1":"1","y":"2"}\n'), ("x,y", b'{"x":"1","y":"2"}\n'),
                            ('"a ""b""",', b'{"a \\"b\\"":"1","":"2"}\n'), ('"a\nb",c', b'{"a\\nb":"1","c":"2"}\n')]:
            done = run("convert", "--header", header, data=b"1,2\n")
            self.assertEqual((done.returncode, done.stdout), (0, row), done.stderr)
        # Commas and quotes have their usual meaning in names, whatever the input's delimiter and quote.
        done = run("convert", "--header", '"x,1",y', "--delimiter", ";", "--quote", "'", data=b"1;2\n")
        self.assertEqual(done.stdout, b'{"x,1":"1","y":"2"}\n')
        self.assertEqual(run("convert", "--header", "", data=b"1\n").stdout, b'{"":"1"}\n')

    def test_an_invalid_record_or_a_repeated_name_is_a_usage_error(self):
        for header in 'a,"b', 'a"b', "a\nb", '"a"b', "\n":
            self.ended(run("convert", "--header", header, data=b"1,2\n"), 64)
        for options in [], ["--no-header"]:
            done = run("convert", "--header", "x,x", *options, data=b"1,2\n")
            self.ended(done, 64)
            self.assertIn(b"--header has the name 'x' twice", done.stderr)
        done = run("convert", "--header", "x,x", "--duplicate-headers", "rename", data=b"1,2\n")
        self.assertEqual(done.stdout, b'{"x":"1","x_2":"2"}\n')


if __name__ == "__main__":
    unittest.main()
