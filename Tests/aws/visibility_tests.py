"""Messages stay hidden while a slow reader takes their rows, and none is written twice."""
import json
import os
import subprocess
import threading

import deliveries
from support import SLUICE, OnAWS, Server, environment, run


class Fifo:
    """A FIFO queue. A received message is hidden until the test drops its receipt."""

    def __init__(self, lines):
        self.messages = [json.loads(line) for line in lines]
        self.receipts, self.hidden, self.deleted = {}, set(), set()
        self.extensions, self.changed = [], threading.Condition()
        self.refuses_next_delete = False

    def __call__(self, request):
        operation = request.headers["x-amz-target"].split(".")[1]
        with self.changed:
            answer = getattr(self, operation)(json.loads(request.body))
            self.changed.notify_all()
        return 200, deliveries.JSON, json.dumps(answer).encode()

    def ReceiveMessage(self, body):
        messages = []
        for number, message in enumerate(self.messages):
            if number in self.deleted or number in self.hidden or len(messages) == 10:
                continue
            self.hidden.add(number)
            receipt = f"{number}/{len(self.receipts)}"
            self.receipts[receipt] = number
            messages.append(deliveries.message(f"m{number}", **message, receipt=receipt))
        return {"Messages": messages}

    def ChangeMessageVisibilityBatch(self, body):
        self.extensions.append([(entry["ReceiptHandle"], entry["VisibilityTimeout"]) for entry in body["Entries"]])
        return self.each(body, lambda number: None)

    def DeleteMessageBatch(self, body):
        if self.refuses_next_delete:
            self.refuses_next_delete = False
            # The visibility timeout is over: the receipts are invalid, and the messages are delivered again.
            for entry in body["Entries"]:
                self.hidden.discard(self.receipts.pop(entry["ReceiptHandle"]))
        return self.each(body, self.deleted.add)

    def each(self, body, action):
        done, failed = [], []
        for entry in body["Entries"]:
            number = self.receipts.get(entry["ReceiptHandle"])
            if number is None:
                failed.append({"Id": entry["Id"], "Code": "ReceiptHandleIsInvalid", "SenderFault": True})
            else:
                action(number)
                done.append({"Id": entry["Id"]})
        return {"Successful": done, "Failed": failed}

    def until(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, 60)


class Visibility(OnAWS):
    def setUp(self):
        super().setUp()
        self.path = self.write("orders.csv", b"id,text\n" + b"".join(b"%d,%s\n" % (n, b"x" * 1000) for n in range(500)))
        self.rows = run("convert", self.path, url="").stdout
        self.queue = Fifo(run("messages", self.path, "--max-bytes", "65536", url="").stdout.splitlines())
        server = Server(self.queue)
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.url = f"{server.url}/0/q.fifo"

    def start(self, *arguments):
        process = subprocess.Popen([SLUICE, "receive", "--queue-url", self.url, *arguments], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_visibility_is_extended_for_as_long_as_the_reader_takes(self):
        process = self.start("--until-manifest", "--visibility-timeout", "3")
        output = os.read(process.stdout.fileno(), 1)
        # The writer waits for this reader, which waits for the extensions.
        self.queue.until(lambda: len(self.queue.extensions) >= 3)
        self.assertEqual(self.queue.deleted, set())
        for extension in self.queue.extensions:
            self.assertEqual({timeout for _, timeout in extension}, {3})
            self.assertEqual(len(extension), min(10, len(self.queue.messages)))
        output += process.stdout.read()
        self.assertEqual((process.wait(60), process.stderr.read()), (0, b""))
        self.assertEqual(output == self.rows, True)
        self.assertEqual(len(self.queue.deleted), len(self.queue.messages))

    def test_a_written_message_that_could_not_be_deleted_is_not_written_again(self):
        self.queue.refuses_next_delete = True
        process = self.start("--until-manifest", "--timeout", "30")
        output = process.stdout.read()
        errors = process.stderr.read()
        self.assertEqual(process.wait(60), 0, errors)
        self.assertEqual(output == self.rows, True)
        self.assertIn(b"warning: message m0 is written, but could not be deleted", errors)

    def test_the_visibility_timeout_has_bounds(self):
        for seconds in "2", "43201", "x":
            self.ended(run("receive", "--queue-url", self.url, "--visibility-timeout", seconds, url=""), 64)
