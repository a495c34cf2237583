"""Sends files through the whole pipeline with the real function, and compares every row with Python's csv module."""
import concurrent.futures
import csv
import io
import json
import os
import unittest
import urllib.parse

import support
from support import attribute, rows_of

LIMIT = 262_144
UPLOADS = int(os.environ.get("SLUICE_UPLOADS", "30"))


def table(rows, seed=0):
    """Returns CSV with quotes, line ends and non-ASCII letters."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "text", "größe"])
    for n in range(rows):
        writer.writerow([n + seed, 'said "é"\r\n, ' * (n % 4), "x" * (n % 90)])
    return text.getvalue().encode()


def order(message):
    return [int(part) for part in attribute(message, "index").split("/")]


def is_last(message):
    return attribute(message, "content") in ("manifest", "aborted")


def complete(messages):
    """Whether all messages that the last one counts have arrived."""
    last = [message for message in messages if is_last(message)]
    return bool(last) and len(messages) - 1 == json.loads(last[0]["Body"])["messages"]


class Converted:
    name = None

    @classmethod
    def setUpClass(cls):
        cls.pipeline = support.pipeline(cls.name)
        cls.pipeline.use(support.function_zip())

    def setUp(self):
        self.pipeline.drain()

    def converted(self, key, data, seconds=support.BOUND):
        version = self.pipeline.upload(key, data)
        messages = self.pipeline.receive(self.pipeline.queue_url, complete, seconds)
        self.assertEqual({attribute(message, "source") for message in messages}, {self.pipeline.source(key, version)})
        return self.checked(messages, data, version)

    def checked(self, messages, data, version):
        """Checks the messages of a file: its version, their size, no gap or overlap, and every row. Returns the number of
        rows."""
        for message in messages:
            self.assertTrue(attribute(message, "source").endswith(f"?versionId={version}"), attribute(message, "source"))
            attributes = sum(len(name.encode()) + len("String") + len(value["StringValue"].encode())
                             for name, value in message["MessageAttributes"].items())
            self.assertLessEqual(len(message["Body"].encode()) + attributes, LIMIT)
        last, = (message for message in messages if is_last(message))
        self.assertEqual(attribute(last, "content"), "manifest", last["Body"])
        expected = csv.DictReader(io.StringIO(data.decode(), newline=""))
        end = count = 0
        for message in sorted((message for message in messages if message is not last), key=order):
            start, stop = map(int, attribute(message, "range").split("-"))
            self.assertEqual(start, end)
            end = stop
            for row in rows_of(message):
                count += 1
                if row != next(expected, None):
                    self.fail(f"row {count} differs: {row}")
        self.assertIsNone(next(expected, None), f"only {count} rows")
        manifest = json.loads(last["Body"])
        self.assertEqual((manifest["rows"], manifest["messages"], manifest["range"]),
                         (count, len(messages) - 1, f"0-{len(data)}"))
        self.assertEqual(len({attribute(message, "id") for message in messages}), len(messages))
        return count

    def test_plain_and_quoted_values_are_converted(self):
        self.assertEqual(self.converted("plain.csv", b"a,b\n1,2\n3,4\n"), 2)
        self.assertEqual(self.converted("quoted.csv", 'a,"b,"\r\n"say ""hé""","x\r\ny"\r\n,\r\n'.encode()), 2)

    def test_a_table_of_several_messages_is_converted(self):
        self.assertEqual(self.converted("table.csv", table(20_000)), 20_000)

    def test_awkward_keys_are_converted(self):
        for key in ["two words.csv", "a+b=c.csv", "100%.csv", "%41.csv", "ß/日本 ✓.csv", "a&b;c'd(e)!.csv", "x?y#z.csv"]:
            with self.subTest(key):
                self.assertEqual(self.converted(key, b"a\n1\n"), 1)

    def test_a_suffix_in_upper_case_is_converted_too(self):
        self.assertEqual(self.converted("UPPER.CSV", b"a\n1\n"), 1)

    def test_files_without_rows_send_a_manifest_alone(self):
        for name, data in ("empty", b""), ("header", b"a,b\n"):
            with self.subTest(name):
                self.assertEqual(self.converted(name + ".csv", data), 0)

    def test_a_bad_file_is_reported_and_not_retried(self):
        version = self.pipeline.upload("bad.csv", b'a,b\n1,2\n3,4"\n')
        message, = self.pipeline.receive(self.pipeline.error_queue_url, lambda messages: len(messages) >= 1)
        report = json.loads(message["Body"])
        self.assertEqual({name: report[name] for name in ("source", "code", "offset", "record", "field", "excerpt")}, {
            "source": self.pipeline.source("bad.csv", version),
            "code": "quoteInPlain", "offset": 11, "record": 3, "field": 2, "excerpt": '3,4"\n'})
        messages = self.pipeline.receive(self.pipeline.queue_url, complete)
        self.assertEqual({attribute(message, "source") for message in messages}, {report["source"]})
        aborted, = (message for message in messages if is_last(message))
        self.assertEqual(attribute(aborted, "content"), "aborted")
        self.assertEqual([row for message in messages if message is not aborted for row in rows_of(message)],
                         [{"a": "1", "b": "2"}])
        # The messages of a file that was uploaded later have arrived, so those of a retry would have, too.
        self.assertEqual(self.converted("after.csv", b"a\n1\n"), 1)
        self.assertEqual(self.pipeline.receive(self.pipeline.error_queue_url, lambda _: True), [])
        self.assertEqual(self.pipeline.sqs.receive_message(
            QueueUrl=self.pipeline.settings["SLUICE_FAILED_DEAD_LETTER_QUEUE_URL"], WaitTimeSeconds=0).get("Messages", []), [])

    def test_an_event_in_the_queue_of_failed_ones_is_converted_when_it_is_redriven(self):
        failed = self.pipeline.settings["SLUICE_FAILED_DEAD_LETTER_QUEUE_URL"]
        for number, wait in enumerate(([], ["--wait"])):
            # No filter of notifications matches this suffix, but the function takes it.
            key, data = f"failed {number}.cSv", b"a\n1\n"
            version = self.pipeline.upload(key, data)
            self.pipeline.sqs.send_message(QueueUrl=failed, MessageBody=json.dumps({"Records": [{
                "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": self.pipeline.bucket}, "object": {
                    "key": urllib.parse.quote_plus(self.pipeline.prefix + key), "versionId": version}}}]}))
            printed = self.pipeline.sluice("redrive", "--queue-url", failed, "--function",
                                           self.pipeline.settings["SLUICE_FUNCTION_NAME"], *wait)
            self.assertEqual(printed, f"s3://{self.pipeline.bucket}/{self.pipeline.prefix}{key}?versionId={version}\n")
            messages = self.pipeline.receive(self.pipeline.queue_url, complete)
            self.assertEqual({attribute(message, "source") for message in messages}, {self.pipeline.source(key, version)})
            self.assertEqual(self.checked(messages, data, version), 1)
            self.assertEqual(self.pipeline.waiting(failed), (0, 0))

    def test_objects_that_were_uploaded_before_are_converted_when_the_function_is_invoked_for_them(self):
        # No filter of notifications matches this suffix, but the function takes it.
        keys, data = [f"before/{n} é+&.cSv" for n in range(4)], b"a\n1\n"
        self.pipeline.upload(keys[0], b"older")
        sources = {self.pipeline.source(key, self.pipeline.upload(key, data)) for key in keys}
        printed = self.pipeline.sluice(
            "invoke", f"s3://{self.pipeline.bucket}/{self.pipeline.prefix}before/", "--recursive", "--suffix", ".cSv", "--batch", "2",
            "--function", self.pipeline.settings["SLUICE_FUNCTION_NAME"])
        self.assertEqual(len(printed.splitlines()), len(keys))
        messages = self.pipeline.receive(self.pipeline.queue_url, lambda messages: sum(map(is_last, messages)) == len(keys))
        self.assertEqual({attribute(message, "source") for message in messages if is_last(message)}, sources)
        self.assertEqual([row for message in messages if not is_last(message) for row in rows_of(message)], [{"a": "1"}] * len(keys))

    def schema(self):
        """Returns the address of the schema for keys that start with typed/."""
        return json.loads(self.pipeline.variables()["SLUICE_SCHEMAS"])[self.pipeline.prefix + "typed/"]

    def typed(self, key, data):
        """Uploads a file, and returns its rows and its last message's body."""
        version = self.pipeline.upload(key, data)
        messages = [message for message in self.pipeline.receive(self.pipeline.queue_url, complete)
                    if attribute(message, "source").endswith(f"?versionId={version}")]
        last, = (message for message in messages if is_last(message))
        return [row for message in messages if message is not last for row in rows_of(message)], json.loads(last["Body"])

    def test_a_file_with_a_schema_becomes_typed_rows(self):
        rows, manifest = self.typed("typed/1.csv", b"id;price;day\n7;2,50;31.12.2025\n")
        self.assertEqual(rows, [{"id": 7, "price": 2.5, "day": "2025-12-31"}])
        self.assertEqual([field["name"] for field in manifest["schema"]["fields"]], ["id", "price", "day"])
        rows, manifest = self.typed("type.csv", b"id;price\n7;2.50\n")
        self.assertEqual((rows, "schema" in manifest), ([{"id;price": "7;2.50"}], False))

    def test_a_header_that_does_not_match_its_schema_is_reported_before_any_row(self):
        rows, aborted = self.typed("typed/bad.csv", b"id;price;date\n" + b"7;2,50;31.12.2025\n" * 100_000)
        self.assertEqual((rows, aborted["error"]["code"]), ([], "headerMismatch"))
        message, = self.pipeline.receive(self.pipeline.error_queue_url, lambda messages: len(messages) >= 1)
        report = json.loads(message["Body"])
        self.assertEqual((report["code"], report["schema"]), ("headerMismatch", self.schema()))
        self.assertIn('missing "day"; unexpected "date"', report["message"])

    def test_a_changed_schema_applies_to_new_files_and_to_those_that_were_reported(self):
        data = b"id;price;date\n7;2,50;31.12.2025\n"
        version = self.pipeline.upload("typed/early.csv", data)
        self.pipeline.receive(self.pipeline.error_queue_url, lambda messages: len(messages) >= 1)
        self.pipeline.drain()
        # What Terraform does when the file of the schema has changed.
        variables = self.pipeline.variables()
        self.addCleanup(self.pipeline.set_variables, variables)
        address = self.schema()
        bucket, key = address.removeprefix("s3://").split("?")[0].split("/", 1)
        changed = json.dumps(support.SCHEMA).replace('"day"', '"date"')
        written = self.pipeline.s3.put_object(Bucket=bucket, Key=key, Body=changed.encode())["VersionId"]
        self.assertNotEqual(address.partition("?versionId=")[2], written)
        self.pipeline.set_variables({**variables, "SLUICE_SCHEMAS": json.dumps(
            {self.pipeline.prefix + "typed/": f"s3://{bucket}/{key}?versionId={written}"})})
        self.assertEqual(self.typed("typed/late.csv", data)[0], [{"id": 7, "price": 2.5, "date": "2025-12-31"}])
        getattr(self.pipeline, "lambda").invoke(
            FunctionName=self.pipeline.settings["SLUICE_FUNCTION_NAME"], Payload=json.dumps({"Records": [{
                "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": self.pipeline.bucket}, "object": {
                    "key": urllib.parse.quote_plus(self.pipeline.prefix + "typed/early.csv"), "versionId": version}}}]}))
        messages = self.pipeline.receive(self.pipeline.queue_url, complete)
        self.assertEqual([row for message in messages if not is_last(message) for row in rows_of(message)],
                         [{"id": 7, "price": 2.5, "date": "2025-12-31"}])

    def test_simultaneous_uploads_are_converted(self):
        files = [table(200, seed=1000 * n) for n in range(UPLOADS)]
        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            versions = list(pool.map(lambda n: self.pipeline.upload(f"at once/{n}.csv", files[n]), range(UPLOADS)))

        def by_version(messages):
            found = {version: [] for version in versions}
            for message in messages:
                found[attribute(message, "source").rpartition("?versionId=")[2]].append(message)
            return found

        messages = self.pipeline.receive(
            self.pipeline.queue_url, lambda messages: (
                len(messages) >= 2 * UPLOADS and all(map(complete, by_version(messages).values()))), 4 * UPLOADS)
        found = by_version(messages)
        for data, version in zip(files, versions):
            self.assertEqual(self.checked(found[version], data, version), 200)


class Plain(Converted, unittest.TestCase):
    name = "plain"

    def test_a_file_of_100_MB_is_converted(self):
        data = table(1_400_000)
        self.assertGreater(len(data), 100_000_000)
        self.pipeline.s3.upload_fileobj(io.BytesIO(data), self.pipeline.bucket, "large.csv")  # in parts
        version = self.pipeline.s3.head_object(Bucket=self.pipeline.bucket, Key="large.csv")["VersionId"]
        messages = self.pipeline.receive(self.pipeline.queue_url, complete, 180)
        self.assertEqual(self.checked(messages, data, version), 1_400_000)


class FIFOWithZstdAuthorised(Converted, unittest.TestCase):
    name = "auth"

    def test_an_upload_that_fails_stays_in_the_buffer_and_those_of_its_batch_do_not(self):
        client, events = getattr(self.pipeline, "lambda"), self.pipeline.settings["SLUICE_EVENT_QUEUE_URL"]
        mapping, = client.list_event_source_mappings(FunctionName=self.pipeline.settings["SLUICE_FUNCTION_NAME"])["EventSourceMappings"]
        self.addCleanup(client.update_event_source_mapping, UUID=mapping["UUID"], BatchSize=mapping["BatchSize"], Enabled=True)
        client.update_event_source_mapping(UUID=mapping["UUID"], BatchSize=10, Enabled=False)  # so that one batch has both
        _, failed = self.pipeline.waiting(events)  # in other tests
        self.pipeline.sqs.send_message(QueueUrl=events, MessageBody=json.dumps({"Records": [{
            "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "nobody-elses"}, "object": {"key": "x.csv"}}}]}))
        version = self.pipeline.upload("good.csv", b"a\n1\n")
        support.until(lambda: self.pipeline.waiting(events) == (2, failed))
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
        messages = self.pipeline.receive(self.pipeline.queue_url, complete)
        self.assertEqual({attribute(message, "source") for message in messages}, {self.pipeline.source("good.csv", version)})
        support.until(lambda: self.pipeline.waiting(events) == (0, failed + 1))

    def test_simultaneous_uploads_are_converted(self):
        super().test_simultaneous_uploads_are_converted()
        self.assertLessEqual(self.pipeline.concurrency(), support.BUFFER_CONCURRENCY)

    def test_messages_are_compressed_and_in_order(self):
        data = table(60_000)
        version = self.pipeline.upload("ordered.csv", data)
        messages = self.pipeline.receive(self.pipeline.queue_url, complete)
        self.checked(messages, data, version)
        self.assertTrue(all(attribute(message, "content") == "json+zstd+base64" for message in messages[:-1]))
        self.assertTrue(is_last(messages[-1]))
        self.assertEqual(messages[:-1], sorted(messages[:-1], key=order))


if __name__ == "__main__":
    unittest.main()
