"""`--recursive`: all objects below a prefix, with and without a checkpoint."""
import collections
import fcntl
import json
import os
import pty
import random
import struct
import subprocess
import termios
import threading
import uuid

from checkpoint_tests import QUEUE, messages_of, some_segments
from rounds import KILLS
from store import Object, Store
from support import BOUND, SLUICE, OnAWS, Server, client, environment, run, taken

AWKWARD = ["a b.csv", "a+b=c&(d).csv", "%41.csv", "é/日本.csv", "Z.CSV", "<&>\"'.csv", "z.csv"]


def rows(seed):
    return b"id,text\n" + b"".join(b"%d,row of %d\n" % (n, seed) for n in range(20))


class Recursive(OnAWS):
    def setUp(self):
        super().setUp()
        self.checkpoint = os.path.join(self.directory, "inbox.checkpoint")
        self.renew(Store({}))

    def renew(self, store):
        """Replaces the store and the queue. The old ones may still process requests of a killed process."""
        self.store = store
        server = Server(store)
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.url = server.url

    def sluice(self, *arguments, status=0):
        done = run(*arguments, url=self.url)
        self.ended(done, status)
        return done

    def send(self, *options, status=0, below="s3://inbox/"):
        return self.sluice("send", below, "--recursive", "--queue-url", QUEUE, *options, status=status)

    def expected(self, *keys):
        return [message for key in keys for message in messages_of(self.sluice("messages", f"s3://inbox/{key}"))]

    def test_objects_of_all_pages_are_sent_in_the_order_of_their_keys(self):
        keys = [f"in/{key}" for key in AWKWARD]
        self.store.objects = {key: Object(rows(n)) for n, key in enumerate(keys)}
        self.store.objects |= {key: Object(b"a\n1\n") for key in ("in", "in/notes.txt", "in/x.csv.bak", "int.csv", "other.csv")}
        expected = self.expected(*keys)
        self.store.opened.clear()
        done = self.send("--summary", "json", below="s3://inbox/in/")
        self.assertEqual(sorted(self.store.received), sorted(expected))
        self.assertEqual(self.store.opened, sorted(keys, key=str.encode))
        self.assertEqual(len(self.store.listings), 3)
        summary = json.loads(done.stderr)
        self.assertEqual((summary["objects"], summary["failedObjects"], summary["rows"]), (7, 0, 140))

    def test_a_key_that_ends_like_a_version_is_not_taken_for_one(self):
        self.store.objects = {"a.csv": Object(rows(1), versions=("1.csv", "0")),
                              "a.csv?versionId=1.csv": Object(rows(2), versions=("V",))}
        done = self.send("--summary", "json")
        self.assertEqual(json.loads(done.stderr)["rows"], 40)
        self.assertEqual(self.store.opened, sorted(self.store.objects))
        self.sluice("check", "s3://inbox/", "--recursive")
        self.assertEqual(self.store.opened, 2 * sorted(self.store.objects))

    def test_keys_of_another_service_are_read_too(self):
        bucket = f"bucket-{uuid.uuid4().hex}"
        s3 = client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        for n, key in enumerate(AWKWARD):
            s3.put_object(Bucket=bucket, Key=key, Body=rows(n))
        url = self.queue()
        self.ended(run("send", f"s3://{bucket}", "--recursive", "--queue-url", url), 0)
        manifests = [json.loads(message["Body"]) for message in taken(url)
                     if message["MessageAttributes"]["sluice.content"]["StringValue"] == "manifest"]
        self.assertEqual([manifest["rows"] for manifest in manifests], [20] * len(AWKWARD))

    def test_a_terminal_shows_how_many_objects_were_begun(self):
        self.store.objects = {f"{n}.csv": Object(rows(n)) for n in range(3)}
        shown, read = threading.Event(), self.store.read

        def read_when_shown(request):
            if request.command == "GET" and "/2.csv" in request.path:
                self.assertTrue(shown.wait(BOUND))
            return read(request)

        self.store.read = read_when_shown
        terminal, error = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        with subprocess.Popen([SLUICE, "send", "s3://inbox/", "--recursive", "--queue-url", QUEUE], stderr=error,
                              env=environment(AWS_ENDPOINT_URL=self.url)) as process:
            os.close(error)
            text = b""
            while b"B of 3 inputs, " not in text:
                text += os.read(terminal, 4096)
            shown.set()
            self.assertEqual(process.wait(), 0)
        os.close(terminal)

    def test_suffixes_and_a_time_select_objects(self):
        self.store.objects = {
            "a.csv": Object(rows(1), "2026-01-30T23:59:59.999Z"), "b.csv": Object(rows(2), "2026-01-31T00:00:00.000Z"),
            "c.tsv": Object(rows(3)), "d.Csv": Object(rows(4)), "e": Object(rows(5))}
        for options, keys in ((["--since", "2026-01-31"], "b.csv"), (["--since", "2026-01-31T01:00:00+01:00"], "b.csv"),
                              (["--suffix", ".tsv", "--suffix", ".Csv"], "c.tsv d.Csv"),
                              (["--suffix", ""], "a.csv b.csv c.tsv d.Csv e")):
            with self.subTest(options):
                self.store.opened.clear()
                self.send(*options)
                self.assertEqual(self.store.opened, keys.split())
        done = self.send("--since", "2027-01-01", status=66)
        self.assertIn(b"no object's key starts so and ends with '.csv' or '.CSV' and was written since 2027-01-01T00:00:00Z", done.stderr)

    def test_objects_that_cannot_be_converted_are_reported_and_the_others_are_sent(self):
        self.store.objects = {"a.csv": Object(rows(1)), "bad.csv": Object(b'a,b\n1,2\n3,4"\n'), "c.csv": Object(rows(2)),
                              "gone.csv": Object(b"", status=404), "ice.csv": Object(b"a\n1\n", status=403), "z.csv": Object(rows(3))}
        expected = self.expected("a.csv", "c.csv", "z.csv")
        done = self.send("--summary", "json", "--checkpoint", self.checkpoint, status=69)
        *errors, summary = map(json.loads, done.stderr.splitlines())
        self.assertEqual([line["error"]["code"] for line in errors], ["quoteInPlain", "NoSuchKey", "InvalidObjectState"])
        self.assertEqual((summary["objects"], summary["failedObjects"]), (6, 3))
        self.assertLessEqual(set(expected), set(self.store.received))
        self.assertFalse(os.path.exists(self.checkpoint))

    def test_an_error_that_concerns_all_objects_ends_the_run(self):
        self.store.objects = {f"{n}.csv": Object(rows(n)) for n in range(3)}
        self.store.send = lambda entries: (400, {"content-type": "application/x-amz-json-1.0"},
                                           b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"gone"}')
        done = self.send("--checkpoint", self.checkpoint, status=66)
        self.assertEqual(self.store.opened, ["0.csv"])
        self.assertIn(b"QueueDoesNotExist", done.stderr)

    def test_the_next_run_completes_a_killed_one_and_repeats_messages_of_one_object_only(self):
        objects = {f"{n}.csv": Object(rows(n), versions=(f"V{n}",)) for n in range(8)}
        objects["3.csv"].data = some_segments()
        self.renew(Store(objects))
        expected = {key: self.expected(key) for key in objects}
        key_of = {message: key for key, messages in expected.items() for message in messages}
        before = self.store.requests
        self.send("--checkpoint", self.checkpoint)
        requests = self.store.requests - before
        self.assertEqual(sorted(self.store.received), sorted(key_of))
        killed = 0
        for seed in range(KILLS):
            received = []
            # Set when the process exists: only then can it be killed.
            ready = threading.Event()
            self.renew(Store(objects))
            self.store.end_at(random.Random(seed).randint(1, requests), lambda: ready.wait(60) and process.kill())
            with subprocess.Popen([SLUICE, "send", "s3://inbox/", "--recursive", "--queue-url", QUEUE, "--checkpoint", self.checkpoint],
                                  stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=self.url)) as process:
                ready.set()
                self.assertIn(process.wait(), (0, -9), process.stderr.read())
            killed += process.returncode != 0
            received += self.store.received
            self.renew(Store(objects))
            if process.returncode != 0:
                self.send("--checkpoint", self.checkpoint)
            received += self.store.received
            self.assertEqual(sorted(set(received)), sorted(key_of), seed)
            counts = collections.Counter(received)
            self.assertLessEqual(len({key_of[message] for message, count in counts.items() if count > 1}), 1, seed)
            self.assertLessEqual(max(counts.values()), 2)
            self.assertFalse(os.path.exists(self.checkpoint))
        self.assertGreater(killed, KILLS // 2)

    def kill_within(self, key):
        """Kills a run once it has a checkpoint within an object."""
        with subprocess.Popen([SLUICE, "send", "s3://inbox/", "--recursive", "--queue-url", QUEUE, "--checkpoint", self.checkpoint],
                              stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=self.url)) as process:
            while process.poll() is None and not self.is_within(key):
                pass
            process.kill()
            self.assertEqual(process.wait(), -9, process.stderr.read())

    def is_within(self, key):
        try:
            with open(self.checkpoint, encoding="utf-8") as file:
                return f"/{key}?" in json.load(file).get("source", "")
        except FileNotFoundError:
            return False

    def test_the_rest_of_the_version_that_was_being_sent_is_sent_although_there_is_a_newer_one(self):
        objects = {"0.csv": Object(rows(0), versions=("V0",)), "1.csv": Object(some_segments(), versions=("old",))}
        self.renew(Store(objects))
        expected = self.expected("0.csv", "1.csv")
        self.kill_within("1.csv")
        received = self.store.received
        objects["1.csv"].versions = "new", "old"
        self.renew(Store(objects))
        self.send("--checkpoint", self.checkpoint)
        self.assertEqual(sorted(set(received + self.store.received)), sorted(expected))

    def test_an_object_that_was_replaced_meanwhile_is_sent_from_its_start(self):
        self.renew(Store({"1.csv": Object(some_segments())}))
        self.kill_within("1.csv")
        self.renew(Store({"1.csv": Object(rows(2), tag='"two"')}))
        done = self.send("--checkpoint", self.checkpoint, status=65)
        self.assertIn(b"s3://inbox/1.csv: error: it was overwritten while it was sent; its messages with the source "
                      b"s3://inbox/1.csv?etag=one are incomplete: discard them", done.stderr)
        self.assertEqual(self.store.received, self.expected("1.csv"))

    def test_a_checkpoint_for_other_objects_or_options_is_refused(self):
        self.renew(Store({"1.csv": Object(some_segments())}))
        self.kill_within("1.csv")
        self.store.received.clear()
        for status, options in ((64, ["--suffix", ".csv"]), (64, ["--since", "2026-01-01"]), (65, ["--max-bytes", "5000"])):
            self.assertIn(b"to start over, remove it", self.send("--checkpoint", self.checkpoint, *options, status=status).stderr)
        self.send("--checkpoint", self.checkpoint, below="s3://inbox/1", status=64)
        self.sluice("send", "s3://inbox/1.csv", "--queue-url", QUEUE, "--checkpoint", self.checkpoint, status=64)
        self.assertEqual(self.store.received, [])

    def test_check_and_plan_take_the_objects_too(self):
        self.store.objects = {"a.csv": Object(rows(1)), "bad.csv": Object(b'a,b\n1,2\n3,4"\n'), "c.csv": Object(b'"\n'),
                              "d.txt": Object(b'"')}
        done = self.sluice("check", "s3://inbox/", "--recursive", status=65)
        self.assertEqual([line.split(b":")[1] for line in done.stderr.splitlines()], [b"//inbox/bad.csv", b"//inbox/c.csv"])
        summary = json.loads(self.sluice("check", "s3://inbox/", "--recursive", "--summary=json", status=65).stderr.splitlines()[-1])
        self.assertEqual((summary["objects"], summary["failedObjects"]), (3, 2))
        self.assertIn(b"s3://inbox/a.csv", self.sluice("plan", "s3://inbox/a", "--recursive").stdout)
        done = self.sluice("plan", "s3://inbox/", "--recursive", status=65)
        self.assertTrue(done.stdout.startswith(b"s3://inbox/a.csv: "), done.stdout)
        self.assertEqual(done.stderr.count(b": error: "), 2)
        self.sluice("plan", "s3://inbox/nothing", "--recursive", status=66)

    def test_wrong_arguments_are_refused(self):
        for arguments in (["send", "s3://inbox/a", "s3://inbox/b", "--recursive"], ["send", "s3://", "--recursive"],
                          ["send", "orders.csv", "--recursive"], ["send", "s3://inbox/a", "--recursive", "--since", "yesterday"],
                          ["send", "s3://inbox/a", "--suffix", ".csv"], ["send", "s3://inbox/a", "--recursive", "--source", "x"],
                          ["send", "s3://inbox/a", "--recursive", "--only", "manifest"]):
            with self.subTest(arguments):
                self.sluice(*arguments, "--queue-url", QUEUE, status=64)
        self.ended(run("check", "orders.csv", "--recursive"), 64)
        self.assertEqual(self.store.requests, 0)
