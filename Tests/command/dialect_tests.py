"""Options for files that are not plain tables: in every command, in ids and repair commands, with threads, and when they conflict."""
import gzip
import json
import os

from support import FIXTURES, InDirectory, run

# Options; an input; its rows. Each input fills many chunks, so that threads share it.
REPEATS = 20_000
INPUTS = [
    (["--skip-lines", "2", "--comment", "#", "--skip-after-header", "1"],
     'made "by\n\nid,note\n#x\nint,"te""xt"\n', '1,"a\n#b"\n# isn"t\n2,"c"\n', [["1", "a\n#b"], ["2", "c"]]),
    (["--header-rows", "1,3", "--header-join", "/", "--escape", "\\", "--delimiter", "tab"],
     "i\tno\n-\n\nd\tte\n", '1\t"a\\"\tb"\n2\tc\\\td\\\n\n', [["1", 'a"\tb'], ["2", "c\td\n"]]),
    (["--quote", "none", "--delimiter", "§"], "id§note\n", '1§"a\n2§b"\n', [["1", '"a'], ["2", 'b"']]),
    (["--trim", "spaces", "--sep-line", "use"], "sep=;\nid;note\n", ' 1 ; "a;\n"\n2; b\t\n', [["1", "a;\n"], ["2", "b"]]),
    (["--trim", "initial"], "id, note\n", '1, "a,"\n2,  b \n', [["1", "a,"], ["2", "b "]]),
]

# File of Fixtures/cases; options; rows.
CASES = [
    ("sfn_doubled_quote_unquoted.csv", ["--quote-in-plain", "data"], [{"id": "1", "note": '{""K"":""V""}'}]),
    ("preamble.csv", ["--skip-lines", "3"], [{"id": "1", "qty": "5"}]),
    ("comments.csv", ["--comment", "#"], [{"id": "1", "qty": "5"}]),
    ("units_row.csv", ["--skip-after-header", "1"], [{"ET": "0.0", "V": "0.05"}]),
    ("footer.csv", ["--comment", "Total", "--comment", "Source:"], [{"id": "1", "qty": "5"}, {"id": "2", "qty": "6"}]),
    ("spaces.csv", ["--trim", "spaces"], [{"a": "1", "b": "2"}]),
    ("space_before_quote.csv", ["--trim", "spaces"], [{"a": "1", "b": "2", "c": "3"}]),
    ("backslash_quote.csv", ["--escape", "\\"], [{"id": "1", "t": 'TV 50" wide'}, {"id": "2", "t": "a,b"}]),
    ("multichar_delim.csv", ["--delimiter", "||"], [{"id": "1", "name": "a|b"}]),
    ("tsv_literal_quotes.tsv", ["--delimiter", "tab", "--quote", "none"],
     [{"id": "1", "name": '"Kos" Theatre'}, {"id": "2", "name": '20"'}]),
    ("sep_line.csv", ["--sep-line", "use"], [{"id": "1", "price": "2,50"}]),
]


def rows(output):
    return [json.loads(line) for line in output.split(b"\n")[:-1]]


class Dialects(InDirectory):
    def inputs(self):
        for number, (options, start, repeated, rows) in enumerate(INPUTS):
            path = self.write(f"{number}.csv", (start + repeated * REPEATS).encode())
            with self.subTest(options=options):
                yield options, path, rows

    def test_every_command_and_number_of_threads_reads_the_same_rows(self):
        for options, path, rows in self.inputs():
            one = run("convert", "-j", "1", path, *options)
            self.ended(one, 0)
            lines = one.stdout.splitlines()
            self.assertEqual(len(lines), 2 * REPEATS)
            self.assertEqual([list(json.loads(line).values()) for line in lines[:2]], rows)
            self.assertEqual(lines, lines[:2] * REPEATS)
            self.assertEqual(run("convert", "-j", "3", path, *options).stdout, one.stdout)
            with open(path, "rb") as file:
                self.assertEqual(run("convert", *options, data=file.read()).stdout, one.stdout)
            for threads in "1", "3":
                done = run("check", "-j", threads, path, *options, "--summary", "json")
                self.ended(done, 0)
                self.assertEqual(json.loads(done.stderr)["rows"], 2 * REPEATS)
            self.ended(run("plan", path, *options), 0)

    def test_messages_are_the_same_with_threads_and_state_the_options_that_verify_needs(self):
        for options, path, _ in self.inputs():
            done = run("messages", "-j", "1", path, *options)
            self.ended(done, 0)
            self.assertEqual(run("messages", "-j", "3", path, *options).stdout, done.stdout)
            verified = run("verify", "-", "--against", path, data=done.stdout)
            self.ended(verified, 0)
            lines = done.stdout.splitlines(keepends=True)
            missing = run("verify", "-", data=b"".join(lines[1:]))
            self.ended(missing, 65)
            repair = missing.stderr.decode().splitlines()[-1]
            for option in options[::2]:
                self.assertIn(f" {option} ", repair)
            other = run("verify", "-", "--against", path, "--skip-lines", "7", data=done.stdout)
            self.ended(other, 64)

    def test_defaults_and_the_order_of_comments_do_not_change_ids(self):
        path = self.write("a.csv", b"a\n1\n#\n//\n")
        plain = ["messages", path, "--source", "a"]
        first = run(*plain, "--comment", "#", "--comment", "//").stdout
        self.assertEqual(run(*plain, "--comment", "//", "--comment", "#", "--comment", "#").stdout, first)
        usual = run(*plain).stdout
        self.assertNotEqual(first, usual)
        defaults = ["--skip-lines", "0", "--header-rows", "1", "--header-join", "+", "--skip-after-header", "0", "--trim", "none",
                    "--sep-line", "error", "--quote", '"', "--delimiter", ","]
        self.assertEqual(run(*plain, *defaults).stdout, usual)

    def test_conflicting_options_are_usage_errors(self):
        for options, words in [
            (["--escape", '"'], "the quote and the escape character must differ"),
            (["--escape", ","], "the delimiter and the escape character must differ"),
            (["--escape", "ab"], "--escape takes one ASCII character"),
            (["--delimiter", '|"'], "the delimiter and the quote must differ"),
            (["--delimiter", "123456789"], "--delimiter takes one ASCII character, 'tab', or up to 8 bytes of UTF-8"),
            (["--delimiter", ""], "--delimiter takes one ASCII character"),
            (["--delimiter", " ", "--trim", "spaces"], "spaces that separate fields cannot be trimmed"),
            (["--comment", ""], "a comment text must have at least one byte"),
            (["--comment", "a,b"], "a comment text cannot contain a delimiter, quote, escape character or line end"),
            (["--comment", "x" * 241], "the comment texts must have at most 240 bytes together"),
            (["--header-rows", "2,1"], "header rows must be numbers from 1 on, in ascending order"),
            (["--header-rows", "1,x"], "--header-rows takes numbers in ascending order, such as 1,2"),
            (["--header-rows", "2", "--no-header"], "header rows cannot be chosen in an input without a header"),
            (["--skip-lines", "-1"], "--skip-lines takes a number from 0 to "),
            (["--skip-after-header", "x"], "--skip-after-header takes a number from 0 to "),
            (["--trim", "all"], "--trim takes one of none, initial, spaces, not 'all'"),
            (["--sep-line", "skip"], "--sep-line takes one of error, use, not 'skip'"),
        ]:
            done = run("convert", *options, data=b"a\n1\n")
            self.ended(done, 64)
            self.assertTrue(done.stderr.decode().startswith(f"sluice: error: {words}"), (options, done.stderr))

    def test_a_start_with_other_bytes_is_still_recognised(self):
        for data, code in [("a\nb\n1\n".encode("utf-16"), "utf16Input"), (b"PK\3\4\nb\n1\n", "notCSV"), (b'{"a":1}\n', "notCSV")]:
            done = run("convert", "--skip-lines", "1", "--summary", "json", data=data)
            self.ended(done, 65)
            self.assertEqual(self.error(done)["code"], code)

    def test_help_gives_each_option_an_example(self):
        text = " ".join(run("convert", "--help").stdout.decode().split())
        for example in ["--skip-lines 3", "--header-rows 1,2", "--header-join .", "--skip-after-header 1", "--sep-line use",
                        "--comment '#'", "--escape '\\'", "--quote none", "'||'", "--trim spaces"]:
            self.assertIn(example, text)

    def test_case_files_are_read(self):
        for name, options, expected in CASES:
            path = os.path.join(FIXTURES, "cases", name)
            done = run("convert", path, *options)
            self.assertEqual((done.returncode, rows(done.stdout)), (0, expected), (name, done.stderr))
            done = run("messages", path, *options)
            self.ended(done, 0)
            self.assertEqual(json.loads(json.loads(done.stdout.splitlines()[0])["body"]), expected, name)

    def test_a_sep_line_is_used_if_its_end_and_its_delimiter_can_be(self):
        expected = [{"a": "1", "b": "2"}]
        for data in [b"sep=,\r\na,b\r\n1,2\r\n", b"\"sep=\t\"\na\tb\n1\t2\n", gzip.compress(b"sep=;\na;b\n1;2\n"),
                     "\ufeffsep=;\r\na;b\r\n1;2\r\n".encode()]:
            path = self.write("a.csv", data)
            done = run("convert", path)
            self.ended(done, 65)
            self.assertIn(b"; to use that delimiter: --sep-line use\n", done.stderr)
            done = run("convert", "--sep-line", "use", path)
            self.assertEqual((done.returncode, rows(done.stdout)), (0, expected))
        for data in b"sep=;\ra;b\r1;2\r", b"\"sep=;\"\ra;b\r1;2\r":
            done = run("convert", data=data)
            self.ended(done, 65)
            self.assertIn(b"remove the line\n", done.stderr)
            done = run("convert", "--bare-cr", "newline", "--sep-line", "use", data=data)
            self.assertEqual((done.returncode, rows(done.stdout)), (0, expected))
