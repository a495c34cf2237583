"""Errors about values say what is wrong, and advise options with which the input passes and means the same."""
import json
import re
import unittest

from support import InDirectory, run

# Types; input; options; the reason in the error; the advised options; the rows with them. Where no option is advised, none helps.
CASES = [
    ("a leading zero", "id:integer", b"id\n01234\n", [], '"01234" is not an integer: leading zero',
     ["--leading-zeros strip"], [{"id": 1234}]),
    ("a big integer", "id:integer", b"id\n9007199254740993\n", ["--big-integers", "error"],
     '"9007199254740993" is beyond ±(2^53 - 1), which many JSON readers round',
     ["--big-integers string"], [{"id": "9007199254740993"}]),
    ("spaces", "id:integer", b"id,x\n 5 ,y\n", [], '" 5 " is not an integer: space around it',
     ["--trim spaces"], [{"id": 5, "x": "y"}]),
    ("spaces in quotes", "id:integer", b'id,x\n" 5",y\n', [], '" 5" is not an integer: space around it', [], None),
    ("a text for no value", "n:number", b"n,x\nNA,1\n,2\n", [], '"NA" is not a number',
     ["--null '' --null NA"], [{"n": None, "x": "1"}, {"n": None, "x": "2"}]),
    ("a hyphen for no value", "n:number", b"n,x\n-,1\n", [], '"-" is not a number',
     ["--null '' --null=-"], [{"n": None, "x": "1"}]),
    ("not a number", "n:number", b"n,x\nNaN,1\n", [], '"NaN" is not a number: JSON has no such number',
     ["--null '' --null NaN"], [{"n": None, "x": "1"}]),
    ("another text for no value", "n:number", b"n,x\n-,1\nNA,\n", ["--null", "NA"], '"-" is not a number',
     ["--null=-"], [{"n": None, "x": "1"}, {"n": None, "x": ""}]),
    ("an empty value that is not null", "n:number", b"n,x\n,1\nNA,\n", ["--null", "NA"], '"" is not a number',
     ["--empty null"], [{"n": None, "x": "1"}, {"n": None, "x": None}]),
    ("an empty value that is a string", "n:number", b"n,x\n,1\n", ["--empty=string"], '"" is not a number',
     ["--empty null"], [{"n": None, "x": "1"}]),
    ("an empty value in quotes", "n:number", b'n,x\n"",1\n', ["--quoted-empty", "string"], '"" is not a number',
     ["--empty null --quoted-empty null"], [{"n": None, "x": "1"}]),
    ("an infinity", "n:number", b"n,x\n-INF,1\n", [], '"-INF" is not a number: JSON has no such number', [], None),
    ("a decimal comma", "n:number", b'n,x\n"1,5",1\n', [], '"1,5" is not a number', [], None),
    ("a negative number in parentheses", "n:number", b"n,x\n(5),1\n", [],
     '"(5)" is not a number: its sign is not a - before the digits', [], None),
    ("a day that is none", "d:date", b"d\n2023-02-29\n", [],
     '"2023-02-29" is not a date: no calendar or clock shows it', [], None),
]
OPTIONS = r"--(?:leading-zeros [a-z]+|big-integers [a-z]+|trim [a-z]+|null.*|empty.*)"


class Values(InDirectory):
    def test_advice_lets_the_input_pass(self):
        for name, types, data, options, reason, advised, rows in CASES:
            with self.subTest(name):
                path = self.write("in.csv", data)
                for done in [run("convert", "--types", types, *options, path, "-j", "1"),
                             run("convert", "--types", types, *options, path),
                             run("check", "--types", types, *options, path)]:
                    self.ended(done, 65)
                    text = done.stderr.decode()
                    self.assertTrue(text.startswith(f"{path}:2: error: {reason} [typeMismatch] (record 2, field 1 "), text)
                    self.assertEqual(re.findall(OPTIONS, text), advised, text)
                for advice in advised:
                    words = [word.strip("'") for word in advice.split()]
                    rest = options if words[0] not in options else []
                    done = run("convert", "--types", types, *rest, *words, path)
                    self.ended(done, 0)
                    self.assertEqual([json.loads(row) for row in done.stdout.splitlines()], rows)

    def test_the_report_holds_value_type_and_rule(self):
        done = run("convert", "--summary", "json", "--types", "a:integer", "-", data=b"a\n7\n007\n")
        self.ended(done, 65)
        self.assertEqual(done.stdout, b'{"a":7}\n')
        error = self.error(done)
        self.assertEqual({name: error.get(name) for name in ("code", "line", "record", "field", "column", "offset")},
                         {"code": "typeMismatch", "line": 3, "record": 3, "field": 1, "column": "a", "offset": 4})

    def test_numbers_keep_their_digits(self):
        number = "12345678901234567890.10"
        done = run("convert", "--types", "a:number,b:integer", "-", data=f"a,b,c\n{number},-0,1.0\n1e999,+5,x\n.5,,\n".encode())
        self.ended(done, 0)
        self.assertEqual(done.stdout.decode().splitlines(), [
            f'{{"a":{number},"b":-0,"c":"1.0"}}', '{"a":1e999,"b":5,"c":"x"}', '{"a":0.5,"b":null,"c":""}'])


if __name__ == "__main__":
    unittest.main()
