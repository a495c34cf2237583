"""The options for what rows are made of, in every command: rows, errors with their advice, and messages that prove themselves."""
import json
import random
import subprocess

from support import InDirectory, run

# Options; input; rows.
ROWS = [
    (["--types", "a:integer,b:number"], b"a,b,c\n1,2.50,3\n,,\n", '{"a":1,"b":2.50,"c":"3"}\n{"a":null,"b":null,"c":""}\n'),
    (["--types", '"x,y:boolean",a:b:date'], b'"x,y",a:b\ntrue,2024-02-29\n', '{"x,y":true,"a:b":"2024-02-29"}\n'),
    (["--types", "a:any,b:year"], b"a,b\n01,2024\n", '{"a":"01","b":2024}\n'),
    (["--null", "NA", "--null", "-"], b"a,b,c\nNA,-,\n", '{"a":null,"b":null,"c":""}\n'),
    (["--null", ""], b'a,b,c\nx,,""\n', '{"a":"x","b":null,"c":null}\n'),
    (["--null", "", "--quoted-empty", "string"], b'a,b,c\nx,,""\n', '{"a":"x","b":null,"c":""}\n'),
    (["--null", "", "--quoted-empty", "null"], b'a,b\n1,""\n', '{"a":"1","b":null}\n'),
    (["--empty", "null"], b"a,b\n1,\n", '{"a":"1","b":null}\n'),
    (["--empty", "omit"], b"a,b\n1,\n,\n", '{"a":"1"}\n{}\n'),
    (["--empty", "string", "--null", ""], b"a,b\n1,\n", '{"a":"1","b":""}\n'),
    (["--null", "NA", "--null-as", "omit"], b"a,b\nNA,\n", '{"b":""}\n'),
    (["--null-as=null", "--null", "NA"], b"a,b\nNA,\n", '{"a":null,"b":""}\n'),
    (["--select", "c,a"], b"a,b,c\n1,2,3\n", '{"c":"3","a":"1"}\n'),
    (["--select", '"b,c",a'], b'a,"b,c"\n1,2\n', '{"b,c":"2","a":"1"}\n'),
    (["--drop", "a,c"], b"a,b,c\n1,2,3\n", '{"b":"2"}\n'),
    (["--types", "a:integer", "--types", "b:integer"], b"a,b\n1,2\n", '{"a":1,"b":2}\n'),
    (["--select", "c", "--select", "a"], b"a,b,c\n1,2,3\n", '{"c":"3","a":"1"}\n'),
    (["--drop", "a", "--drop", "c"], b"a,b,c\n1,2,3\n", '{"b":"2"}\n'),
    (["--drop", ""], b"a,\n1,2\n", '{"a":"1"}\n'),
    (["--rename", "a=b,b=a"], b"a,b\n1,2\n", '{"b":"1","a":"2"}\n'),
    (["--rename", "a=b=c", "--rename", "x=y"], b"a=b,x\n1,2\n", '{"c":"1","y":"2"}\n'),
    (["--nest", "."], b"a.b,c,a.d\n1,2,3\n", '{"a":{"b":"1","d":"3"},"c":"2"}\n'),
    (["--nest", ".", "--empty", "omit"], b"a.b,c.d,c.e\n,,1\n", '{"c":{"e":"1"}}\n'),
    (["--nest=--", "--rename", "a=x--y"], b"a,x--z\n1,2\n", '{"x":{"y":"1","z":"2"}}\n'),
    (["--add-column", "n=@record", "--add-column", "l=@line", "--add-column", "o=@offset"], b'a\n"x\ny"\nz\n',
     '{"a":"x\\ny","n":2,"l":2,"o":2}\n{"a":"z","n":3,"l":4,"o":8}\n'),
    (["--add-column", "t=a=b", "--add-column", "u=@@x", "--add-column", "v="], b"a\n1\n",
     '{"a":"1","t":"a=b","u":"@x","v":""}\n'),
    (["--leading-zeros", "strip", "--types", "a:integer,b:number"], b"a,b\n007,00.50\n", '{"a":7,"b":0.50}\n'),
    (["--big-integers", "string", "--types", "a:integer"], b"a\n9007199254740991\n9007199254740993\n",
     '{"a":9007199254740991}\n{"a":"9007199254740993"}\n'),
    (["--no-header", "--null", "x"], b"x,y\n", '[null,"y"]\n'),
    (["--ragged", "pad", "--nest", "."], b"a.b,a.c\n1\n1,2,3\n",
     '{"a":{"b":"1","c":""}}\n{"a":{"b":"1","c":"2"},"_3":"3"}\n'),
    (["--header", "a,b", "--select", "b"], b"1,2\n", '{"b":"2"}\n'),
]

# Options; input; the error's code, offset, record and field; words of its text.
ERRORS = [
    (["--types", "a:integer"], b"a\n1\nx\n", ("typeMismatch", 4, 3, 1), '"x" is not an integer'),
    (["--types", "a:integer"], b"a\n1\n01\n", ("typeMismatch", 4, 3, 1), "--leading-zeros strip"),
    (["--types", "a:integer", "--big-integers", "error"], b"a\n9007199254740992\n", ("typeMismatch", 2, 2, 1), "beyond"),
    (["--types", "a:integer", "--empty", "string"], b"a,b\n,1\n", ("typeMismatch", 4, 2, 1), "integer"),
    (["--types", "b:integer", "--drop", "b"], b"a,b\n1,x\n", ("typeMismatch", 6, 2, 2), '"b"'),
    (["--types", "c:integer"], b"a,b\n1,2\n", ("unknownColumn", 0, 1, 1), 'the header has no column "c"'),
    (["--select", "ID"], b"\n id,b\n1,2\n", ("unknownColumn", 1, 2, 1), '"ID"; it has " id"'),
    (["--drop", "x"], b"a,b\n1,2\n", ("unknownColumn", 0, 1, 1), 'no column "x"'),
    (["--rename", "x=y"], b"a,b\n1,2\n", ("unknownColumn", 0, 1, 1), 'no column "x"'),
    (["--rename", "a=b"], b"a,b\n1,2\n", ("memberConflict", 0, 1, 2), "--rename"),
    (["--nest", "."], b"a,a.b\n1,2\n", ("memberConflict", 0, 1, 2), "--drop"),
    (["--add-column", "a=1"], b"a,b\n1,2\n", ("memberConflict", 0, 1, 1), "--rename"),
    (["--nest", "."], b".".join([b"a"] * 40) + b"\n1\n", ("memberConflict", 0, 1, 1), "too many parts"),
]

# Options; words of the error.
USAGE = [
    (["--types", "a"], "--types takes NAME:TYPE"), (["--types", "a:int"], "not 'int'"),
    (["--types", 'a:date,"b'], "--types takes a CSV record"), (["--types", "a:date", "--types", "a:year"], "the column 'a' has two types"),
    (["--types", "a:date,a:year"], "the column 'a' has two types"),
    (["--select", "a,a"], "selected twice"), (["--rename", "a"], "--rename takes OLD=NEW"),
    (["--rename", "a=b,a=c"], "renamed twice"), (["--add-column", "a"], "--add-column takes NAME=VALUE"),
    (["--add-column", "a=@nothing"], "'@@nothing'"), (["--add-column", "a=1", "--add-column", "a=2"], "added twice"),
    (["--nest", ""], "--nest takes a text"), (["--empty", "no"], "--empty takes one of string, null, omit"),
    (["--null-as", "string"], "--null-as takes one of null, omit"), (["--quoted-empty", "x"], "string, null"),
    (["--leading-zeros", "x"], "strip, error"), (["--big-integers", "x"], "number, string, error"),
    (["--no-header", "--select", "a"], "without column names"), (["--no-header", "--null-as", "omit"], "are arrays"),
    (["--no-header", "--nest", "."], "without column names"), (["--no-header", "--empty", "omit"], "are arrays"),
]


class Shapes(InDirectory):
    def test_rows_are_those_that_the_options_ask_for(self):
        for options, data, rows in ROWS:
            with self.subTest(options):
                path = self.write("in.csv", data)
                for done in [run("convert", *options, data=data), run("convert", *options, path, "-j", "1"),
                             run("convert", *options, path)]:
                    self.ended(done, 0)
                    self.assertEqual(done.stdout.decode(), rows)
                lines = [json.loads(line) for line in rows.splitlines()]
                array = run("convert", *options, path, "--format", "array")
                self.assertEqual(json.loads(array.stdout), lines)
                done = run("check", *options, path, "--summary", "json")
                self.ended(done, 0)
                self.assertEqual(json.loads(done.stderr)["rows"], len(lines))
                for more in [], ["--message-format", "ndjson"], ["--zstd"]:
                    messages = run("messages", *options, path, *more)
                    self.ended(messages, 0)
                    self.ended(run("verify", "-", data=messages.stdout), 0)
                    self.ended(run("verify", self.write("m", messages.stdout), "--against", path), 0)
                body = json.loads(run("messages", *options, path).stdout.splitlines()[0])["body"]
                self.assertEqual(json.loads(body), lines)

    def test_errors_name_the_column_and_what_to_do(self):
        for options, data, place, words in ERRORS:
            with self.subTest(options):
                path = self.write("in.csv", data)
                for done in [run("convert", *options, "--summary", "json", data=data),
                             run("convert", *options, "--summary", "json", path, "-j", "1"),
                             run("convert", *options, "--summary", "json", path),
                             run("check", *options, "--summary", "json", path)]:
                    self.ended(done, 65)
                    found = [json.loads(line)["error"] for line in done.stderr.splitlines() if b'"error"' in line][0]
                    self.assertEqual((found["code"], found["offset"], found["record"], found["field"]), place)
                self.assertIn(words, run("convert", *options, path).stderr.decode())
                done = run("messages", *options, path)
                self.ended(done, 65)
                last = json.loads(done.stdout.splitlines()[-1])
                self.assertEqual(last["attributes"]["sluice.content"], "aborted")
                self.assertEqual(json.loads(last["body"])["error"]["code"], place[0])

    def test_rows_before_an_invalid_value_are_written(self):
        data = b"a,b\n" + b"1,2\n" * 5000 + b"x,2\n" + b"1,2\n" * 5000
        for options in ["-j", "1"], ["-j", "3"]:
            done = run("convert", "--types", "a:integer", *options, self.write("in.csv", data))
            self.ended(done, 65)
            self.assertEqual(done.stdout, b'{"a":1,"b":"2"}\n' * 5000)
            self.assertIn(b"in.csv:5002: error: ", done.stderr)

    def test_options_that_contradict_each_other_are_usage_errors(self):
        for options, words in USAGE:
            with self.subTest(options):
                for command in ["convert"], ["check"], ["messages"]:
                    done = run(*command, *options, data=b"a\n1\n")
                    self.ended(done, 64)
                    self.assertEqual(done.stdout, b"")
                    self.assertIn(words, done.stderr.decode())

    def test_advice_on_values_makes_the_input_pass(self):
        for options, data, advised, rows in [
            (["--types", "a:integer"], b"a\n007\n", "--leading-zeros strip", b'{"a":7}\n'),
            (["--types", "a:integer", "--big-integers", "error"], b"a\n9007199254740993\n", "--big-integers string",
             b'{"a":"9007199254740993"}\n'),
        ]:
            path = self.write("in.csv", data)
            self.assertIn(advised, run("convert", *options, path).stderr.decode())
            options = [word for word in options if word not in ("--big-integers", "error")]
            done = run("convert", *options, *advised.split(), path)
            self.ended(done, 0)
            self.assertEqual(done.stdout, rows)

    def test_rows_hold_the_source_that_their_messages_have(self):
        path = self.write("orders é.csv", b"a\n1\n")
        options = ["--add-column", "s=@source", "--add-column", "m=@modified"]
        row = json.loads(run("convert", *options, path).stdout)
        message = json.loads(run("messages", *options, path).stdout.splitlines()[0])
        self.assertEqual(json.loads(message["body"]), [row])
        self.assertEqual(row["s"], message["attributes"]["sluice.source"])
        self.assertRegex(row["s"], r"^orders%20%C3%A9.csv\?size=4&modified=")
        self.assertEqual(row["m"], row["s"].split("modified=")[1])
        named = run("messages", *options, "--source", "x?modified=1", path).stdout
        self.assertEqual(json.loads(json.loads(named.splitlines()[0])["body"])[0], {"a": "1", "s": "x?modified=1", "m": ""})
        piped = json.loads(run("convert", *options, data=b"a\n1\n").stdout)
        self.assertRegex(piped["s"], r"^standard%20input\?run=")
        self.assertEqual(piped["m"], "")
        # The file may be elsewhere when its messages are verified.
        other = self.write("other.csv", b"a\n1\n")
        messages = self.write("m", run("messages", *options, path).stdout)
        self.ended(run("verify", messages, "--against", other), 0)


class Parts(InDirectory):
    def test_limit_and_skip_records_count_rows_of_each_input(self):
        chance = random.Random(5)
        for seed in range(12):
            lines = [b'"%d\n",%s\n' % (n, b"x" * chance.randrange(60)) for n in range(chance.randrange(3000))]
            data = b"a,b\n" + b"".join(line + (b"\n" if chance.random() < 0.1 else b"") for line in lines)
            path = self.write("in.csv", data)
            types = ["--types", "b:string", "--null", "xx"] if seed % 2 else []
            whole = run("convert", *types, path).stdout.splitlines(keepends=True)
            for _ in range(4):
                skip, limit = chance.randrange(len(whole) + 5), chance.randrange(len(whole) + 5)
                options = ["--skip-records", str(skip), "--limit", str(limit)]
                expected = whole[skip:skip + limit]
                for copies, done in [(1, run("convert", *types, *options, path)),
                                     (1, run("convert", *types, *options, data=data)),
                                     (2, run("convert", *types, *options, path, path, "-j", "3"))]:
                    self.ended(done, 0)
                    self.assertEqual(done.stdout, b"".join(expected * copies))
                done = run("check", *types, *options, path, "--summary", "json")
                self.assertEqual(json.loads(done.stderr)["rows"], len(expected))

    def test_what_follows_the_limit_is_not_read(self):
        data = b"a,b\n1,2\n3,4\n5\n"
        done = run("convert", "--limit", "2", data=data)
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":"1","b":"2"}\n{"a":"3","b":"4"}\n')
        self.ended(run("check", "--limit", "3", data=data), 65)
        self.ended(run("convert", "--limit", "0", data=b"a\n"), 0)

    def test_skipped_records_must_be_records_but_their_values_are_not_checked(self):
        done = run("convert", "--types", "a:integer", "--skip-records", "1", data=b"a\nx\n1\n")
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":1}\n')
        done = run("convert", "--skip-records", "1", data=b"a,b\n1\n1,2\n")
        self.ended(done, 65)
        self.assertIn(b"raggedRecord", done.stderr)

    def test_what_is_accepted_in_skipped_records_is_counted(self):
        for record, option in [(b"1,x\ry", "--bare-cr=data"), (b"1", "--ragged=pad"), (b'1,x"y', "--quote-in-plain=data"),
                               (b"1,\xff", "--invalid-utf8=replace"), (b"1,2,3", "--ragged=truncate")]:
            path = self.write("in.csv", b"a,b\n0,0\n" + record + b"\n" + b"2,3\n" * 3)
            counts = [json.loads(run("check", path, option, "--summary", "json", *skip).stderr)["repairs"]
                      for skip in ([], ["--skip-records", "2"], ["--skip-records", "4"], ["--skip-records", "9"])]
            self.assertEqual(counts, counts[:1] * 4)

    def test_they_are_options_of_convert_and_check_only(self):
        for option in "--limit", "--skip-records":
            self.ended(run("messages", option, "1", data=b"a\n"), 64)
            self.ended(run("convert", option, "-1", data=b"a\n"), 64)
            self.ended(run("convert", option, "x", data=b"a\n"), 64)


class Configurations(InDirectory):
    FORMS = [
        ["--types", 'id:integer,"a,b:number"', "--null", "", "--null", "N\\A"],
        ["--select", '"a,b",id', "--rename", 'id=x.y,"a,b=x.z"', "--nest", "."],
        ["--drop", "id", "--empty", "omit", "--quoted-empty", "string"],
        ["--add-column", "s=@source", "--add-column", "t=@@x;y", "--add-column", "r=@record", "--null-as", "omit"],
        ["--types", "id:integer", "--leading-zeros", "strip", "--big-integers", "string"],
    ]

    def setUp(self):
        super().setUp()
        self.input = self.write("orders.csv", b'id,"a,b",note\n' + b"".join(b'%d,%d.5,"x ""%d"""\n' % (n, n, n) for n in range(2000)))

    def manifest(self, lines):
        return json.loads(json.loads(lines[-1])["body"])

    def test_a_configuration_has_the_options_and_verify_and_repair_commands_read_them(self):
        usual = self.manifest(run("messages", self.input).stdout.splitlines())["configuration"]
        for options in self.FORMS:
            with self.subTest(options):
                done = run("messages", "--max-bytes", "4096", *options, self.input)
                self.ended(done, 0)
                lines = done.stdout.splitlines(keepends=True)
                configuration = self.manifest(lines)["configuration"]
                self.assertNotIn("\n", configuration)
                self.assertGreater(len(configuration), len(usual))
                path = self.write("messages", done.stdout)
                self.ended(run("verify", path, "--against", self.input), 0)
                lost = lines[:3] + lines[4:]
                found = run("verify", "-", data=b"".join(lost))
                self.ended(found, 65)
                command = found.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1]
                words = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True).stdout.decode().split("\0")
                self.assertEqual(words[:5], ["sluice", "send", "INPUT", "--queue-url", "URL"])
                done = run("messages", *words[5:-1], self.input)
                self.ended(done, 0)
                self.assertEqual(done.stdout, lines[3])

    def test_the_same_meaning_is_the_same_configuration(self):
        def configuration(*options):
            return self.manifest(run("messages", *options, self.input).stdout.splitlines())["configuration"]
        self.assertEqual(configuration(), configuration("--null-as", "null", "--leading-zeros", "error", "--big-integers", "number",
                                                        "--quoted-empty", "null"))
        self.assertEqual(configuration("--null", "a", "--null", "b"), configuration("--null", "b", "--null", "a", "--null", "b"))
        self.assertEqual(configuration("--types", "id:integer,note:any"), configuration("--types", "note:string,id:integer"))
        self.assertEqual(configuration("--rename", "id=a,note=b"), configuration("--rename", "note=b", "--rename", "id=a"))
        self.assertEqual(configuration("--drop", "note,id"), configuration("--drop", "id,note,id"))
        self.assertNotEqual(configuration("--select", "id,note"), configuration("--select", "note,id"))

    def test_long_lists_are_abbreviated_and_must_be_given_again(self):
        names = ",".join(f"a long name of a column {n}" for n in range(60))
        path = self.write("in.csv", f"{names}\n{','.join('1' * 60)}\n".encode())
        selection = ",".join(reversed(names.split(",")))
        done = run("messages", "--select", selection, path)
        self.ended(done, 0)
        self.assertRegex(self.manifest(done.stdout.splitlines())["configuration"], r";select=~[0-9a-f]{64}$")
        messages = self.write("m", done.stdout)
        found = run("verify", messages, "--against", path)
        self.ended(found, 64)
        self.assertIn(b"only a digest of their --select; give it again: --select", found.stderr)
        self.ended(run("verify", messages, "--against", path, "--select", selection), 0)
        self.ended(run("verify", messages, "--against", path, "--select", names), 64)
        lost = run("verify", "-", data=done.stdout.splitlines(keepends=True)[-1])
        self.assertIn(b"to repair, with their --select: sluice send INPUT ", lost.stderr)
        self.assertIn(b" --select LIST", lost.stderr)
