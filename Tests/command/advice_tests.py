"""Errors name the physical line, and advise an option only if it lets the file pass without damage to its values."""
import json
import re
import shlex
import unittest

from support import InDirectory, run

# Input; options; the error's code and line; the advised options; the rows with them. If no rows are given, no option may be
# advised: any option that lets the input pass would change its values.
CASES = [
    ("line ends in quotes count", b'id,note\n1,"line one\nline two\nline three"\n2,a"b\n', [], "quoteInPlain", 5,
     "--quote-in-plain data", [{"id": "1", "note": "line one\nline two\nline three"}, {"id": "2", "note": 'a"b'}]),
    ("inches", b'a,b\n12" monitor,5" stand\n', [], "quoteInPlain", 2,
     "--quote-in-plain data", [{"a": '12" monitor', "b": '5" stand'}]),
    ("doubled quotes in a plain field", b'id,note\n1,{""K"":""V""}\n', [], "quoteInPlain", 2,
     "--quote-in-plain data", [{"id": "1", "note": '{""K"":""V""}'}]),
    ("quoted text with a delimiter", b'id,note\n1,x="a,b"\n', [], "quoteInPlain", 2, None, None),
    ("the same in as many fields as columns", b'id,note,c\n1,x="a,b"\n', [], "quoteInPlain", 2, None, None),
    ("space before a quote", b'"a", "b", "c"\n1, 2, 3\n', [], "quoteInPlain", 1,
     "--trim spaces", [{"a": "1", "b": "2", "c": "3"}]),
    ("space before a quoted comma", b'"Year", "Q,ty"\n2015, "3,45"\n', [], "quoteInPlain", 1,
     "--trim spaces", [{"Year": "2015", "Q,ty": "3,45"}]),
    ("space before a quote that is never closed", b'a,b\n1, "2\n', [], "quoteInPlain", 2, None, None),
    ("space before a quoted comma, and too few fields without it", b'a,b,c\n1, "2,3"\n', [], "quoteInPlain", 2, None, None),
    ("backslash before a quote", b'id,t\n1,5\\"\n', [], "quoteInPlain", 2, r"--escape '\'", [{"id": "1", "t": '5"'}]),
    ("backslash before a quote in quotes", b'id,t\n1,"TV 50\\" wide"\n2,"a\\,b"\n', [], "textAfterQuote", 2,
     r"--escape '\'", [{"id": "1", "t": 'TV 50" wide'}, {"id": "2", "t": "a,b"}]),
    ("backslashes in a path before a quote", b'id,t\n1,"C:\\temp\\" x"\n', [], "textAfterQuote", 2, None, None),
    ("backslash before a quote, and too many fields with it", b'id,t\n1,5\\",6\n', [], "quoteInPlain", 2, None, None),
    ("text after a quote", b'id,value\nA,"12"x\n', [], "textAfterQuote", 2,
     "--after-quote append", [{"id": "A", "value": "12x"}]),
    ("a quoted word", b'id\tname\n1\t"Kos" Theatre\n', ["--delimiter", "tab"], "textAfterQuote", 2, None, None),
    ("quotes that are not doubled", b'id,name\n1,"say "hi" now"\n', [], "textAfterQuote", 2, None, None),
    ("space after a quote", b'a,b\n"1" ,2\n', [], "textAfterQuote", 2, "--trim spaces", [{"a": "1", "b": "2"}]),
    ("space after a quote and after a delimiter", b'a,b\n1, "2" \n', ["--trim", "initial"], "textAfterQuote", 2,
     "--trim spaces", [{"a": "1", "b": "2"}]),
    ("a sep= line", b"sep=;\r\nid;price\r\n1;2,50\r\n", [], "sepLine", 1, "--sep-line use", [{"id": "1", "price": "2,50"}]),
    ("a sep= line that names the quote", b"sep='\nid\n1\n", ["--quote", "'"], "sepLine", 1, None, None),
    ("input cut short", b'a,b\n1,2\n3,"4', [], "unterminatedQuote", 3,
     "--unterminated close", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
    ("a stray quote", b'a,b\n1,2\n3,"4\n5,6\n', [], "unterminatedQuote", 3, None, None),
    ("only CR", b"a,b\r1,2\r3,4\r", [], "bareCR", 1,
     "--bare-cr newline", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
    ("mixed line ends", b'a,b\n"1","x"\r\n"2","y"\r"3","z"\n', [], "bareCR", 3,
     "--bare-cr newline", [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}, {"a": "3", "b": "z"}]),
    ("CR CR LF", b"a,b\r\r\n1,2\r\r\n", [], "bareCR", 1, "--bare-cr newline", [{"a": "1", "b": "2"}]),
    ("CR in a value", b"a,b\n1,x\ry\n", [], "bareCR", 2, "--bare-cr data", [{"a": "1", "b": "x\ry"}]),
    ("fields missing at the end", b"a,b,c\n1,2\n", [], "raggedRecord", 2,
     "--ragged pad", [{"a": "1", "b": "2", "c": ""}]),
    ("surplus empty fields", b"a,b\n1,2,,\n", [], "raggedRecord", 2,
     "--ragged pad", [{"a": "1", "b": "2", "_3": "", "_4": ""}]),
    ("a surplus field", b"id,qty\n1,5\n2,6,7\n3,8\n", [], "raggedRecord", 3, None, None),
    ("a footer", b"id,qty\n1,5\nTotal\n", [], "raggedRecord", 3, None, None),
    ("a row torn apart", b"id,note,qty\n1,first\nsecond,5\n", [], "raggedRecord", 2, None, None),
    ("a row torn into three", b"id,note,qty\n1,first\n\nsecond\nthird,5\n2,x,6\n", [], "raggedRecord", 2, None, None),
    ("a short row before whole ones", b"a,b,c\n1,2\n3,4,5\n6,7\n", [], "raggedRecord", 2, "--ragged pad", None),
    ("equal names", b"id,id,ID\n1,2,3\n", [], "duplicateHeader", 1,
     "--duplicate-headers rename", [{"id": "1", "id_2": "2", "ID": "3"}]),
    ("missing names", b"id,,,name\n1,2,3,4\n", [], "duplicateHeader", 1,
     "--duplicate-headers rename", [{"id": "1", "": "2", "_2": "3", "name": "4"}]),
    ("a blank line in one column", b"a\n1\n\n3\n", ["--blank-lines", "error"], "blankLine", 3,
     "--blank-lines skip-all", [{"a": "1"}, {"a": "3"}]),
    ("a blank line", b"a,b\n\n1,2\n", ["--blank-lines", "error"], "blankLine", 2,
     "--blank-lines skip-all", [{"a": "1", "b": "2"}]),
]
OPTIONS = (r"--(?:bare-cr|quote-in-plain|after-quote|unterminated|ragged|duplicate-headers|blank-lines|trim|sep-line) [a-z-]+"
           r"|--escape '\\'")


class Advice(InDirectory):
    def test_names_an_option_only_if_the_input_then_passes_undamaged(self):
        for name, data, options, code, line, advised, rows in CASES:
            with self.subTest(name):
                path = self.write("in.csv", data)
                for done in [run("convert", *options, path, "-j", "1"), run("convert", *options, path),
                             run("check", *options, path)]:
                    self.ended(done, 65)
                    text = done.stderr.decode()
                    self.assertTrue(text.startswith(f"{path}:{line}: error: "), text)
                    self.assertIn(f"[{code}] (record ", text)
                    self.assertEqual(re.findall(OPTIONS, text), [advised] if advised else [], text)
                if advised and rows:
                    done = run("convert", *options, *shlex.split(advised), path)
                    self.ended(done, 0)
                    self.assertEqual([json.loads(row) for row in done.stdout.splitlines()], rows)

    def test_describes_the_error_with_numbers_and_names(self):
        for data, text in [
            (b'id,note\n1,"x\ny"\n2,a"b\n', ':4: error: quote inside an unquoted field [quoteInPlain] (record 3, field 2 "note", '
             'byte 19); to accept such quotes as data: --quote-in-plain data\n'),
            (b"id,qty\n1,5\n2,6,7\n", ":3: error: row has 3 fields, the header has 2 [raggedRecord] (record 3, field 3, byte 11); "
             "a value that contains a delimiter must be quoted\n"),
            (b"a,b\n1\n", ":2: error: row has 1 field, the header has 2 [raggedRecord] "
             '(record 2, field 2 "b", byte 4); it may be a note, or part of a row that is split by an unquoted line end\n'),
            (b"id,id,ID\n", ':1: error: columns 1 and 2 have the same name, "id" [duplicateHeader] (record 1, byte 0); '
             "to number them: --duplicate-headers rename\n"),
            (b"id,,,,name\n", ":1: error: columns 2, 3 and 4 have no name [duplicateHeader] (record 1, byte 0); "
             "to number them: --duplicate-headers rename\n"),
            (b'a,b\n"x\n1",2\n"3\n4', ":4: error: the quote that opens here is never closed [unterminatedQuote] "
             '(record 3, field 1 "a", byte 12); '),
        ]:
            path = self.write("in.csv", data)
            found = run("convert", path).stderr.decode()
            self.assertTrue(found.startswith(path + text), found)

    def test_escapes_control_characters_in_names_and_shortens_long_ones(self):
        path = self.write("in.csv", b"a\x1b[31m\xe2\x80\xae,%s\n1\"x,2\n" % (b"n" * 500))
        found = run("convert", path).stderr.decode()
        self.assertIn('field 1 "a\\x1b[31m\\xe2\\x80\\xae"', found)
        path = self.write("in.csv", b"%s,b\n1\"x,2\n" % ("é" * 500).encode())
        self.assertIn(f'field 1 "{"é" * 60}…"', run("convert", path).stderr.decode())
        name = self.write("a\x1b]0;x\x07.csv", b"a,b\n1\n")
        self.assertNotIn(b"\x1b", run("convert", name).stderr)


class Repairs(InDirectory):
    # Each line is a record.
    DATA = b'a,a\r"1",x"y\n"2"z,3\n4\n5,6,7\n8,\xff\n9,"x\n'
    # Kind: count, and the line and field of the first.
    EXPECTED = {
        "bareCR": (1, 1, 2), "quoteInPlain": (1, 2, 2), "textAfterQuote": (1, 3, 1), "unterminatedQuote": (1, 7, 2),
        "raggedRecord": (2, 4, 2), "duplicateHeader": (1, 1, 2), "invalidUTF8": (1, 6, 2),
    }

    def counted(self, repairs):
        for found in repairs.values():
            self.assertEqual(found["first"]["line"], found["first"]["record"])
        return {kind: (found["count"], found["first"]["line"], found["first"]["field"])
                for kind, found in repairs.items()}

    def test_are_counted_by_kind_with_the_first_place_of_each(self):
        path = self.write("in.csv", self.DATA)
        for done in [run("convert", "--lenient", path, "-j", "1", "--summary", "json"),
                     run("convert", "--lenient", path, "-j", "3", "--summary", "json"),
                     run("check", "--lenient", path, "--summary", "json"),
                     run("convert", "--lenient", "-", "--summary", "json", data=self.DATA)]:
            self.ended(done, 0)
            self.assertEqual(self.counted(json.loads(done.stderr)["repairs"]), self.EXPECTED)
        manifest = json.loads(json.loads(run("messages", "--lenient", path).stdout.splitlines()[-1])["body"])
        self.assertEqual(self.counted(manifest["repairs"]), self.EXPECTED)
        text = run("convert", "--lenient", path, "--summary", "text").stderr.decode()
        self.assertIn(f"; accepted: 1 bareCR, first in {path}:1, 1 quoteInPlain, first in {path}:2, ", text)

    def test_are_not_mentioned_where_there_are_none(self):
        path = self.write("in.csv", b"a,b\n1,2\n")
        self.assertNotIn("repairs", json.loads(run("convert", "--lenient", path, "--summary", "json").stderr))
        self.assertNotIn(b"repairs", run("messages", "--lenient", path).stdout)

    def test_of_several_inputs_add_up(self):
        one, two = self.write("one.csv", b"a,b\n1,2\n"), self.write("two.csv", b"a,b\n1\n2\n")
        done = run("convert", "--ragged", "pad", one, two, two, "--summary", "json")
        found = json.loads(done.stderr)["repairs"]["raggedRecord"]
        self.assertEqual(found, {"count": 4, "first": {"file": two, "line": 2, "record": 2, "field": 2, "offset": 4}})


class RejectedRows(InDirectory):
    def setUp(self):
        super().setUp()
        self.data = b"a\n1\n" + b"".join(b"%d%s\n" % (n, b"x" * 9000) for n in range(15))

    def test_the_first_ten_rows_are_warned_about_and_the_rest_counted(self):
        path = self.write("in.csv", self.data)
        done = run("messages", "--oversize", "reject", "--max-bytes", "4096", path)
        self.ended(done, 3)
        lines = done.stderr.decode().splitlines()
        self.assertEqual(lines[0], f"{path}:3: warning: row is too large for a message [rowTooLarge] "
                                   "(record 3, byte 4); it is left out")
        self.assertEqual([line.split(":")[1] for line in lines[:10]], [str(n) for n in range(3, 13)])
        self.assertEqual(lines[10:], ["sluice: warning: 5 further rows are left out"])

    def test_warnings_are_json_too(self):
        done = run("messages", "--oversize", "reject", "--max-bytes", "4096", "--summary", "json", "-", data=self.data)
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertEqual([list(line)[0] for line in lines], ["warning"] * 11 + ["rows"])
        self.assertEqual(lines[1]["warning"], {
            "code": "rowTooLarge", "line": 4, "record": 4, "field": 1, "offset": 9006, "file": "standard input",
            "message": "row is too large for a message",
        })
        self.assertEqual(lines[10]["warning"]["count"], 5)
        self.assertEqual(lines[11]["rejected"], 15)


if __name__ == "__main__":
    unittest.main()
