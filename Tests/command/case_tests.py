"""Fixtures/cases against the tables of its README: convert, check and messages agree, and following the advice works."""
import gzip
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import tarfile
import unittest
import zipfile

from support import BOUND, FIXTURES, SLUICE, InDirectory, run

CASES = os.path.join(FIXTURES, "cases")

# File; options; the error's code, offset, record and field; words of its text; whether `--lenient` gives the same error.
ERRORS = [
    ("utf16le_bom.csv", ["--encoding", "utf-16be"], ("byteOrderMark", 0, 1, 1), "the byte order mark says utf-16le", True),
    ("utf16be_bom.csv", ["--encoding", "utf-16le"], ("byteOrderMark", 0, 1, 1), "the byte order mark says utf-16be", True),
    ("utf16le_nobom_lf.csv", ["--encoding", "utf-16be"], ("utf16Input", 0, 1, 1), "looks like utf-16le", True),
    ("utf16be_nobom.csv", ["--encoding", "utf-16le"], ("utf16Input", 0, 1, 1), "looks like utf-16be", True),
    ("utf16be_nobom.csv", [], ("utf16Input", 0, 1, 1), "--encoding utf-16be", True),
    ("utf16le_nobom_lf.csv", [], ("utf16Input", 0, 1, 1), "--encoding utf-16le", True),
    ("utf16le_nobom_lf.csv", ["--encoding", "latin1"], ("utf16Input", 0, 1, 1), "--encoding utf-16le", True),
    ("utf16le_bom.csv", [], ("utf16Input", 0, 1, 1), "--encoding utf-16", True),
    ("bom_double.csv", ["--encoding", "latin1"], ("byteOrderMark", 0, 1, 1), "the byte order mark says utf-8", True),
    ("bom_double.csv", ["--encoding", "utf-16"], ("byteOrderMark", 0, 1, 1), "the byte order mark says utf-8", True),
    ("bom_quoted_header.csv", ["--encoding", "koi8-r"], ("byteOrderMark", 0, 1, 1), "says utf-8", True),
    ("utf32le_bom.csv", [], ("utf32Input", 0, 1, 1), "iconv -f UTF-32LE", True),
    ("zipped.csv.zip", [], ("notCSV", 0, 1, 1), "a zip archive", True),
    ("bz.csv.bz2", [], ("notCSV", 0, 1, 1), "compressed with bzip2", True),
    ("parquet.csv", [], ("notCSV", 0, 1, 1), "Parquet", True),
    ("sep_line.csv", [], ("sepLine", 0, 1, 1), "first line", True),
    ("sep_line.csv", ["--delimiter", ";"], ("sepLine", 0, 1, 1), "first line", True),
    ("utf16_ragged.csv", ["--encoding", "utf-16"], ("raggedRecord", 22, 3, 3), "", False),
    ("utf16_lone.csv", ["--encoding", "utf-16"], ("invalidEncoding", 16, 2, 2), "unpaired surrogate", False),
    ("utf16_odd.csv", ["--encoding", "utf-16"], ("invalidEncoding", 22, 3, 1), "odd last byte", False),
    ("line_vs_record.csv", [], ("quoteInPlain", 44, 3, 2), "", False),
    ("one_bad_row.csv", [], ("raggedRecord", 11, 3, 3), "", False),
    ("dup_headers.csv", [], ("duplicateHeader", 0, 1, 2), "", False),
    ("empty_headers.csv", [], ("duplicateHeader", 0, 1, 3), "", False),
    ("onecol_blank.csv", ["--blank-lines", "error"], ("blankLine", 4, 3, 1), "", True),
    ("space_before_quote.csv", [], ("quoteInPlain", 5, 1, 2), "", False),
    ("space_quoted_comma.csv", [], ("quoteInPlain", 8, 1, 2), "", False),
    ("backslash_quote.csv", [], ("textAfterQuote", 15, 2, 2), "", False),
    ("mac_cr.csv", [], ("bareCR", 3, 1, 2), "", False),
    ("mixed_eol.csv", [], ("bareCR", 20, 3, 2), "", False),
    ("ctrl_z.csv", [], ("raggedRecord", 9, 3, 2), "", False),
    ("excel_cp1252.csv", [], ("invalidUTF8", 11, 2, 1), "--encoding windows-1252", False),
    ("cp1252.csv", [], ("invalidUTF8", 4, 1, 1), "--encoding windows-1252", False),
    ("gz_trunc.csv.gz", [], ("badCompression", 30, 5, 1), "", True),
    ("gz_trailing_garbage.csv.gz", [], ("badCompression", 30, 5, 1), "", True),
]

WINDOWS = {"price": "€ 5", "note": "“hi” …"}
# File; options; rows.
ROWS = [
    ("excel_cp1252.csv", ["--encoding", "latin1"], [WINDOWS]),
    ("excel_cp1252.csv", ["--encoding", "Windows-1252"], [WINDOWS]),
    ("cp1252.csv", ["--encoding", "windows-1252"], [{"nameé": "café", "v": "€ 5"}]),
    ("nul.csv", [], [{"col1": "1", "col2": "x\0y"}, {"col1": "\0", "col2": "z"}]),
    ("utf16le_bom.csv", ["--encoding", "utf-16"], [{"id": "1", "näme": "åäö😀"}]),
    ("utf16be_bom.csv", ["--encoding", "utf-16be"], [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
    ("utf16be_nobom.csv", ["--encoding", "UTF-16BE"], [{"id": "1", "n": "2"}]),
    ("dup_headers.csv", ["--duplicate-headers", "rename"], [{"id": "1", "id_2": "2", "ID": "3"}]),
    ("onecol_blank.csv", ["--blank-lines", "skip-all"], [{"a": "1"}, {"a": "3"}]),
    ("decimal_comma.csv", ["--delimiter", ";"], [{"id": "1", "price": "1.234,50"}]),
    ("bom_double.csv", [], [{"\ufeffa": "1", "b": "2"}]),
    ("bom_quoted_header.csv", [], [{"col1": "v1", "col2": "v2"}]),
    ("blank_first.csv", [], [{"a": "1", "b": "2"}]),
    ("mac_cr.csv", ["--lenient"], [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
    ("trailing_delim.csv", ["--drop", ""], [{"id": "1", "name": "x"}, {"id": "2", "name": "y"}]),
    ("null_vs_empty.csv", ["--null", ""], [{"a": "x", "b": None, "c": None}]),
    ("null_vs_empty.csv", ["--null", "", "--quoted-empty", "string"], [{"a": "x", "b": None, "c": ""}]),
    ("dotted_headers.csv", ["--nest", "."], [{"a": {"b": "1", "c": "2"}, "d[0]": "3"}]),
    ("types.csv", ["--types", "number_field:string"], [
        {"name": "test", "number_field": "0050"}, {"name": "big", "number_field": "12345678901234567890123"},
        {"name": "exp", "number_field": "39e1804"}, {"name": "nan", "number_field": "NaN"},
        {"name": "bool", "number_field": "TRUE"}, {"name": "date", "number_field": "03/04/2021"},
    ]),
    ("sfn_doubled_quote_unquoted.csv", ["--quote-in-plain", "data"], [{"id": "1", "note": '{""K"":""V""}'}]),
    ("excel_formula.csv", ["--lenient"], [{"id": "1", "code": "=\"007\""}, {"id": "2", "code": "=\"008\""}]),
    ("utf16_lone.csv", ["--encoding", "utf-16", "--lenient"], [{"a": "1", "b": "\ufffd", "_3": "x"}]),
    ("utf16_odd.csv", ["--encoding", "utf-16", "--lenient"], [{"a": "1", "b": "2"}, {"a": "\ufffd", "b": ""}]),
]

# The contents of each file, when it is read in the right way.
HOLDS = {
    "utf16le_bom.csv": [{"id": "1", "näme": "åäö😀"}],
    "utf16be_bom.csv": [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}],
    "utf16le_nobom_lf.csv": [{"id": "1", "n": "2"}],
    "utf16be_nobom.csv": [{"id": "1", "n": "2"}],
    "bom_double.csv": [{"\ufeffa": "1", "b": "2"}],
    "bom_quoted_header.csv": [{"col1": "v1", "col2": "v2"}],
    "utf16_ragged.csv": [{"a": "1", "b": "2"}, {"a": "3", "b": "4", "_3": "5"}],
    "line_vs_record.csv": [{"id": "1", "note": "line one\nline two\nline three"}, {"id": "2", "note": "a\"b"}],
    "one_bad_row.csv": [{"id": "1", "qty": "5"}, {"id": "2", "qty": "6", "_3": "7"}, {"id": "3", "qty": "8"}],
    "dup_headers.csv": [{"id": "1", "id_2": "2", "ID": "3"}],
    "empty_headers.csv": [{"id": "1", "": "2", "_2": "3", "name": "4"}],
    "onecol_blank.csv": [{"a": "1"}, {"a": "3"}],
    "mac_cr.csv": [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}],
    "mixed_eol.csv": [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}, {"a": "3", "b": "z"}],
    "ctrl_z.csv": [{"RT": "1", "a": "2"}, {"RT": "\x1a", "a": ""}],
    "excel_cp1252.csv": [WINDOWS],
    "cp1252.csv": [{"nameé": "café", "v": "€ 5"}],
    "sep_line.csv": [{"id": "1", "price": "2,50"}],
    "space_before_quote.csv": [{"a": "1", "b": "2", "c": "3"}],
    "space_quoted_comma.csv": [{"Year": "2015", "Q,ty": "3,45"}],
    "backslash_quote.csv": [{"id": "1", "t": 'TV 50" wide'}, {"id": "2", "t": "a,b"}],
}
# Advice with a condition that the file does not meet.
CONDITIONAL = {"--assume-csv"}


def rows(output):
    return [json.loads(line) for line in output.split(b"\n")[:-1]]


def zipped(file, members):
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def tarred(file, members):
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


class Cases(InDirectory):
    def check_error(self, path, options, place, words):
        code = place[0]
        done = run("convert", path, *options, "--summary", "json")
        self.ended(done, 65)
        error = self.error(done)
        self.assertEqual((error["code"], error["offset"], error["record"], error["field"]), place, (path, options))
        text = run("convert", path, *options).stderr.decode()
        self.assertIn(f"[{code}]", text)
        self.assertIn(words, text)
        with open(path, "rb") as file:
            data = file.read()
        for other in [run("convert", "-", *options, "--summary", "json", data=data),
                      run("convert", "-j", "1", path, *options, "--summary", "json"),
                      run("check", path, *options, "--summary", "json")]:
            self.ended(other, 65)
            found = [json.loads(line)["error"] for line in other.stderr.splitlines() if b'"error"' in line][0]
            self.assertEqual((found["code"], found["offset"], found["record"], found["field"]), place, (path, options))
        done = run("messages", path, *options)
        self.ended(done, 65)
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(last["attributes"]["sluice.content"], "aborted")
        found = json.loads(last["body"])["error"]
        self.assertEqual((found["code"], found["offset"], found["record"], found["field"]), place, (path, options))

    def test_every_command_reports_an_error_at_the_same_place(self):
        for name, options, place, words, is_lenient in ERRORS:
            path = os.path.join(CASES, name)
            self.check_error(path, options, place, words)
            if is_lenient:
                self.check_error(path, [*options, "--lenient"], place, words)

    def test_every_advised_option_makes_the_file_pass_undamaged(self):
        count = 0
        for name, options, _, _, _ in ERRORS:
            path = os.path.join(CASES, name)
            advice = run("convert", path, *options).stderr.decode().split("; ", 1)[-1]
            # Commands are tested below.
            advice = re.sub(r"to (?:extract the CSV|convert it): .*?(?=; if it is CSV|$)", "", advice)
            for option, value in re.findall(r"(?<!\S)(--[a-z0-9-]+)(?: ('[^']*'|[a-z0-9-]+))?", advice):
                if option in CONDITIONAL:
                    continue
                left = [] if option in options else options
                done = run("convert", path, *left, option, *shlex.split(value))
                self.assertEqual((done.returncode, rows(done.stdout)), (0, HOLDS.get(name)), (name, advice, done.stderr))
                count += 1
        self.assertGreater(count, 10)

    def test_a_value_that_is_not_of_its_type_is_an_error_everywhere(self):
        path = os.path.join(CASES, "types.csv")
        self.check_error(path, ["--types", "number_field:number"], ("typeMismatch", 23, 2, 2), "leading zero")

    def test_valid_files_are_converted(self):
        for name, options, expected in ROWS:
            done = run("convert", os.path.join(CASES, name), *options)
            self.assertEqual((done.returncode, rows(done.stdout)), (0, expected), (name, done.stderr))
            done = run("messages", os.path.join(CASES, name), *options)
            self.ended(done, 0)
            messages = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(json.loads(messages[0]["body"]), expected, name)

    def test_text_without_a_byte_order_mark_is_bad_data_and_the_error_names_the_order(self):
        with open(os.path.join(CASES, "utf16le_bom.csv"), "rb") as file:
            path = self.write("a.csv", file.read()[2:])
        self.check_error(path, ["--encoding", "utf-16"], ("noByteOrderMark", 0, 1, 1), "--encoding utf-16le")

    def test_text_in_the_wrong_byte_order_is_an_error_however_late_its_first_line_ends(self):
        for header, commas in ("\u4e8c" * 3000, False), ("\u4e8c," * 1500, True):
            text = f"{header}\n{'3,' * 1500 if commas else '3'}\n"
            for codec, other in ("utf-16le", "utf-16be"), ("utf-16be", "utf-16le"):
                path = self.write("a.csv", text.encode(codec))
                self.check_error(path, ["--encoding", other], ("utf16Input", 0, 1, 1), f"--encoding {codec}")
                done = run("convert", path, "--encoding", codec, "--lenient")
                self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 1))

    def test_a_single_column_header_with_another_delimiter_only_prints_a_hint(self):
        for header, title, word in [("id;price", "';'", "';'"), ("a\tb", "a tab", "tab"), ("a|b", "'|'", "'|'"),
                                    ("a||b||c", "'||'", "'||'"), ("a||b|c", "'|'", "'|'"), ("a;;b", "';'", "';'")]:
            path = self.write("a.csv", f"{header}\n1,2\n".replace(",", ";").encode())
            hint = f"the header has one column and contains {title}: --delimiter {word}?"
            for command in [["convert", path], ["check", path], ["messages", path], ["messages", "--validate-first", path]]:
                done = run(*command)
                self.ended(done, 0)
                self.assertEqual(done.stderr.decode(), f"{path}: warning: {hint}\n")
            done = run("convert", path, path, "--summary", "json")
            first, summary = done.stderr.splitlines()
            self.assertEqual(json.loads(first), {"warning": {"file": path, "message": hint}})
            self.assertEqual(rows(done.stdout), [{header: "1;2"}] * 2)
        path = os.path.join(CASES, "decimal_comma.csv")
        done = run("convert", path)
        self.assertEqual((done.returncode, done.stderr.count(b"the header has one column")), (65, 1))
        for options in [["--no-header"], ["--header", "x"], ["--delimiter", "|"]]:
            self.assertNotIn(b"warning", run("convert", self.write("b.csv", b"a\n"), *options).stderr)

    def commands(self, done):
        """Returns the commands in an error's advice, with the built program in place of `sluice`."""
        text = done.stderr.decode()
        found = re.findall(r"to (?:extract the CSV|convert it): (.*?)(?:; if it is CSV|\n|$)", text)
        return [command.replace("&& sluice ", f"&& {shlex.quote(SLUICE)} ") for command in found]

    def follow(self, done, cwd=None):
        """Runs the command in an error's advice."""
        found = self.commands(done)
        self.assertEqual(len(found), 1, done.stderr)
        return subprocess.run(found[0], shell=True, capture_output=True, timeout=BOUND, cwd=cwd or self.directory)

    def check_commands(self, name, data, expected, options=()):
        path = self.write(name, data)
        done = run("convert", path, *options)
        self.ended(done, 65)
        found = self.commands(done)
        self.assertEqual(len(found), 1, done.stderr)
        self.assertIn(shlex.quote(path), found[0])
        ended = subprocess.run(found[0], shell=True, capture_output=True, timeout=60)
        self.assertEqual((ended.returncode, rows(ended.stdout)), (0, expected), (found, ended.stderr))
        # Existing files are not overwritten.
        before = {name: self.read(name) for name in self.files() if os.path.isfile(self.path(name))}
        self.assertNotEqual(subprocess.run(found[0], shell=True, capture_output=True, timeout=60).returncode, 0)
        self.assertEqual(before, {name: self.read(name) for name in self.files() if os.path.isfile(self.path(name))})

    def test_the_advised_command_unpacks_or_converts_the_input(self):
        text, expected = b"a,b\n1,2\n", [{"a": "1", "b": "2"}]
        with open(os.path.join(CASES, "zipped.csv.zip"), "rb") as file:
            self.check_commands("a file.zip", file.read(), expected)
        for tool in ["bzip2", "xz", "lz4", "lzip"]:
            if shutil.which(tool):
                packed = subprocess.run([tool, "-c"], input=text, capture_output=True, check=True).stdout
                self.check_commands(f"a.{tool}", packed, expected)
        self.write("a.csv", text)
        tar = subprocess.run(["tar", "-C", self.directory, "-c", "a.csv"], capture_output=True, check=True).stdout
        self.check_commands("a.tar", tar, expected)
        with open(os.path.join(CASES, "utf32le_bom.csv"), "rb") as file:
            self.check_commands("wide.csv", file.read(), [{"id": "1", "n": "å"}])

    def test_the_advised_command_first_unpacks_what_sluice_unpacks(self):
        expected = [{"a": "1", "b": "2"}]
        packed = subprocess.run(["bzip2", "-c"], input=b"a,b\n1,2\n", capture_output=True, check=True).stdout
        with open(os.path.join(CASES, "zipped.csv.zip"), "rb") as file:
            zipped = file.read()
        for name, data in [("a b.bz2.gz", packed), ("a.zip.gz", zipped),
                           ("wide.csv.gz", "a,b\n1,2\n".encode("utf-32")), ("a.csv.gz.gz", gzip.compress(b"a,b\n1,2\n"))]:
            done = run("convert", self.write(name, gzip.compress(data)))
            self.ended(done, 65)
            ended = self.follow(done)
            self.assertEqual((ended.returncode, rows(ended.stdout)), (0, expected), (done.stderr, ended.stderr))

    def test_the_command_for_an_archive_converts_each_file_and_requires_the_same_header(self):
        for name in "one.csv", "two.csv":
            self.write(name, b"a,b\n1,2\n")
        for second, status in (b"a,b\n3,4\n", 0), (b"b,a\n3,4\n", 65):
            self.write("two.csv", second)
            for archive, make in [("x:[y].zip", zipped), ("x:[y].tar", tarred), ("-x @z.zip", zipped), ("-x.tar", tarred)]:
                # Another file, which the archive's name would match as a pattern.
                self.write("x:y" + archive[-4:], b"another")
                with open(self.path(archive), "wb") as file:
                    make(file, {name: self.read(name) for name in ("one.csv", "two.csv")})
                ended = self.follow(run("convert", "--", archive, cwd=self.directory))
                self.assertEqual(ended.returncode, status, ended.stderr)
                if status == 0:
                    self.assertEqual(rows(ended.stdout), [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}])
                shutil.rmtree(self.path(archive + ".unpacked"))

    def test_the_advised_command_fails_if_the_input_is_damaged(self):
        text = b"a,b\n" + b"".join(b"%d,some text\n" % n for n in range(50_000))
        for tool in "bzip2", "xz", "lz4", "lzip":
            if shutil.which(tool):
                packed = subprocess.run([tool, "-c"], input=text, capture_output=True, check=True).stdout
                for name, data in (f"a.{tool}", packed[:-20]), (f"a.{tool}.gz", gzip.compress(packed[:-20])):
                    ended = self.follow(run("convert", self.write(name, data)))
                    self.assertNotEqual(ended.returncode, 0, name)
                    self.assertEqual(ended.stdout, b"")
        wide = "a,b\n1,2\n".encode("utf-32") + b"\xff\xff\xff\xff"
        self.assertNotEqual(self.follow(run("convert", self.write("wide.csv", wide))).returncode, 0)

    def test_the_advised_command_keeps_the_command_and_its_options(self):
        with open(os.path.join(CASES, "zipped.csv.zip"), "rb") as file:
            path = self.write("a.zip", file.read())
        good = self.write("c.csv", b"a,b\n1,2\n")
        for words in ["check", path], ["messages", path, "--max-bytes", "4096"], ["plan", "--speed=7", path], \
                ["convert", "--header", "x y", path, good], ["convert", "--ragged", "pad", "-o", self.path("out"), path]:
            done = run(*words)
            expected = ["sluice", *[path + ".unpacked/*" if word == path else shlex.quote(word) for word in words]]
            self.assertIn(f" && {' '.join(expected)}; if it is CSV", done.stderr.decode())
        done = run("check", "--quote", "|", data=self.read("a.zip"))
        self.assertIn("unzip -q FILE -d FILE.unpacked && sluice check --quote '|' FILE.unpacked/*;", done.stderr.decode())
        done = run("check", "--delimiter", ",", "--encoding=utf-8", "-", data="a,b\n1,2\n".encode("utf-32"))
        self.assertIn("&& sluice check --delimiter , FILE.utf8\n", done.stderr.decode())

    def test_no_command_is_printed_for_doubly_compressed_input_that_cannot_be_read_again(self):
        twice = gzip.compress(gzip.compress(b"a,b\n1,2\n"))
        self.assertEqual(self.commands(run("convert", data=twice)), [])
        with open(self.write("a.gz.gz", twice), "rb") as file:
            done = subprocess.run([SLUICE, "convert"], stdin=file, capture_output=True, timeout=BOUND)
        self.assertIn(b"gzip -dc FILE > FILE.unpacked && gzip -dc FILE.unpacked > FILE.unpacked.unpacked", done.stderr)

    def test_an_encoding_is_advised_only_if_nothing_contradicts_it(self):
        windows = "name,v\nJos\u00e9,\u20ac 5\n".encode("cp1252")
        for data, words in [
            (windows, "--encoding windows-1252"), (gzip.compress(windows), "--encoding windows-1252"),
            (b"a,b\n1,\303\251\n2,\351\n", "mixes encodings"), (b"a,b\n2,\351\n1,\303\251\n", "mixes encodings"),
            (b"a,b\n2,\351\n" + b"1,2\n" * 100_000 + b"1,\303\251\n", "mixes encodings"),
            (b"a,b\n1,\xf0\x9f\x98\n", "another encoding"), (b"a,b\n1,\xed\xa0\xbd\xed\xb8\x80\n", "another encoding"),
            ("\u4fa1\u4e59,\u4fa1\n".encode("utf-16le"), "another encoding"), (b"a\n\x81\n", "another encoding"),
        ]:
            path = self.write("a.csv", data)
            with open(path, "rb") as file:
                inputs = [run("convert", path), run("messages", path),
                          subprocess.run([SLUICE, "convert"], stdin=file, capture_output=True, timeout=BOUND)]
            for done in inputs:
                self.ended(done, 65)
                self.assertIn(words, done.stderr.decode())
                self.assertEqual("windows-1252" in done.stderr.decode(), "windows-1252" in words, data)
        # A pipe cannot be read again.
        self.assertIn(b"another encoding", run("convert", data=windows).stderr)

    def test_a_larger_limit_is_advised_only_up_to_the_maximum(self):
        names = ",".join(f"c{number}" for number in range(1_100_000)).encode()
        path = self.write("wide.csv", names + b"\n")
        done = run("convert", path)
        advised = re.search(r"--max-columns \d+", done.stderr.decode()).group(0).split()
        self.ended(run("check", path, *advised), 0)
        most = 1 << 24
        path = self.write("wider.csv", b"," * most + b"\n")
        done = run("convert", path, "--max-columns", str(most))
        self.ended(done, 65)
        self.assertNotIn(b"--max-columns", done.stderr)
        done = run("convert", self.write("a.csv", b"a\n" + b"x" * 5000 + b"\n"), "--max-record", "4096")
        advised = re.search(r"--max-record \w+", done.stderr.decode()).group(0).split()
        self.ended(run("check", self.path("a.csv"), *advised), 0)

    def test_an_unsupported_encoding_is_refused_with_a_command_that_converts_it(self):
        for label, codec, text in [
            ("Shift_JIS", "cp932", "名前,値\n①,～\n"), ("gbk", "gbk", "姓名,值\n甲,乙\n"), ("gb18030", "gb18030", "姓名,值\n甲,乙\n"),
            ("big5", "big5hkscs", "姓名,值\n甲,乙\n"), ("EUC-KR", "cp949", "이름,값\n가,똠\n"),
            ("euc-jp", "euc_jp", "名前,値\n一,二\n"), ("iso-2022-jp", "iso2022_jp", "名前,値\n一,二\n"),
        ]:
            path = self.write("a.csv", text.encode(codec))
            done = run("convert", path, "--encoding", label)
            self.ended(done, 64)
            command = self.commands(done)[0].replace("FILE", path)
            ended = subprocess.run(command, shell=True, capture_output=True, timeout=60)
            os.remove(path + ".utf8")
            header, row = [line.split(",") for line in text.split()]
            self.assertEqual(rows(ended.stdout), [dict(zip(header, row))], (label, ended.stderr))
        self.ended(run("convert", "-", "--encoding", "utf-7", data=b""), 64)
        for label in "x-user-defined", "replacement", "hz-gb-2312":
            done = run("convert", "-", "--encoding", label, data=b"")
            self.ended(done, 64)
            self.assertNotIn(b"iconv", done.stderr)

    def test_input_that_starts_like_another_file_is_csv_with_assume_csv(self):
        data = b'{"a":1}\n'
        done = run("convert", "-", "--lenient", data=data)
        self.ended(done, 65)
        self.assertIn(b"--assume-csv", done.stderr)
        done = run("convert", "-", "--lenient", "--assume-csv", data=data)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        done = run("messages", "-", "--lenient", "--assume-csv", data=data)
        self.ended(done, 0)


if __name__ == "__main__":
    unittest.main()
