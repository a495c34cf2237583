"""Rejected records on their way through a queue: `send --rejects`, `receive --rejects`, `verify --queue-url`."""
import collections
import json
import os
import random
import re
import shlex
import subprocess
import threading

from checkpoint_tests import QUEUE, SEGMENT, Standin
from rounds import KILLS
from support import SLUICE, OnAWS, Server, client, endpoint, environment, run


def some_faults(count=300):
    """Returns data of which every fifth record is bad, with quoted line ends."""
    return b"id,text\n" + b"".join(b'%d,"a, ""b""\n%s"\n' % (n, b"x" * (n % 90)) if n % 5 else b'%d,5" wide\n' % n for n in range(count))


class Rejects(OnAWS):
    def setUp(self):
        super().setUp()
        self.input = self.write("orders.csv", some_faults())
        self.options = ["--max-bytes", "4096"]
        self.file = os.path.join(self.directory, "bad.ndjson")
        path = os.path.join(self.directory, "expected.ndjson")
        done = run("convert", self.input, "--rejects", path)
        self.ended(done, 3)
        self.rows, self.lines = done.stdout.splitlines(), self.read(path)
        self.assertEqual(len(self.lines), 60)

    def read(self, path):
        with open(path, "rb") as file:
            return file.read().splitlines()

    def send(self, url, *options, status=3):
        done = run("send", self.input, "--queue-url", url, *self.options, *options)
        self.ended(done, status)
        return done

    def contents(self, url):
        """Counts the messages in a queue by their content."""
        found = collections.Counter()
        for message in self.peek(url):
            found[message["MessageAttributes"]["sluice.content"]["StringValue"]] += 1
        return found

    def peek(self, url):
        """Returns the messages of a queue, which stay visible."""
        messages = {}
        while some := client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10,
                                                    VisibilityTimeout=3600).get("Messages"):
            messages.update({message["MessageId"]: message for message in some})
        for message in messages.values():
            client("sqs").change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        return list(messages.values())

    def test_rows_go_to_standard_output_and_rejects_to_a_file(self):
        for fifo in False, True:
            url = self.queue(fifo)
            self.send(url, "--rejects", "messages")
            done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "60", "--rejects", self.file)
            self.ended(done, 0)
            self.assertEqual(sorted(done.stdout.splitlines()), sorted(self.rows))
            self.assertEqual(sorted(self.read(self.file)), sorted(self.lines))
            self.assertEqual(self.count(url), 0)
            self.assertIn(b": warning: rejected: 60 lines, 60 quoteInPlain\n", done.stderr)
            os.remove(self.file)

    def test_without_a_file_rejects_are_counted_named_and_deleted(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        done = run("receive", "--queue-url", url, "--timeout", "1")
        self.ended(done, 0)
        self.assertEqual(sorted(done.stdout.splitlines()), sorted(self.rows))
        self.assertRegex(done.stderr.decode(), r"orders\.csv\?\S+: warning: 60 rejected records were received and not written; "
                                               r"to write them: --rejects PATH\n")
        self.assertEqual(self.count(url), 0)
        # What is advised writes them.
        advised = re.search(rb"to write them: (.*)\n", done.stderr)[1].decode().replace("PATH", self.file)
        self.send(url, "--rejects", "messages")
        self.ended(run("receive", "--queue-url", url, "--timeout", "1", *shlex.split(advised)), 0)
        self.assertEqual(sorted(self.read(self.file)), sorted(self.lines))

    def test_standard_error_gets_them_too(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        done = run("receive", "--queue-url", url, "--until-manifest", "--rejects", "stderr")
        self.ended(done, 0)
        found = [line for line in done.stderr.splitlines() if line.startswith(b"{")]
        self.assertEqual(sorted(found), sorted(self.lines))

    def test_a_message_that_is_delivered_twice_is_written_once(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        self.send(url, "--rejects", "messages")
        done = run("receive", "--queue-url", url, "--timeout", "1", "--rejects", self.file)
        self.ended(done, 0)
        self.assertEqual((len(done.stdout.splitlines()), len(self.read(self.file))), (len(self.rows), len(self.lines)))
        self.assertEqual(self.count(url), 0)

    def test_a_file_at_the_sender_leaves_the_queue_without_rejects(self):
        url = self.queue()
        self.send(url, "--rejects", self.file)
        self.assertEqual(self.read(self.file), self.lines)
        self.assertEqual(set(self.contents(url)), {"json", "manifest"})
        done = run("verify", "--queue-url", url, "--against", self.input)
        self.ended(done, 0)
        self.assertIn(b", 60 rejected records, bytes ", done.stdout)
        # Rejects that are asked for do not come.
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "1", "--rejects", self.file + "2")
        self.ended(done, 75)
        self.assertRegex(done.stderr, rb"\((\d+) messages of \1, 0 rejected records of 60\)")
        self.assertEqual(self.read(self.file + "2"), [])
        # It is not replaced.
        done = self.send(url, "--rejects", self.file, status=73)
        self.assertIn(b"it already exists; remove it first, or name another\n", done.stderr)
        os.remove(self.file)
        self.send(url, "--rejects", self.file)
        done = run("receive", "--queue-url", url, "--until-manifest")
        self.ended(done, 0)
        self.assertEqual(sorted(done.stdout.splitlines()), sorted(self.rows))

    def test_a_file_of_a_receiver_must_not_exist(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        count = self.count(url)
        self.write("bad.ndjson", b"old\n")
        done = run("receive", "--queue-url", url, "--until-manifest", "--rejects", self.file)
        self.ended(done, 73)
        self.assertIn(b"it already exists; remove it first, or name another\n", done.stderr)
        self.assertEqual((self.read(self.file), self.count(url, hidden=False)), ([b"old"], count))
        for path in "", "-":
            self.ended(run("receive", "--queue-url", url, "--rejects", path), 64)

    def test_a_receiver_adds_to_what_a_killed_one_wrote(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        kept = b"".join(b"%d\n" % n + b"y" * 100_000 + b"\n" for n in range(3))
        self.write("bad.ndjson.partial", kept + b"z" * 70_000)
        done = run("receive", "--queue-url", url, "--until-manifest", "--rejects", self.file)
        self.ended(done, 0)
        found = self.read(self.file)
        self.assertEqual((found[:6], sorted(found[6:])), (kept.splitlines(), sorted(self.lines)))
        self.assertEqual([name for name in os.listdir(self.directory) if "partial" in name], [])

    def test_a_killed_receiver_leaves_what_it_deleted(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        partial = self.file + ".partial"
        process = subprocess.Popen([SLUICE, "receive", "--queue-url", url, "--rejects", self.file], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=endpoint()))
        with process:
            while self.count(url) > 0:
                self.assertIsNone(process.poll())
            process.kill()
        self.assertFalse(os.path.exists(self.file))
        self.assertEqual(sorted(self.read(partial)), sorted(self.lines))
        self.ended(run("receive", "--queue-url", url, "--timeout", "0", "--rejects", self.file), 0)
        self.assertEqual(sorted(self.read(self.file)), sorted(self.lines))

    def test_a_queue_is_verified_and_repaired_by_the_command_that_is_printed(self):
        url = self.queue()
        self.send(url, "--rejects", "messages")
        messages = self.contents(url)["rejects"]
        self.assertGreater(messages, 1)
        done = run("verify", "--queue-url", url, "--against", self.input)
        self.ended(done, 0)
        self.assertIn(b", 60 rejected records in %d messages, " % messages, done.stdout)
        self.assertIn(b", every row and reject as in the input\n", done.stdout)
        for message in self.peek(url):
            if message["MessageAttributes"]["sluice.content"]["StringValue"] == "rejects":
                client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                break
        done = run("verify", "--queue-url", url, "--timeout", "1")
        self.ended(done, 65)
        self.assertRegex(done.stderr, rb"\d+ rejected records in messages, not 60 as in the manifest\n")
        command = done.stderr.decode().splitlines()[-1].split(": to repair: sluice ", 1)[1]
        words = [{"INPUT": self.input, "URL": url}.get(word, word) for word in shlex.split(command)]
        self.ended(run(*words), 3)
        self.ended(run("verify", "--queue-url", url, "--against", self.input, "--delete"), 0)
        self.assertEqual(self.count(url), 0)

    def test_too_many_end_the_run_with_an_aborted_message(self):
        url = self.queue()
        done = self.send(url, "--rejects", "messages", "--max-rejects", "59", status=65)
        self.assertIn(b"[tooManyRejects]", done.stderr)
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "10", "--rejects", self.file)
        self.ended(done, 65)
        self.assertIn(b"[tooManyRejects]", done.stderr)
        self.assertIn(b"; discard its rows\n", done.stderr)


class Resumed(OnAWS):
    """Runs that are killed and continued with a checkpoint."""

    @classmethod
    def setUpClass(cls):
        parts = [b"id,text\n"]
        for _ in range(40):
            parts.append(b"".join(b'%d,"a\n%s"\n' % (n, b"x" * (n % 90)) if n % 50 else b'%d"\n' % n for n in range(1000)))
            parts.append(b"\n" * 1_400_000)
        cls.data = b"".join(parts)
        assert len(cls.data) > 3 * SEGMENT

    def renew(self):
        received = self.standin.received if hasattr(self, "standin") else []
        self.standin = Standin()
        # The old queue may still process requests of a killed run.
        self.standin.received += received
        server = Server(self.standin)
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.url = server.url

    def setUp(self):
        super().setUp()
        self.input = self.write("orders.csv", self.data)
        self.file = os.path.join(self.directory, "bad.ndjson")
        self.checkpoint = os.path.join(self.directory, "orders.checkpoint")
        self.renew()

    def start(self, rejects):
        return subprocess.Popen([SLUICE, "send", self.input, "--queue-url", QUEUE, "--checkpoint", self.checkpoint, "--rejects",
                                 rejects], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=environment(AWS_ENDPOINT_URL=self.url))

    def rejects(self):
        with open(self.file, "rb") as file:
            return file.read().splitlines()

    def run_killed(self, rejects, request):
        """Runs until that request arrives, and then kills the run. Returns its status."""
        ready = threading.Event()
        self.standin.end_at(request, lambda: ready.wait(60) and process.kill())
        with self.start(rejects) as process:
            ready.set()
            status = process.wait()
            self.assertIn(status, (3, -9), process.stderr.read())
        return status

    def complete(self, rejects):
        with self.start(rejects) as process:
            _, errors = process.communicate()
            self.assertEqual(process.returncode, 3, errors)

    def test_every_reject_is_in_the_file_at_least_once(self):
        self.complete(self.file)
        expected, requests = self.rejects(), self.standin.requests
        self.assertEqual((len(expected), len(set(expected))), (800, 800))
        resumed = 0
        for seed in range(max(6, KILLS // 4)):
            os.remove(self.file)
            self.renew()
            status = self.run_killed(self.file, random.Random(seed).randint(1, requests))
            if status != 3:
                self.assertFalse(os.path.exists(self.file))
                resumed += os.path.exists(self.checkpoint)
                if seed % 2:
                    # A line that was being written.
                    with open(self.file + ".partial", "ab") as partial:
                        partial.write(b'{"source":')
                self.renew()
                self.complete(self.file)
            found = self.rejects()
            self.assertEqual(sorted(set(found)), sorted(expected), seed)
            self.assertLess(len(found), 2 * len(expected))
            self.assertEqual([name for name in os.listdir(self.directory) if "checkpoint" in name or "partial" in name], [], seed)
        self.assertGreater(resumed, 1)

    def test_every_reject_is_in_a_message_at_least_once(self):
        done = run("messages", self.input, "--rejects", "messages", url=self.url)
        self.ended(done, 3)
        expected = {json.loads(line)["attributes"]["sluice.id"] for line in done.stdout.splitlines()}
        self.complete("messages")
        self.assertEqual({message[0] for message in self.standin.received}, expected)
        requests = self.standin.requests
        for seed in range(max(6, KILLS // 4)):
            self.standin.received.clear()
            self.renew()
            if self.run_killed("messages", random.Random(seed).randint(1, requests)) != 3:
                self.renew()
                self.complete("messages")
            self.assertEqual({message[0] for message in self.standin.received}, expected, seed)

    def test_the_file_is_not_the_checkpoint_under_any_name(self):
        for path, checkpoint in (self.file, self.file), (self.file, f"{self.directory}/./bad.ndjson"), \
                                (self.file, self.file + ".partial"):
            self.checkpoint = checkpoint
            with self.start(path) as process:
                _, errors = process.communicate()
                self.assertEqual(process.returncode, 64, errors)
        self.assertEqual(os.listdir(self.directory), ["orders.csv"])
