"""`describe`: what it finds, what it writes, and that every command it prints does what it says."""
import gzip
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import unittest

from support import BOUND, SLUICE, InDirectory, run

HOSTILE = (b'id,"</script><script>alert(1)</script>",c\n'
           b'1,"<b onclick=x>y</b> & ""q"" \'",\xe2\x80\xaeabc\xe2\x80\x8b\n'
           b'2,"a\x00\x01\x1b[31m","&lt;"\n'
           b'3,<img src=x>\n'
           b'4,"--></style>" q,</svg>\n')


class Describe(InDirectory):
    def described(self, *arguments, status=0, **options):
        done = run("describe", *arguments, cwd=self.directory, **options)
        self.ended(done, status)
        return json.loads(done.stdout), done.stderr.decode().splitlines()

    def shell(self, command):
        """Runs a command that was printed."""
        words = shlex.split(command)
        self.assertEqual(words[0], "sluice")
        return subprocess.run([SLUICE, *words[1:]], cwd=self.directory, capture_output=True, timeout=BOUND)

    def types(self, resource):
        return {field["name"]: field["type"] for field in resource["schema"]["fields"]}

    def test_types_are_the_first_that_every_value_has(self):
        self.write("a.csv", b"i,n,d,t,dt,b,z,p,big,na,naw,s\n"
                   b"1,1,2024-01-02,10:00:00,2024-01-02T10:00:00Z,true,007,+1,9007199254740992,NA,NA,x\n"
                   b"-2,2.5,2024-02-29,,2024-01-02T10:00:00.5+02:00,FALSE,1,2,1,3,x,1\n")
        resource, lines = self.described("a.csv")
        self.assertEqual(self.types(resource), {
            "i": "integer", "n": "number", "d": "date", "t": "time", "dt": "datetime", "b": "boolean", "z": "string",
            "p": "string", "big": "string", "na": "integer", "naw": "string", "s": "string"})
        missing = {f["name"]: f["missingValues"] for f in resource["schema"]["fields"] if "missingValues" in f}
        self.assertEqual(missing, {"na": ["", "NA"]})
        self.assertEqual((resource["rows"], resource["bytes"]), (2, os.path.getsize(self.path("a.csv"))))
        done = self.shell(lines[-1])
        self.assertEqual((done.returncode, json.loads(done.stdout.splitlines()[1])["n"]), (0, 2.5), done.stderr)

    def test_the_printed_command_reads_the_input_and_with_an_output_uses_it_as_schema(self):
        rows = b"Report\n\nid;price;note\n1;2.50;'a;b'\n2;;'it''s'\n3;NA;c\n"
        self.write("a b.csv", rows)
        for arguments in [(), ("-o", "schema.json")]:
            _, lines = self.described("a b.csv", *arguments) if not arguments else (None, self.written(*arguments))
            done = self.shell(lines[-1])
            self.ended(done, 0)
            found = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual([row["note"] for row in found], ["a;b", "it's", "c"])
            self.assertEqual([row["id"] for row in found], [1, 2, 3])
        self.assertIn("--schema schema.json", lines[-1])
        self.assertEqual([row["price"] for row in found], [2.5, None, None])

    def written(self, *arguments):
        done = run("describe", "a b.csv", *arguments, cwd=self.directory)
        self.ended(done, 0)
        self.assertEqual(done.stdout, b"")
        return done.stderr.decode().splitlines()

    def test_every_encoding_and_stream_gives_the_same_columns(self):
        text = "name;town;n\nJosé;München;1\nAnn;Rome;2\n"
        for data, encoding in [(text.encode(), "utf-8"), (b"\xef\xbb\xbf" + text.encode(), "utf-8"),
                               (text.encode("cp1252"), "windows-1252"), (text.encode("utf-16"), "utf-16"),
                               (text.encode("utf-16-le"), "utf-16le"), (text.encode("utf-16-be"), "utf-16be")]:
            self.write("a.csv", data)
            for arguments, given in [(("a.csv",), None), (("-",), data), (("-",), gzip.compress(data))]:
                with self.subTest(encoding=encoding, arguments=arguments):
                    resource, lines = self.described(*arguments, data=given)
                    self.assertEqual(resource["encoding"], encoding)
                    self.assertEqual(self.types(resource), {"name": "string", "town": "string", "n": "integer"})
                    if given is None:
                        done = self.shell(lines[-1])
                        self.ended(done, 0)
                        self.assertEqual(json.loads(done.stdout.splitlines()[0]), {"name": "José", "town": "München", "n": 1})

    def test_a_tie_says_what_fits_and_each_option_that_it_names_decides_it(self):
        for data, question in [(b"a,b;c\nd,e;f\n", "delimiter"), (b"Ann,Bob\n", None), (b"Ann\xe9,\xc3\xa9\n1,2\n", "encoding"),
                               (b"x,x\n", "header")]:
            self.write("a.csv", data)
            done = run("describe", "a.csv", cwd=self.directory)
            if question is None:
                self.ended(done, 0)
                continue
            self.ended(done, 65)
            self.assertEqual(done.stdout, b"")
            message = done.stderr.decode()
            self.assertIn(f"a.csv: error: its {question} can't be told", message)
            options = message.split("to choose: ")[1].strip().split(" or ")
            self.assertGreaterEqual(len(options), 2)
            for option in options:
                done = run("describe", "a.csv", *shlex.split(option), cwd=self.directory)
                self.assertNotIn(f"its {question} can't be told".encode(), done.stderr)

    def test_options_override_what_is_found(self):
        self.write("a.csv", b"1;2,5\n3;4,5\n")
        resource, _ = self.described("a.csv", "--delimiter", ",", "--no-header")
        self.assertNotIn("delimiter", resource["dialect"])
        self.assertEqual(resource["dialect"]["header"], False)
        resource, lines = self.described("a.csv", "--header", "x,y", "--explain")
        self.assertEqual(list(self.types(resource)), ["x", "y"])
        self.assertTrue(any("delimiter: ;" in line for line in lines), lines)
        self.assertEqual(json.loads(self.shell(lines[-1]).stdout.splitlines()[0]), {"x": 1, "y": "2,5"})
        done = run("describe", "a.csv", "--schema", "s.json", cwd=self.directory)
        self.ended(done, 64)

    def test_lines_that_are_skipped_by_an_option_are_no_part_of_the_table(self):
        for end in "\n", "\r\n", "\r":
            self.write("a.csv", end.join(["Report", "x,y,z", "", "a;b", "1;2", "3;4", ""]).encode())
            # Blank lines are no records.
            for options in [], ["--skip-lines", "3"], ["--skip-lines", "2"], ["--header-rows", "3"], \
                           ["--skip-lines", "4", "--header", "a,b"], ["--skip-lines", "4", "--no-header"]:
                with self.subTest(end=end, options=options):
                    names = ["field1", "field2"] if "--no-header" in options else ["a", "b"]
                    resource, lines = self.described("a.csv", *options)
                    self.assertEqual((self.types(resource), resource["rows"]), (dict.fromkeys(names, "integer"), 2))
                    done = self.shell(lines[-1])
                    self.assertEqual([json.loads(row) for row in done.stdout.splitlines()],
                                     [dict(zip(names, row)) for row in ((1, 2), (3, 4))], done.stderr)

    def test_lines_filled_up_with_delimiters_before_the_header_are_no_rows(self):
        numbers = "Konto;Name;Soll;Haben\n1000;Kasse;12.50;0.00\n1200;Bank;100.00;3.50\n1400;Ford;;2.00\n"
        words = "Name;Ort;Land;Text\nAnn;Rom;IT;x\nBob;Bern;CH;\nCid;Wien;AT;y z\n"
        years = numbers.replace("Name;Soll;Haben", "2024;2025;2026").replace("Kasse", "5").replace("Bank", "6").replace("Ford", "7")
        two = "Konto;Name\n1000;Kasse\n1200;Bank\n"
        for before, table in [
            ("Mandant 7;;;\n", numbers), ("Mandant 7;;;\nStichtag 31.10.2026;;;\n;;;\n", numbers),
            ("Mandant;7;;\nZeitraum;10/2026;;\n", numbers), ("Mandant;7;;\nZeitraum;10/2026;;\n", words),
            ("Mandant;Meier;;\n;;;\n", numbers), ("Mandant 7;;;\n\n", words), ("Mandant;7;;\n", years), (";;2024;\n", numbers),
            ("Mandant 7;;;\n" * 9, numbers), (";;;\nMandant;;;\n", numbers + ";;;\n" * 9),
            ("Mandant 7;\n", two), (";\nMandant 7;\n", two),
        ]:
            for data in before + table, (before + table).replace(";", ",").replace("\n", "\r\n"):
                with self.subTest(data=data):
                    self.write("a.csv", data.encode())
                    _, lines = self.described("a.csv")
                    self.assertIn(f" --skip-lines {before.count(chr(10))}", lines[-1])
                    rows = [json.loads(row) for row in self.shell(lines[-1]).stdout.splitlines()]
                    self.assertEqual(list(rows[0]), table.split("\n")[0].split(";"))
                    self.assertEqual(len(rows), table.count("\n") - 1)

    def test_lines_filled_up_may_precede_rows_without_names_and_columns_without_values(self):
        self.write("a.csv", b"Mandant 7;;;\n;;;\n1;Kasse;2.50;0\n2;Bank;3.50;1\n")
        resource, lines = self.described("a.csv")
        self.assertEqual((resource["rows"], resource["dialect"]["commentRows"]), (2, [1, 2]))
        self.assertEqual(self.shell(lines[-1]).stdout.count(b"\n"), 2)
        for table in "Konto;Name;;\n1000;Kasse;;\n1200;Bank;;\n", "Ort;Name;;\nRom;Ann;;\nBern;Bob;;\n":
            self.write("a.csv", ("Mandant 7;;;\n" + table).encode())
            resource, lines = self.described("a.csv")
            self.assertEqual((resource["rows"], list(self.types(resource))[:2]), (2, table[:table.index(";;")].split(";")))
            self.assertEqual(self.shell(lines[-1]).stdout.count(b"\n"), 2)

    def test_rows_and_headers_with_empty_fields_are_not_taken_for_lines_before_the_header(self):
        for data, header in [
            ("id;name;\n1;Ann;x\n2;Bob;y\n", True), ("1;Ann;\n2;Bob;\n3;Cid;note\n4;Dee;\n", False),
            ("a;1;\nb;2;\nc;x;note\nd;4;x\ne;5;y\n", False), ("id;;\n1;Ann;x\n2;Bob;y\n", True),
            ("1;;\n2;Ann;x\n3;Bob;y\n", False), ("name;town;\nAnn;Rom;\nBob;Bern;\n", True),
        ]:
            with self.subTest(data=data):
                self.write("a.csv", data.encode())
                resource, _ = self.described("a.csv")
                self.assertEqual(resource["rows"], data.count("\n") - header)

    def test_a_line_that_names_the_delimiter_is_no_part_of_the_table(self):
        rows = b'{"a;":1,"b":"2;5"}\n{"a;":3,"b":"4;5"}\n'
        use = ["--sep-line", "use"]
        for first in b"sep=|\n", b'"sep=|"\r\n', b"SEP=|\n":
            for before, options in (b"", []), (b"", use), (b"Report\n", use), (b"Report\n", ["--skip-lines", "2"]):
                with self.subTest(first=first, before=before, options=options):
                    self.write("a.csv", first + before + b"a;|b\n1|2;5\n3|4;5\n")
                    resource, lines = self.described("a.csv", *options)
                    self.assertEqual(self.types(resource), {"a;": "integer", "b": "string"})
                    self.assertEqual(self.shell(lines[-1]).stdout, rows)
                    done = run("describe", "a.csv", "-o", "a.json", "--force", *options, cwd=self.directory)
                    self.ended(done, 0)
                    self.assertEqual(self.shell(done.stderr.decode().splitlines()[-1]).stdout, rows)

    def test_invalid_records_are_counted_and_shown_with_their_lines(self):
        self.write("a.csv", b"a,b\n1,2\n3\n4,5\n\"x\" y,1\n6,7\n" + b"8,9\n" * 20)
        resource, lines = self.described("a.csv", status=3)
        self.assertEqual(resource["rows"], 23)
        self.assertTrue(lines[0].startswith("a.csv:3: error: row has 1 field"), lines)
        self.assertTrue(lines[1].startswith("a.csv:5: error: text after a closing quote"), lines)
        self.assertEqual(lines[2], "a.csv: invalid records: 1 raggedRecord, 1 textAfterQuote")
        done = self.shell(lines[3])
        self.ended(done, 3)
        self.assertEqual(len(done.stdout.splitlines()), 23)
        self.assertEqual([json.loads(line)["line"] for line in done.stderr.splitlines()], [3, 5])

    def test_a_command_that_no_shell_could_run_leaves_types_and_made_up_names_to_the_schema(self):
        numbers = b",".join(b"%d" % n for n in range(30_000))
        header = b",".join(b"c%d" % n for n in range(30_000))
        rows = (numbers + b"\n") * 2
        for data, without, using in (header + b"\n" + rows, {"c0": "0", "c1": "1"}, {"c0": 0, "c1": 1}), \
                                    (rows, ["0", "1"], {"field1": 0, "field2": 1}):
            self.write("a.csv", data)
            for options, expected in ([], without), (["-o", "a.json", "--force"], using):
                done = run("describe", "a.csv", *options, cwd=self.directory)
                self.ended(done, 0)
                done = self.shell(done.stderr.decode().splitlines()[-1])
                self.ended(done, 0)
                row = json.loads(done.stdout.splitlines()[-1])
                self.assertEqual(type(row)(list(row.items())[:2]) if isinstance(row, dict) else row[:2], expected)

    def test_records_larger_than_a_sample_are_seen_whole(self):
        width = 60_000
        for end in "\n", "\r":
            lines = [";".join(f"c{n}" for n in range(width)), ";".join(map(str, range(width))), ";".join(["0,5"] * width), ""]
            data = end.join(lines).encode()
            self.write("a.csv", data)
            for arguments, given in [(("a.csv",), None), (("-",), data), (("-",), gzip.compress(data))]:
                resource, _ = self.described(*arguments, data=given)
                self.assertEqual((resource["dialect"]["delimiter"], resource["rows"]), (";", 2))
                self.assertEqual([field["name"] for field in resource["schema"]["fields"]], lines[0].split(";"))

    def test_repeated_names_are_numbered(self):
        self.write("a.csv", b"Sales\n\na,a,,b\n1,2,3,4\n5,6,7,8\n")
        _, lines = self.described("a.csv")
        self.assertEqual(json.loads(self.shell(lines[-1]).stdout.splitlines()[0]), {"a": 1, "a_2": 2, "": 3, "b": 4})
        self.ended(run("describe", "a.csv", "-o", "a.json", cwd=self.directory), 0)
        done = run("convert", "a.csv", "--schema", "a.json", cwd=self.directory)
        self.assertEqual(json.loads(done.stdout.splitlines()[1]), {"a": 5, "a_2": 6, "": 7, "b": 8}, done.stderr)

    def test_several_inputs_make_a_package(self):
        self.write("a.csv", b"a,b\n1,x\n")
        self.write("B c.csv", b"a,b\n1,x\n")
        package, lines = self.described("a.csv", "B c.csv")
        self.assertEqual([r["name"] for r in package["resources"]], ["a", "b-c"])
        self.assertEqual(len(lines), 2)

    def test_files_of_other_kinds_and_existing_outputs_are_refused_as_everywhere(self):
        self.write("a.csv", b"PK\x03\x04" + bytes(40))
        self.ended(run("describe", "a.csv", cwd=self.directory), 65)
        self.write("b.csv", b"a,b\n1,2\n")
        self.write("o.json", b"")
        self.ended(run("describe", "b.csv", "-o", "o.json", cwd=self.directory), 73)
        self.ended(run("describe", "b.csv", "--html", "o.json", cwd=self.directory), 73)
        self.ended(run("describe", "b.csv", "--html", "b.csv", "--force", cwd=self.directory), 64)
        for output, html in ("p", "./p"), ("-", "/dev/stdout"), ("o.json", self.path("o.json")):
            self.ended(run("describe", "b.csv", "-o", output, "--html", html, "--force", cwd=self.directory), 64)
        self.assertEqual(self.files(), ["a.csv", "b.csv", "o.json"])

    def test_statistics_are_those_that_python_counts_with_any_number_of_threads(self):
        chance = random.Random(5)
        values = [[str(chance.randrange(50)), f"{chance.randrange(10**6) / 100}", chance.choice("abc") * chance.randrange(9)]
                  for _ in range(150_000)]
        self.write("a.csv", b"i,n,s\n" + "".join(",".join(row) + "\n" for row in values).encode())
        found = [self.described("a.csv", "--statistics", "-j", j)[0] for j in "13"]
        self.assertEqual(found[0], found[1])
        fields = {f["name"]: f["statistics"] for f in found[0]["schema"]["fields"]}
        for column, name in enumerate("ins"):
            texts = [row[column] for row in values if row[column]]
            with self.subTest(name=name):
                self.assertEqual(fields[name]["characters"], sum(map(len, texts)))
                key = float if name != "s" else str
                self.assertEqual(key(fields[name]["smallest"]), min(map(key, texts)))
                self.assertEqual(key(fields[name]["largest"]), max(map(key, texts)))
                distinct = len(set(texts))
                error = 0.1 * distinct if "isEstimate" in fields[name] else 0
                self.assertLessEqual(abs(fields[name]["distinct"] - distinct), error)
        top = max({row[0] for row in values}, key=lambda v: sum(row[0] == v for row in values))
        self.assertEqual(fields["i"]["frequent"][0], {"value": top, "count": sum(row[0] == top for row in values)})


class Page(InDirectory):
    def page(self, data, *arguments):
        self.write("a.csv", data)
        done = run("describe", "a.csv", "--html", "a.html", "--delimiter", ",", "--header-rows", "1", *arguments, cwd=self.directory)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return self.read("a.html").decode()

    def test_a_page_needs_nothing_else_and_holds_no_markup_of_the_input(self):
        page = self.page(HOSTILE)
        self.assertNotRegex(page, r"<script|<img|<b onclick|<[^>]*(src|href)=|https?:|url\(|@import")
        self.assertEqual(len(re.findall("</style>", page)), 1)
        self.assertEqual(page.count("<svg"), page.count("</svg>"))
        for character in ["\x00", "\x01", "\x1b", "\u202e", "\u200b"]:
            self.assertNotIn(character, page)
        self.assertIn("&lt;/script&gt;&lt;script&gt;", page)
        self.assertIn("⟨U+202E⟩abc⟨U+200B⟩", page)
        self.assertIn("Content-Security-Policy", page)

    def test_bytes_that_are_not_utf8_are_spelled_out(self):
        page = self.page(b"a,b\n1,2\n\xff\xfe,3\n", "--encoding", "utf-8")
        self.assertIn("⟨FF⟩⟨FE⟩,3", page)

    def test_a_browser_shows_it(self):
        chromium = shutil.which("chromium")
        if not chromium:
            print("!!! SKIPPED: a page in a browser, since chromium is not installed")
            self.skipTest("chromium is not installed")
        page = self.page(HOSTILE)
        self.assertIn("prefers-color-scheme:dark", page)
        options = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=400,1200",
                   f"--user-data-dir={self.path('profile')}"]
        address = "file://" + self.path("a.html")
        done = subprocess.run([*options, "--dump-dom", address], capture_output=True, timeout=BOUND)
        text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", done.stdout.decode(), flags=re.S)
        for shown in ["a.csv", "2 rows", "&lt;/script&gt;", "row has 2 fields", "line 4", "␀␁␛[31m"]:
            self.assertIn(shown, re.sub(r"\s+", " ", text), done.stderr[-500:])
        subprocess.run([*options, f"--screenshot={self.path('a.png')}", address], capture_output=True, timeout=BOUND)
        # A picture of one colour is far smaller.
        self.assertGreater(os.path.getsize(self.path("a.png")), 15_000)


if __name__ == "__main__":
    unittest.main()
