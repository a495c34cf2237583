"""Repair after lost messages: after running the command that `sluice verify` prints, no message is missing."""
import json
import random
import shlex
import uuid

from support import OnAWS, client, csv_of, run, some_rows, taken


def commands(text):
    """Returns the commands that a text says to run."""
    return [line[line.index("sluice send "):] for line in text.decode().splitlines() if "sluice send " in line]


class Repair(OnAWS):
    def setUp(self):
        super().setUp()
        self.url = self.queue()
        self.rows = some_rows(600)
        self.path = self.write("orders of é.csv", csv_of(self.rows))

    def lose(self, chance, manifest):
        """Removes messages from the queue for good, and returns their number."""
        sqs, lost = client("sqs"), 0
        for message in sorted(taken(self.url), key=lambda one: one["MessageAttributes"]["sluice.id"]["StringValue"]):
            is_last = message["MessageAttributes"]["sluice.content"]["StringValue"] == "manifest"
            if manifest if is_last else chance.random() < 0.3:
                sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
                lost += 1
            else:
                sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        return lost

    def verify(self, *options):
        return run("verify", "--queue-url", self.url, "--timeout", "1", *options)

    def repaired(self, name, sent, verified=(), lost_manifest=False, **placeholders):
        self.ended(run("send", name, "--queue-url", self.url, *sent), 0)
        before = self.count(self.url)
        self.assertGreater(self.lose(random.Random(1), lost_manifest), 0)
        done = self.verify(*verified)
        self.ended(done, 65)
        command, = commands(done.stderr)
        placeholders = {"INPUT": name, "URL": self.url, **placeholders}
        words = [placeholders.get(word, word) for word in shlex.split(command)]
        self.assertEqual(words[:2], ["sluice", "send"])
        # Whoever agreed to pay for the requests of verify needs it for those of send too.
        self.assertEqual("--requester-pays" in words, "--requester-pays" in verified)
        if lost_manifest:
            # Without the manifest the options of the run are unknown, and the command says so.
            self.assertIn(b"with the options of the run that made them", done.stderr)
            words += [option for option in sent if option not in words]
        self.ended(run(*words[1:]), 0)
        done = self.verify("--against", name, *verified)
        self.ended(done, 0)
        self.assertIn(b": complete: ", done.stdout)
        self.assertGreaterEqual(self.count(self.url), before)

    def test_repairs_messages_of_a_file_in_each_form(self):
        for options in ([], ["--zstd"], ["--message-format", "ndjson"], ["--zstd=1", "--message-format", "ndjson"],
                        ["--source", "partner/orders of $HOME"], ["--header", "x,y y,z'"]):
            with self.subTest(options):
                self.url = self.queue()
                # CSV options determine how verify reads the input that it compares the messages with.
                self.repaired(self.path, ["--max-bytes", "4096", *options], options if "--header" in options else [])

    def test_repairs_a_lost_manifest(self):
        self.repaired(self.path, ["--max-bytes", "4096"], lost_manifest=True)

    def test_repairs_messages_of_an_object(self):
        bucket = f"bucket-{uuid.uuid4().hex}"
        s3 = client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        for versions in False, True:
            with self.subTest(versions=versions):
                if versions:
                    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
                s3.upload_file(self.path, bucket, "in/a b's.csv")
                self.url = self.queue()
                payer = ["--requester-pays"] if versions else []
                self.repaired(f"s3://{bucket}/in/a b's.csv", ["--max-bytes", "4096", *payer], payer)

    def test_refuses_an_object_that_has_changed_since(self):
        bucket = f"bucket-{uuid.uuid4().hex}"
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        client("s3").upload_file(self.path, bucket, "a.csv")
        self.ended(run("send", f"s3://{bucket}/a.csv", "--queue-url", self.url, "--max-bytes", "4096"), 0)
        self.lose(random.Random(1), True)
        command, = commands(self.verify().stderr)
        client("s3").put_object(Bucket=bucket, Key="a.csv", Body=b"id,text\n1,other\n")
        before = self.count(self.url)
        done = run(*[self.url if word == "URL" else word for word in shlex.split(command)[1:]])
        self.ended(done, 64)
        self.assertIn(b"has changed: it is s3://", done.stderr)
        self.assertEqual(self.count(self.url), before)

    def test_repairs_messages_whose_bodies_are_in_s3(self):
        bucket = f"bucket-{uuid.uuid4().hex}"
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        self.rows[10]["text"] = "é" * 5000
        self.path = self.write("orders.csv", csv_of(self.rows))
        self.repaired(self.path, ["--max-bytes", "4096", "--oversize", "offload", "--offload-bucket", bucket],
                      ["--offload-bucket", bucket], BUCKET=bucket)

    def test_repairs_two_inputs_each_with_its_own_command(self):
        other = self.write("other.csv", csv_of(some_rows(300)))
        for path in self.path, other:
            self.ended(run("send", path, "--queue-url", self.url, "--max-bytes", "4096"), 0)
        self.lose(random.Random(2), False)
        done = self.verify()
        self.ended(done, 65)
        for line in done.stderr.decode().splitlines():
            if "sluice send " in line:
                path = other if line.startswith("other.csv") else self.path
                words = [{"INPUT": path, "URL": self.url}.get(word, word) for word in shlex.split(commands(line.encode())[0])]
                self.ended(run(*words[1:]), 0)
        self.ended(self.verify(), 0)


class Selections(OnAWS):
    """`sluice send` delivers the messages that `sluice messages` prints, for every selection."""

    def delivered(self, url):
        sqs, found = client("sqs"), []
        while some := sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10).get("Messages"):
            for message in some:
                found.append((message["Body"], sorted((name, value["StringValue"])
                                                      for name, value in message["MessageAttributes"].items())))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return sorted(found)

    def test_send_delivers_every_selection(self):
        path = self.write("orders.csv", csv_of(some_rows(3000)))
        for selection in (["--records", "2-1000"], ["--records", "1000"], ["--records", "100-2900"], ["--records", "5-5,2000-"],
                          ["--only", "0/3,0/4,0/5"], ["--only", "0/0"], ["--only", "manifest"], ["--only", "0/1,manifest"],
                          ["--records", "10-20", "--only", "0/7,manifest"]):
            for more in [], ["--zstd=1"], ["-j", "1"]:
                for fifo in False, True:
                    with self.subTest(selection=selection, more=more, fifo=fifo):
                        options = [path, "--max-bytes", "8192", *selection, *more]
                        expected = [json.loads(line) for line in run("messages", *options, url="").stdout.splitlines()]
                        self.assertTrue(expected)
                        url = self.queue(fifo=fifo)
                        self.ended(run("send", *options, "--queue-url", url), 0)
                        self.assertEqual(self.delivered(url), sorted(
                            (message["body"], sorted(message["attributes"].items())) for message in expected))

    def test_an_empty_selection_is_reported_and_nothing_is_sent(self):
        path = self.write("orders.csv", csv_of(some_rows(30)))
        url = self.queue()
        done = run("send", path, "--queue-url", url, "--records", "1000-")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"none of the messages", done.stderr)
        self.assertEqual(self.count(url), 0)
