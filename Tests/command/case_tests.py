"""The small files of Fixtures/cases, by the tables of its README: one answer from convert, check and messages, and advice
that does what it says."""
import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import unittest

from support import FIXTURES, SLUICE, InDirectory, run

CASES = os.path.join(FIXTURES, "cases")

# File; options; the error's code, offset, record and field; words of its text; whether --lenient gives the same error.
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
    ("excel_formula.csv", ["--lenient"], [{"id": "1", "code": "=\"007\""}, {"id": "2", "code": "=\"008\""}]),
    ("utf16_lone.csv", ["--encoding", "utf-16", "--lenient"], [{"a": "1", "b": "\ufffd", "_3": "x"}]),
    ("utf16_odd.csv", ["--encoding", "utf-16", "--lenient"], [{"a": "1", "b": "2"}, {"a": "\ufffd", "b": ""}]),
]

# What each file holds, whoever says how it is to be read.
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
}
# Advice that stands under a condition which the file doesn't meet.
CONDITIONAL = {"--assume-csv"}


def rows(output):
    return [json.loads(line) for line in output.split(b"\n")[:-1]]


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

    def test_what_is_wrong_is_said_by_every_command_with_the_same_place(self):
        for name, options, place, words, is_lenient in ERRORS:
            path = os.path.join(CASES, name)
            self.check_error(path, options, place, words)
            if is_lenient:
                self.check_error(path, [*options, "--lenient"], place, words)

    def test_every_option_that_is_advised_makes_the_file_pass_and_damages_nothing(self):
        count = 0
        for name, options, _, _, _ in ERRORS:
            path = os.path.join(CASES, name)
            advice = run("convert", path, *options).stderr.decode().split("; ", 1)[-1]
            # Commands are tried below.
            advice = re.sub(r": [^;]* \| sluice convert -( --delimiter \S+)?", "", advice)
            for option, value in re.findall(r"(?<!\S)(--[a-z0-9-]+)(?: ([a-z0-9-]+))?", advice):
                if option in CONDITIONAL:
                    continue
                left = [] if option in options else options
                done = run("convert", path, *left, option, *([value] if value else []))
                self.assertEqual((done.returncode, rows(done.stdout)), (0, HOLDS.get(name)), (name, advice, done.stderr))
                count += 1
        self.assertGreater(count, 10)

    def test_what_is_right_gives_its_rows(self):
        for name, options, expected in ROWS:
            done = run("convert", os.path.join(CASES, name), *options)
            self.assertEqual((done.returncode, rows(done.stdout)), (0, expected), (name, done.stderr))
            done = run("messages", os.path.join(CASES, name), *options)
            self.ended(done, 0)
            messages = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(json.loads(messages[0]["body"]), expected, name)

    def test_text_without_the_mark_that_tells_its_order_is_bad_data_and_names_the_order(self):
        with open(os.path.join(CASES, "utf16le_bom.csv"), "rb") as file:
            path = self.write("a.csv", file.read()[2:])
        self.check_error(path, ["--encoding", "utf-16"], ("noByteOrderMark", 0, 1, 1), "--encoding utf-16le")

    def test_a_header_that_is_one_column_of_several_brings_a_hint_and_nothing_else(self):
        for header, title, word in [("id;price", "';'", "';'"), ("a\tb", "a tab", "tab"), ("a|b", "'|'", "'|'")]:
            path = self.write("a.csv", f"{header}\n1,2\n".replace(",", ";").encode())
            hint = f"the header has one column and holds {title}: --delimiter {word}?"
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
        """The commands in an error's advice, with the built program in the place of `sluice`."""
        text = done.stderr.decode()
        found = re.findall(r": ((?:unzip|bunzip2|gzip|xz|zstd|lz4|lzip|tar|tail|iconv|duckdb) .*? \| sluice convert -(?: --delimiter \S+)?)", text)
        return [command.replace("| sluice ", f"| {shlex.quote(SLUICE)} ") for command in found]

    def check_commands(self, name, data, expected, options=()):
        path = self.write(name, data)
        done = run("convert", path, *options)
        self.ended(done, 65)
        found = self.commands(done)
        self.assertEqual(len(found), 1, done.stderr)
        self.assertIn(shlex.quote(path), found[0])
        if not shutil.which(found[0].split()[0]):
            return
        ended = subprocess.run(found[0], shell=True, capture_output=True, timeout=60)
        self.assertEqual((ended.returncode, rows(ended.stdout)), (0, expected), (found, ended.stderr))

    def test_the_command_that_an_error_prints_unpacks_or_converts_the_input(self):
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
        self.check_commands("sep.csv", b"sep=,\r\na,b\r\n1,2\r\n", expected)
        self.check_commands("sep.tsv", b"\"sep=\t\"\na\tb\n1\t2\n", expected)
        with open(os.path.join(CASES, "sep_line.csv"), "rb") as file:
            self.check_commands("sep;.csv", file.read(), [{"id": "1", "price": "2,50"}])

    def test_the_command_unpacks_first_what_sluice_unpacks(self):
        expected = [{"a": "1", "b": "2"}]
        packed = subprocess.run(["bzip2", "-c"], input=b"a,b\n1,2\n", capture_output=True, check=True).stdout
        with open(os.path.join(CASES, "zipped.csv.zip"), "rb") as file:
            zipped = file.read()
        for name, data in [("a b.bz2.gz", packed), ("a.zip.gz", zipped), ("sep.csv.gz", b"sep=;\na;b\n1;2\n"),
                           ("wide.csv.gz", "a,b\n1,2\n".encode("utf-32")), ("a.csv.gz.gz", gzip.compress(b"a,b\n1,2\n"))]:
            done = run("convert", self.write(name, gzip.compress(data)))
            self.ended(done, 65)
            command = re.search(r": (gzip -dc .* \| sluice convert -(?: --delimiter ';')?)", done.stderr.decode()).group(1)
            command = command.replace("| sluice ", f"| {shlex.quote(SLUICE)} ")
            ended = subprocess.run(command, shell=True, capture_output=True, timeout=60, cwd=self.directory)
            self.assertEqual((ended.returncode, rows(ended.stdout)), (0, expected), (command, ended.stderr))

    def test_an_encoding_that_is_not_read_is_refused_with_a_command_that_converts_it(self):
        for label, codec, text in [
            ("Shift_JIS", "cp932", "名前,値\n①,～\n"), ("gbk", "gbk", "姓名,值\n甲,乙\n"), ("gb18030", "gb18030", "姓名,值\n甲,乙\n"),
            ("big5", "big5hkscs", "姓名,值\n甲,乙\n"), ("EUC-KR", "cp949", "이름,값\n가,똠\n"),
            ("euc-jp", "euc_jp", "名前,値\n一,二\n"), ("iso-2022-jp", "iso2022_jp", "名前,値\n一,二\n"),
        ]:
            path = self.write("a.csv", text.encode(codec))
            done = run("convert", path, "--encoding", label)
            self.ended(done, 64)
            command = re.search(r"iconv -f \S+ -t UTF-8 \S+ \| sluice convert -", done.stderr.decode()).group(0)
            command = command.replace("FILE", path).replace("| sluice", f"| {shlex.quote(SLUICE)}")
            ended = subprocess.run(command, shell=True, capture_output=True, timeout=60)
            header, row = [line.split(",") for line in text.split()]
            self.assertEqual(rows(ended.stdout), [dict(zip(header, row))], (label, ended.stderr))
        self.ended(run("convert", "-", "--encoding", "utf-7", data=b""), 64)

    def test_what_starts_as_another_file_is_csv_all_the_same_if_that_is_said(self):
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
