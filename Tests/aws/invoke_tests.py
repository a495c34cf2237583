"""`sluice invoke`: objects that were uploaded before are handed to the function. S3 and Lambda are stand-ins."""
import collections
import json
import os
import random
import subprocess
import threading

from redrive_tests import ACCEPTED, Lambda, failure
from rounds import KILLS
from store import Object, Store
from support import SLUICE, OnAWS, Server, environment, run, taken


def objects(*keys):
    return {key: Object(b"a\n1\n", versions=("new", "old")) for key in keys}


class Invoke(OnAWS):
    def setUp(self):
        super().setUp()
        self.checkpoint = os.path.join(self.directory, "inbox.checkpoint")
        self.store = Store({})
        server = Server(self.store)
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.url = server.url

    def invoke(self, function, *arguments, status=0):
        done = run("invoke", *arguments, "--function", "sluice", url=self.url, AWS_ENDPOINT_URL_LAMBDA=function.url)
        self.ended(done, status)
        return done

    def handed(self, function):
        """Returns the objects that the function was handed, those of each event together."""
        found = []
        for _, kind, events in function.invocations:
            self.assertEqual(kind, "Event")
            for event in events:
                self.assertEqual((event["source"], event["detail-type"]), ("aws.s3", "Object Created"))
                self.assertEqual(event["detail"]["bucket"], {"name": "inbox"})
            found.append([(event["detail"]["object"]["key"], event["detail"]["object"].get("version-id")) for event in events])
        return found

    def test_the_newest_versions_of_all_pages_are_handed_over_in_the_order_of_their_keys(self):
        keys = ["in/a b+c.csv", "in/%41.csv", "in/é&\"<.csv", "in/Z.CSV", "in/many.csv"]
        self.store.objects = objects(*keys, "in/notes.txt", "other.csv")
        self.store.objects["in/many.csv"].versions = tuple(f"V{n}" for n in range(9, 0, -1))
        self.store.objects["in/plain.csv"] = Object(b"a\n1\n")
        with Lambda() as function:
            done = self.invoke(function, "s3://inbox/in/", "--recursive")
        newest = dict.fromkeys(keys, "new") | {"in/many.csv": "V9", "in/plain.csv": None}
        expected = sorted(newest.items(), key=lambda item: item[0].encode())
        self.assertEqual(self.handed(function), [[item] for item in expected])
        self.assertEqual(done.stdout.decode().splitlines(),
                         [f"s3://inbox/{key}" + (f"?versionId={version}" if version else "") for key, version in expected])

    def test_events_have_several_objects_and_fit_a_dead_letter_queue(self):
        self.store.PAGE = 1000
        long = [f"{n:04}" + "\"é" * 300 + ".csv" for n in range(300)]
        self.store.objects = objects(*long)
        with Lambda() as function:
            self.invoke(function, "s3://inbox/", "--recursive", "--batch", "1000")
        batches = self.handed(function)
        self.assertEqual([key for batch in batches for key, _ in batch], long)
        self.assertLess(max(function.sizes), 250_000)
        self.assertGreater(function.sizes[0], 100_000)
        self.store.objects = objects(*(f"{n}.csv" for n in range(7)))
        with Lambda() as function:
            self.invoke(function, "s3://inbox/", "--recursive", "--batch", "3")
        self.assertEqual([len(batch) for batch in self.handed(function)], [3, 3, 1])

    def test_named_objects_are_handed_over_in_the_version_named_or_the_newest(self):
        self.store.objects = objects("a.csv", "b.csv")
        with Lambda() as function:
            self.invoke(function, "s3://inbox/b.csv?versionId=old", "s3://inbox/a.csv")
            self.assertEqual(self.handed(function), [[("b.csv", "old")], [("a.csv", "new")]])
            self.invoke(function, "s3://inbox/missing.csv", status=66)

    def test_a_queue_gets_an_event_for_each_object(self):
        self.store.objects = objects("a b.csv", "é.csv", "z.csv")
        queue = self.queue()
        done = run("invoke", "s3://inbox/", "--recursive", "--queue-url", queue, "--checkpoint", self.checkpoint,
                   AWS_ENDPOINT_URL_S3=self.url)
        self.ended(done, 0)
        found = [json.loads(message["Body"])["detail"]["object"] for message in taken(queue)]
        self.assertEqual(sorted(found, key=lambda one: one["key"]),
                         [{"key": key, "version-id": "new"} for key in ("a b.csv", "z.csv", "é.csv")])

    def test_a_dry_run_hands_over_nothing(self):
        self.store.objects = objects("a.csv", "b.csv")
        with Lambda() as function:
            done = self.invoke(function, "s3://inbox", "--recursive", "--dry-run")
            self.assertEqual(done.stdout, b"s3://inbox/a.csv?versionId=new\ns3://inbox/b.csv?versionId=new\n")
            self.invoke(function, "s3://inbox/c", "--recursive", "--dry-run", status=66)
        self.assertEqual(function.invocations, [])

    def test_throttling_is_obeyed(self):
        self.store.objects = objects("a.csv", "b.csv")
        answers = [failure(429, "TooManyRequestsException")] * 3 + [ACCEPTED] * 2
        with Lambda(lambda _: answers.pop(0)) as function:
            self.invoke(function, "s3://inbox/", "--recursive")
        self.assertEqual([batch[0][0] for batch in self.handed(function)], ["a.csv"] * 4 + ["b.csv"])

    def test_after_an_error_the_same_command_goes_on_after_what_lambda_has_accepted(self):
        self.store.objects = objects(*(f"{n}.csv" for n in range(5)))
        arguments = ["s3://inbox/", "--recursive", "--checkpoint", self.checkpoint]
        answers = [ACCEPTED, ACCEPTED, failure(403, "AccessDeniedException")]
        with Lambda(lambda _: answers.pop(0)) as function:
            done = self.invoke(function, *arguments, status=69)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        # Objects that were uploaded meanwhile are taken, unless their keys come before the last one.
        self.store.objects |= objects("0a.csv", "1a.csv")
        with Lambda() as function:
            self.assertIn(b"to start over, remove it", self.invoke(function, *arguments, "--suffix", ".csv", status=64).stderr)
            other = run("invoke", *arguments, "--function", "other", url=self.url, AWS_ENDPOINT_URL_LAMBDA=function.url)
            self.ended(other, 64)
            self.assertIn(b"the checkpoint is for the function sluice, not for the function other", other.stderr)
            self.invoke(function, *arguments)
        self.assertEqual([batch[0][0] for batch in self.handed(function)], ["1a.csv", "2.csv", "3.csv", "4.csv"])
        self.assertFalse(os.path.exists(self.checkpoint))

    def test_the_next_run_completes_a_killed_one_and_repeats_at_most_one_event(self):
        self.store.objects = objects(*(f"{n:02}.csv" for n in range(20)))
        for seed in range(KILLS):
            # Set when the process exists: only then can it be killed.
            ready, last = threading.Event(), random.Random(seed).randint(1, 9)

            def answer(_, ready=ready, last=last):
                if len(function.invocations) == last and ready.wait(60):
                    process.kill()
                return ACCEPTED

            with Lambda(answer) as function:
                process = subprocess.Popen(
                    [SLUICE, "invoke", "s3://inbox/", "--recursive", "--batch", "2", "--function", "sluice", "--checkpoint",
                     self.checkpoint], stdout=subprocess.DEVNULL,
                    env=environment(AWS_ENDPOINT_URL=self.url, AWS_ENDPOINT_URL_LAMBDA=function.url))
                ready.set()
                self.assertEqual(process.wait(), -9)
                ready.clear()
            handed = self.handed(function)
            with Lambda() as function:
                self.invoke(function, "s3://inbox/", "--recursive", "--batch", "2", "--checkpoint", self.checkpoint)
            counts = collections.Counter(key for batch in handed + self.handed(function) for key, _ in batch)
            self.assertEqual(sorted(counts), sorted(self.store.objects))
            self.assertLessEqual(sum(count - 1 for count in counts.values()), 2, seed)

    def test_wrong_arguments_are_refused(self):
        with Lambda() as function:
            for arguments in (["s3://inbox/", "--batch", "0"], ["s3://inbox/a", "--checkpoint", "x"], ["a.csv"], ["s3://inbox"],
                              ["s3://inbox/", "s3://outbox/", "--recursive"], ["s3://inbox/a", "--suffix", ".csv"],
                              ["s3://inbox/", "--recursive", "--dry-run", "--checkpoint", "x"]):
                with self.subTest(arguments):
                    self.invoke(function, *arguments, status=64)
            self.invoke(function, "s3://inbox/a", "--queue-url", "http://127.0.0.1/1/q", status=64)
            self.ended(run("invoke", "s3://inbox/a", url=self.url), 64)
            self.ended(run("invoke", "s3://inbox/a", "--queue-url", "http://127.0.0.1/1/q", "--batch", "2", url=self.url), 64)
        self.assertEqual((function.invocations, self.store.requests), ([], 0))
