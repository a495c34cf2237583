"""Signals: the first one ends a run in order and with a report, a second one ends it at once."""
import collections
import json
import os
import signal
import subprocess
import threading

from support import SLUICE, OnAWS, Server, client, endpoint, environment, forwarded, run, taken

SIGNALS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
JSON = {"content-type": "application/x-amz-json-1.0"}


class Queue:
    """A queue in memory that can hold back its answers and records its requests."""

    def __init__(self):
        self.sent, self.calls = [], collections.Counter()
        self.gate, self.changed = threading.Event(), threading.Condition()
        self.gate.set()

    def __call__(self, request):
        operation = request.headers["x-amz-target"].split(".")[1]
        body = json.loads(request.body)
        with self.changed:
            self.calls[operation] += 1
            self.changed.notify_all()
        self.gate.wait(60)
        answer = getattr(self, operation)(body)
        return 200, JSON, json.dumps(answer).encode()

    def SendMessageBatch(self, body):
        entries = body["Entries"]
        with self.changed:
            self.sent += [(entry["MessageAttributes"]["sluice.id"]["StringValue"],
                           entry["MessageAttributes"]["sluice.content"]["StringValue"]) for entry in entries]
            self.changed.notify_all()
        return {"Successful": [{"Id": entry["Id"], "MessageId": "m"} for entry in entries]}

    def until(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, 60)


def ids(*arguments):
    return [json.loads(line)["attributes"]["sluice.id"] for line in run("messages", *arguments, url="").stdout.splitlines()]


class Sending(OnAWS):
    def setUp(self):
        super().setUp()
        self.queue = Queue()
        server = Server(self.queue)
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.addCleanup(self.queue.gate.set)
        self.url = server.url
        self.rows = b"a\n" + b"".join(b"%d%s\n" % (n, b"x" * 500) for n in range(2000))

    def start(self, *arguments, **options):
        process = subprocess.Popen([SLUICE, "send", *arguments, "--queue-url", f"{self.url}/0/q"], stderr=subprocess.PIPE,
                                   env=environment(AWS_ENDPOINT_URL=self.url), **options)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_rows_already_read_are_delivered_and_no_manifest_follows(self):
        options = ["--source", "orders", "--max-bytes", "4096"]
        expected = ids(self.write("orders.csv", self.rows), *options)
        for number in SIGNALS:
            with self.subTest(number):
                self.queue.sent.clear()
                process = self.start("-", *options, stdin=subprocess.PIPE)
                process.stdin.write(self.rows)
                process.stdin.flush()
                self.queue.until(lambda: len(self.queue.sent) > 100)
                # Further input may arrive at any time, but the run must not wait for it.
                process.send_signal(number)
                self.assertEqual(process.wait(60), 128 + number)
                process.stdin.close()
                self.assertIn(b"standard input: error: ended by %s;" % number.name.encode(), process.stderr.read())
                self.assertEqual({content for _, content in self.queue.sent}, {"json"})
                found = {name for name, _ in self.queue.sent}
                # Everything that was accepted, without gaps.
                self.assertEqual(found, set(expected[:len(found)]))

    def test_it_waits_until_the_queue_has_confirmed_what_was_sent(self):
        path = self.write("orders.csv", self.rows)
        self.queue.gate.clear()
        process = self.start(path, "--max-bytes", "4096")
        self.queue.until(lambda: self.queue.calls["SendMessageBatch"] == 8)
        process.send_signal(signal.SIGTERM)
        self.queue.gate.set()
        self.assertEqual(process.wait(60), 128 + signal.SIGTERM)
        self.assertGreaterEqual(len(self.queue.sent), 80)
        self.assertEqual({content for _, content in self.queue.sent}, {"json"})

    def test_undelivered_messages_are_reported(self):
        path = self.write("orders.csv", self.rows)
        self.queue.SendMessageBatch = lambda body: {"Failed": [{"Id": entry["Id"], "Code": "InvalidMessageContents",
                                                                "SenderFault": True} for entry in body["Entries"]]}
        self.queue.gate.clear()
        process = self.start(path, "--max-bytes", "4096")
        self.queue.until(lambda: self.queue.calls["SendMessageBatch"] == 8)
        process.send_signal(signal.SIGTERM)
        self.queue.gate.set()
        self.assertNotEqual(process.wait(60), 0)
        self.assertIn(b"messages are not confirmed by the queue", process.stderr.read())

    def test_a_second_signal_ends_it_at_once(self):
        path = self.write("orders.csv", self.rows)
        self.queue.gate.clear()
        process = self.start(path, "--max-bytes", "4096")
        self.queue.until(lambda: self.queue.calls["SendMessageBatch"] == 8)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(60), (-signal.SIGTERM, -signal.SIGINT))

    def test_a_signal_that_was_ignored_at_the_start_stays_ignored(self):
        path = self.write("orders.csv", self.rows)
        self.queue.gate.clear()
        process = self.start(path, "--max-bytes", "4096",
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.queue.until(lambda: self.queue.calls["SendMessageBatch"] == 8)
        process.send_signal(signal.SIGHUP)
        self.queue.gate.set()
        self.assertEqual(process.wait(60), 0)
        self.assertEqual(self.queue.sent[-1][1], "manifest")

    def test_a_second_run_sends_the_rest(self):
        path = self.write("orders.csv", self.rows)
        expected = ids(path, "--max-bytes", "4096")
        process = self.start(path, "--max-bytes", "4096")
        self.queue.until(lambda: len(self.queue.sent) > 20)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 128 + signal.SIGTERM)
        self.assertEqual(self.start(path, "--max-bytes", "4096").wait(60), 0)
        self.assertEqual({name for name, _ in self.queue.sent}, set(expected))


class Receiving(OnAWS):
    def setUp(self):
        super().setUp()
        self.path = self.write("orders.csv", b"id,text\n" + b"".join(b"%d,%s\n" % (n, b"x" * 1000) for n in range(3000)))
        self.url = self.queue()
        self.ended(run("send", self.path, "--queue-url", self.url), 0)

    def start(self, *arguments, url=None):
        process = subprocess.Popen([SLUICE, "receive", "--queue-url", url or self.url, *arguments], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=endpoint() if url is None else ""))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_written_messages_are_deleted_and_the_rest_become_visible_again(self):
        before = self.count(self.url)
        self.assertGreater(before, 11)
        process = self.start()
        # The writer is blocked by now: a pipe holds less than a message.
        output = os.read(process.stdout.fileno(), 1)
        process.send_signal(signal.SIGTERM)
        output += process.stdout.read()
        self.assertEqual(process.wait(60), 128 + signal.SIGTERM)
        self.assertIn(b"ended by SIGTERM", process.stderr.read())
        rows = [json.loads(line)["id"] for line in output.splitlines()]
        self.assertTrue(output.endswith(b"\n"))
        after = self.count(self.url, hidden=False)
        self.assertTrue(0 < after < before)
        self.assertEqual(self.count(self.url), after)
        rest = run("receive", "--queue-url", self.url, "--timeout", "1")
        self.ended(rest, 0)
        rows += [json.loads(line)["id"] for line in rest.stdout.splitlines()]
        self.assertEqual(sorted(map(int, rows)), list(range(3000)))

    def test_a_second_signal_ends_it_at_once_and_its_messages_stay(self):
        before = self.count(self.url)
        process = self.start()
        # The writer is blocked by now, in its first message.
        os.read(process.stdout.fileno(), 1)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(60), (-signal.SIGTERM, -signal.SIGINT))
        self.assertEqual(self.count(self.url), before)

    def test_a_signal_ends_it_at_once_while_it_waits_for_messages(self):
        for number in SIGNALS:
            with self.subTest(number):
                asked = threading.Event()

                def answer(request):
                    asked.set()
                    done.wait(60)
                    return 200, JSON, b"{}"

                done = threading.Event()
                with Server(answer) as server:
                    process = self.start(url=f"{server.url}/0/q")
                    self.assertTrue(asked.wait(60))
                    process.send_signal(number)
                    self.assertEqual(process.wait(60), 128 + number)
                    done.set()

    def test_verify_returns_the_messages_to_the_queue(self):
        before = self.count(self.url)
        # The command waits for more messages, as the manifest is missing.
        sqs = client("sqs")
        for message in taken(self.url):
            receipt = {"QueueUrl": self.url, "ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageAttributes"]["sluice.content"]["StringValue"] == "manifest":
                sqs.delete_message(**receipt)
            else:
                sqs.change_message_visibility(**receipt, VisibilityTimeout=0)
        asked, done = threading.Event(), threading.Event()

        def answer(request):
            # A request that finds no visible message comes after the last one was received.
            if request.headers["x-amz-target"] != "AmazonSQS.ReceiveMessage" or self.count(self.url, hidden=False) > 0:
                return forwarded(request)
            asked.set()
            done.wait(60)
            return 200, JSON, b"{}"

        with Server(answer) as server:
            process = subprocess.Popen([SLUICE, "verify", "--queue-url", self.url, "--timeout", "600"], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=server.url))
            self.addCleanup(process.stdout.close)
            self.addCleanup(process.stderr.close)
            self.addCleanup(process.kill)
            self.assertTrue(asked.wait(60))
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(60), 128 + signal.SIGINT)
            done.set()
        self.assertEqual(self.count(self.url, hidden=False), before - 1)
