"""`sluice send --checkpoint`: after a run is killed at any moment, the next one delivers the rest, with the same ids."""
import collections
import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import threading

from rounds import KILLS
from support import SLUICE, OnAWS, Server, environment, run

SEGMENT = 1 << 24
# The queue of a checkpoint, whichever server stands in for it: it must stay the same.
QUEUE = "http://queues.invalid/0/orders"


def some_segments():
    """Returns data of more than three segments of 16 MiB, most of it blank lines, so that a run is quick."""
    parts = [b"id,text\n"]
    for part in range(55):
        parts.append(b"".join(b'%d,"a, ""b""\n%s"\n' % (part * 2000 + n, b"x" * (n % 90)) for n in range(2000)))
        parts.append(b"\n" * 860_000)
    return b"".join(parts)


class Standin:
    """A fast queue that keeps the id and body digest of each message, and a store with one object."""

    def __init__(self, data=b"", tag='"one"'):
        self.data, self.tag = data, tag
        self.received, self.ranges = [], []
        self.lock, self.requests, self.last_request, self.end = threading.Lock(), 0, None, None

    def end_at(self, request, end):
        """Calls `end` when that request from now on arrives, before it is answered."""
        with self.lock:
            self.last_request, self.end = self.requests + request, end

    def __call__(self, request):
        with self.lock:
            self.requests += 1
            if self.requests == self.last_request:
                self.end()
        # Drops the body. Otherwise the test would keep everything that was sent.
        body, request.body = request.body, None
        if request.command == "POST":
            return self.send(json.loads(body)["Entries"])
        return self.read(request)

    def read(self, request):
        headers = {"etag": self.tag, "content-length": str(len(self.data))}
        if request.command == "HEAD":
            return 200, headers, b""
        first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
        self.ranges.append((first, last + 1))
        return 206, {"etag": self.tag}, self.data[first:last + 1]

    def send(self, entries):
        answers = []
        for entry in entries:
            attributes = {name: value["StringValue"] for name, value in entry["MessageAttributes"].items()}
            md5 = hashlib.md5(entry["MessageBody"].encode()).hexdigest()
            self.received.append((attributes["sluice.id"], attributes["sluice.index"], md5))
            answers.append({"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": md5})
        return 200, {"content-type": "application/x-amz-json-1.0"}, json.dumps({"Successful": answers}).encode()


def messages_of(done):
    found = []
    for line in done.stdout.splitlines():
        message = json.loads(line)
        md5 = hashlib.md5(message["body"].encode()).hexdigest()
        found.append((message["attributes"]["sluice.id"], message["attributes"]["sluice.index"], md5))
    return found


class Checkpoints(OnAWS):
    @classmethod
    def setUpClass(cls):
        cls.data = some_segments()

    def setUp(self):
        super().setUp()
        self.checkpoint = os.path.join(self.directory, "orders.checkpoint")
        self.renew()

    def renew(self):
        """Replaces the queue and the store. The old ones may still process requests of a killed process."""
        self.standin = Standin(self.data)
        server = Server(self.standin)
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.url = server.url
        self.arguments = ["--queue-url", QUEUE, "--checkpoint", self.checkpoint]

    def start(self, *arguments):
        return subprocess.Popen([SLUICE, "send", *arguments, *self.arguments], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=self.url))

    def send(self, *arguments, status=0, data=None):
        done = run("send", *arguments, *self.arguments, url=self.url, data=data)
        self.ended(done, status)
        return done

    def kill_when_reached(self, count, *arguments, number=signal.SIGKILL):
        """Kills a run once it has written a checkpoint after that many segments, and returns the position it reached."""
        with self.start(*arguments) as process:
            while process.poll() is None:
                if os.path.exists(self.checkpoint) and self.reached() >= count * SEGMENT:
                    process.send_signal(number)
                    break
            ended = -9 if number == signal.SIGKILL else 128 + number
            self.assertEqual(process.wait(), ended, process.stderr.read())
        return self.reached()

    def reached(self):
        with open(self.checkpoint) as file:
            return json.load(file)["offset"]

    def test_the_next_run_completes_a_killed_one_and_repeats_at_most_one_segment(self):
        self.assertGreater(len(self.data), 3 * SEGMENT)
        plain = self.write("orders.csv", self.data)
        kinds = [[plain, "-j", "1"], [plain, "-j", "2"], [plain, "--zstd=1"], ["s3://bucket/orders.csv"],
                 [self.write("orders.csv.gz", gzip.compress(self.data, 1))]]
        expected, requests = [], []
        for kind in kinds:
            expected.append(messages_of(run("messages", *kind, url=self.url)))
            before = self.standin.requests
            self.send(*kind)
            requests.append(self.standin.requests - before)
            self.assertEqual(sorted(self.standin.received), sorted(expected[-1]))
            self.assertFalse(os.path.exists(self.checkpoint))
            self.standin.received.clear()
        killed, resumed = 0, 0
        for seed in range(KILLS):
            chance = random.Random(seed)
            kind = seed % len(kinds)
            # Set when the process exists: only then can it be killed.
            ready = threading.Event()
            self.standin.end_at(chance.randint(1, requests[kind]), lambda: ready.wait(60) and process.kill())
            with self.start(*kinds[kind]) as process:
                ready.set()
                status = process.wait()
                self.assertIn(status, (0, -9), process.stderr.read())
            received = self.standin.received
            self.renew()
            self.standin.received += received
            has_checkpoint = os.path.exists(self.checkpoint)
            killed += status != 0
            resumed += has_checkpoint
            last = expected[kind][-1]
            if has_checkpoint or last not in self.standin.received:
                self.send(*kinds[kind])
            self.assertEqual(sorted(set(self.standin.received)), sorted(expected[kind]), seed)
            counts = collections.Counter(self.standin.received)
            twice = {message[1].split("/")[0] for message, count in counts.items() if count > 1}
            self.assertLessEqual(len(twice), 1, (seed, twice))
            self.assertLessEqual(max(counts.values()), 2)
            self.assertEqual([name for name in os.listdir(self.directory) if "checkpoint" in name], [], seed)
            self.standin.received.clear()
        self.assertGreater(killed, KILLS // 2)
        self.assertGreater(resumed, KILLS // 5)

    def test_a_resumed_run_reads_only_the_header_and_the_rest_of_an_object(self):
        offset = self.kill_when_reached(2, "s3://bucket/orders.csv")
        self.renew()
        self.send("s3://bucket/orders.csv")
        before = [(first, end) for first, end in self.standin.ranges if first < offset]
        self.assertEqual(before, [(0, 1 << 16)])

    def test_a_changed_object_is_refused_and_nothing_is_sent(self):
        self.kill_when_reached(1, "s3://bucket/orders.csv")
        self.renew()
        self.standin.tag = '"two"'
        done = self.send("s3://bucket/orders.csv", status=65)
        self.assertIn(b"the checkpoint is for s3://bucket/orders.csv?etag=one, not for s3://bucket/orders.csv?etag=two",
                      done.stderr)
        self.assertEqual(self.standin.received, [])
        self.assertTrue(os.path.exists(self.checkpoint))

    def test_other_options_another_input_and_invalid_checkpoints_are_refused_and_nothing_is_sent(self):
        path = self.write("orders.csv", self.data)
        self.kill_when_reached(1, path)
        self.renew()
        for arguments, reason in (([path, "--max-bytes", "5000"], b"was made with limit=262144, not with limit=5000"),
                                  ([path, "--event", '{"sequencer":"01"}'], b"the checkpoint was made with another --event"),
                                  ([self.write("other.csv", b"a\n1\n")], b"the checkpoint is for orders.csv?size=")):
            self.assertIn(reason, self.send(*arguments, status=65).stderr)
        for text in b"", b"{}", b"\xff":
            self.write("orders.checkpoint", text)
            self.assertIn(b"it is not a valid checkpoint; to start over, remove it", self.send(path, status=65).stderr)
        self.arguments[-1] = os.path.join(self.directory, "missing", "file")
        self.assertIn(b"create: No such file", self.send(path, status=73).stderr)
        self.assertEqual(self.standin.received, [])

    def test_another_queue_and_another_place_for_large_rows_are_refused_and_nothing_is_sent(self):
        path = self.write("orders.csv", self.data)
        place = ["--oversize", "offload", "--offload-bucket", "rows", "--offload-prefix", "a/"]
        self.kill_when_reached(1, path, *place)
        self.renew()
        other = QUEUE.replace("orders", "others")
        for number, value, reason in ((1, other, f"is for the queue {QUEUE}, not for the queue {other}; to start over, remove it"),
                                      (6, "b/", "is for messages with large rows in s3://rows/a/, not in s3://rows/b/"),
                                      (4, "tables", "with large rows in s3://rows/a/, not in s3://tables/a/")):
            arguments = self.arguments[:2] + place + self.arguments[2:]
            arguments[arguments.index(QUEUE) if number == 1 else number + 1] = value
            done = run("send", path, *arguments, url=self.url)
            self.ended(done, 64)
            self.assertIn(f"{self.checkpoint}: error: the checkpoint {reason}" if number == 1 else reason,
                          done.stderr.decode())
        self.assertEqual(self.standin.received, [])
        self.send(path, *place)

    def test_a_checkpoint_without_a_queue_is_refused_and_nothing_is_sent(self):
        path = self.write("orders.csv", self.data)
        self.kill_when_reached(1, path)
        self.renew()
        with open(self.checkpoint) as file:
            checkpoint = json.load(file)
        del checkpoint["destination"]
        self.write("orders.checkpoint", json.dumps(checkpoint).encode())
        self.assertIn(b"the checkpoint does not state which queue its messages went to; to start over, remove it",
                      self.send(path, status=65).stderr)
        self.assertEqual(self.standin.received, [])

    def test_standard_input_is_continued_too_and_an_aborted_run_leaves_no_checkpoint(self):
        path = self.write("orders.csv", self.data)
        expected = messages_of(run("messages", path, "--source", "orders", url=self.url))
        self.kill_when_reached(2, path, "--source", "orders")
        sent = list(self.standin.received)
        self.send("-", "--source", "orders", data=self.data)
        self.assertEqual(sorted(set(sent + self.standin.received)), sorted(expected))
        self.assertLess(len(self.standin.received), len(expected) + len(sent))
        bad = self.write("bad.csv", self.data + b"1\n")
        self.send(bad, status=65)
        self.assertEqual(sorted(os.listdir(self.directory)), ["bad.csv", "orders.csv"])

    def test_standard_input_that_is_shorter_or_differs_is_refused_and_nothing_is_sent(self):
        path = self.write("orders.csv", self.data)
        offset = self.kill_when_reached(1, path, "--source", "orders")
        self.renew()
        changed = self.data.replace(b"\n7,", b"\n8,", 1)
        for data, reason in ((b"", b"past the input's end"), (self.data[:1 << 20], b"past the input's end"),
                             (changed, b"its bytes up to %d are not those that the checkpoint is for" % offset)):
            done = self.send("-", "--source", "orders", data=data, status=65)
            self.assertIn(reason, done.stderr)
            self.assertEqual((self.standin.received, self.reached()), ([], offset))
        self.send("-", "--source", "orders", data=self.data)

    def test_a_run_ended_by_a_signal_sends_no_manifest_and_the_next_completes_it(self):
        path = self.write("orders.csv", self.data)
        for arguments in [path], ["s3://bucket/orders.csv"], ["-", "--source", "orders"]:
            with self.subTest(arguments):
                whole = [path, "--source", "orders"] if arguments[0] == "-" else arguments
                expected = messages_of(run("messages", *whole, url=self.url))
                self.kill_when_reached(2, *whole, number=signal.SIGTERM)
                self.assertNotIn(expected[-1], self.standin.received)
                sent = list(self.standin.received)
                self.assertEqual(len(set(sent)), len(sent))
                self.renew()
                self.send(*arguments, data=self.data if arguments[0] == "-" else None)
                self.assertEqual(sorted(set(sent + self.standin.received)), sorted(expected))
                self.assertLess(len(self.standin.received), len(expected))
                self.assertFalse(os.path.exists(self.checkpoint))
                self.renew()

    def test_a_checkpoint_requires_one_input_and_all_its_messages(self):
        path = self.write("one.csv", b"a\n1\n")
        for arguments in [path, path], [path, "--only", "manifest"], [path, "--records", "1-"]:
            self.send(*arguments, status=64)

    def test_selected_messages_are_sent_unchanged(self):
        path = self.write("orders.csv", self.data)
        expected = messages_of(run("messages", path, url=self.url))
        self.arguments = self.arguments[:2]
        self.send(path, "--only", "1/0,manifest")
        self.assertEqual(self.standin.received, [message for message in expected if message[1] == "1/0"] + expected[-1:])
