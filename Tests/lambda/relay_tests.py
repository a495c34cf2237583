"""Cooperating invocations: leases, checkpoints, continuations; when they are killed, and when services fail."""
import os
import random
import sys

from relay import Chaos, Relay
from rounds import KILLS
from servers import RuntimeAPI
from support import Function, s3_event

SEGMENT = 1 << 24


def rows(count, width, noise=None):
    """Returns CSV that compresses well, or with noise less so."""
    return b"id,text\n" + b"".join(
        b"%d,%s%s\n" % (n, noise.randbytes(30).hex().encode() if noise else b"", b"x" * (width + n % 7)) for n in range(count))


def same(found, expected):
    """Whether all messages have arrived, any number of times, each time with the same body."""
    return {name: set(bodies) for name, bodies in found.items()} == {name: set(bodies) for name, bodies in expected.items()}


class CooperatingFunction(Function):
    def setUp(self):
        super().setUp()
        self.aws.close()
        self.aws = Relay()

    def start(self, **environment):
        super().start(**{"SLUICE_WORK_BUCKET": "work", **environment})

    def expected(self, key, **environment):
        """Returns what a function without notes sends."""
        other = Relay()
        self.addCleanup(other.close)
        other.objects["inbox", key] = self.aws.objects["inbox", key]
        own, self.aws = self.aws, other
        self.start(SLUICE_WORK_BUCKET=None, **environment)
        kind, result, _ = self.runtime.invoke(s3_event(key))
        self.assertEqual((kind, result["objects"][0]["outcome"]), ("response", "converted"))
        self.process.kill()
        self.process.wait()
        self.aws = own
        return other.by_id()

    def outcome(self, kind, result):
        self.assertEqual(kind, "response", result)
        return result["objects"][0]["outcome"]


class Continuations(CooperatingFunction):
    def test_when_time_is_short_the_next_invocation_continues(self):
        self.aws.objects["inbox", "a.csv"] = rows(60_000, 1500)
        self.assertEqual(len(self.aws.objects["inbox", "a.csv"]) // SEGMENT, 5)
        expected = self.expected("a.csv", SLUICE_ZSTD="1")
        self.aws.slow = 0.2
        self.start(SLUICE_ZSTD="1")
        event, outcomes, budget, number = s3_event("a.csv"), [], 0.5, 1
        while not outcomes or outcomes[-1] == "handedOn":
            # The function stops when the next segment might not be done in time, with a margin of 2 s. How long a segment
            # takes depends on the machine, so the time grows until it suffices for one segment; it then does not suffice
            # for all six.
            before = len(self.aws.by_id())
            kind, result, _ = self.runtime.invoke(event, seconds=2 + budget, number=number)
            if len(self.aws.by_id()) == before:
                budget *= 1.5
            if kind == "error":
                # Lambda retries it as the same invocation.
                self.assertEqual(result["errorType"], "Sluice.Deadline")
                continue
            number += 1
            outcomes.append(self.outcome(kind, result))
            event = self.aws.events[-1] if self.aws.events else None
        self.assertIn("handedOn", outcomes)
        self.assertEqual(outcomes[-1], "converted")
        self.assertEqual(self.aws.by_id(), expected)

    def test_an_event_that_is_delivered_again_late_changes_nothing(self):
        self.aws.objects["inbox", "a.csv"] = rows(1000, 10)
        self.start()
        self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"))[:2]), "converted")
        found = self.aws.by_id()
        self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"))[:2]), "skipped")
        self.assertEqual(self.aws.by_id(), found)

    def test_a_second_upload_under_the_same_key_during_conversion_is_converted_too(self):
        self.aws.objects["inbox", "a.csv"] = rows(60_000, 1000)
        self.aws.gate.close()
        self.start()
        self.runtime.submit(s3_event("a.csv"))
        self.aws.gate.until_a_request_waits()
        self.aws.objects["inbox", "a.csv"] = rows(10, 10)
        self.aws.gate.open()
        kind, error, _ = self.runtime.results.get(timeout=60)
        # The function does not mix the two uploads. The retry, and the second upload's event, find the newer one.
        self.assertEqual(kind, "error", error)
        self.assertIn("changed", error["errorMessage"])
        self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"))[:2]), "converted")
        last = self.messages()[-1]
        self.assertEqual(last["MessageAttributes"]["sluice.content"]["StringValue"], "manifest")


class Crashes(CooperatingFunction):
    def test_a_version_of_a_key_waits_until_another_is_converted(self):
        old, new = rows(1000, 10), rows(20, 10)
        self.aws.objects["inbox", "a.csv"] = old
        self.start(SLUICE_ORDERED="true")
        # Five requests are about the object and its notes; the next one reads rows.
        self.aws.end_at(6, self.process.kill)
        self.runtime.submit(s3_event("a.csv"), number=1)
        self.process.wait(60)
        self.runtime.close()
        self.runtime = RuntimeAPI()
        self.addCleanup(self.runtime.close)
        self.start(SLUICE_ORDERED="true")
        self.aws.objects["inbox", "a.csv"] = new
        kind, error, _ = self.runtime.invoke(s3_event("a.csv"), number=2)
        self.assertEqual((kind, error["errorType"]), ("error", "Sluice.Taken"), error)
        for version, number in (old, 1), (new, 2):
            self.aws.objects["inbox", "a.csv"] = version
            self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"), number=number)[:2]), "converted")
        self.assertEqual(self.contents(self.messages()), ["json", "manifest"] * 2)

    def test_everything_is_delivered_after_a_kill_at_any_moment_and_a_retry(self):
        self.aws.objects["inbox", "a.csv"] = rows(50_000, 900, random.Random(0))
        self.assertGreater(len(self.aws.objects["inbox", "a.csv"]), 2 * SEGMENT)
        expected = self.expected("a.csv", SLUICE_ZSTD="1")
        # As many requests as a run makes that is not killed.
        self.start(SLUICE_ZSTD="1", SLUICE_WORK_PREFIX="first/", SLUICE_QUEUE_URL=f"{self.aws.queue_url}-first")
        self.assertEqual(self.outcome(*self.runtime.invoke(s3_event("a.csv"))[:2]), "converted")
        self.process.kill()
        self.process.wait()
        requests = self.aws.requests
        seed = int(os.environ.get("SLUICE_SEED", "1"))
        chance, again = random.Random(seed), 0
        for run in range(KILLS):
            # Requests that a process sent before it was killed may be processed late.
            url = f"{self.aws.queue_url}-{run}"
            settings = {"SLUICE_ZSTD": "1", "SLUICE_WORK_PREFIX": f"{run}/", "SLUICE_QUEUE_URL": url}
            self.start(**settings)
            self.aws.end_at(chance.randint(1, requests), self.process.kill)
            self.runtime.submit(s3_event("a.csv"), number=run)
            self.process.wait(60)
            # Requests of the dead process to the runtime API may still be answered, so the next process uses another one.
            self.runtime.close()
            self.runtime = RuntimeAPI()
            self.addCleanup(self.runtime.close)
            self.start(**settings)
            outcome = self.outcome(*self.runtime.invoke(s3_event("a.csv"), number=run)[:2])
            self.assertIn(outcome, ["converted", "skipped"], f"run {run} of seed {seed}")
            self.process.kill()
            self.process.wait()
            found = self.aws.by_id(url)
            self.assertTrue(same(found, expected), f"run {run} of seed {seed}")
            twice = sum(len(bodies) - 1 for bodies in found.values())
            self.assertLessEqual(twice, self.most_in_a_segment(url), f"run {run} of seed {seed}")
            again += twice
        print(f"{KILLS} runs killed: {again} messages of {KILLS * len(expected)} were sent twice", file=sys.stderr)

    def most_in_a_segment(self, url):
        """Returns the number of messages in the largest segment. The last message, which is sent alone, is also one."""
        counts = {}
        for message in self.messages(url):
            segment = message["MessageAttributes"]["sluice.index"]["StringValue"].split("/")[0]
            counts.setdefault(segment, set()).add(message["MessageAttributes"]["sluice.id"]["StringValue"])
        return max(map(len, counts.values()))


class UnreliableServices(CooperatingFunction):
    def test_nothing_is_lost_whatever_breaks_on_the_way(self):
        self.aws.objects["inbox", "a.csv"] = rows(4000, 200)
        expected = self.expected("a.csv", SLUICE_MAX_BYTES="4096")
        for seed in range(20):
            with self.subTest(seed=seed):
                for place in [place for place in self.aws.objects if place[0] == "work"]:
                    del self.aws.objects[place]
                self.aws.queues.clear()
                self.aws.requests = 0
                self.aws.chaos = Chaos(seed, 0.15)
                self.start(SLUICE_MAX_BYTES="4096")
                for _ in range(20):
                    self.runtime.submit(s3_event("a.csv"), number=seed)
                    kind, result, _ = self.runtime.results.get(timeout=60)
                    if kind == "response":
                        break
                self.aws.chaos = None
                self.assertIn(self.outcome(kind, result), ["converted", "skipped"])
                self.process.kill()
                self.process.wait()
                found = self.aws.by_id()
                self.assertTrue(same(found, expected))
                self.assertLess(self.aws.requests, 20 * len(expected))

    def test_a_service_that_never_recovers_fails_the_invocation(self):
        self.aws.objects["inbox", "a.csv"] = rows(10, 10)
        self.aws.chaos = Chaos(0, 1)
        self.aws.chaos.draw = lambda request: "slow_down"
        self.start()
        kind, error, _ = self.runtime.invoke(s3_event("a.csv"), seconds=120)
        self.assertEqual((kind, error["errorType"]), ("error", "Sluice.Service"))
        self.assertLess(self.aws.requests, 20)
