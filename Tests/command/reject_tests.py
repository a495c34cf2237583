"""Records that break a rule are put aside with `--rejects`, and a simple reading of the input confirms where they are."""
import base64
import collections
import gzip
import json
import os
import random
import re
import shlex
import subprocess
import unittest

from support import BOUND, SLUICE, InDirectory, run

# A field, accepting quotes everywhere: in quotes up to a single quote or the end of the input, then anything up to the end of the
# field. A CR that is not before an LF is data.
QUOTED = rb'"[^"]*(?:""[^"]*)*(?:"|\Z)'
PLAIN = rb"(?:[^,\r\n]|\r(?!\n))*"
FIELD = re.compile(b"(%s)?(%s)" % (QUOTED, PLAIN))
END = re.compile(rb"\r\n|\n|\Z")
MOST_COLUMNS = 40

Record = collections.namedtuple("Record", "number offset end line lines raw fields code")


def records(data, width, is_integer):
    """Yields all records of an input, headers and blank lines included, with what is wrong with each."""
    offset, number, line = 0, 1, 1
    while offset < len(data):
        fields, place, code = [], offset, None
        while True:
            field = FIELD.match(data, place)
            code = code or fault(*field.groups())
            fields.append(field)
            place = field.end()
            if data[place:place + 1] != b",":
                break
            place += 1
        end = END.match(data, place).end()
        lines = data.count(b"\n", offset, end)
        found = Record(number, offset, end, line, max(1, lines + (data[end - 1:end] != b"\n")), data[offset:place],
                       [value(*field.groups()) for field in fields], None)
        yield found._replace(code=code or fault_of_record(found, width, is_integer and number > 1))
        offset, number, line = end, number + 1, line + lines


def fault(quoted, plain):
    if quoted and (len(quoted) == 1 or len(re.sub(b'""', b"", quoted[1:])) == len(re.sub(b'""|"', b"", quoted[1:]))):
        return "unterminatedQuote"
    if quoted:
        return "textAfterQuote" if plain else None
    strange = re.search(rb'["\r]', plain)
    return strange and ("bareCR" if strange[0] == b"\r" else "quoteInPlain")


def fault_of_record(record, width, is_integer):
    if record.raw == b"":
        return "blankLine"
    if len(record.fields) > MOST_COLUMNS:
        return "tooManyColumns"
    if len(record.fields) != width:
        return "raggedRecord"
    try:
        record.raw.decode()
    except UnicodeDecodeError:
        return "invalidUTF8"
    if is_integer and not re.fullmatch(rb"[1-9][0-9]*|0", record.fields[0]):
        return "typeMismatch"
    return None


def value(quoted, plain):
    return plain if quoted is None else re.sub(b'""', b'"', quoted[1:-1]) + plain


BAD = [b'%d,12" wide,x', b'%d,"said "no"",x', b'%d,"lost\n8,"ok",y', b"%d,one\rtwo,x", b"%d,only", b"%d,a,b,c", b"%d,\xff,x",
       b'%d,"two\nlines\r\n"",\n",more,x', b"", b"x%d,a,b", b"%d" + b"," * 60, b'%d,"a\xc3\n",x', b"0%d,a,b"]


def dirty(seed, rows=20_000, bad=100):
    """Returns a valid file of some rows with quoted values of several lines, with bad records at random places and at its end."""
    chance = random.Random(seed)
    lines = [b'%d,"a, ""b""\n%s",%s' % (n, b"\r\n" * (n % 3), b"\xc3\xa9" * (n % 40)) for n in range(1, rows)]
    for place in range(bad):
        form = BAD[place % len(BAD)]
        lines.insert(chance.randrange(len(lines)), form % place if b"%d" in form else form)
    ends = chance.choices([b"\n", b"\r\n"], k=len(lines) + 1)
    return b"".join(line + end for line, end in zip([b"id,text,note", *lines], ends)) + b'7,"open,8\n9,x,y\n'


OPTIONS = ["--types", "id:integer", "--max-columns", str(MOST_COLUMNS), "--blank-lines", "error"]
SMALL = b'id,note\n1,12" wide\n2,ok\n3\n4,"lost\n5,"ok"\n6,x\n7,\xff\n8,fine\n'
KEPT = b'{"id":"2","note":"ok"}\n{"id":"6","note":"x"}\n{"id":"8","note":"fine"}\n'
# Code, first line and number of lines of each record of it that is put aside.
ASIDE = [("quoteInPlain", 2, 1), ("raggedRecord", 4, 1), ("textAfterQuote", 5, 2), ("invalidUTF8", 8, 1)]


def raw(reject):
    return reject["raw"].encode() if "raw" in reject else base64.b64decode(reject["rawBase64"])


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


class Places(InDirectory):
    def test_rows_and_rejects_are_all_records_of_a_simple_reading_in_every_mode_and_kernel(self):
        listed = run("--version", "--verbose").stdout.decode().splitlines()[2]
        kernels = listed.removeprefix("available: ").split(", ")
        for seed in range(3):
            data = dirty(seed)
            header, *expected = records(data, 3, is_integer=True)
            bad = [record for record in expected if record.code]
            codes = {record.code for record in bad}
            self.assertEqual(codes, {"quoteInPlain", "textAfterQuote", "bareCR", "raggedRecord", "invalidUTF8", "blankLine",
                                     "typeMismatch", "tooManyColumns", "unterminatedQuote"})
            good = [record for record in expected if not record.code]
            rows = [{"id": int(one.fields[0]), "text": one.fields[1].decode(), "note": one.fields[2].decode()} for one in good]
            path, packed = self.write("in.csv", data), self.write("in.csv.gz", gzip.compress(data))
            modes = [([path, "-j", "1"], {}), ([path, "-j", "2"], {}), ([packed], {}), (["-"], {"data": data})]
            modes += [([path, "-j", "2"], {"kernel": kernel}) for kernel in kernels if seed == 0]
            for arguments, options in modes:
                with self.subTest(seed=seed, arguments=arguments, kernel=options.get("kernel")):
                    done = run("convert", *OPTIONS, "--force", "--rejects", self.path("bad"), *arguments, **options)
                    self.ended(done, 3)
                    self.assertEqual([json.loads(row) for row in done.stdout.splitlines()], rows)
                    found = [json.loads(line) for line in self.read("bad").splitlines()]
                    self.confirm(found, bad, data)

    def confirm(self, found, bad, data):
        self.assertEqual([(one["record"], one["code"]) for one in found], [(one.number, one.code) for one in bad])
        for reject, record in zip(found, bad):
            text = data[reject["offset"]:reject["end"]]
            # A line end inside quotes that are never closed is part of the value.
            content = text if record.code == "unterminatedQuote" else re.sub(rb"\r?\n\Z", b"", text)
            self.assertEqual(content[:4096], raw(reject), record)
            self.assertEqual((reject["offset"], reject["end"], reject["line"], reject["lines"]),
                             (record.offset, record.end, record.line, record.lines), record)
            self.assertEqual(reject["line"], 1 + data.count(b"\n", 0, reject["offset"]))
            # What is wrong is inside the record, and the message says where.
            place = re.search(r", at byte (\d+)$", reject["message"])
            self.assertTrue(place is None or reject["offset"] < int(place[1]) <= reject["end"], reject)
            if "column" in reject:
                self.assertEqual(reject["column"], ["id", "text", "note"][reject["field"] - 1])

    def test_offsets_count_stored_bytes_and_text_is_decoded(self):
        for encoding, text in [("windows-1252", "é,b\n1\né,\x81\n3,4"), ("utf-16le", "é,b\n1\né,\ud800\n3,4")]:
            data = text.encode("latin-1") if encoding == "windows-1252" else text.encode("utf-16-le", "surrogatepass")
            size = len(data) // len(text)
            done = run("convert", "--encoding", encoding, "--rejects", "stderr", data=data)
            self.ended(done, 3)
            self.assertEqual(done.stdout, '{"é":"3","b":"4"}\n'.encode())
            ragged, broken = map(json.loads, done.stderr.splitlines())
            self.assertEqual((ragged["offset"] // size, ragged["end"] // size, ragged["raw"]), (4, 6, "1"))
            self.assertEqual((broken["code"], broken["offset"] // size, broken["end"] // size, broken["raw"]),
                             ("invalidEncoding", 6, 10, "é,\ufffd"))

    def test_the_first_4096_bytes_are_kept_up_to_a_character(self):
        for text, kept in [(b"x" * 5000, b"x" * 4096), ("é".encode() * 3000, "é".encode() * 2048),
                           (b"x" + "é".encode() * 3000, b"x" + "é".encode() * 2047)]:
            done = run("convert", "--rejects", "stderr", data=b"a,b\n" + text + b"\n")
            reject = json.loads(done.stderr)
            self.assertEqual((raw(reject), reject["offset"], reject["end"]), (kept, 4, 5 + len(text)))


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
        self.assertEqual(found[0]["rejected"], sum(bool(record.code) for record in records(data, 3, True)))
        self.assertEqual(found, [found[0]] * 3)

    def test_without_rejects_says_nothing_of_them(self):
        for options in [], ["--rejects", self.rejects]:
            done = run("convert", "--summary", "json", *options, data=b"a\n1\n")
            self.assertNotIn("rejects", json.loads(done.stderr))
        self.assertNotIn(b"; rejected", run("convert", "--summary", "text", data=b"a\n1\n").stderr)


class InMessages(InDirectory):
    def setUp(self):
        super().setUp()
        self.data = dirty(11, rows=3000, bad=60)
        self.input = self.write("in.csv", self.data)
        self.options = [*OPTIONS, "--max-bytes", "4096", "--rejects", "messages"]
        self.lines = self.messages()
        self.places = [n for n, line in enumerate(self.lines) if b'"sluice.content":"rejects"' in line]
        self.assertGreater(len(self.places), 3)

    def messages(self, *options, status=3):
        done = run("messages", self.input, *self.options, *options)
        self.ended(done, status)
        return done.stdout.splitlines(keepends=True)

    def verify(self, lines, *options):
        return run("verify", *options, "-", data=b"".join(lines))

    def changed(self, place, change):
        """Returns the messages with the body of one changed."""
        message = json.loads(self.lines[place])
        body = change(message["body"])
        self.assertNotEqual(body, message["body"])
        return [*self.lines[:place], json.dumps(dict(message, body=body)).encode() + b"\n", *self.lines[place + 1:]]

    def test_with_threads_and_from_streams_are_the_same(self):
        lines = self.messages("--source", "s")
        self.assertEqual(self.messages("--source", "s", "-j", "1"), lines)
        done = run("messages", "-", *self.options, "--source", "s", data=self.data)
        self.assertEqual(done.stdout.splitlines(keepends=True), lines)
        self.assertTrue(all(len(line) < 5000 for line in self.lines))

    def test_are_verified(self):
        count = sum(bool(record.code) for record in records(self.data, 3, True))
        for given in self.lines, self.lines[::-1]:
            done = self.verify(given)
            self.ended(done, 0)
            self.assertIn(b" rows, %d rejected records in %d messages, bytes 0-%d\n" % (count, len(self.places), len(self.data)),
                          done.stdout)
            for jobs in "1", "2":
                done = self.verify(given, "--against", self.input, "-j", jobs)
                self.ended(done, 0)
                self.assertIn(b", every row and reject as in the input\n", done.stdout)

    def test_that_went_elsewhere_are_no_gap(self):
        rest = [line for n, line in enumerate(self.lines) if n not in self.places]
        for options, end in ([], b""), (["--against", self.input], b", every row that was not rejected as in the input"):
            done = self.verify(rest, *options)
            self.ended(done, 0)
            self.assertRegex(done.stdout, rb", \d+ rejected records, bytes 0-\d+" + end + b"\n$")

    def test_may_come_twice(self):
        for given in self.lines + [self.lines[self.places[1]]], [self.lines[self.places[-1]]] + self.lines:
            for options in [], ["--against", self.input]:
                self.ended(self.verify(given, *options), 0)

    def test_that_are_missing_altered_or_damaged_are_found(self):
        first, second = self.places[:2]
        dropped = self.lines[:second] + self.lines[second + 1:]
        for options in [], ["--against", self.input]:
            done = self.verify(dropped, *options)
            self.ended(done, 65)
            self.assertRegex(done.stderr, rb"\d+ rejected records in messages, not \d+ as in the manifest\n")
            done = self.verify(self.changed(first, lambda body: body[:-1]), *options)
            self.ended(done, 65)
            self.assertIn(b"message %d has a damaged body" % (first + 1), done.stderr)
        altered = self.changed(second, lambda body: body.replace('"line":', '"line":1', 1))
        self.ended(self.verify(altered), 0)
        done = self.verify(altered, "--against", self.input)
        self.ended(done, 65)
        self.assertIn(b"message %d, bytes " % (second + 1), done.stderr)
        # One of another input, in the place of one of this.
        other = self.write("other.csv", self.data.replace(b"wide", b"side"))
        swapped = run("messages", other, *self.options, "--source", "s").stdout.splitlines(keepends=True)
        lines = self.messages("--source", "s")
        mixed = [*lines[:first], swapped[first], *lines[first + 1:]]
        done = self.verify(mixed, "--against", self.input)
        self.ended(done, 65)
        self.assertIn(b"has a different id than the input's", done.stderr)

    def test_are_repaired_by_the_command_that_verify_prints(self):
        for seed in range(20):
            chance = random.Random(seed)
            dropped = set(chance.sample(self.places[:-1], chance.randint(1, 2)))
            dropped |= set(chance.sample(range(len(self.lines) - 1), seed % 3))
            kept = [line for n, line in enumerate(self.lines) if n not in dropped]
            done = self.verify(kept)
            self.ended(done, 65)
            command = done.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1]
            words = shlex.split(command)
            self.assertEqual(words[:5], ["sluice", "send", "INPUT", "--queue-url", "URL"])
            self.assertIn("rejects", words[words.index("--only") + 1].split(","))
            done = run("messages", self.input, *words[5:])
            self.ended(done, 3)
            sent = done.stdout.splitlines(keepends=True)
            self.assertLessEqual(set(sent), set(self.lines))
            done = self.verify(kept + [line for line in sent if line not in kept or line in [self.lines[n] for n in self.places]],
                               "--against", self.input)
            self.ended(done, 0)

    def test_if_the_manifest_is_missing_too_are_repaired(self):
        place = self.places[1]
        kept = self.lines[:place] + self.lines[place + 1:-1]
        done = self.verify(kept)
        words = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair, ", 1)[1].split(": ", 1)[1])
        done = run("messages", self.input, *OPTIONS, "--max-bytes", "4096", "--rejects", "messages", *words[5:])
        again = kept + done.stdout.splitlines(keepends=True)
        done = self.verify(again)
        words = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1])
        done = run("messages", self.input, *words[5:])
        self.ended(self.verify(again + done.stdout.splitlines(keepends=True), "--against", self.input), 0)

    def test_are_selected_by_records_and_by_their_name(self):
        rejects = [self.lines[n] for n in self.places]
        self.assertEqual(self.messages("--only", "rejects"), rejects)
        self.assertEqual(self.messages("--only", "rejects,manifest"), [*rejects, self.lines[-1]])
        # Their index is one of their own.
        self.assertEqual(self.messages("--only", "0/0"), self.lines[:1])
        held = [[int(end) for end in json.loads(line)["attributes"]["sluice.records"].split("-")] for line in self.lines[:-1]]
        first = held[self.places[1]][0]
        expected = [line for (low, high), line in zip(held, self.lines) if low <= first <= high]
        self.assertEqual(self.messages("--records", str(first)), expected)

    def test_with_rows_too_large_for_a_message_hold_those_too(self):
        path = self.write("big.csv", b"a,b\n1\n" + b"%s,x\n" % (b"y" * 9000) + b"2,3\n4\n")
        done = run("messages", path, "--max-bytes", "4096", "--oversize", "reject", "--rejects", "messages")
        self.ended(done, 3)
        self.assertEqual(done.stderr, b"")
        rejects = json.loads(json.loads(done.stdout.splitlines()[1])["body"])
        self.assertEqual([(one["code"], one["line"]) for one in rejects], [("raggedRecord", 2), ("rowTooLarge", 3), ("raggedRecord", 5)])
        self.assertTrue(("y" * 9000).startswith(rejects[1]["raw"]))
        self.ended(self.verify([done.stdout], "--against", path), 0)

    def test_a_run_with_too_many_is_reported_as_aborted(self):
        lines = self.messages("--max-rejects", "3", status=65)
        done = self.verify(lines)
        self.ended(done, 65)
        self.assertIn(b"aborted: tooManyRejects at byte %d" % len(self.data), done.stderr)
        self.assertNotIn(b"to repair", done.stderr)

    def test_a_limit_or_a_way_of_closing_quotes_needs_not_be_repeated(self):
        for options in (["--max-rejects", "500"], ["--max-rejects", "50.5%"], ["--unterminated", "next-line"],
                        ["--zstd", "--message-format", "ndjson"]):
            lines = self.messages(*options)
            self.ended(self.verify(lines, "--against", self.input), 0)
            done = self.verify(lines[1:])
            words = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1])
            done = run("messages", self.input, *words[5:])
            self.ended(done, 3)
            self.assertIn(lines[0], done.stdout.splitlines(keepends=True))


if __name__ == "__main__":
    unittest.main()
