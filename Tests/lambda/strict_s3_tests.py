"""The function with an S3 that refuses what S3 refuses and emulators accept."""
import json

from servers import Server
from strict_s3 import Bucket, Repeated, StrictS3
from support import Function, s3_event


class S3Server(Server):
    """Serves a StrictS3."""

    def __init__(self, s3):
        self.s3 = s3
        super().__init__()

    def answer(self, request, body):
        request.body = body
        status, headers, body = self.s3(request)
        request.reply(status, body, [item for item in headers.items() if item[0] != "content-length"],
                      length=headers["content-length"])


class Strict(Function):
    def setUp(self):
        super().setUp()
        self.s3 = StrictS3()
        self.s3.buckets = {name: Bucket("us-east-1") for name in ("inbox", "work", "large")}
        self.server = S3Server(self.s3)
        self.addCleanup(self.server.close)

    def start(self, **environment):
        super().start(AWS_ENDPOINT_URL_S3=f"http://{self.server.address}", SLUICE_WORK_BUCKET="work", **environment)

    def invoke(self, event):
        kind, result, _ = self.runtime.invoke(event)
        self.assertEqual(kind, "response", result)
        return result

    def metrics(self):
        return self.lines(self.output)[-1]

    def versioned(self, key, version):
        event = s3_event(key)
        event["Records"][0]["s3"]["object"]["versionId"] = version
        return event

    def test_an_object_that_was_deleted_is_logged_and_nothing_else(self):
        self.s3.put("inbox", "a.csv", b"a\n1\n")
        self.s3.delete("inbox", "a.csv")
        self.start()
        # The newest version is a delete marker; the version that the event names is gone for good.
        for event, source in ((s3_event("a.csv"), "s3://inbox/a.csv"),
                              (self.versioned("a.csv", "v99"), "s3://inbox/a.csv?versionId=v99")):
            result = self.invoke(event)
            self.assertEqual([(item["source"], item["outcome"]) for item in result["objects"]], [(source, "deleted")])
            self.assertEqual((self.metrics()["outcome"], self.metrics()["error"]), ("deleted", 0))
            self.assertEqual(self.lines(self.errors)[-1]["message"], "deleted")
            self.assertEqual(self.lines(self.errors)[-1]["source"], source)
        self.assertEqual((self.aws.queues, dict(self.s3.buckets["work"].keys)), ({}, {}))
        # The same in an execution of the state machine, which then ends.
        planned = self.invoke({"sluice": "plan", "object": {"bucket": "inbox", "key": "a.csv"}})
        self.assertEqual(planned, {"route": "deleted", "object": {"bucket": "inbox", "key": "a.csv"}})
        self.assertEqual(self.invoke({"sluice": "inOrder", "object": planned["object"]}), {"outcome": "deleted"})

    def test_a_version_is_converted_although_the_object_was_deleted(self):
        version = self.s3.put("inbox", "a.csv", b"a\n1\n")
        self.s3.delete("inbox", "a.csv")
        self.start()
        self.assertEqual(self.invoke(self.versioned("a.csv", version))["objects"][0]["outcome"], "converted")

    def test_a_missing_object_or_bucket_that_may_not_be_told_fails_the_invocation_with_advice(self):
        self.s3.buckets["inbox"].may_be_listed = False
        self.start()
        for bucket, reason in ("inbox", "s3:ListBucket"), ("nowhere", "[NoSuchBucket, status 404"):
            kind, error, _ = self.runtime.invoke(s3_event("a.csv", bucket=bucket))
            self.assertEqual((kind, error["errorType"]), ("error", "Sluice.Service"))
            self.assertIn(reason, error["errorMessage"])

    def test_other_regions_and_times_and_locked_buckets_and_throttling_take_a_few_more_requests(self):
        for status in 301, 400:
            self.s3.buckets = {"inbox": Bucket("eu-west-1"), "work": Bucket("eu-west-2", has_lock=True),
                               "large": Bucket("eu-west-3", has_lock=True)}
            self.s3.put("inbox", "a.csv", b"a\n1\n" + b"x" * 5000 + b"\n")
            self.s3.wrong_region, self.s3.ahead = status, 7200
            self.s3.requests.clear()
            self.aws.queues.clear()
            self.start(SLUICE_MAX_BYTES="4096", SLUICE_OVERSIZE="offload", SLUICE_OFFLOAD_BUCKET="large")
            self.s3.busy = 2
            result = self.invoke(s3_event("a.csv"))
            self.assertEqual((result["objects"][0]["outcome"], result["objects"][0]["rows"]), ("converted", 2))
            self.assertEqual(sorted(self.contents(self.messages())), ["json", "json", "manifest"])
            self.assertEqual(len(self.s3.buckets["large"].keys), 1)
            self.assertTrue(any(key.endswith("progress.json") for key in self.s3.buckets["work"].keys))
            # Each bucket refuses once because of its region. The time is refused twice: HEAD states no reason, and the GET after it does.
            refusals = self.s3.refusals()
            self.assertEqual(refusals[:4], ["RequestTimeTooSkewed"] * 2 + ["SlowDown"] * 2)
            self.assertEqual([code for code in refusals[4:] if code != "NoSuchKey"],
                             ["PermanentRedirect" if status == 301 else "AuthorizationHeaderMalformed"] * 3)
            self.assertGreaterEqual(self.metrics()["retries"], 2)
            # Nothing of it is asked for again.
            self.s3.requests.clear()
            self.s3.put("inbox", "b.csv", b"a\n1\n")
            self.invoke(s3_event("b.csv"))
            self.assertEqual([code for code in self.s3.refusals() if code != "NoSuchKey"], [])
            self.process.kill()
            self.process.wait()

    def test_events_of_an_unknown_shape_are_counted(self):
        self.start(SLUICE_METRICS_LEVEL="alarms")
        self.invoke({"Records": [{"kafka": 1}, {"s3": {}}]})
        self.assertEqual(self.metrics()["unknownEvents"], 2)
        self.invoke({"Event": "s3:TestEvent"})
        self.assertNotIn("unknownEvents", self.metrics())

    def test_an_object_of_50_terabytes_is_cut_into_portions_that_one_invocation_converts(self):
        size = 50_000_000_000_000
        self.s3.put("inbox", "a.csv", Repeated(b"a\n", b"1\n", size))
        self.start()
        plan = self.invoke({"sluice": "plan", "object": {"bucket": "inbox", "key": "a.csv"}})
        self.assertEqual((plan["route"], plan["plan"]["portions"], plan["plan"]["portionSize"]),
                         ("distributed", 46_567, 64 * 16 << 20))
        items = json.loads(self.s3.buckets["work"].keys[plan["items"]["key"]][-1][1].data)
        self.assertEqual(len(items), 46_567)
        # The last portion is read at the end of the object.
        self.invoke({"sluice": "summarise", **items[-1]})
        note, = (versions[-1][1].data for key, versions in self.s3.buckets["work"].keys.items() if "summaries" in key)
        self.assertEqual(json.loads(note)["length"], size - 46_566 * (64 * 16 << 20))
