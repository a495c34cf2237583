"""`sluice verify --queue-url`: verifies the messages of a queue, and leaves them there."""
import json
import os
import shlex
import uuid

from deliveries import Deliveries, message
from support import OnAWS, client, csv_of, run, some_rows, taken


class QueueVerification(OnAWS):
    def setUp(self):
        super().setUp()
        self.url = self.queue()
        self.path = self.write("orders.csv", csv_of(some_rows(2000)))

    def send(self, *options):
        self.ended(run("send", self.path, "--queue-url", self.url, "--max-bytes", "4096", *options), 0)

    def verify(self, *options):
        return run("verify", "--queue-url", self.url, "--timeout", "1", *options)

    def test_complete_messages_equal_the_input_and_stay_in_the_queue(self):
        self.send()
        before = self.count(self.url)
        for _ in range(2):
            done = self.verify("--against", self.path)
            self.ended(done, 0)
            self.assertRegex(done.stdout, rb"orders.csv\?size=\S+: complete: %d messages, 2000 rows, bytes 0-" % (before - 1))
            self.assertIn(b"every row as in the input", done.stdout)
            self.assertEqual(self.count(self.url, hidden=False), before)

    def test_all_inputs_of_the_queue_are_verified(self):
        for n in range(30):
            self.ended(run("send", self.write("one.csv", b"a\n1\n"), "--queue-url", self.url, "--source", f"input {n}"), 0)
        done = self.verify()
        self.ended(done, 0)
        self.assertEqual(done.stdout.count(b": complete: "), 30)

    def test_messages_that_are_delivered_again_are_not_taken_for_the_end_of_the_queue(self):
        def messages(name):
            lines = run("messages", self.write(name, b"a\n1\n")).stdout.splitlines()
            return [message(f"{name} {n}", **json.loads(line)) for n, line in enumerate(lines)]

        first, second = messages("a.csv"), messages("b.csv")
        with Deliveries([first, first, second[:1]]) as queue:
            done = run("verify", "--queue-url", queue.queue, "--timeout", "1", "--delete", url=queue.url)
        self.ended(done, 65)
        self.assertIn(b"b.csv?", done.stderr)
        self.assertEqual(queue.deleted, [])

    def test_messages_can_be_compared_with_an_object_in_s3(self):
        bucket = f"bucket-{uuid.uuid4().hex}"
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        client("s3").upload_file(self.path, bucket, "orders.csv")
        self.send("--zstd")
        self.ended(self.verify("--against", f"s3://{bucket}/orders.csv"), 0)

    def test_delete_removes_complete_messages_and_leaves_those_of_other_senders(self):
        self.send()
        client("sqs").send_message(QueueUrl=self.url, MessageBody="hello")
        self.ended(self.verify("--delete"), 0)
        self.assertEqual(self.count(self.url), 1)

    def test_max_body_bounds_messages_as_it_does_those_of_a_file(self):
        self.path = self.write("wide.csv", b"a\n" + b"x" * 200_000 + b"\n")
        self.ended(run("send", self.path, "--queue-url", self.url), 0)
        messages = run("messages", self.path).stdout
        for done in self.verify("--max-body", "10000"), run("verify", "-", "--max-body", "10000", data=messages):
            self.ended(done, 65)
            self.assertRegex(done.stderr, rb"message \d is too large for a body of the allowed size; to read it: --max-body")

    def test_missing_messages_are_found_and_nothing_is_deleted(self):
        self.send()
        gone = client("sqs").receive_message(QueueUrl=self.url, MaxNumberOfMessages=1)["Messages"][0]
        client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=gone["ReceiptHandle"])
        before = self.count(self.url)
        done = self.verify("--delete")
        self.ended(done, 65)
        self.assertIn(b"gap: bytes ", done.stderr)
        self.assertEqual(self.count(self.url, hidden=False), before)

    def repaired(self, path):
        """Returns the results of verify and of the command that it prints, with the placeholders filled in."""
        done = self.verify()
        self.ended(done, 65)
        command = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair")[1].split(": ", 1)[1])
        self.assertEqual(command[:2], ["sluice", "send"])
        return done, run(*[{"INPUT": path, "URL": self.url}.get(word, word) for word in command[1:]])

    def test_the_printed_command_delivers_the_missing_messages(self):
        for options in [], ["--zstd=1", "--message-format", "ndjson"], ["--source", "Neil's", "--header=-x,y", "--ragged", "pad"]:
            self.url = self.queue()
            self.send(*options)
            for _ in range(2):
                gone = client("sqs").receive_message(QueueUrl=self.url, MaxNumberOfMessages=1)["Messages"][0]
                if "manifest" not in gone["Body"]:
                    client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=gone["ReceiptHandle"])
            # The input may have been moved in the meantime.
            os.rename(self.path, self.path + ".moved")
            _, sent = self.repaired(self.path + ".moved")
            os.rename(self.path + ".moved", self.path)
            self.ended(sent, 0)
            self.ended(self.verify("--against", self.path), 0)

    def test_the_printed_command_states_the_event_again(self):
        event = '{"sequencer":"01","time":"2026-01-31T12:00:00.000Z"}'
        self.send("--event", event)
        gone = client("sqs").receive_message(QueueUrl=self.url, MaxNumberOfMessages=1)["Messages"][0]
        client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=gone["ReceiptHandle"])
        _, sent = self.repaired(self.path)
        self.ended(sent, 0)
        self.ended(self.verify("--against", self.path), 0)
        self.assertEqual({one["MessageAttributes"]["sluice.event"]["StringValue"] for one in taken(self.url)}, {event})

    def test_the_printed_command_names_the_object_and_its_version(self):
        bucket = f"bucket-{uuid.uuid4().hex}"
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        client("s3").upload_file(self.path, bucket, "a b+%é.csv")
        self.ended(run("send", f"s3://{bucket}/a b+%é.csv", "--queue-url", self.url, "--max-bytes", "4096", "--only", "manifest"), 0)
        client("s3").put_object(Bucket=bucket, Key="a b+%é.csv", Body=b"another,one\n")
        _, sent = self.repaired(None)
        self.ended(sent, 0)
        self.ended(self.verify(), 0)

    def test_a_message_of_another_input_is_found_by_the_sum_and_all_are_sent_again(self):
        self.send("--source", "a", "--records", "1-", "--only", "manifest")
        other = self.write("other.csv", open(self.path, "rb").read().replace(b"1", b"2"))
        lost = client("sqs").receive_message(QueueUrl=self.url, MaxNumberOfMessages=1, MessageAttributeNames=["All"])["Messages"][0]
        client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=lost["ReceiptHandle"])
        place = lost["MessageAttributes"]["sluice.index"]["StringValue"]
        self.ended(run("send", other, "--queue-url", self.url, "--max-bytes", "4096", "--source", "a", "--only", place), 0)
        found = self.verify()
        self.ended(found, 65)
        self.assertIn(b"not to the manifest's sum", found.stderr)
        line = found.stderr.decode().splitlines()[-1]
        self.assertIn("once the received messages are discarded", line)
        client("sqs").purge_queue(QueueUrl=self.url)
        words = shlex.split(line.split(": to repair")[1].split(": ", 1)[1])
        self.ended(run(*[{"INPUT": self.path, "URL": self.url}.get(word, word) for word in words[1:]]), 0)
        self.ended(self.verify("--against", self.path), 0)

    def test_an_empty_a_fifo_and_a_missing_queue_are_refused(self):
        done = self.verify()
        self.ended(done, 65)
        self.assertIn(b"there are no messages", done.stderr)
        done = run("verify", "--queue-url", self.queue(fifo=True), "--timeout", "1")
        self.assertIn(b"a FIFO queue delivers no further messages", done.stderr)
        self.assertNotEqual(done.returncode, 0)
        self.ended(run("verify", "--queue-url", self.url + "-not"), 66)

    def test_it_accepts_a_queue_or_messages_but_not_both(self):
        self.ended(run("verify", "-", "--queue-url", self.url), 64)
        self.ended(run("verify", "-", "--delete"), 64)
