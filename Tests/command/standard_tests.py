"""The examples in the texts of Table Schema 2.0 and Table Dialect 2.0 (https://datapackage.org/standard/)."""
import json
import unittest

from support import InDirectory, run

FRUIT = [{"id": "1", "name": "apple"}, {"id": "2", "name": "orange"}]
# The dialect; the file; the rows. Without a schema, all values are strings.
DIALECTS = [
    ({}, "id,name\n1,apple\n2,orange\n", FRUIT),
    ({"header": False}, "1,apple\n2,orange\n", [["1", "apple"], ["2", "orange"]]),
    ({"headerRows": [1, 2]}, "fruit\nid,name\n1,apple\n2,orange\n",
     [{"fruit id": "1", "fruit name": "apple"}, {"fruit id": "2", "fruit name": "orange"}]),
    ({"headerRows": [1, 2], "headerJoin": "-"}, "fruit\nid,name\n1,apple\n2,orange\n",
     [{"fruit-id": "1", "fruit-name": "apple"}, {"fruit-id": "2", "fruit-name": "orange"}]),
    ({"commentRows": [2]}, "id,name\n#fruits\n1,apple\n2,orange\n", FRUIT),
    ({"commentChar": "#"}, "id,name\n#fruits\n1,apple\n2,orange\n", FRUIT),
    ({"delimiter": "|"}, "id|name\n1|apple\n2|orange\n", FRUIT),
    ({"quoteChar": "'"}, "id,name\n1,'apple,fruits'\n2,'orange,fruits'\n",
     [{"id": "1", "name": "apple,fruits"}, {"id": "2", "name": "orange,fruits"}]),
    ({"doubleQuote": True}, 'id,name\n1,"apple""fruits"\n2,"orange""fruits"\n',
     [{"id": "1", "name": 'apple"fruits'}, {"id": "2", "name": 'orange"fruits'}]),
    ({"escapeChar": "|"}, "id,name\n1,apple|,fruits\n2,orange|,fruits\n",
     [{"id": "1", "name": "apple,fruits"}, {"id": "2", "name": "orange,fruits"}]),
    ({"skipInitialSpace": True}, "id, name\n1, apple\n2, orange\n", FRUIT),
]

# The fields; the file; the name of the column that is invalid in row 2.
TWO = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]


def named(**constraints):
    return [TWO[0], dict(TWO[1], constraints=constraints)]


def priced(**constraints):
    return [*TWO, {"name": "price", "type": "integer", "constraints": constraints}]


INVALID = [
    (named(required=True), "id,name\n1,apple\n2,\n", "name"),
    (named(minLength=5), "id,name\n1,apple\n2,plum\n", "name"),
    (named(maxLength=5), "id,name\n1,apple\n2,grapefruit\n", "name"),
    (priced(minimum=100), "id,name,price\n1,apple,100\n2,orange,50\n", "price"),
    (priced(maximum=100), "id,name,price\n1,apple,100\n2,orange,150\n", "price"),
    (priced(exclusiveMinimum=0), "id,name,price\n1,apple,100\n2,orange,0\n", "price"),
    (priced(exclusiveMaximum=150), "id,name,price\n1,apple,100\n2,orange,150\n", "price"),
    (named(pattern="^a.*$"), "id,name\n1,apple\n2,orange\n", "name"),
    (named(enum=["apple"]), "id,name\n1,apple\n2,orange\n", "name"),
]


class Standards(InDirectory):
    def described(self, descriptor, data):
        path = self.write("schema.json", json.dumps(descriptor).encode())
        return run("convert", "--schema", path, "--summary", "json", data=data.encode())

    def test_dialects_read_the_standards_examples_as_it_says(self):
        for dialect, data, rows in DIALECTS:
            with self.subTest(str(dialect)):
                done = self.described({"dialect": dialect}, data)
                self.ended(done, 0)
                self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], rows)

    def test_a_null_sequence_is_null(self):
        done = self.described({"dialect": {"nullSequence": "NA"}, "schema": {"fields": TWO}}, "id,name\n1,apple\n2,NA\n")
        self.assertEqual(done.stdout, b'{"id":1,"name":"apple"}\n{"id":2,"name":null}\n')

    def test_constraints_make_the_standards_examples_invalid_at_the_second_row(self):
        for fields, data, column in INVALID:
            with self.subTest(str(fields)):
                done = self.described({"fields": fields}, data)
                self.ended(done, 65)
                error = self.error(done)
                self.assertEqual((error["code"], error["line"], error["column"]), ("constraint", 3, column))
                self.assertEqual(done.stdout.count(b"\n"), 1)

    def test_a_fields_missing_values_replace_those_of_the_schema(self):
        done = self.described({"fields": [{"name": "column1"}, {"name": "column2", "missingValues": ["-"]}],
                               "missingValues": ["", "NA"]}, 'column1,column2\n"",""\nNA,NA\n-,-\n')
        self.assertEqual([list(json.loads(line).values()) for line in done.stdout.splitlines()],
                         [[None, ""], [None, "NA"], ["-", None]])

    def test_categories_are_values_or_objects(self):
        for kind, categories, good, bad in [
            ("string", ["apple", "orange", "banana"], "apple", "plum"),
            ("integer", [{"value": 0, "label": "apple"}, {"value": 1, "label": "orange"}], "1", "2"),
        ]:
            fields = [{"name": "fruit", "type": kind, "categories": categories}]
            self.ended(self.described({"fields": fields}, f"fruit\n{good}\n"), 0)
            self.assertEqual(self.error(self.described({"fields": fields}, f"fruit\n{bad}\n"))["code"], "constraint")


if __name__ == "__main__":
    unittest.main()
