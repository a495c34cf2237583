"""Checks that bucket, topic, function, queues and role are connected. A stand-in plays the function."""
import itertools
import json
import unittest
import urllib.error
import urllib.parse
import urllib.request

import support

AWKWARD = "in/ordres à 100% + a=b&c ß.csv"


class Connected:
    name = None

    @classmethod
    def setUpClass(cls):
        cls.pipeline = support.pipeline(cls.name)
        cls.pipeline.use(support.STAND_IN)

    def setUp(self):
        self.pipeline.drain()

    def reports(self, count=1):
        messages = self.pipeline.receive(self.pipeline.queue_url, lambda messages: len(messages) >= count)
        return [json.loads(message["Body"]) for message in messages]

    def test_an_upload_with_an_awkward_key_reaches_the_queue_and_the_audit_queue(self):
        version = self.pipeline.upload(AWKWARD, "a,b\n1,é\n".encode())
        report, = self.reports()
        self.assertEqual({name: report[name] for name in ("key", "versionId", "size", "text")},
                         {"key": self.pipeline.prefix + AWKWARD, "versionId": version, "size": 9, "text": "a,b\n1,é\n"})
        self.assertEqual(report["settings"]["SLUICE_QUEUE_URL"], self.pipeline.queue_url)
        self.assertEqual(report["settings"]["SLUICE_ERROR_QUEUE_URL"], self.pipeline.error_queue_url)
        self.assertEqual(report["settings"]["SLUICE_SUFFIXES"], ".csv,.CSV")
        self.assertEqual(report["settings"].get("SLUICE_ZSTD"), {"plain": None, "auth": "3"}[self.name])

        audit, = self.pipeline.receive(self.pipeline.audit_queue_url, lambda messages: len(messages) >= 1)
        notification = json.loads(json.loads(audit["Body"])["Message"])
        key = notification["Records"][0]["s3"]["object"]["key"]
        self.assertEqual(urllib.parse.unquote_plus(key), self.pipeline.prefix + AWKWARD)

    def test_other_suffixes_are_not_converted(self):
        for key in ["notes.txt", "data.csv.bak", "csv", "x.csv"]:
            self.pipeline.upload(key, b"x")
        self.assertEqual([report["key"] for report in self.reports()], [self.pipeline.prefix + "x.csv"])

    def test_the_uploaded_version_is_read(self):
        versions = [self.pipeline.upload("same.csv", text) for text in (b"first", b"second")]
        reports = {report["versionId"]: report["text"] for report in self.reports(2)}
        self.assertEqual(reports, dict(zip(versions, ["first", "second"])))

    def test_an_event_that_fails_ends_in_a_dead_letter_queue(self):
        # The emulator's topic calls the function only once, so the test sends the event again, as AWS would.
        self.pipeline.upload("bad.csv", b"fail")
        audit, = self.pipeline.receive(self.pipeline.audit_queue_url, lambda messages: len(messages) >= 1)
        event = {"Records": [{"Sns": json.loads(audit["Body"])}]}
        getattr(self.pipeline, "lambda").invoke(FunctionName=self.pipeline.settings["SLUICE_FUNCTION_NAME"],
                                                InvocationType="Event", Payload=json.dumps(event))
        failed = self.pipeline.settings["SLUICE_FAILED_DEAD_LETTER_QUEUE_URL"]
        message, = self.pipeline.receive(failed, lambda messages: len(messages) >= 1)
        self.assertIn("bad.csv", message["Body"])

    def refused(self):
        """Returns the answers that the function gets to operations that its role does not allow."""
        self.pipeline.s3.create_bucket(Bucket="sluice-other")
        self.pipeline.s3.put_object(Bucket="sluice-other", Key="x.csv", Body=b"x")
        self.pipeline.upload("probe.csv", b"probe")
        report, = self.reports()
        return report["refused"]


class Plain(Connected, unittest.TestCase):
    name = "plain"

    def test_without_roles_everything_is_allowed(self):  # so the refusals below are the role's
        self.assertEqual(self.refused(), {"audit queue": 200, "other bucket": 200})


class Authorised(Connected, unittest.TestCase):
    name = "auth"

    def test_no_more_uploads_are_converted_at_a_time_than_the_buffer_may(self):
        for n in range(40):
            self.pipeline.upload(f"{n}.csv", b"x")
        times = [report["time"] for report in self.reports(40)]
        edges = sorted([(began, 1) for began, _ in times] + [(ended, -1) for _, ended in times])
        running = list(itertools.accumulate(step for _, step in edges))
        self.assertLessEqual(max(running), support.BUFFER_CONCURRENCY)
        self.assertGreater(max(running), 1)

    def test_an_upload_that_fails_again_and_again_leaves_the_buffer_for_its_dead_letter_queue(self):
        events = self.pipeline.settings["SLUICE_EVENT_QUEUE_URL"]
        seconds = self.pipeline.visibility_timeout(events)
        self.assertEqual(seconds, "5400")
        self.addCleanup(self.pipeline.set_visibility_timeout, events, seconds)
        self.pipeline.set_visibility_timeout(events, "1")  # so that retries follow each other
        self.pipeline.upload("bad.csv", b"fail")
        dead = self.pipeline.settings["SLUICE_EVENTS_DEAD_LETTER_QUEUE_URL"]
        message, = self.pipeline.receive(dead, lambda messages: len(messages) >= 1)
        self.assertIn("bad.csv", message["Body"])

    def test_the_function_may_do_nothing_else(self):
        self.assertEqual(self.refused(), {"audit queue": 403, "other bucket": 403})

    def test_uploads_outside_the_prefix_are_not_converted(self):
        encoded = urllib.parse.quote_plus(self.pipeline.prefix, safe="/")
        for prefix in "", "dt=2024/", encoded, self.pipeline.prefix:
            self.pipeline.s3.put_object(Bucket=self.pipeline.bucket, Key=prefix + "x.csv", Body=b"x")
        self.assertEqual([report["key"] for report in self.reports()], [self.pipeline.prefix + "x.csv"])

    def test_the_bucket_refuses_unsigned_requests(self):
        self.pipeline.upload("secret.txt", b"x")
        for method in "GET", "PUT":
            request = urllib.request.Request(f"{self.pipeline.settings['AWS_ENDPOINT_URL']}/{self.pipeline.bucket}/"
                                             + urllib.parse.quote(self.pipeline.prefix + "secret.txt"),
                                             data=b"x" if method == "PUT" else None, method=method)
            with self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(request, timeout=30)
            self.assertEqual(caught.exception.code, 403)


if __name__ == "__main__":
    unittest.main()
