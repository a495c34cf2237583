"""The worked cases of the documentation, strict and lenient, from a file and from standard input."""
import json
import re

from support import InDirectory, run

# Input; strict: the rows before the error, and the error as CODE@OFFSET; lenient: the rows, or None if they are the same.
CASES = [
    (b'a,b\n"""",""""""\n', [{"a": '"', "b": '""'}], None, None),
    (b'a,b\n1,"x""', [], "unterminatedQuote@6", [{"a": "1", "b": 'x"'}]),
    (b'a,b\n1,2\n3,"4\n', [{"a": "1", "b": "2"}], "unterminatedQuote@10",
     [{"a": "1", "b": "2"}, {"a": "3", "b": "4\n"}]),
    (b'id,value\nA,"12"x\n', [], "textAfterQuote@15", [{"id": "A", "value": "12x"}]),
    (b'A,"B" ,C,D\r\n1,2,3,4\r\n', [], "textAfterQuote@5", [{"A": "1", "B ": "2", "C": "3", "D": "4"}]),
    (b'a,b\n12" monitor,5"\n', [], "quoteInPlain@6", [{"a": '12" monitor', "b": '5"'}]),
    (b"one\rtwo", [], "bareCR@3", [{"one": "two"}]),
    (b"a,b\n1,2\r", [], "bareCR@7", [{"a": "1", "b": "2"}]),
    (b'a,b\r\n"x\r\ny\rz",2\r\n', [{"a": "x\r\ny\rz", "b": "2"}], None, None),
    (b'a\n1\n\n""\n3\n', [{"a": "1"}, {"a": ""}, {"a": ""}, {"a": "3"}], None, None),
    (b"a,b,c\n1,2\n1,2,3,4\n", [], "raggedRecord@6",
     [{"a": "1", "b": "2", "c": ""}, {"a": "1", "b": "2", "c": "3", "_4": "4"}]),
    (b"a,a,a_2,a\n1,2,3,4\n", [], "duplicateHeader@0", [{"a": "1", "a_3": "2", "a_2": "3", "a_4": "4"}]),
    (b'a\n"\xc3"\xa9\n', [], "textAfterQuote@5", [{"a": "\ufffd\ufffd"}]),
    (b'a,b\nok,1\n"x""\xff",2\n', [{"a": "ok", "b": "1"}], "invalidUTF8@13",
     [{"a": "ok", "b": "1"}, {"a": 'x"\ufffd', "b": "2"}]),
    (b"a\n" + b"x" * 262_136 + b"\n", [{"a": "x" * 262_136}], None, None),
    (b"a\n" + b"\0" * 50_000 + b"\n", [{"a": "\0" * 50_000}], None, None),
]


class WorkedCases(InDirectory):
    def outcome(self, data, *options):
        """Returns the rows and the error. Runs from a file with each number of threads and from standard input must
        agree."""
        outcomes = []
        name = self.write("case.csv", data)
        for done in (run("convert", "-j", "1", *options, name), run("convert", "-j", "3", *options, name),
                     run("convert", *options, "-", data=data)):
            rows = [json.loads(line) for line in done.stdout.splitlines()]
            place = re.search(rb"\[(\w+)\] \(record .* byte (\d+)\)", done.stderr)
            error = f"{place[1].decode()}@{place[2].decode()}" if place else None
            self.assertEqual(done.returncode, 65 if error else 0, done.stderr)
            outcomes.append((rows, error))
        self.assertEqual(outcomes[1:], outcomes[:1] * 2, data[:50])
        return outcomes[0]

    def test_each_case_agrees_with_the_documentation(self):
        for data, rows, error, lenient in CASES:
            self.assertEqual(self.outcome(data), (rows, error), data[:50])
            self.assertEqual(self.outcome(data, "--lenient"), (rows if lenient is None else lenient, None), data[:50])

    def test_utf_16_is_an_error_strictly_and_leniently(self):
        for options in [], ["--lenient"]:
            self.assertEqual(self.outcome(b"\xff\xfea\x00,\x00b\x00", *options), ([], "utf16Input@0"))

    def test_output_has_the_documented_lengths(self):
        self.assertEqual(len(run("convert", "-", data=b"a\n" + b"x" * 262_136 + b"\n").stdout), 262_144 + 1)
        self.assertEqual(len(run("convert", "-", data=b"a\n" + b"\0" * 50_000 + b"\n").stdout), 300_008 + 1)
