"""Records that break a rule, which the function puts aside."""
import json
import random

from relay_tests import SEGMENT, CooperatingFunction, same
from servers import RuntimeAPI
from support import Function, s3_event


class Rejects(Function):
    def test_bad_records_go_to_the_error_queue_and_the_others_to_the_queue(self):
        self.aws.objects["inbox", "a.csv"] = b'a,b\n1,2\n3,x"y\n4\n5,6\n'
        self.start(SLUICE_REJECTS="report", SLUICE_MAX_REJECTS="50%")
        kind, result, _ = self.runtime.invoke(s3_event("a.csv"))
        self.assertEqual(kind, "response")
        done, = result["objects"]
        self.assertEqual((done["outcome"], done["rows"], done["rejectedRows"]), ("converted", 2, 2))
        first = [{"code": "quoteInPlain", "line": 3, "column": "b"}, {"code": "raggedRecord", "line": 4, "column": "b"}]
        self.assertEqual(done["firstRejects"], first)
        self.assertEqual(self.contents(self.messages()), ["json", "manifest"])
        manifest = json.loads(self.messages()[-1]["MessageBody"])
        self.assertEqual(manifest["rejects"], {"lines": 2, "codes": {"quoteInPlain": 1, "raggedRecord": 1}})
        self.assertIn(";rejects=50%", manifest["configuration"])
        rejects = self.messages(self.aws.error_queue_url)
        self.assertEqual(self.contents(rejects), ["rejects"])
        lines = json.loads(rejects[0]["MessageBody"])
        self.assertEqual([(line["code"], line["line"], line["raw"]) for line in lines],
                         [("quoteInPlain", 3, '3,x"y'), ("raggedRecord", 4, "4")])
        metrics = self.lines(self.output)
        self.assertEqual([(line.get("code"), line.get("rejects")) for line in metrics],
                         [(None, None), ("quoteInPlain", 1), ("raggedRecord", 1)])
        self.assertEqual(metrics[0]["rejectedRows"], 2)

    def test_too_many_bad_records_make_a_file_invalid(self):
        self.aws.objects["inbox", "a.csv"] = b"a,b\n1,2\n3\n4\n5,6\n"
        self.start(SLUICE_REJECTS="report", SLUICE_MAX_REJECTS="1")
        _, result, _ = self.runtime.invoke(s3_event("a.csv"))
        self.assertEqual(result["objects"][0]["error"], "tooManyRejects")
        self.assertEqual(self.contents(self.messages()), ["json", "aborted"])
        rejects, report = self.messages(self.aws.error_queue_url)
        self.assertEqual(self.contents([rejects]), ["rejects"])
        self.assertEqual(json.loads(report["MessageBody"])["code"], "tooManyRejects")

    def test_variables_that_do_not_fit_together_are_named_at_the_start(self):
        self.start(SLUICE_REJECTS="report", SLUICE_MAX_REJECTS="many", SLUICE_ERROR_QUEUE_URL=None)
        kind, error, _ = self.runtime.results.get(timeout=60)
        self.assertEqual((kind, error["errorType"]), ("init/error", "Sluice.Configuration"))
        for name in "SLUICE_MAX_REJECTS", "SLUICE_ERROR_QUEUE_URL":
            self.assertIn(name, error["errorMessage"])


class Crashes(CooperatingFunction):
    def convert(self, run):
        """Starts the function with queues and notes of its own, and returns what has arrived after an invocation."""
        self.start(**self.settings(run))
        outcome = self.outcome(*self.runtime.invoke(s3_event("a.csv"), number=run)[:2])
        self.process.kill()
        self.process.wait()
        self.assertIn(outcome, ["converted", "skipped"], f"run {run}")
        return [self.aws.by_id(f"{url}-{run}") for url in (self.aws.queue_url, self.aws.error_queue_url)]

    def settings(self, run):
        return {"SLUICE_REJECTS": "report", "SLUICE_ZSTD": "1", "SLUICE_WORK_PREFIX": f"{run}/",
                "SLUICE_QUEUE_URL": f"{self.aws.queue_url}-{run}",
                "SLUICE_ERROR_QUEUE_URL": f"{self.aws.error_queue_url}-{run}"}

    def test_all_bad_records_are_delivered_after_a_kill_at_any_moment_and_a_retry(self):
        chance = random.Random(0)
        lines = [b"%d,%s\n" % (n, chance.randbytes(400).hex().encode()) if n % 1000 else b'%d,x"y\n' % n
                 for n in range(1, 45_000)]
        self.aws.objects["inbox", "a.csv"] = b"id,text\n" + b"".join(lines)
        self.assertGreater(len(self.aws.objects["inbox", "a.csv"]), 2 * SEGMENT)
        expected = self.convert(0)
        self.assertEqual(len(expected[1]), 3)
        requests = self.aws.requests
        for run in range(1, 6):
            # As in relay_tests: requests of the dead process may be processed late, so each run has its own queues.
            self.start(**self.settings(run))
            self.aws.end_at(chance.randint(1, requests), self.process.kill)
            self.runtime.submit(s3_event("a.csv"), number=run)
            self.process.wait(60)
            self.runtime.close()
            self.runtime = RuntimeAPI()
            self.addCleanup(self.runtime.close)
            for found, whole in zip(self.convert(run), expected):
                self.assertTrue(same(found, whole), f"run {run}")
