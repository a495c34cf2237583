"""What `--schema` takes from a file, and what is refused before anything is read."""
import json
import re

from support import InDirectory, run

ORDERS = b"id;price;day\n7;2,50;31.12.2025\n8;;01.01.2026\n"
ORDER_FIELDS = [
    {"name": "id", "type": "integer"},
    {"name": "price", "type": "number", "decimalChar": ","},
    {"name": "day", "type": "date", "format": "%d.%m.%Y"},
]


class Schemas(InDirectory):
    def schema(self, value, name="schema.json"):
        return self.write(name, value if isinstance(value, bytes) else json.dumps(value).encode())

    def rows(self, schema, data, *options):
        done = run("convert", "--schema", self.schema(schema), *options, data=data)
        self.ended(done, 0)
        return [json.loads(line, parse_float=str) for line in done.stdout.splitlines()]

    def refusal(self, schema, data, *options):
        done = run("convert", "--summary", "json", "--schema", self.schema(schema), *options, data=data)
        self.ended(done, 65)
        self.assertEqual(done.stdout, b"")
        return self.error(done)

    def test_a_resource_states_dialect_encoding_and_types(self):
        resource = {"encoding": "windows-1252", "dialect": {"delimiter": ";"}, "schema": {"fields": ORDER_FIELDS}}
        rows = [{"id": 7, "price": "2.50", "day": "2025-12-31"}, {"id": 8, "price": None, "day": "2026-01-01"}]
        self.assertEqual(self.rows(resource, ORDERS), rows)
        self.assertEqual(self.rows({"resources": [resource]}, ORDERS), rows)
        self.assertEqual(self.rows({"fields": ORDER_FIELDS}, ORDERS, "--delimiter", ";"), rows)

    def test_options_override_the_dialect_and_the_encoding(self):
        resource = {"encoding": "utf-16", "dialect": {"delimiter": ";", "quoteChar": "'"}}
        rows = self.rows(resource, b"a,b\n'1',\xe9\n", "--delimiter", ",", "--encoding", "windows-1252")
        self.assertEqual(rows, [{"a": "1", "b": "é"}])

    def test_lenient_leaves_the_dialect(self):
        self.assertEqual(self.rows({"dialect": {"delimiter": ";"}}, b"a;b\n1\n", "--lenient"), [{"a": "1", "b": ""}])

    def test_an_input_without_a_header_takes_the_names_of_the_fields(self):
        schema = {"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}
        self.assertEqual(self.rows(schema, b"x,1\n", "--no-header"), [{"a": "x", "b": 1}])
        self.assertEqual(self.rows({"dialect": {"header": False}, "schema": schema}, b"x,1\n"), [{"a": "x", "b": 1}])
        self.assertEqual(self.refusal(schema, b"x,1,2\n", "--no-header")["code"], "raggedRecord")
        done = run("convert", "--no-header", "--schema", self.schema(dict(schema, fieldsMatch="equal")), data=b"x,1\n")
        self.ended(done, 64)
        self.assertIn(b"fieldsMatch exact, not equal", done.stderr)

    def test_advice_on_a_value_leaves_what_the_schema_says_of_others(self):
        schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "missingValues": ["-"]}
        advice = self.refusal(schema, b"a,b\nNA,-\n")["advice"]
        self.assertEqual(advice, "if it stands for a missing value, add it to missingValues in the schema")
        self.assertEqual(self.refusal(schema, b"a,b\n,-\n")["advice"], "if it stands for a missing value: --empty null")
        self.assertEqual(self.rows(schema, b"a,b\n,-\n", "--empty", "null"), [{"a": None, "b": None}])

    def test_advice_on_quotes_names_the_escape_character_where_they_cannot_be_doubled(self):
        schema = {"dialect": {"escapeChar": "\\", "doubleQuote": False}}
        for data in b'a,b\n"x""y",3\n', b'a,b\n"x" y,3\n':
            advice = self.refusal(schema, data)["advice"]
            self.assertIn("the escape character before each inner quote", advice)
            self.assertNotIn("doubled", advice)
        self.assertEqual(self.rows(schema, b'a,b\n"x\\"y",3\n'), [{"a": 'x"y', "b": "3"}])

    def test_columns_are_dropped_and_renamed(self):
        fields = [{"name": "a", "sluice:name": "b"}, {"name": "b", "sluice:drop": True}, {"name": "c"}]
        self.assertEqual(self.rows({"fields": fields}, b"a,b,c\n1,2,3\n"), [{"b": "1", "c": "3"}])

    def test_columns_of_every_match_are_found_by_name(self):
        for match, header, row in [("exact", "a,b", {"a": 1, "b": "2"}), ("equal", "b,a", {"b": "1", "a": 2}),
                                   ("subset", "b,x,a", {"b": "1", "x": "2", "a": 3}), ("superset", "b", {"b": "1"}),
                                   ("partial", "x,a", {"x": "1", "a": 2})]:
            schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "fieldsMatch": match}
            values = ",".join(str(number + 1) for number in range(header.count(",") + 1))
            self.assertEqual(self.rows(schema, f"{header}\n{values}\n".encode()), [row])

    DRIFTS = [
        ("exact", "a", {"missing": ["b", "c"]}, "superset", 2),
        ("exact", "a,b,c,d", {"unexpected": ["d"]}, "subset", 4),
        ("exact", "a,c,b", {"misplaced": ["c", "b"]}, "equal", 2),
        ("exact", "c,x,a", {"missing": ["b"], "unexpected": ["x"], "misplaced": ["c", "a"]}, "partial", 1),
        ("exact", "a,B ,c", {"respelled": ["B "]}, None, 2),
        ("equal", "c,b,d,a", {"unexpected": ["d"]}, "subset", 3),
        ("subset", "a,B", {"missing": ["c"], "respelled": ["B"]}, None, 3),
        ("superset", "a,x", {"unexpected": ["x"]}, "partial", 2),
        ("partial", "x,y", {"missing": ["a", "b", "c"]}, None, 3),
    ]

    def test_a_header_that_does_not_match_is_refused_before_the_first_row(self):
        for match, header, drift, allowing, column in self.DRIFTS:
            with self.subTest(match=match, header=header):
                schema = {"fields": [{"name": name} for name in "abc"], "fieldsMatch": match}
                data = f"{header}\n{','.join('1' for _ in header.split(','))}\n".encode()
                error = self.refusal(schema, data)
                self.assertEqual((error["code"], error["line"], error["field"]), ("headerMismatch", 1, column))
                found = {name: value["names"] for name, value in error["drift"].items() if name != "allowingMatch"}
                self.assertEqual(found, drift)
                for name in sum(drift.values(), []):
                    self.assertIn(f'"{name}"', error["message"])
                advised = re.search(r'"fieldsMatch": "(\w+)"', error["advice"])
                self.assertEqual(advised and advised[1], allowing)
                if allowing:
                    self.assertEqual(len(self.rows(dict(schema, fieldsMatch=allowing), data)), 1)

    def test_a_required_column_may_not_be_absent(self):
        fields = [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]
        for match in "superset", "partial":
            error = self.refusal({"fields": fields, "fieldsMatch": match}, b"b\n1\n")
            self.assertEqual(error["drift"], {"missing": {"count": 1, "names": ["a"]}})

    def test_long_lists_of_names_are_cut(self):
        data = ",".join(f"{number}{'x' * 100}" for number in range(1000)).encode() + b"\n"
        error = self.refusal({"fields": [{"name": f"c{number}"} for number in range(1000)]}, data)
        self.assertEqual(error["drift"]["missing"]["count"], 1000)
        self.assertLess(len(error["message"]), 1000)

    def test_a_schema_that_cannot_be_used_is_refused_with_its_place(self):
        field = {"name": "a", "type": "int"}
        for schema, text in [({"fields": [field]}, "/fields/0/type: it must be one of"), (b"{", "it is not JSON, line 1"),
                             ({"resources": [{"schema": {"fields": [field]}}]}, "/resources/0/schema/fields/0/type: "),
                             (b"id,name\n1,x\n", "it is not JSON"), (b"", "it is not JSON")]:
            error = self.refusal(schema, b"a\n1\n")
            self.assertEqual(error["file"], self.path("schema.json"))
            self.assertTrue(error["message"].startswith(text), error)

    def test_a_schema_that_is_no_file_is_refused(self):
        for schema, status in [(self.path("none.json"), 66), (self.directory, 66), ("-", 64)]:
            self.ended(run("convert", "--schema", schema, data=b"a\n1\n"), status)
        done = run("convert", "--skip-constraints", "unique", data=b"a\n1\n")
        self.ended(done, 64)
        done = run("convert", "--schema", self.schema({"fields": [{"name": "a"}]}), "--skip-constraints", "uniq", data=b"a\n")
        self.ended(done, 64)

    KEYED = {"fields": [{"name": "a", "constraints": {"unique": True}}, {"name": "b", "constraints": {"unique": True}}],
             "primaryKey": ["a"]}

    def test_each_advice_to_skip_a_constraint_can_be_added_to_the_last(self):
        options = []
        for kind in "unique", "primaryKey":
            advice = self.refusal(self.KEYED, b"a,b\n1,2\n", *options)["message"]
            self.assertIn(f"--skip-constraints {kind}", advice)
            options += ["--skip-constraints", kind]
        self.assertEqual(self.rows(self.KEYED, b"a,b\n1,2\n", *options), [{"a": "1", "b": "2"}])

    def test_the_advice_says_what_to_skip(self):
        options = []
        while True:
            done = run("convert", "--schema", self.schema(self.KEYED), *options, data=b"a,b\n1,2\n")
            if done.returncode == 0:
                break
            advised = re.search(rb"--skip-constraints (\w+)", done.stderr)[1].decode()
            options = ["--skip-constraints", ",".join(options[1:] + [advised])]
        self.assertEqual(options[1], "unique,primaryKey")

    def test_what_was_not_checked_is_listed(self):
        options = ["--schema", self.schema(self.KEYED), "--skip-constraints", "primaryKey,unique"]
        done = run("convert", *options, "--summary", "text", data=b"a,b\n1,2\n1,2\n")
        self.ended(done, 0)
        self.assertIn(b"; not checked: 2 unique, 1 primaryKey\n", done.stderr)
        done = run("check", *options, "--summary", "json", data=b"a,b\n1,2\n")
        self.assertEqual(json.loads(done.stderr)["unchecked"], {"unique": 2, "primaryKey": 1})
        manifest = json.loads(run("messages", *options, data=b"a,b\n1,2\n").stdout.splitlines()[-1])
        self.assertEqual(json.loads(manifest["body"])["unchecked"], {"unique": 2, "primaryKey": 1})


class SchemasOfMessages(InDirectory):
    def setUp(self):
        super().setUp()
        self.input = self.write("orders.csv", ORDERS)
        resource = {"dialect": {"delimiter": ";"}, "schema": {"title": "Orders", "fields": ORDER_FIELDS, "primaryKey": "id"}}
        self.options = ["--schema", self.write("schema.json", json.dumps(resource).encode()),
                        "--skip-constraints", "primaryKey"]

    def messages(self, *options):
        done = run("messages", *options, self.input)
        self.ended(done, 0)
        return done.stdout

    def manifest(self, messages):
        return json.loads(json.loads(messages.splitlines()[-1])["body"])

    def test_the_manifest_holds_the_schema_and_verify_needs_no_options(self):
        messages = self.messages(*self.options)
        manifest = self.manifest(messages)
        self.assertEqual([field["name"] for field in manifest["schema"]["fields"]], ["id", "price", "day"])
        self.assertNotIn("title", manifest["schema"])
        self.assertRegex(manifest["configuration"], ";schema=[0-9a-f]{64};unchecked=primaryKey:1$")
        done = run("verify", "-", "--against", self.input, data=messages)
        self.ended(done, 0)
        self.assertIn(b"every row as in the input", done.stdout)

    def test_the_schema_in_a_manifest_is_a_schema(self):
        schema = self.manifest(self.messages(*self.options))["schema"]
        path = self.write("again.json", json.dumps(schema).encode())
        again = self.messages("--schema", path, "--delimiter", ";")
        self.assertEqual(self.manifest(again)["schema"], schema)

    def test_ids_depend_on_what_a_schema_means(self):
        def ids(schema):
            path = self.write("other.json", json.dumps(schema).encode())
            lines = self.messages("--schema", path, "--delimiter", ";").splitlines()
            return [json.loads(line)["attributes"]["sluice.id"] for line in lines]
        one = {"fields": ORDER_FIELDS}
        self.assertEqual(ids(one), ids(dict(one, title="x", fieldsMatch="exact", missingValues=[""])))
        self.assertNotEqual(ids(one), ids(dict(one, missingValues=["", "x"])))
        plain = json.loads(self.messages("--delimiter", ";").splitlines()[0])["attributes"]["sluice.id"]
        self.assertNotEqual(ids(one)[0], plain)

    def test_a_schema_too_long_for_the_manifest_is_needed_again(self):
        values = [f"value {number}" for number in range(1000)]
        fields = [dict(ORDER_FIELDS[0], missingValues=values), *ORDER_FIELDS[1:]]
        path = self.write("long.json", json.dumps({"fields": fields}).encode())
        messages = self.messages("--schema", path, "--delimiter", ";", "--max-bytes", "4096")
        self.assertNotIn("schema", self.manifest(messages))
        done = run("verify", "-", "--against", self.input, data=messages)
        self.ended(done, 64)
        self.assertIn(b"give it again: --schema", done.stderr)
        self.ended(run("verify", "-", "--against", self.input, "--schema", path, data=messages), 0)
        done = run("verify", "-", "--against", self.input, *self.options, data=messages)
        self.ended(done, 64)
        self.assertIn(b"the schema given is not the one", done.stderr)

    def test_an_input_without_a_header_is_verified_too(self):
        path = self.write("plain.csv", b"1;2;2026-01-01\n")
        fields = [{"name": name} for name in ("a", "b" * 2000, "c")]
        options = ["--schema", self.write("names.json", json.dumps({"fields": fields}).encode()), "--no-header"]
        messages = run("messages", *options, "--delimiter", ";", path).stdout
        self.ended(run("verify", "-", "--against", path, data=messages), 0)

    def test_the_repair_command_names_the_schema(self):
        messages = self.messages(*self.options).splitlines(keepends=True)
        done = run("verify", "-", data=messages[-1])
        self.ended(done, 65)
        self.assertIn(b"to repair, with the schema of that run: sluice send",
                      done.stderr)
        self.assertIn(b" --delimiter ';' --schema SCHEMA --skip-constraints primaryKey", done.stderr)

    def test_an_aborted_message_states_how_the_header_drifted(self):
        path = self.write("drift.csv", b"ID;price;day\n1;2;01.01.2026\n")
        done = run("messages", *self.options, path)
        self.ended(done, 65)
        attributes = json.loads(done.stdout)["attributes"]
        self.assertEqual(attributes["sluice.content"], "aborted")
        error = json.loads(json.loads(done.stdout)["body"])["error"]
        self.assertEqual(error["drift"], {"respelled": {"count": 1, "names": ["ID"]}})

