"""Rows that fit no message are sent and received through S3."""
import json
import random
import string
import uuid

from support import OnAWS, client, csv_of, run, some_rows, taken

LIMIT = 4096


class Offload(OnAWS):
    def setUp(self):
        super().setUp()
        self.bucket = f"bucket-{uuid.uuid4().hex}"
        self.s3 = client("s3")
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        self.rows = some_rows(100)
        self.rows[10]["text"] = "é" * 5000
        self.rows[99]["text"] = "".join(random.Random(1).choices(string.ascii_letters, k=300_000))
        self.path = self.write("orders.csv", csv_of(self.rows))
        self.url = super().queue()

    def send(self, *options):
        done = run("send", self.path, "--queue-url", self.url, "--max-bytes", str(LIMIT), "--oversize", "offload",
                   "--offload-bucket", self.bucket, *options)
        self.ended(done, 0)

    def receive(self, *options):
        return run("receive", "--queue-url", self.url, "--offload-bucket", self.bucket, *options)

    def objects(self):
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]

    def peek(self):
        """Returns the messages of the queue, and leaves them there."""
        found = taken(self.url)
        for message in found:
            client("sqs").change_message_visibility(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"],
                                                    VisibilityTimeout=0)
        return found

    def pointers(self):
        return [message for message in self.peek() if "ExtendedPayloadSize" in message["MessageAttributes"]]

    def test_every_row_is_received_in_each_format_and_the_objects_stay(self):
        for options, suffix in (([], ".json"), (["--message-format", "ndjson"], ".ndjson"),
                                (["--zstd"], ".json.zst.base64")):
            self.send("--offload-prefix", "rows/", *options)
            done = self.receive("--until-manifest", "--timeout", "10")
            self.ended(done, 0)
            found = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(sorted(found, key=lambda row: int(row["id"])) == self.rows, True, options)
            self.assertEqual(self.count(self.url), 0)
            keys = [key for key in self.objects() if key.endswith(suffix)]
            self.assertTrue(keys and all(key.startswith("rows/") for key in keys), self.objects())

    def test_a_message_points_to_its_body_like_the_extended_clients(self):
        self.send()
        expected = {}
        done = run("messages", self.path, "--max-bytes", str(LIMIT), "--oversize", "offload")
        for line in done.stdout.splitlines():
            message = json.loads(line)
            expected[message["attributes"]["sluice.id"]] = message
        pointers = self.pointers()
        self.assertEqual(len(pointers), 2)
        for message in pointers:
            attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
            self.assertEqual(message["MessageAttributes"]["ExtendedPayloadSize"]["DataType"], "Number")
            size = int(attributes.pop("ExtendedPayloadSize"))
            kind, place = json.loads(message["Body"])
            self.assertEqual(kind, "software.amazon.payloadoffloading.PayloadS3Pointer")
            self.assertEqual(place, {"s3BucketName": self.bucket, "s3Key": attributes["sluice.id"] + ".json"})
            body = self.s3.get_object(Bucket=self.bucket, Key=place["s3Key"])["Body"].read()
            self.assertEqual(size, len(body))
            whole = expected[attributes["sluice.id"]]
            self.assertEqual((body.decode() == whole["body"], attributes), (True, whole["attributes"]))

    def test_a_missing_or_changed_body_is_reported_by_name_and_the_message_stays(self):
        self.send()
        key = self.objects()[0]
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"[]")
        done = self.receive("--timeout", "1")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"s3://{self.bucket}/{key}: it has 2 bytes, not ".encode(), done.stderr)
        self.s3.delete_object(Bucket=self.bucket, Key=key)
        done = self.receive("--timeout", "1")
        self.ended(done, 66)
        self.assertIn(f"s3://{self.bucket}/{key}".encode(), done.stderr)
        self.assertTrue(any(key in message["Body"] for message in self.peek()))

    def test_send_requires_a_bucket_before_it_sends_anything(self):
        done = run("send", self.path, "--queue-url", self.url, "--oversize", "offload")
        self.ended(done, 64)
        self.assertIn(b"--offload-bucket", done.stderr)
        done = run("send", self.path, "--queue-url", self.url, "--offload-bucket", self.bucket)
        self.ended(done, 64)
        self.assertIn(b"--oversize offload", done.stderr)
        self.assertEqual(self.count(self.url), 0)

    def test_a_queue_with_offloaded_messages_is_verified(self):
        self.send("--zstd")
        options = ["verify", "--queue-url", self.url, "--timeout", "2", "--against", self.path]
        done = run(*options, "--offload-bucket", self.bucket)
        self.ended(done, 0)
        self.assertIn(b"every row as in the input", done.stdout)
        done = run(*options)
        self.ended(done, 69)
        self.assertIn(b"; to fetch from it, if you trust it: --offload-bucket BUCKET", done.stderr)
        # All messages were released to the queue.
        self.ended(run(*options, "--offload-bucket", self.bucket), 0)

    def test_bodies_are_fetched_only_from_named_buckets_and_other_messages_stay(self):
        self.send()
        before = self.count(self.url)
        for options in [], ["--offload-bucket", "another"]:
            done = run("receive", "--queue-url", self.url, "--timeout", "1", *options)
            self.ended(done, 69)
            self.assertIn(f"points to the bucket {self.bucket}, which is not allowed".encode(), done.stderr)
            self.assertIn(b"; to fetch from it, if you trust it: --offload-bucket BUCKET", done.stderr)
            self.assertGreaterEqual(self.count(self.url, hidden=False), 2)
        done = self.receive("--offload-bucket", "another", "--timeout", "1")
        self.ended(done, 0)
        self.assertLess(done.stdout.count(b"\n"), before * 100)
        self.assertEqual(self.count(self.url), 0)

    def test_a_too_large_body_stays_and_the_advised_option_accepts_it(self):
        self.send()
        done = self.receive("--timeout", "1", "--max-body", "100KiB")
        self.ended(done, 69)
        self.assertIn(b"more than the 102400 that a body may have", done.stderr)
        self.assertIn(b"; to accept it: --max-body BYTES", done.stderr)
        done = self.receive("--timeout", "1", "--max-body", "1MiB")
        self.ended(done, 0)
        self.assertEqual(self.count(self.url), 0)
        for size in "0", "1.5", "many", "-1", "":
            self.ended(self.receive("--max-body", size), 64)
