"""A service in trouble: batches that fail in part, throttling, resets, wrong checksums."""
import hashlib
import json

from support import OnAWS, Server, csv_of, run, some_rows


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Queue:
    """A queue that accepts messages as a subclass or a test decides."""

    def __init__(self):
        self.bodies = []
        self.calls = 0

    def __call__(self, request):
        self.calls += 1
        return self.answer(json.loads(request.body)["Entries"])

    def take(self, entries, **extra):
        self.bodies += [entry["MessageBody"] for entry in entries]
        return self.json({"Successful": [{"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody":
                                          md5(entry["MessageBody"])} for entry in entries], **extra})

    def json(self, value, status=200, **headers):
        headers = {"content-type": "application/x-amz-json-1.0", **headers}
        return status, headers, json.dumps(value).encode()


class Faults(OnAWS):
    def send(self, queue, *options, rows=400, **variables):
        path = self.write("orders.csv", csv_of(some_rows(rows)))
        expected = [json.loads(line)["body"] for line in
                    run("messages", path, "--max-bytes", "4096", url="").stdout.splitlines()]
        with Server(queue) as server:
            done = run("send", path, "--max-bytes", "4096", "--queue-url", f"{server.url}/000000000000/orders", *options,
                       url="", **variables)
        return done, expected

    def delivered(self, queue, options=(), **variables):
        done, expected = self.send(queue, *options, **variables)
        self.ended(done, 0)
        self.assertEqual(sorted(queue.bodies), sorted(expected))
        self.assertEqual(queue.bodies[-1], expected[-1])
        return done

    def test_only_failed_entries_are_sent_again(self):
        class PartlyFailing(Queue):
            seen = set()

            def answer(self, entries):
                new = [entry for entry in entries if entry["MessageBody"] not in self.seen]
                failed = new[::2]
                self.seen |= {entry["MessageBody"] for entry in new}
                return self.take([entry for entry in entries if entry not in failed], Failed=[
                    {"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in failed])

        self.delivered(PartlyFailing())

    def test_batches_hold_at_most_10_entries_and_no_more_bytes_than_every_queue_accepts(self):
        test = self

        class Counting(Queue):
            def answer(self, entries):
                size = sum(len(entry["MessageBody"].encode()) + sum(
                    len(name.encode()) + len("String") + len(value["StringValue"].encode())
                    for name, value in entry["MessageAttributes"].items()) for entry in entries)
                test.assertTrue(1 <= len(entries) <= 10 and size <= 262_144, (len(entries), size))
                return self.take(entries)

        self.delivered(Counting())

    def test_throttling_server_errors_and_resets_are_retried(self):
        class Unsteady(Queue):
            def answer(self, entries):
                match self.calls % 6:
                    case 1: return self.json({"__type": "com.amazonaws.sqs#ThrottlingException"}, 400)
                    case 2: return 503, {"content-type": "application/xml"}, b"<Error><Code>SlowDown</Code></Error>"
                    case 3: return None
                    case 4: return 500, {}, b""
                    case _: return self.take(entries)

        self.delivered(Unsteady(), rows=100)

    def test_a_service_that_stays_down_ends_with_75_and_an_unreachable_one_with_69(self):
        class Down(Queue):
            def answer(self, entries):
                return self.json({"__type": "ServiceUnavailable", "message": "down"}, 503, **{"x-amzn-RequestId": "r-1"})

        down = Down()
        done, _ = self.send(down, rows=1)
        self.ended(done, 75)
        self.assertIn(b"SQS SendMessageBatch: down [ServiceUnavailable, status 503, request r-1]; try again later",
                      done.stderr)
        self.assertEqual(down.calls, 8)
        path = self.write("one.csv", b"a\n1\n")
        done = run("send", path, "--queue-url", "http://127.0.0.1:1/0/q", url="")
        self.ended(done, 69)

    def test_a_refused_request_is_not_retried(self):
        class Refusing(Queue):
            def answer(self, entries):
                return self.json({"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "no"}, 403)

        refusing = Refusing()
        done, _ = self.send(refusing, rows=1)
        self.ended(done, 69)
        self.assertEqual(refusing.calls, 1)
        self.assertIn(b"no [AccessDeniedException, status 403]; allow it in the policies", done.stderr)

    def test_a_sender_fault_in_a_batch_ends_the_run_without_a_manifest(self):
        class Strict(Queue):
            def answer(self, entries):
                return self.json({"Failed": [{"Id": entry["Id"], "Code": "InvalidMessageContents", "SenderFault": True,
                                              "Message": "odd characters"} for entry in entries]})

        strict = Strict()
        done, _ = self.send(strict, rows=20)
        self.ended(done, 69)
        self.assertIn(b"odd characters [InvalidMessageContents, status 200]", done.stderr)
        self.assertEqual(strict.bodies, [])

    def test_if_one_message_of_a_batch_is_refused_the_others_are_confirmed(self):
        class Picky(Queue):
            def answer(self, entries):
                refused = {"Id": entries[0]["Id"], "Code": "InvalidMessageContents", "SenderFault": True, "Message": "odd"}
                return self.take(entries[1:], Failed=[refused])

        done, expected = self.send(Picky(), "--max-bytes", "4096")
        self.ended(done, 69)
        count = len(expected) - 1
        # No more messages than fit one round of requests.
        self.assertTrue(10 < count <= 80, count)
        self.assertIn(b"%d of %d messages are not confirmed by the queue" % (-(-count // 10), count), done.stderr)

    def test_a_wrong_md5_is_an_error_if_checksums_are_verified(self):
        class Careless(Queue):
            def answer(self, entries):
                return self.json({"Successful": [{"Id": entry["Id"], "MD5OfMessageBody": md5("else")} for entry in entries]})

        class Accepting(Queue):
            def answer(self, entries):
                return self.take(entries)

        done, _ = self.send(Careless(), "--check-md5", rows=1)
        self.ended(done, 69)
        self.assertIn(b"[wrongMD5, status 200]", done.stderr)
        done, _ = self.send(Careless(), rows=1)
        self.ended(done, 0)
        self.delivered(Accepting(), options=["--check-md5"])

    def test_a_received_message_with_a_wrong_md5_is_an_error_and_not_deleted(self):
        def answer(request):
            body = {"Messages": [{"MessageId": "m", "ReceiptHandle": "r", "Body": "[]", "MD5OfBody": md5("else")}]}
            return 200, {"content-type": "application/x-amz-json-1.0"}, json.dumps(body).encode()

        with Server(answer) as server:
            done = run("receive", "--queue-url", f"{server.url}/0/q", url="")
            targets = [request.headers["x-amz-target"] for request in server.requests]
        self.ended(done, 69)
        self.assertEqual((done.stdout, targets), (b"", ["AmazonSQS.ReceiveMessage"]))

    def test_without_region_or_credentials_it_reports_what_to_set(self):
        path = self.write("one.csv", b"a\n1\n")
        done = run("convert", "s3://bucket/key", url="", AWS_REGION="", HOME=self.directory)
        self.ended(done, 69)
        self.assertIn(b"set AWS_REGION", done.stderr)
        done = run("send", path, "--queue-url", "http://127.0.0.1:1/0/q", url="", AWS_ACCESS_KEY_ID="", HOME=self.directory)
        self.ended(done, 69)
        self.assertIn(b"set AWS_ACCESS_KEY_ID", done.stderr)
