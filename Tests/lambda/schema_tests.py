"""Objects with schemas, in a variable and in S3."""
import json

from relay_tests import CooperatingFunction, rows
from support import Function, s3_event

ORDERS = {"fields": [{"name": "id", "type": "integer"}, {"name": "text", "type": "string"}]}


def reference(version, key="orders.json"):
    return f"s3://schemas/{key}?versionId={version}"


class Schemas(Function):
    def put(self, version, schema, key="orders.json"):
        self.aws.versions["schemas", key, version] = json.dumps(schema).encode()

    def rows(self):
        return [row for message in self.messages() if not message["MessageBody"].startswith("{")
                for row in json.loads(message["MessageBody"])]

    def report(self):
        report, = [json.loads(message["MessageBody"]) for message in self.messages(self.aws.error_queue_url)]
        return report

    def test_the_prefix_of_a_key_decides_and_each_version_is_read_once(self):
        self.put("7", ORDERS)
        for key in "orders/1.csv", "orders/2.csv", "others/1.csv":
            self.aws.objects["inbox", key] = b"id,text\n1,x\n"
        self.start(SLUICE_SCHEMAS=json.dumps({"orders/": reference("7")}))
        for key in "orders/1.csv", "orders/2.csv", "others/1.csv":
            self.assertEqual(self.runtime.invoke(s3_event(key))[0], "response")
        self.assertEqual(self.rows(), [{"id": 1, "text": "x"}] * 2 + [{"id": "1", "text": "x"}])
        self.assertEqual(self.aws.reads["schemas", "orders.json", "7"], 1)
        manifests = [json.loads(message["MessageBody"]) for message in self.messages() if message["MessageBody"].startswith("{")]
        self.assertEqual([manifest.get("schema") is not None for manifest in manifests], [True, True, False])
        self.assertEqual(["schema=" in manifest["configuration"] for manifest in manifests], [True, True, False])

    def test_a_schema_in_the_variable_has_dialect_and_encoding_too(self):
        self.aws.objects["inbox", "a.csv"] = "Stand: heute\nNr;Preis;Tag\n7;2,50;31.12.2025\n".encode("utf-16")
        self.start(SLUICE_SCHEMA=json.dumps({
            "encoding": "utf-16", "dialect": {"delimiter": ";"}, "schema": {"fields": [
                {"name": "Nr", "type": "integer", "sluice:name": "id"},
                {"name": "Preis", "type": "number", "decimalChar": ","}, {"name": "Tag", "type": "date", "format": "%d.%m.%Y"}]}}),
            SLUICE_SKIP_LINES="1", SLUICE_RENAME="Preis=price")
        self.assertEqual(self.runtime.invoke(s3_event("a.csv"))[0], "response")
        self.assertEqual(self.rows(), [{"id": 7, "price": 2.5, "Tag": "2025-12-31"}])

    def test_a_header_that_does_not_match_is_reported_before_any_row(self):
        self.put("7", ORDERS)
        self.aws.objects["inbox", "a.csv"] = b"id,txt\n" + b"1,x\n" * 100_000
        self.start(SLUICE_SCHEMA=reference("7"))
        kind, result, _ = self.runtime.invoke(s3_event("a.csv"))
        self.assertEqual((kind, result["objects"][0]["error"]), ("response", "headerMismatch"))
        self.assertEqual(self.contents(self.messages()), ["aborted"])
        self.assertEqual((self.report()["code"], self.report()["schema"]), ("headerMismatch", reference("7")))

    def test_a_value_that_is_not_of_its_type_is_reported_with_the_column(self):
        self.put("7", ORDERS)
        self.aws.objects["inbox", "a.csv"] = b"id,text\n1,x\n007,y\n"
        self.start(SLUICE_SCHEMA=reference("7"))
        self.runtime.invoke(s3_event("a.csv"))
        report = self.report()
        self.assertEqual((report["code"], report["line"], report["column"], report["value"]), ("typeMismatch", 3, "id", "007"))
        self.assertIn("SLUICE_LEADING_ZEROS=strip", report["message"])

    def test_invalid_schemas_are_named_when_it_starts(self):
        self.put("1", {"fields": [{"name": "a", "constraints": {"unique": True}}]})
        self.put("2", {"fields": [{"name": "a", "type": "colour"}]}, "b.json")
        self.start(SLUICE_SCHEMA=reference("1"), SLUICE_SCHEMAS=json.dumps({
            "b/": reference("2", "b.json"), "c/": reference("3", "c.json")}))
        kind, error, _ = self.runtime.results.get(timeout=30)
        self.assertEqual((kind, error["errorType"]), ("init/error", "Sluice.Configuration"))
        for text in ("SLUICE_SCHEMA: s3://schemas/orders.json?versionId=1: /fields/0/constraints/unique: ",
                     "SLUICE_SKIP_CONSTRAINTS=unique", "SLUICE_SCHEMAS: 'b/': s3://schemas/b.json?versionId=2: /fields/0/type: ",
                     "SLUICE_SCHEMAS: 'c/': s3://schemas/c.json?versionId=3: "):
            self.assertIn(text, error["errorMessage"])
        self.assertEqual(self.process.wait(timeout=30), 1)

    def test_an_invalid_schema_in_the_variable_is_named_with_all_other_faults(self):
        self.start(SLUICE_SCHEMA='{"fields":[{"name":1}]}', SLUICE_RAGGED="maybe")
        _, error, _ = self.runtime.results.get(timeout=30)
        self.assertIn("SLUICE_SCHEMA: /fields/0/name: ", error["errorMessage"])
        self.assertIn("SLUICE_RAGGED", error["errorMessage"])


class SchemasOfCooperatingInvocations(CooperatingFunction):
    """A deployment in the middle of a conversion: the second version drops a column."""

    def setUp(self):
        super().setUp()
        dropping = {"fields": [ORDERS["fields"][0], {**ORDERS["fields"][1], "sluice:drop": True}]}
        self.schemas = {("schemas", "orders.json", version): json.dumps(schema).encode()
                        for version, schema in (("1", ORDERS), ("2", dropping))}
        self.aws.versions.update(self.schemas)
        self.aws.objects["inbox", "a.csv"] = rows(60_000, 900)

    def complete(self):
        """Returns the messages of a run that nothing interrupts."""
        self.start(SLUICE_SCHEMA=reference("1"), SLUICE_WORK_PREFIX="whole/", SLUICE_QUEUE_URL=f"{self.aws.queue_url}-whole")
        self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"))[:2]), "converted")
        self.process.kill()
        self.process.wait()
        return self.aws.by_id(f"{self.aws.queue_url}-whole")

    def begin(self):
        """Has the first version's function convert a part of the object, and kills it."""
        self.start(SLUICE_SCHEMA=reference("1"))
        self.aws.end_at(25, self.process.kill)
        self.runtime.submit(s3_event("a.csv"), number=1)
        self.process.wait(60)
        self.runtime.close()
        self.runtime = type(self.runtime)()
        self.addCleanup(self.runtime.close)
        self.assertFalse("manifest" in self.contents(self.messages()))

    def test_the_function_of_the_second_continues_with_the_first(self):
        expected = self.complete()
        self.begin()
        self.start(SLUICE_SCHEMA=reference("2"))
        self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"), number=1)[:2]), "converted")
        found = self.aws.by_id()
        self.assertEqual({name: set(bodies) for name, bodies in found.items()},
                         {name: set(bodies) for name, bodies in expected.items()})
        # What comes after it has the second version.
        self.aws.objects["inbox", "b.csv"] = b"id,text\n1,x\n"
        self.runtime.invoke(s3_event("b.csv"))
        self.assertEqual(json.loads(self.messages()[-2]["MessageBody"]), [{"id": 1}])

    def test_without_the_first_nothing_is_mixed(self):
        self.begin()
        del self.aws.versions["schemas", "orders.json", "1"]
        self.start(SLUICE_SCHEMA=reference("2"))
        before = len(self.messages())
        kind, error, _ = self.runtime.invoke(s3_event("a.csv"), number=1)
        self.assertEqual((kind, error["errorType"]), ("error", "Sluice.Schema"))
        for text in "s3://inbox/a.csv?etag=", reference("1"):
            self.assertIn(text, error["errorMessage"])
        self.assertEqual(len(self.messages()), before)


del CooperatingFunction
