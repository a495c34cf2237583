"""The consumers of tools/examples/consumer, in Python and Swift: what they write, and what they leave to SQS to deliver again."""
import base64
import importlib.util
import json
import os
import random
import re
import sys
import types
import unittest
import unittest.mock
import uuid

import example
import support
from backports import zstd
from support import OnAWS, client, csv_of, run, some_rows, taken

CONSUMER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "examples", "consumer")


def record(body, attributes):
    """Returns a message as Lambda hands it to a function."""
    return {"messageId": str(uuid.uuid4()), "receiptHandle": "AQEB", "body": body, "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-north-1:123456789012:messages", "awsRegion": "eu-north-1",
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1767225600000"}, "md5OfBody": "",
            "messageAttributes": {name: {"stringValue": value, "stringListValues": [], "binaryListValues": [], "dataType": "String"}
                                  for name, value in attributes.items()}}


def label(message, name):
    return message["messageAttributes"]["sluice." + name]["stringValue"]


def altered(message, **labels):
    """Returns a message with another body or other attributes."""
    attributes = {name: value["stringValue"] for name, value in message["messageAttributes"].items()}
    attributes |= {"sluice." + name: value for name, value in labels.items() if name != "body"}
    return record(labels.get("body", message["body"]), attributes)


class Python:
    """The function in Python, with zstd as Python 3.14 has it or without."""

    def __init__(self, zstd_module=zstd, **variables):
        package = types.ModuleType("compression")
        if zstd_module:
            package.zstd = zstd_module
        self.variables = unittest.mock.patch.dict(os.environ, support.environment(**variables), clear=True)
        with unittest.mock.patch.dict(sys.modules, {"compression": package}), self.variables:
            for name in "sluice_messages", "consumer":  # the latter imports the former
                specification = importlib.util.spec_from_file_location(name, os.path.join(CONSUMER, name + ".py"))
                self.module = sys.modules[name] = importlib.util.module_from_spec(specification)
                specification.loader.exec_module(self.module)
        self.printed = []
        self.module.print = self.printed.append

    def answer(self, event):
        with self.variables:
            return self.module.handle(event, None)

    def end(self):
        pass


class Swift(example.Function):
    def __init__(self, **variables):
        super().__init__(os.path.join(os.path.dirname(support.SLUICE), "ConsumerFunction"), **variables)

    def answer(self, event):
        return json.loads(self.report(event)[1])


class Consumers(OnAWS):
    """The cases of both. A subclass says how to start one."""

    @classmethod
    def setUpClass(cls):
        cls.s3 = client("s3")
        cls.bucket, cls.offload, cls.private = (f"bucket-{uuid.uuid4().hex}" for _ in range(3))
        for bucket in cls.bucket, cls.offload, cls.private:
            cls.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": support.REGION})
        cls.function = cls.started(AWS_ENDPOINT_URL=support.endpoint(), BUCKET=cls.bucket, PREFIX="rows/", OFFLOAD_BUCKET=cls.offload)
        cls.addClassCleanup(cls.function.end)

    def setUp(self):
        super().setUp()
        # As the source of an object in S3: its characters must not become folders.
        self.source = f"s3://uploads/in/%C3%85sa%27s_orders.csv?versionId={uuid.uuid4().hex}"
        self.folder = "rows/" + "".join(c if re.match("[A-Za-z0-9.-]", c) else f"_{ord(c):02X}" for c in self.source) + "/"

    def messages(self, data, *options):
        """Returns the messages of an input, and the rows of `sluice convert`."""
        path = self.write("orders.csv", data)
        made = run("messages", path, "--source", self.source, "--max-bytes", "4096", *options)
        rows = [option for option in options if option in ("--no-header", "--lenient")]
        return [record(message["body"], message["attributes"]) for message in map(json.loads, made.stdout.splitlines())], \
            run("convert", path, *rows).stdout

    def handle(self, *messages):
        """Hands a batch to the function. Returns those messages that are to be delivered again."""
        answer = self.function.answer({"Records": list(messages)})
        self.assertEqual(list(answer), ["batchItemFailures"], answer)
        failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        self.assertLessEqual(set(failed), {message["messageId"] for message in messages})
        return [message for message in messages if message["messageId"] in failed]

    def keys(self):
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]

    def names(self):
        """Returns the names in the input's folder, in their order."""
        return [key.removeprefix(self.folder) for key in self.keys() if key.startswith(self.folder)]

    def content(self, name):
        return self.s3.get_object(Bucket=self.bucket, Key=self.folder + name)["Body"].read()

    def rows(self):
        """Returns the rows that a reader of the folder finds, in the order of names."""
        return b"".join(self.content(name) for name in self.names() if not name.startswith("_"))

    def test_rows_are_those_of_the_input_in_its_order_however_messages_come(self):
        for options in [], ["--message-format", "ndjson"], ["--zstd"], ["--zstd", "--message-format", "ndjson"], ["--no-header"]:
            with self.subTest(options):
                self.setUp()
                (*messages, manifest), expected = self.messages(csv_of(some_rows(600)), *options)
                copies = [dict(message, messageId=str(uuid.uuid4())) for message in messages]
                shuffled = random.Random(1).sample(messages + copies, 2 * len(messages))
                self.assertGreater(len(messages), 3)
                for start in range(0, len(shuffled), 10):
                    self.assertEqual(self.handle(*shuffled[start:start + 10]), [])
                self.assertNotIn("_SUCCESS", self.names())
                self.assertEqual(self.handle(manifest), [])
                self.assertEqual(self.rows(), expected)
                self.assertEqual(self.names()[len(messages):], ["_MANIFEST", "_SUCCESS"])
                self.assertEqual(self.content("_MANIFEST").decode(), manifest["body"])

    def test_numbers_may_have_any_number_of_digits(self):
        digits = b"9" * 5000
        for options in [], ["--message-format", "ndjson"]:
            self.setUp()
            messages, _ = self.messages(b"a\n" + digits + b"\n", "--types", "a:integer", "--max-bytes", "8192", *options)
            self.assertEqual(self.handle(*messages), [])
            self.assertEqual(self.rows(), b'{"a":' + digits + b"}\n")

    def test_a_manifest_waits_for_its_rows_and_the_last_row_completes_the_input(self):
        (first, *others, manifest), _ = self.messages(csv_of(some_rows(300)))
        self.assertEqual(self.handle(manifest, *others), [manifest])
        self.assertNotIn("_SUCCESS", self.names())
        self.assertEqual(self.handle(first), [])
        self.assertIn("_SUCCESS", self.names())
        self.assertEqual(self.handle(manifest), [])

    def test_the_order_in_a_batch_does_not_matter(self):
        (*messages, manifest), _ = self.messages(csv_of(some_rows(300)))
        self.assertEqual(self.handle(manifest, *messages), [])
        self.assertIn("_SUCCESS", self.names())

    def test_an_input_without_rows_is_complete(self):
        for data in b"", b"a,b\n", b"a,b\n\n\n":
            with self.subTest(data):
                self.setUp()
                (manifest,), _ = self.messages(data)
                self.assertEqual(self.handle(manifest), [])
                self.assertEqual(self.names(), ["_MANIFEST", "_SUCCESS"])

    def test_a_manifest_whose_spans_without_rows_are_others_is_refused(self):
        (manifest,), _ = self.messages(b"a,b\n")
        self.assertEqual(len(self.handle(altered(manifest, source=""))), 1)
        body = json.loads(manifest["body"])
        for change in {"empty": ["0-3"]}, {"empty": []}, {"bytes": 5}:
            wrong = altered(manifest, body=json.dumps(body | change))
            self.assertEqual(self.handle(wrong), [wrong], change)

    def test_an_invalid_input_is_marked_and_its_last_message_acknowledged(self):
        (*messages, aborted), _ = self.messages(csv_of(some_rows(100)) + b'"')
        self.assertEqual(label(aborted, "content"), "aborted")
        self.assertEqual(self.handle(aborted, *messages), [])
        self.assertEqual(self.content("_ABORTED").decode(), aborted["body"])
        self.assertNotIn("_SUCCESS", self.names())

    def test_an_input_with_a_message_that_is_not_its_own_is_never_complete(self):
        for change in {"id": "0" * 32}, {"range": "0-1"}, {"body": '[{"id":"1"}]'}:
            with self.subTest(change):
                self.setUp()
                (first, *others, manifest), _ = self.messages(csv_of(some_rows(300)))
                self.assertEqual(self.handle(altered(first, **change), *others, manifest), [manifest])
                self.assertNotIn("_SUCCESS", self.names())

    def test_rows_that_a_complete_input_has_not_fail_and_are_noticed(self):
        (*messages, manifest), _ = self.messages(csv_of(some_rows(300)))
        self.assertEqual(self.handle(*messages, manifest), [])
        (other, *_), _ = self.messages(csv_of(some_rows(300)), "--max-bytes", "8192")
        self.assertEqual(self.handle(other), [other])

    def test_messages_that_it_cannot_read_fail_alone(self):
        for options in [], ["--message-format", "ndjson"], ["--zstd"]:
            with self.subTest(options):
                self.setUp()
                (first, second, third, *_), _ = self.messages(csv_of(some_rows(600)), *options)
                wrong = [altered(first, body=first["body"][:-4]), altered(first, body=""), altered(first, content="xml"),
                         altered(first, id="../../x"), altered(first, range="-1-5"), altered(first, range="5-1"),
                         altered(first, source=""), record("hello", {}), altered(first)]
                wrong[-1]["messageAttributes"]["sluice.source"] = {"binaryValue": "YQ==", "dataType": "Binary"}
                self.assertEqual(self.handle(second, *wrong, third), wrong)
                self.assertEqual(len(self.names()), 2)
        for options, bodies in ([], ['{"a":1}', ' [{"a":1}]', "[1]", '["a"]', "[NaN]", '[{"a":NaN}]', "null"]), \
                (["--message-format", "ndjson"], ["null\n", '"a"\n', "1\n", '{"a":NaN}\n', '{"a":1} {"a":2}\n']):
            (first, *_), _ = self.messages(csv_of(some_rows(10)), *options)
            wrong = [altered(first, body=body) for body in bodies]
            self.assertEqual([message["body"] for message in self.handle(*wrong)], bodies)
        self.assertTrue(all(key.count("/") == 2 and key.startswith("rows/s3_3A_2F_2Fuploads_2Fin_2F") for key in self.keys()))

    def test_a_message_that_unpacks_to_more_than_64_mib_fails(self):
        (first, *_), _ = self.messages(csv_of(some_rows(10)), "--zstd")
        self.assertEqual(label(first, "content"), "json+zstd+base64")
        frames = [zstd.compress(b"[" + b" " * (64 << 20) + b'{"a":1}]'), zstd.compress(b"[]") + b"x", zstd.compress(b"[]")[:-1]]
        wrong = [altered(first, body=base64.b64encode(frame).decode()) for frame in frames]
        self.assertEqual(self.handle(*wrong), wrong)
        self.assertEqual(self.names(), [])

    def test_records_that_were_put_aside_stand_beside_the_rows(self):
        for options in [], ["--message-format", "ndjson"]:
            with self.subTest(options):
                self.setUp()
                messages, _ = self.messages(b"a,b\n1,2\n3\n4,5\n", "--rejects", "messages", *options)
                self.assertEqual(self.handle(*messages), [])
                (rejects,) = (name for name in self.names() if name.startswith("_rejects-"))
                self.assertEqual([json.loads(line)["record"] for line in self.content(rejects).splitlines()], [3])
                self.assertEqual(self.rows(), b'{"a":"1","b":"2"}\n{"a":"4","b":"5"}\n')
                self.assertIn("_SUCCESS", self.names())

    def test_a_body_in_s3_is_read_from_the_bucket_that_was_named_and_no_other(self):
        path = self.write("orders.csv", csv_of([{"a": "1"}, {"a": "x" * 5000}]))
        url = self.queue()
        done = run("send", path, "--queue-url", url, "--source", self.source, "--max-bytes", "4096", "--oversize", "offload",
                   "--offload-bucket", self.offload)
        self.ended(done, 0)
        messages = [record(message["Body"], {name: value["StringValue"] for name, value in message["MessageAttributes"].items()})
                    for message in taken(url)]
        (pointer,) = (message for message in messages if "ExtendedPayloadSize" in message["messageAttributes"])
        key = json.loads(pointer["body"])[1]["s3Key"]
        self.s3.copy_object(Bucket=self.private, Key=key, CopySource={"Bucket": self.offload, "Key": key})
        elsewhere = altered(pointer, body=pointer["body"].replace(self.offload, self.private))
        self.assertEqual(self.handle(elsewhere), [elsewhere])
        self.assertEqual(self.handle(*messages), [])
        self.assertEqual(self.rows(), run("convert", path).stdout)
        self.assertIn("_SUCCESS", self.names())


class InPython(Consumers):
    started = Python

    def test_without_zstd_only_compressed_messages_fail_and_say_why(self):
        self.function = Python(None, AWS_ENDPOINT_URL=support.endpoint(), BUCKET=self.bucket)
        messages, _ = self.messages(csv_of(some_rows(300)))
        compressed, _ = self.messages(csv_of(some_rows(300)), "--zstd")
        self.assertEqual(self.handle(compressed[0], *messages), compressed[:1])
        self.assertIn("python3.14", self.function.printed[0])
        self.assertIn(self.source, self.function.printed[0])


class InSwift(Consumers):
    started = Swift


del Consumers  # so that only its subclasses run
