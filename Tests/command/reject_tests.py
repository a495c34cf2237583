"""Records that break a rule are put aside with `--rejects`: where they go, limits, exit statuses, advice, summaries."""
import gzip
import json
import os
import pty
import re
import shlex
import subprocess
import unittest

from rejects import OPTIONS, dirty, records
from support import BOUND, SLUICE, InDirectory, run

SMALL = b'id,note\n1,12" wide\n2,ok\n3\n4,"lost\n5,"ok"\n6,x\n7,\xff\n8,fine\n'
KEPT = b'{"id":"2","note":"ok"}\n{"id":"6","note":"x"}\n{"id":"8","note":"fine"}\n'
# Code, first line and number of lines of each record of it that is put aside.
ASIDE = [("quoteInPlain", 2, 1), ("raggedRecord", 4, 1), ("textAfterQuote", 5, 2), ("invalidUTF8", 8, 1)]


def short(lines):
    return [(one["code"], one["line"], one["lines"]) for one in map(json.loads, lines.splitlines())]


class WithRejects(InDirectory):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.csv", SMALL)
        self.rejects = self.path("bad.ndjson")

    def assert_aside(self, done, status=3):
        self.ended(done, status)
        self.assertEqual(short(self.read("bad.ndjson")), ASIDE)
        os.remove(self.rejects)


class Where(WithRejects):
    def test_a_file_gets_the_lines_in_every_command_and_mode(self):
        gz = self.write("in.csv.gz", gzip.compress(SMALL))
        for arguments, options in [([self.input], {}), ([self.input, "-j", "1"], {}), ([gz], {}), (["-"], {"data": SMALL}),
                                   ([], {"data": SMALL})]:
            done = run("convert", *arguments, "--rejects", self.rejects, **options)
            self.assertEqual((done.stdout, done.stderr), (KEPT, b""))
            self.assert_aside(done)
            self.assert_aside(run("check", *arguments, "--rejects", self.rejects, **options))
            done = run("messages", *arguments, "--rejects", self.rejects, **options)
            self.assertEqual([json.loads(line)["attributes"]["sluice.content"] for line in done.stdout.splitlines()],
                             ["json", "manifest"])
            self.assert_aside(done)

    def test_standard_error_gets_the_lines_too(self):
        for command in "convert", "check", "messages":
            done = run(command, self.input, "--rejects", "stderr")
            self.ended(done, 3)
            self.assertEqual(short(done.stderr), ASIDE)
        self.assertEqual(self.files(), ["in.csv"])

    def test_no_progress_is_shown_among_lines_on_a_terminal(self):
        for options, expected in (["--rejects", "stderr"], 4), (["--rejects", self.rejects], 0):
            ours, theirs = pty.openpty()
            done = subprocess.run([SLUICE, "convert", self.input, *options], stdout=subprocess.PIPE, stderr=theirs)
            os.close(theirs)
            self.ended(done, 3)
            text = b""
            try:
                while chunk := os.read(ours, 4096):
                    text += chunk
            except OSError:  # the other end is closed
                pass
            os.close(ours)
            self.assertEqual((text.count(b"\n"), b"\x1b" in text), (expected, expected == 0))

    def test_no_byte_of_the_input_controls_a_terminal(self):
        bad = "1,a\u009b31m\u202e\x7f\x1b[31m \\ \u00e9,x\n"
        hostile = self.write("hostile.csv", b"id,note\n" + bad.encode())
        ours, theirs = pty.openpty()
        done = subprocess.run([SLUICE, "check", hostile, "--rejects", "stderr"], stderr=theirs)
        os.close(theirs)
        self.ended(done, 3)
        text = os.read(ours, 4096).decode()
        os.close(ours)
        self.assertEqual([c for c in "\u009b\u202e\x7f\x1b" if c in text], [])
        self.assertEqual(json.loads(text)["raw"], bad[:-1])
        # Programs get the same lines as in a file.
        lines = run("check", hostile, "--rejects", "stderr").stderr
        self.ended(run("check", hostile, "--rejects", self.rejects), 3)
        self.assertEqual(lines, self.read("bad.ndjson"))

    def test_lines_come_once_if_the_input_is_validated_first(self):
        for place in "stderr", "messages":
            once = run("messages", self.input, "--rejects", place)
            done = run("messages", self.input, "--rejects", place, "--validate-first")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (3, once.stdout, once.stderr))
        done = run("messages", self.input, "--rejects", "stderr", "--validate-first", "--max-rejects", "4")
        self.ended(done, 65)
        self.assertEqual((done.stdout, done.stderr.count(b"\n")), (b"", 1))

    def test_rejects_in_messages_stand_apart_and_a_file_of_that_name_is_possible(self):
        for form, separator in ("json", ","), ("ndjson", "\n"):
            done = run("messages", self.input, "--rejects", "messages", "--message-format", form)
            self.ended(done, 3)
            rows, rejects, manifest = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual([one["attributes"]["sluice.content"] for one in (rows, rejects, manifest)],
                             [form, "rejects", "manifest"])
            lines = rejects["body"].strip("[]\n").replace("}" + separator + "{", "}\n{")
            self.assertEqual(short(lines), ASIDE)
            first, *_, last = map(json.loads, lines.split("\n"))
            attributes = rejects["attributes"]
            self.assertEqual(attributes["sluice.range"], f"{first['offset']}-{last['end']}")
            self.assertEqual(attributes["sluice.records"], f"{first['record']}-{last['record']}")
            self.assertEqual(attributes["sluice.index"], "0/0")
            body = json.loads(manifest["body"])
            self.assertEqual((body["rows"], body["messages"], body["rejected"], body["idSum"]),
                             (3, 1, 4, rows["attributes"]["sluice.id"]))
            self.assertEqual(body["rejects"], {"lines": 5, "codes": {code: 1 for code, _, _ in ASIDE}})
        done = run("messages", self.input, "--rejects", "./messages", cwd=self.directory)
        self.ended(done, 3)
        self.assertEqual(short(self.read("messages")), ASIDE)
        done = run("convert", self.input, "--rejects", "messages", "--force", cwd=self.directory)
        self.ended(done, 3)
        self.assertEqual(short(self.read("messages")), ASIDE)

    def test_ids_and_bodies_of_rows_do_not_depend_on_where_rejects_go(self):
        base = run("messages", self.input, "--rejects", "messages").stdout.splitlines()
        for place in "stderr", self.rejects:
            self.assertEqual(run("messages", self.input, "--rejects", place).stdout.splitlines(), [base[0], base[2]])

    def test_several_inputs_share_the_file_and_each_line_names_its_source(self):
        other = self.write("other.csv", b"id,note\n9\n")
        for command in "convert", "messages", "check":
            done = run(command, self.input, other, "--rejects", self.rejects)
            self.ended(done, 3)
            lines = [json.loads(line) for line in self.read("bad.ndjson").splitlines()]
            self.assertEqual([one["source"].split("?")[0] for one in lines], ["in.csv"] * 4 + ["other.csv"])
            os.remove(self.rejects)

    def test_a_clean_input_leaves_an_empty_file_and_status_0(self):
        clean = self.write("clean.csv", b"a\n1\n")
        self.ended(run("convert", clean, "--rejects", self.rejects), 0)
        self.assertEqual(self.read("bad.ndjson"), b"")
        self.assertEqual(run("messages", clean, "--rejects", "messages").stdout.count(b"\n"), 2)

    def test_a_pipe_gets_the_lines_at_once(self):
        done = subprocess.run(["bash", "-c", f'"{SLUICE}" convert "{self.input}" --rejects >(cat >&2) -o out; wait $!'],
                              capture_output=True, cwd=self.directory, timeout=BOUND)
        self.assertEqual(short(done.stderr), ASIDE)


class TheFile(WithRejects):
    def test_an_existing_file_is_replaced_only_with_force(self):
        self.write("bad.ndjson", b"old")
        for command, advice in ("convert", b"to replace it: --force"), ("messages", b"to replace it: --force"), \
                               ("check", b"remove it first, or name another"):
            done = run(command, "no such file", "--rejects", self.rejects)
            self.ended(done, 73)
            self.assertIn(b"bad.ndjson: error: it already exists; " + advice + b"\n", done.stderr)
            self.assertEqual(self.read("bad.ndjson"), b"old")
            if b"--force" in advice:
                self.assert_aside(run(command, self.input, "--rejects", self.rejects, "--force"))
                self.write("bad.ndjson", b"old")

    def test_it_is_no_input_and_no_output(self):
        os.symlink(self.input, self.path("link"))
        for path in self.input, self.path("link"):
            for command in "convert", "check", "messages":
                done = run(command, self.input, "--rejects", path, *([] if command == "check" else ["--force"]))
                self.ended(done, 64)
                self.assertIn(b"it is the input", done.stderr)
        self.assertEqual(self.read("in.csv"), SMALL)
        for options in ["-o", "bad.ndjson", "--rejects", "bad.ndjson"], ["--rejects", "-"], ["--rejects", ""]:
            done = run("convert", self.input, *options, cwd=self.directory)
            self.ended(done, 64)
        self.assertEqual(self.files(), ["in.csv", "link"])

    def test_it_is_not_the_output_under_another_name_either(self):
        for output, rejects in ("out", "./out"), ("./out", self.path("out")):
            done = run("convert", self.input, "-o", output, "--rejects", rejects, cwd=self.directory)
            self.ended(done, 64)
            self.assertEqual(self.files(), ["in.csv"])
        self.ended(run("convert", self.input, "--rejects", "/dev/stdout"), 64)
        self.write("out", b"old")
        os.symlink("out", self.path("link"))
        for options in ["-o", "out", "--rejects", "link"], ["-o", "link", "--rejects", "out"]:
            self.ended(run("convert", self.input, *options, "--force", cwd=self.directory), 64)
            self.assertEqual(self.read("out"), b"old")
        with open(self.path("out"), "ab") as out:
            done = subprocess.run([SLUICE, "convert", self.input, "--rejects", self.path("out"), "--force"], stdout=out,
                                  stderr=subprocess.PIPE)
        self.ended(done, 64)
        self.ended(run("convert", self.input, "--rejects", "/dev/null", "-o", "/dev/null"), 3)

    def test_it_appears_also_if_the_run_ends_with_bad_data_but_the_output_does_not(self):
        long = self.write("long.csv", SMALL + b"x" * 2000)
        done = run("convert", long, "--max-record", "1000", "-o", self.path("out"), "--rejects", self.rejects)
        self.assertIn(b"[recordTooLong]", done.stderr)
        self.assert_aside(done, 65)
        self.assertEqual(self.files(), ["in.csv", "long.csv"])
        self.assert_aside(run("convert", self.input, "-o", self.path("out"), "--rejects", self.rejects, "--max-rejects", "1"), 65)
        self.assertEqual(self.files(), ["in.csv", "long.csv"])
        damaged = self.write("in.csv.gz", gzip.compress(SMALL)[:-1])
        self.assert_aside(run("convert", damaged, "--rejects", self.rejects), 65)

    def test_it_does_not_appear_if_an_input_is_missing_or_the_output_fails(self):
        self.ended(run("convert", self.input, "none.csv", "--rejects", self.rejects), 66)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([SLUICE, "convert", self.input, "--rejects", self.rejects], stdout=full, stderr=subprocess.PIPE)
        self.ended(done, 74)
        self.assertEqual(self.files(), ["in.csv"])

    def test_a_line_that_cannot_be_written_ends_the_run(self):
        done = run("convert", self.input, "--rejects", "/dev/full")
        self.ended(done, 74)
        self.assertIn(b"/dev/full: error: write: ", done.stderr)
        # Further inputs would only fail in the same way.
        done = run("check", self.input, self.input, "--rejects", "/dev/full")
        self.ended(done, 74)
        self.assertEqual(done.stderr.count(b"/dev/full: error: write: "), 1)

    def test_a_reader_that_closes_it_ends_the_run_without_a_message(self):
        many = [self.write(name, b"a,b\n" + b"1\n" * 20_000) for name in ("many.csv", "more.csv")]
        for command in "check", "convert", "messages":
            for inputs in many[:1], many:
                reader, writer = os.pipe()
                os.close(reader)
                done = run(command, *inputs, "--rejects", f"/dev/fd/{writer}", pass_fds=[writer])
                os.close(writer)
                self.ended(done, 141)
                self.assertEqual(done.stderr, b"")


class Limits(WithRejects):
    def test_rejected_lines_beyond_the_limit_end_the_run(self):
        for limit, status in [("5", 3), ("4", 65), ("0", 65), ("100%", 3), ("55.6%", 3), ("55.5%", 65), ("0%", 65)]:
            with self.subTest(limit):
                for command, jobs in ("convert", "1"), ("convert", "2"), ("check", "2"), ("messages", "2"):
                    done = run(command, self.input, "-j", jobs, "--rejects", self.rejects, "--max-rejects", limit)
                    self.assertEqual(b"[tooManyRejects]" in done.stderr, status == 65, done.stderr)
                    self.assert_aside(done, status)
                    if command == "messages":
                        last = json.loads(done.stdout.splitlines()[-1])
                        self.assertEqual(last["attributes"]["sluice.content"], "aborted" if status == 65 else "manifest")
                        self.assertEqual(last["attributes"]["sluice.range"], f"0-{len(SMALL)}")

    def test_a_clean_input_is_within_every_limit(self):
        for limit in "0", "0%":
            self.ended(run("convert", "--rejects", "stderr", "--max-rejects", limit, data=b"a\n1\n"), 0)

    def test_the_limit_is_checked_at_each_segments_end(self):
        # The bad line is in the first of two segments; the second is not read.
        data = b"a,b\n1\n" + b"%s,2\n" % (b"x" * 999_997) * 17 + b"2\n" + b"3,4\n"
        for arguments in ["-j", "1", self.write("two.csv", data)], ["-j", "2", self.path("two.csv")], ["-"]:
            done = run("convert", *arguments, "--rejects", "stderr", "--max-rejects", "0", data=data)
            self.ended(done, 65)
            self.assertEqual(len(short(b"\n".join(done.stderr.splitlines()[:-1]))), 1)
            self.assertEqual(done.stdout.count(b"\n"), 17)

    def test_invalid_limits_are_usage_errors(self):
        for limit in "-1", "x", "1.5", "101%", "%", "0.1234%", "1e3", "+1", "5 %":
            done = run("convert", self.input, "--rejects", "stderr", f"--max-rejects={limit}")
            self.ended(done, 64)
            self.assertIn(b"--max-rejects takes a number of lines or a share such as 0.5%", done.stderr)
        done = run("convert", self.input, "--max-rejects", "1")
        self.ended(done, 64)
        self.assertIn(b"--max-rejects requires --rejects", done.stderr)


class Status(WithRejects):
    def test_is_3_with_rejects_and_0_if_they_are_allowed(self):
        for command in "convert", "check", "messages":
            self.assert_aside(run(command, self.input, "--rejects", self.rejects))
            self.assert_aside(run(command, self.input, "--rejects", self.rejects, "--allow-rejected"), 0)
            # Without --rejects nothing is put aside.
            self.ended(run(command, self.input, "--allow-rejected"), 65)

    def test_is_65_if_the_header_or_a_further_input_is_invalid(self):
        for data in b'a,a\n1,2\n', b'a,"b"x\n', b"a\0,b\n1\n", b"PK\3\4", b"a,b\n1,2\n", b'a"\n':
            done = run("convert", *(["--types", "c:integer"] if data == b"a,b\n1,2\n" else []), "--rejects", "stderr", data=data)
            self.ended(done, 65)
        header = self.write("header.csv", b"a,a\n")
        done = run("check", header, self.input, "--rejects", self.rejects)
        self.assertIn(b"[duplicateHeader]", done.stderr)
        self.assert_aside(done, 65)


class NextLine(WithRejects):
    LOST = b'id,note\n1,"lost\n2,ok\n3,"in ""quotes"""\n4,"open\n5,x'

    def test_costs_one_line_where_a_quote_is_never_closed(self):
        options = ["--rejects", "stderr", "--unterminated", "next-line"]
        # The first quote is closed in line 4; the one in line 5 is not.
        rows = [{"id": "5", "note": "x"}]
        for arguments, given in ([self.write("lost.csv", self.LOST)], {}), (["-"], {"data": self.LOST}):
            done = run("convert", *options, *arguments, **given)
            self.ended(done, 3)
            self.assertEqual([json.loads(row) for row in done.stdout.splitlines()], rows)
            self.assertEqual(short(done.stderr), [("textAfterQuote", 2, 3), ("unterminatedQuote", 5, 1)])
        done = run("convert", "--rejects", "stderr", "-", data=self.LOST)
        self.assertEqual(short(done.stderr), [("textAfterQuote", 2, 3), ("unterminatedQuote", 5, 2)])

    def test_needs_rejects(self):
        for command in "convert", "check", "messages":
            done = run(command, self.input, "--unterminated", "next-line")
            self.ended(done, 64)
            self.assertIn(b"--unterminated next-line requires --rejects", done.stderr)

    def test_is_advised_where_a_record_is_too_long_and_lets_the_rest_pass(self):
        lines = [b"%d,%s" % (n, b"y" * 50) for n in range(200)]
        lines[70] = b'70,"lost'
        path = self.write("long.csv", b"id,note\n" + b"\n".join(lines) + b"\n")
        for command in "convert", "check", "messages":
            done = run(command, path, "--max-record", "1000")
            self.ended(done, 65)
            text = done.stderr.decode()
            self.assertIn("long.csv:72: error: ", text)
            advised = re.search(r": (--rejects PATH --unterminated next-line)[;\n]", text)[1]
            done = run(command, path, "--max-record", "1000", *shlex.split(advised.replace("PATH", self.rejects)))
            self.ended(done, 3)
            self.assertEqual(short(self.read("bad.ndjson")), [("unterminatedQuote", 72, 1)])
            os.remove(self.rejects)
            if command == "convert":
                self.assertEqual([json.loads(row)["id"] for row in done.stdout.splitlines()],
                                 [str(n) for n in range(200) if n != 70])
        # What is given already is not advised again.
        text = run("convert", path, "--max-record", "1000", "--rejects", self.rejects).stderr.decode()
        self.assertRegex(text, r": --unterminated next-line[;\n]")
        text = run("convert", "--max-record", "999", "--rejects", "stderr", "--unterminated", "next-line",
                   data=b"a\n" + b"z" * 1000).stderr.decode()
        self.assertIn("[recordTooLong]", text)
        self.assertNotIn("next-line", text)
        self.assertNotIn("--rejects", run("plan", path, "--max-record", "1000").stderr.decode())


class Advice(WithRejects):
    def test_of_too_many_rejects_lets_the_input_pass(self):
        for limit, higher in ("4", "5"), ("20%", "60%"):
            done = run("convert", self.input, "--rejects", self.rejects, "--max-rejects", limit)
            self.ended(done, 65)
            self.assertIn(b"in.csv:10: error: ", done.stderr)
            advised = re.search(rb"; to allow more: (--[a-z-]+)\n", done.stderr)[1].decode()
            os.remove(self.rejects)
            self.assert_aside(run("convert", self.input, "--rejects", self.rejects, advised, higher))

    def test_of_a_missing_option_is_right(self):
        done = run("convert", self.input, "--rejects", "-")
        self.ended(done, 64)
        advised = re.search(rb"; to see rejects: (--rejects stderr)\n", done.stderr)[1].decode()
        self.assertEqual(short(run("convert", self.input, *advised.split()).stderr), ASIDE)


class Summary(WithRejects):
    def test_names_rejects_by_code_with_lines_and_the_first_place(self):
        other = self.write("other.csv", b"id,note\n9\n10\n")
        for command in "convert", "check", "messages":
            done = run(command, self.input, other, "--rejects", self.rejects, "--summary", "json")
            found = json.loads(done.stderr)
            self.assertEqual(found["rejected"], 6)
            self.assertEqual(found["rejects"]["lines"], 7)
            codes = found["rejects"]["codes"]
            self.assertEqual({code: one["count"] for code, one in codes.items()},
                             {"quoteInPlain": 1, "raggedRecord": 3, "textAfterQuote": 1, "invalidUTF8": 1})
            self.assertEqual(codes["raggedRecord"]["first"],
                             {"file": self.input, "line": 4, "record": 4, "field": 2, "offset": 24})
            # The first place is where the error is, in a record of several lines too.
            self.assertEqual(codes["textAfterQuote"]["first"]["line"], 6)
            os.remove(self.rejects)
            text = run(command, self.input, other, "--rejects", self.rejects, "--summary", "text").stderr.decode()
            self.assertIn(", 6 rejected; ", text)
            self.assertIn(f"; rejected: 7 lines, 1 quoteInPlain, first in {self.input}:2, 1 textAfterQuote, first in "
                          f"{self.input}:6, 3 raggedRecord, first in {self.input}:4, 1 invalidUTF8, first in {self.input}:8\n", text)
            os.remove(self.rejects)

    def test_is_the_same_from_files_streams_and_any_number_of_threads(self):
        data = dirty(7)
        path = self.write("dirty.csv", data)
        found = []
        for arguments in [path, "-j", "1"], [path, "-j", "2"], ["-"]:
            done = run("check", *OPTIONS, *arguments, "--rejects", self.rejects, "--summary", "json", data=data)
            os.remove(self.rejects)
            summary = json.loads(done.stderr.replace(b"standard input", path.encode()))
            found.append({name: summary[name] for name in ("rows", "records", "rejected", "rejects", "bytesRead")})
        self.assertEqual(found[0]["rejected"], sum(bool(record.code) for record in records(data, 3)))
        self.assertEqual(found, [found[0]] * 3)

    def test_without_rejects_says_nothing_of_them(self):
        for options in [], ["--rejects", self.rejects]:
            done = run("convert", "--summary", "json", *options, data=b"a\n1\n")
            self.assertNotIn("rejects", json.loads(done.stderr))
        self.assertNotIn(b"; rejected", run("convert", "--summary", "text", data=b"a\n1\n").stderr)


if __name__ == "__main__":
    unittest.main()
