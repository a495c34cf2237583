"""`sluice redrive`: events of a queue are handed to the function, and deleted only once they are taken. Lambda is a stand-in."""
import json
import signal
import subprocess

from deliveries import Deliveries, message
from support import SLUICE, OnAWS, Server, client, endpoint, environment, run, taken

NAME = "arn:aws:lambda:eu-north-1:123456789012:function:sluice"
ACCEPTED = 202, {}, b""


def s3_event(key, version="V1"):
    """Returns S3's event for an object. `key` is encoded as S3 writes it."""
    return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {
        "bucket": {"name": "inbox"}, "object": {"key": key, "versionId": version}}}]})


def notification(event):
    """Returns the message that SNS writes to a dead-letter queue."""
    return json.dumps({"Type": "Notification", "MessageId": "1", "Message": event})


def destination_record(event):
    """Returns Lambda's record of a failed event, for a destination."""
    return json.dumps({"version": "1.0", "requestContext": {"condition": "RetriesExhausted"}, "requestPayload": json.loads(event)})


def failure(status, code):
    """An error of Lambda, which names it in a header."""
    return status, {"content-type": "application/json", "x-amzn-errortype": f"{code}:http://internal.amazon.com/"}, b"{}"


class Lambda(Server):
    """A stand-in for Lambda, which records the function's path, the type of the invocation and the events in its payload; and the
    payloads' sizes."""

    def __init__(self, answer=lambda _: ACCEPTED):
        self.invocations, self.sizes = [], []

        def record(request):
            self.sizes.append(len(request.body))
            events = [json.loads(record["body"]) for record in json.loads(request.body)["Records"]]
            self.invocations.append((request.path, request.headers["x-amz-invocation-type"], events))
            return answer(request)

        super().__init__(record)


class Redrive(OnAWS):
    def setUp(self):
        super().setUp()
        self.url = self.queue()

    def put(self, *bodies, reason=None):
        attributes = {"ErrorMessage": {"DataType": "String", "StringValue": reason}} if reason else {}
        for body in bodies:
            client("sqs").send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=attributes)

    def redrive(self, server, *options):
        return run("redrive", "--queue-url", self.url, "--function", NAME, *options, AWS_ENDPOINT_URL_LAMBDA=server.url)

    def visible(self):
        return self.count(self.url, hidden=False)

    def test_an_event_in_each_form_is_handed_over_and_deleted(self):
        events = s3_event("a+b.csv"), s3_event("c.csv"), s3_event("%C3%A9.csv")
        self.put(events[0], notification(events[1]), destination_record(events[2]))
        with Lambda() as server:
            done = self.redrive(server)
        self.ended(done, 0)
        self.assertEqual(sorted(done.stdout.decode().splitlines()),
                         [f"s3://inbox/{key}?versionId=V1{reason}"
                          for key, reason in (("a b.csv", ""), ("c.csv", ""), ("é.csv", "\tRetriesExhausted"))])
        self.assertIn(b"3 events handed over, 0 messages left", done.stderr)
        self.assertEqual(self.count(self.url), 0)
        for path, kind, _ in server.invocations:
            self.assertEqual((path, kind), (f"/2015-03-31/functions/{NAME.replace(':', '%3A')}/invocations", "Event"))
        handed = [event for *_, events in server.invocations for event in events]
        self.assertEqual(len(handed), 3)
        for event in json.loads(events[0]), json.loads(notification(events[1])), json.loads(events[2]):
            self.assertIn(event, handed)

    def test_an_event_that_failed_again_is_not_wrapped_twice(self):
        self.put(json.dumps({"Records": [{"body": s3_event("a.csv")}, {"body": s3_event("b.csv")}]}))
        with Lambda() as server:
            self.ended(self.redrive(server), 0)
        (*_, handed), = server.invocations
        self.assertEqual(handed, [json.loads(s3_event("a.csv")), json.loads(s3_event("b.csv"))])

    def test_more_messages_than_a_request_returns_are_each_handed_over_once(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(25)))
        with Lambda() as server:
            done = self.redrive(server)
        self.ended(done, 0)
        self.assertEqual((len(set(done.stdout.splitlines())), len(server.invocations), self.count(self.url)), (25, 25, 0))

    def test_messages_that_are_delivered_again_are_not_taken_for_the_end_of_the_queue(self):
        first, second = message("1", s3_event("a.csv")), message("2", s3_event("b.csv"))
        with Lambda() as server, Deliveries([[first], [first], [first, second]]) as queue:
            done = run("redrive", "--queue-url", queue.queue, "--function", NAME, url=queue.url, AWS_ENDPOINT_URL_LAMBDA=server.url)
        self.ended(done, 0)
        self.assertEqual((queue.deleted, len(server.invocations)), (["1", "2"], 2))

    def test_a_message_that_is_no_event_of_an_object_stays_and_is_visible(self):
        bodies = ["text", "{}", json.dumps({"Event": "s3:TestEvent"})]
        self.put(*bodies, s3_event("a.csv"))
        with Lambda() as server:
            done = self.redrive(server)
        self.ended(done, 65)
        self.assertEqual((len(server.invocations), done.stderr.count(b"is no event of an object")), (1, 3))
        self.assertEqual(sorted(message["Body"] for message in taken(self.url)), sorted(bodies))

    def test_a_dry_run_prints_the_objects_and_why_they_failed_and_leaves_all_visible(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(12)), reason="Sluice.Service: S3 GetObject:\nnot allowed")
        with Lambda() as server:
            done = self.redrive(server, "--dry-run")
        self.ended(done, 0)
        self.assertEqual(sorted(done.stdout.decode().splitlines()), sorted(
            f"s3://inbox/{n}.csv?versionId=V1\tSluice.Service: S3 GetObject:\\x0anot allowed" for n in range(12)))
        self.assertEqual((server.invocations, self.visible()), ([], 12))

    def test_the_reason_in_a_record_for_a_destination_is_printed(self):
        record = json.loads(destination_record(s3_event("a.csv")))
        self.put(json.dumps(record), json.dumps(record | {"responsePayload": {"errorType": "Sluice.Service", "errorMessage": "no"}}))
        with Lambda() as server:
            done = self.redrive(server, "--dry-run")
        self.ended(done, 0)
        self.assertEqual(sorted(line.split("\t")[1] for line in done.stdout.decode().splitlines()),
                         ["RetriesExhausted", "Sluice.Service: no"])

    def test_a_dry_run_of_a_fifo_queue_says_that_it_may_not_show_all(self):
        self.url = self.queue(fifo=True)
        for n in range(25):
            client("sqs").send_message(QueueUrl=self.url, MessageBody=s3_event(f"{n}.csv"), MessageGroupId="one",
                                       MessageDeduplicationId=str(n))
        with Lambda() as server:
            self.assertIn(b"perhaps more", self.redrive(server, "--dry-run").stderr)
            done = self.redrive(server)
        self.assertNotIn(b"perhaps more", done.stderr)
        self.assertEqual((len(done.stdout.splitlines()), self.count(self.url)), (25, 0))

    def test_events_that_lambda_refuses_stay_and_are_visible(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(3)))
        for status, code, expected in (403, "AccessDeniedException", 69), (404, "ResourceNotFoundException", 66):
            refusal = failure(status, code)
            with self.subTest(code), Lambda(lambda _, refusal=refusal: refusal) as server:
                done = self.redrive(server)
                self.ended(done, expected)
                self.assertIn(code.encode(), done.stderr)
                self.assertEqual((done.stdout, len(server.invocations), self.visible()), (b"", 1, 3))

    def test_an_event_that_is_too_large_for_lambda_does_not_hold_up_the_others(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(3)))

        def answer(request):
            return failure(413, "RequestTooLargeException") if b"1.csv" in request.body else ACCEPTED

        for options in [], ["--wait"]:
            with Lambda(answer) as server:
                done = self.redrive(server, *options)
            self.ended(done, 75)
            self.assertIn(b"RequestTooLargeException", done.stderr)
            self.assertIn(b"sluice invoke", done.stderr)
            self.assertEqual(self.visible(), 1)

    def test_the_reason_of_a_refusal_is_told_in_any_form(self):
        self.put(s3_event("a.csv"))
        for kind in "application/json", "text/plain", "":
            answer = 403, {"content-type": kind, "x-amzn-errortype": "AccessDeniedException:http://x/"}, b'{"Message":"no right"}'
            with self.subTest(kind), Lambda(lambda _, answer=answer: answer) as server:
                self.assertIn(b"no right [AccessDeniedException, status 403]", self.redrive(server).stderr)

    def test_after_an_error_the_events_that_were_taken_before_are_deleted(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(3)))
        answers = [ACCEPTED, failure(403, "AccessDeniedException")]
        with Lambda(lambda _: answers.pop(0)) as server:
            done = self.redrive(server)
        self.ended(done, 69)
        self.assertEqual((len(done.stdout.splitlines()), self.count(self.url), self.visible()), (1, 2, 2))

    def test_a_throttled_event_is_handed_over_again_later(self):
        self.put(s3_event("a.csv"))
        answers = [failure(429, "TooManyRequestsException")] * 3 + [ACCEPTED]
        with Lambda(lambda _: answers.pop(0)) as server:
            self.ended(self.redrive(server), 0)
        self.assertEqual((len(server.invocations), self.count(self.url)), (4, 0))

    def test_with_wait_only_events_with_which_the_function_succeeded_are_deleted(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(4)))

        def answer(request):
            if b"2.csv" in request.body:
                body = {"errorType": "Sluice.Taken", "errorMessage": "another invocation is working on s3://inbox/2.csv"}
                return 200, {"x-amz-function-error": "Unhandled"}, json.dumps(body).encode()
            return 200, {}, b'{"objects":[],"ignored":0}'

        with Lambda(answer) as server:
            done = self.redrive(server, "--wait")
        self.ended(done, 75)
        self.assertEqual({kind for _, kind, _ in server.invocations}, {"RequestResponse"})
        self.assertIn(b"stays in the queue: Sluice.Taken: another invocation is working on s3://inbox/2.csv", done.stderr)
        message, = taken(self.url)
        self.assertEqual(message["Body"], s3_event("2.csv"))

    def test_after_a_signal_events_that_were_not_handed_over_are_visible(self):
        self.put(*(s3_event(f"{n}.csv") for n in range(3)))

        def answer(_):
            process.send_signal(signal.SIGTERM)
            return ACCEPTED

        with Lambda(answer) as server:
            process = subprocess.Popen(
                [SLUICE, "redrive", "--queue-url", self.url, "--function", NAME], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=environment(AWS_ENDPOINT_URL=endpoint(), AWS_ENDPOINT_URL_LAMBDA=server.url))
            output, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM, errors)
        handed = len(server.invocations)
        self.assertGreater(3, handed)
        self.assertEqual((len(output.splitlines()), self.visible()), (handed, 3 - handed))
