"""Schemas that can't be used, options that contradict an input, and values at every limit.

They give clear errors, and the work grows in proportion to the input.
"""
import json
import unittest

from support import CountsWork, InDirectory, run

ONE = {"fields": [{"name": "a"}]}


def field(**properties):
    return {"fields": [{"name": "a", **properties}]}


def limited(kind, **constraints):
    return field(type=kind, constraints=constraints)


# What is wrong; the schema, or its text; the JSON pointer of the place in the error; a word of the error.
UNUSABLE_SCHEMAS = [
    ("no JSON", '{"fields": [', "", "JSON"),
    ("empty", "", "", "JSON"),
    ("not UTF-8", b'{"fields":[{"name":"\xff"}]}', "", ""),
    ("nested too deep", "[" * 100_000, "", ""),
    ("an array", [], "", ""),
    ("a string", '"fields"', "", ""),
    ("no fields", {}, "", "fields"),
    ("fields that are no array", {"fields": {}}, "/fields", ""),
    ("no field", {"fields": []}, "/fields", ""),
    ("a field that is no object", {"fields": [ONE["fields"][0], 1]}, "/fields/1", ""),
    ("a field without a name", {"fields": [{"type": "integer"}]}, "/fields/0", "name"),
    ("a name that is no string", {"fields": [{"name": 1}]}, "/fields/0/name", ""),
    ("an unknown type", field(type="int"), "/fields/0/type", "integer"),
    ("an unknown format", field(type="string", format="url"), "/fields/0/format", "uri"),
    ("a format of a type that has none", field(type="integer", format="hex"), "/fields/0/format", ""),
    ("dates of any format", field(type="date", format="any"), "/fields/0/format", "any"),
    ("a pattern for dates with an unknown directive", field(type="date", format="%d %Q"), "/fields/0/format", "%Q"),
    ("a word that is true and false", field(type="boolean", trueValues=["1"], falseValues=["1"]), "/fields/0/falseValues", ""),
    ("one character for decimals and groups", field(type="number", decimalChar=",", groupChar=","), "/fields/0/groupChar", ""),
    ("a digit between digits", field(type="number", groupChar="0"), "/fields/0/groupChar", ""),
    ("missing values that are no strings", {"missingValues": [0], **ONE}, "/missingValues/0", ""),
    ("unknown fieldsMatch", {"fieldsMatch": "some", **ONE}, "/fieldsMatch", "superset"),
    ("a property of Sluice that does not exist", field(**{"sluice:nme": "b"}), "/fields/0/sluice:nme", ""),
    ("equal new names", {"fields": [{"name": "a", "sluice:name": "c"}, {"name": "b", "sluice:name": "c"}]},
     "/fields/1/sluice:name", ""),
    ("a constraint that the type has not", limited("integer", minLength=1), "/fields/0/constraints/minLength", ""),
    ("a constraint that does not exist", limited("integer", minimun=1), "/fields/0/constraints/minimun", ""),
    ("a bound of another type", limited("integer", minimum="x"), "/fields/0/constraints/minimum", "integer"),
    ("a date that does not exist as bound", limited("date", maximum="2023-02-29"), "/fields/0/constraints/maximum", ""),
    ("bounds that contradict each other", limited("integer", minimum=2, maximum=1), "/fields/0/constraints/minimum", "maximum"),
    ("lengths that contradict each other", limited("string", minLength=2, maxLength=1), "/fields/0/constraints/minLength", ""),
    ("a negative length", limited("string", minLength=-1), "/fields/0/constraints/minLength", ""),
    ("a pattern that is none", limited("string", pattern="("), "/fields/0/constraints/pattern", ""),
    ("a pattern of XML's own classes", limited("string", pattern=r"\i\c*"), "/fields/0/constraints/pattern", ""),
    ("a pattern that looks around", limited("string", pattern="(?=a)a"), "/fields/0/constraints/pattern", ""),
    ("a pattern that refers back", limited("string", pattern=r"(a)\1"), "/fields/0/constraints/pattern", ""),
    ("an enum of another type", limited("integer", enum=["a"]), "/fields/0/constraints/enum/0", ""),
    ("unique values", limited("string", unique=True), "/fields/0/constraints/unique", "--skip-constraints unique"),
    ("a primary key", {"primaryKey": ["a"], **ONE}, "/primaryKey", "--skip-constraints primaryKey"),
    ("unique keys", {"uniqueKeys": [["a"]], **ONE}, "/uniqueKeys", "--skip-constraints uniqueKeys"),
    ("foreign keys", {"foreignKeys": [{"fields": ["a"], "reference": {"fields": ["a"]}}], **ONE}, "/foreignKeys",
     "--skip-constraints foreignKeys"),
    ("a JSON Schema", limited("object", jsonSchema={}), "/fields/0/constraints/jsonSchema", "--skip-constraints jsonSchema"),
    ("a key of a column that does not exist", {"primaryKey": ["b"], **ONE}, "/primaryKey", ""),
    ("two resources", {"resources": [{"schema": ONE}, {"schema": ONE}]}, "/resources", ""),
    ("a dialect without a delimiter", {"dialect": {"delimiter": ""}, "schema": ONE}, "/dialect/delimiter", ""),
    ("a quote of two characters", {"dialect": {"quoteChar": "''"}, "schema": ONE}, "/dialect/quoteChar", ""),
    ("a line end that is none", {"dialect": {"lineTerminator": "|"}, "schema": ONE}, "/dialect/lineTerminator", ""),
    ("comment rows far from the header", {"dialect": {"commentRows": [5]}, "schema": ONE}, "/dialect/commentRows", ""),
    ("quotes that are not doubled and not escaped", {"dialect": {"doubleQuote": False}, "schema": ONE}, "/dialect/doubleQuote",
     ""),
    ("an unknown encoding", {"encoding": "utf-7", "schema": ONE}, "/encoding", ""),
    ("a schema elsewhere", {"schema": "schema.json"}, "/schema", ""),
]

DIGITS = "7" * 1_000_000
NUMBER, BARE = field(type="number"), field(type="integer", bareNumber=False)
GROUPED, GERMAN = field(type="number", groupChar=","), field(type="number", decimalChar=",", groupChar=".")
# The field; a text; the row's value as JSON text, or the code of the error.
LIMITS = [
    (field(type="integer"), DIGITS, DIGITS), (NUMBER, DIGITS + "." + DIGITS[:99], DIGITS + "." + DIGITS[:99]),
    (field(type="integer"), "-0", "-0"), (NUMBER, "-0", "-0"), (NUMBER, "1e999", "1e999"), (NUMBER, "-1E-999999", "-1E-999999"),
    (NUMBER, ".5", "0.5"), (NUMBER, "5.", "5"), (NUMBER, "-.5", "-0.5"), (NUMBER, "+5", "5"), (NUMBER, ".", "typeMismatch"),
    (NUMBER, "NaN", "typeMismatch"), (NUMBER, "INF", "typeMismatch"), (NUMBER, "1e", "typeMismatch"),
    (NUMBER, "00", "typeMismatch"),
    (NUMBER, "007.5", "typeMismatch"), (NUMBER, " 5", "typeMismatch"), (NUMBER, "1_0", "typeMismatch"),
    (NUMBER, "٣", "typeMismatch"),
    (field(type="integer"), "5.0", "typeMismatch"), (field(type="integer"), "1e3", "typeMismatch"),
    (GROUPED, "1,5", "typeMismatch"), (GROUPED, "1,234.5", "1234.5"), (GROUPED, ",234", "typeMismatch"),
    (GROUPED, "1,,234", "typeMismatch"),
    (GERMAN, "1.234,50", "1234.50"), (GERMAN, "1.5", "typeMismatch"), (GERMAN, "1,5.5", "typeMismatch"),
    (BARE, "(5)", "typeMismatch"), (BARE, "5-", "typeMismatch"), (BARE, "−5", "typeMismatch"), (BARE, "€ 5", "5"),
    (BARE, "-5 %", "-5"),
    (BARE, "€", "typeMismatch"), (BARE, "5 of 6", "typeMismatch"),
    (field(type="year"), "0000", "0"), (field(type="year"), "0050", "50"), (field(type="year"), "10000", "typeMismatch"),
    (field(type="date"), "0000-01-01", "typeMismatch"), (field(type="date"), "0001-01-01", '"0001-01-01"'),
    (field(type="date"), "9999-12-31", '"9999-12-31"'), (field(type="date"), "10000-01-01", "typeMismatch"),
    (field(type="date"), "2023-02-29", "typeMismatch"), (field(type="date"), "2000-02-29", '"2000-02-29"'),
    (field(type="datetime"), "2024-12-31T24:00:00", '"2025-01-01T00:00:00"'),
    (field(type="datetime"), "9999-12-31T24:00:00", "typeMismatch"),
    (field(type="datetime"), "2024-12-31T23:59:60", "typeMismatch"), (field(type="date", format="%d.%m.%Y"), "31.02.2024",
                                                                      "typeMismatch"),
    (field(type="list", missingValues=[]), "", "[]"), (field(type="list", itemType="integer"), "1,,2", "typeMismatch"),
    (field(type="list", itemType="integer"), "1,-0", "[1,-0]"),
    (field(type="array"), "[" * 64 + "]" * 64, "[" * 64 + "]" * 64), (field(type="array"), "[" * 65 + "]" * 65, "typeMismatch"),
    (field(type="array"), "[" * 1_000_000, "typeMismatch"), (field(type="object"), '{"a":' * 65 + "1" + "}" * 65,
                                                             "typeMismatch"),
    (field(type="object"), "[]", "typeMismatch"), (field(type="array"), "[NaN]", "typeMismatch"),
    (field(type="object"), '{"a":1,"a":2}', '{"a":1,"a":2}'),
    (field(type="geopoint"), "180,90", "[180,90]"), (field(type="geopoint"), "180.0000001,90", "typeMismatch"),
    (limited("string", minLength=2), "é", "constraint"), (limited("string", maxLength=1), "é", '"é"'),
    (limited("integer", maximum=2 ** 53), "9007199254740993", "constraint"),
    (limited("number", minimum="0.1"), "0.09999999999999999999", "constraint"),
    (limited("number", minimum="0.1"), "0.1000", "0.1000"), (limited("number", enum=[1]), "1.0e0", "1.0e0"),
    (limited("string", required=True), "", "constraint"), (limited("string", pattern="a|b"), "ax", "constraint"),
    # Backtracks for ever; PCRE2's limit ends it.
    (limited("string", pattern="([a-z]+)+[0-9]"), "a" * 10_000, "constraint"),
]


class BadSchemas(InDirectory):
    def schema(self, schema):
        text = schema if isinstance(schema, (str, bytes)) else json.dumps(schema)
        return self.write("schema.json", text if isinstance(text, bytes) else text.encode())

    def test_a_schema_that_cannot_be_used_is_refused_with_the_place_before_any_input_is_read(self):
        for title, schema, pointer, word in UNUSABLE_SCHEMAS:
            with self.subTest(title):
                path = self.schema(schema)
                for command in "convert", "check", "messages", "plan":
                    done = run(command, "--schema", path, "there is no such input")
                    self.ended(done, 65)
                    text = done.stderr.decode()
                    self.assertTrue(text.startswith(f"{path}: error: {pointer}"), text)
                    self.assertIn(word, text)
                    self.assertEqual(done.stdout, b"")

    def test_a_schema_that_is_missing_is_a_missing_input(self):
        done = run("convert", "--schema", self.path("none.json"), data=b"a\n")
        self.ended(done, 66)
        self.assertIn(b"none.json", done.stderr)

    def test_skipped_constraints_are_listed_in_the_summary(self):
        path = self.schema({"primaryKey": ["a"], **limited("string", unique=True)})
        done = run("convert", "--schema", path, "--skip-constraints", "unique,primaryKey", "--summary", "json",
                   data=b"a\nx\nx\n")
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":"x"}\n{"a":"x"}\n')
        self.assertIn("unique", done.stderr.decode())
        # The key's columns are required all the same.
        done = run("convert", "--schema", path, "--skip-constraints", "unique,primaryKey", "--summary", "json", data=b'a\n""\n')
        self.assertEqual(self.error(done)["code"], "constraint")

    def test_unknown_properties_that_are_not_of_sluice_are_ignored(self):
        path = self.schema({"title": "t", "x": {"y": [1]}, **field(rdfType="r", **{"custom:z": None})})
        self.ended(run("convert", "--schema", path, data=b"a\n1\n"), 0)

    def test_values_at_their_types_limits_are_exact_or_refused_in_every_way_to_read(self):
        for schema, text, expected in LIMITS:
            with self.subTest(f"{schema['fields'][0]} {text[:30]}"):
                path = self.schema(schema)
                data = b'b,a\n' + b"1,\"" + text.replace('"', '""').encode() + b'"\n'
                whole = {"fields": [{"name": "b"}, *schema["fields"]]}
                path = self.schema(whole)
                file = self.write("in.csv", data)
                for source, options in (file, ["-j", "1"]), (file, ["-j", "3"]), ("-", []):
                    for command in "convert", "check":
                        done = run(command, source, "--schema", path, "--summary", "json", *options,
                                   data=data if source == "-" else None)
                        if expected in ("typeMismatch", "constraint"):
                            self.ended(done, 65)
                            errors = [json.loads(line)["error"] for line in done.stderr.splitlines()
                                      if line.startswith(b'{"error"')]
                            self.assertEqual([(e["code"], e["line"], e["column"], e["field"]) for e in errors],
                                             [(expected, 2, "a", 2)])
                            self.assertLess(len(done.stderr), 2000)
                        else:
                            self.ended(done, 0)
                            if command == "convert":
                                self.assertEqual(done.stdout.decode(), f'{{"b":"1","a":{expected}}}\n')

    def test_invalid_utf8_comes_before_the_type(self):
        for kind in "integer", "date", "boolean", "object", "list", "string":
            path = self.schema(field(type=kind))
            done = run("convert", "--schema", path, "--summary", "json", data=b"a\n1\xff\n")
            self.ended(done, 65)
            self.assertEqual((self.error(done)["code"], self.error(done)["column"]), ("invalidUTF8", "a"))

    def test_the_number_of_fields_comes_before_their_types(self):
        done = run("convert", "--types", "a:integer", "--summary", "json", data=b"a,b\nx\n")
        self.assertEqual(self.error(done)["code"], "raggedRecord")

    def test_a_header_that_does_not_match_names_its_columns_before_the_first_row(self):
        path = self.schema({"fields": [{"name": "id", "type": "integer"}, {"name": "qty", "type": "integer"}]})
        for header, words in [
            (b"id", ["missing", "qty"]), (b"id,qty,note", ["note"]), (b"qty,id", ["order"]), (b"id,Qty", ["case", "Qty"]),
            (b"id, qty", [" qty"]), (b"id,amount", ["amount", "qty"]), (b"", ["id"]),
        ]:
            done = run("convert", "--schema", path, data=header + b"\n1,2\n" if header else b"x,y\n1,2\n")
            self.ended(done, 65)
            self.assertEqual(done.stdout, b"")
            text = done.stderr.decode()
            self.assertIn("[headerMismatch]", text)
            self.assertTrue(text.startswith("standard input:1: error: "), text)
            for word in words:
                self.assertIn(word, text, header)

    def test_options_that_contradict_the_header_are_errors_that_name_the_column(self):
        for options, words in [
            (["--types", "z:integer"], "z"), (["--select", "a,z"], "z"), (["--drop", "z"], "z"), (["--rename", "z=y"], "z"),
            (["--rename", "a=b"], "b"), (["--rename", "a=x", "--rename", "b=x"], "x"), (["--nest", "."], "c"),
            (["--add-column", "a=1"], "a"),
        ]:
            for data in b"a,b,c,c.d\n1,2,3,4\n", b"a,b,c,c.d\n":
                done = run("convert", *options, "--summary", "json", data=data)
                self.assertIn(done.returncode, (64, 65), (options, done.stderr))
                self.assertEqual(done.stdout, b"", options)
                self.assertIn(words, self.error(done)["message"], options)

    def test_a_schema_of_100_000_columns_works(self):
        count = 100_000
        path = self.schema({"fields": [{"name": f"c{number}", "type": "integer"} for number in range(count)]})
        header = ",".join(f"c{number}" for number in range(count)).encode() + b"\n"
        good, bad = b",".join([b"5"] * count) + b"\n", b",".join([b"5"] * (count - 1) + [b"x"]) + b"\n"
        done = run("convert", "--schema", path, "--summary", "json", data=header + good + bad)
        self.ended(done, 65)
        self.assertEqual(json.loads(done.stdout), {f"c{number}": 5 for number in range(count)})
        error = self.error(done)
        self.assertEqual((error["code"], error["column"], error["line"]), ("typeMismatch", f"c{count - 1}", 3))


class Work(CountsWork):
    def linear(self, columns, size):
        """`columns` are (field, function that returns a value by its size)."""
        fields = [dict(properties, name=f"c{number}") for number, (properties, _) in enumerate(columns)]
        schema = self.write("schema.json", json.dumps({"fields": fields}).encode())

        def table(n):
            values = ['"' + text(n) + '"' for _, text in columns]
            return f"{','.join(field['name'] for field in fields)}\n{','.join(values)}\n".encode()
        # Buffers that grow in steps of a factor make the counts uneven.
        self.assertLinear(table, size, "--schema", schema, most=7, statuses=(0, 65))

    def test_values_take_linear_work(self):
        self.linear([
            ({"type": "integer"}, lambda n: "7" * n),
            ({"type": "number", "groupChar": ","}, lambda n: "1" + ",234" * (n // 8)),
            ({"type": "number", "constraints": {"minimum": 0}}, lambda n: "0." + "7" * n),
            ({"type": "number", "constraints": {"minimum": 0}}, lambda n: "1e" + "7" * n),
            ({"type": "integer", "bareNumber": False}, lambda n: "x" * (n // 8) + "5" + "y" * (n // 8)),
            ({"type": "array"}, lambda n: "[" + ",".join(["1"] * (n // 8)) + "]"),
            ({"type": "list", "itemType": "integer"}, lambda n: ",".join(["1"] * (n // 16 + 1))),
            ({"type": "string", "constraints": {"pattern": "[a-z]*"}}, lambda n: "a" * n),
        ], 40_000)

    def test_invalid_values_take_linear_work(self):
        self.linear([({"type": "array"}, lambda n: "[" * n)], 50_000)
        self.linear([({"type": "date", "format": "%d%m%Y"}, lambda n: "1" * n)], 50_000)

    def test_a_list_of_codes_takes_linear_work(self):
        for name in "enum", "categories":
            def table(n):
                codes = [f"v{k}" for k in range(n)]
                field = {"name": "a", "constraints": {"enum": codes}} if name == "enum" else {"name": "a", "categories": codes}
                self.write("schema.json", json.dumps({"fields": [field]}).encode())
                return "\n".join(["a", *codes, ""]).encode()
            self.assertLinear(table, 2000, "--schema", self.path("schema.json"))

    def test_columns_take_linear_work(self):
        def table(names, fields, match):
            def make(n):
                self.write("schema.json", json.dumps({"fieldsMatch": match, "fields": [fields(k) for k in range(n)]}).encode())
                return f"{','.join(names(n))}\n{','.join(['5'] * n)}\n".encode()
            return make

        def typed(k):
            return {"name": f"c{k}", "type": "integer"}

        def renamed(k):
            return {"name": f"c{k}", "sluice:name": f"d{k}"}

        def names(n):
            return [f"c{k}" for k in range(n)]

        options = "--schema", self.path("schema.json")
        self.assertLinear(table(names, typed, "exact"), 1000, *options)
        self.assertLinear(table(lambda n: names(n)[::-1], renamed, "equal"), 1000, *options)
        self.assertLinear(table(lambda n: names(n)[::-1], typed, "exact"), 1000, *options, statuses=(0, 65))


if __name__ == "__main__":
    unittest.main()
