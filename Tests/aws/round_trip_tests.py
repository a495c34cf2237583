"""From `sluice send` through a queue to `sluice receive`: exactly the rows."""
import hashlib
import json
import subprocess

from support import REGION, SLUICE, OnAWS, client, csv_of, endpoint, environment, run, some_rows


class RoundTrip(OnAWS):
    def sent(self, url, path, *options):
        done = run("send", path, "--queue-url", url, *options)
        self.ended(done, 0)
        self.assertEqual((done.stdout, done.stderr), (b"", b""))

    def messages(self, url):
        """Returns all messages of a queue, and removes them from it."""
        sqs, found = client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"],
                                              MaxNumberOfMessages=10, VisibilityTimeout=3600).get("Messages"):
            for message in messages:
                attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
                found.append({"body": message["Body"], "attributes": attributes})
                # In a FIFO queue, a message that is not deleted blocks the rest of its group.
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def received(self, url, *options):
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "10", *options)
        self.ended(done, 0)
        self.assertEqual(done.stderr, b"")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_every_row_is_received_once_in_each_message_format(self):
        rows = some_rows(30_000)
        path = self.write("orders.csv", csv_of(rows))
        for options in ([], ["--message-format", "ndjson"], ["--zstd"], ["--zstd=1", "--message-format", "ndjson"],
                        ["--max-bytes", "5000", "-j", "1"]):
            if "--max-bytes" in options:
                rows = rows[:2000]
                path = self.write("orders.csv", csv_of(rows))
            url = self.queue()
            self.sent(url, path, *options)
            found = self.received(url)
            self.assertEqual(sorted(found, key=lambda row: int(row["id"])) == rows, True, options)
            self.assertEqual(self.count(url), 0)

    def test_each_message_states_what_the_event_of_the_upload_did(self):
        event = '{"sequencer":"0055AED6DCD90281E5","time":"2026-01-31T12:00:00.000Z"}'
        path = self.write("orders.csv", csv_of(some_rows(300)))
        for stated, expected in (event, {event}), ("{}", {None}), (None, {None}):
            url = self.queue()
            self.sent(url, path, "--max-bytes", "4096", *(["--event", stated] if stated else []))
            messages = self.messages(url)
            self.assertGreater(len(messages), 3)
            self.assertEqual({message["attributes"].get("sluice.event") for message in messages}, expected)

    def test_an_event_that_a_message_could_not_state_is_refused(self):
        path = self.write("orders.csv", b"a\n1\n")
        for stated in ("[]", '{"sequence":"01"}', '{"time":"yesterday"}', '{"sequencer":"01","sequencer":"02"}', "{} "):
            done = run("send", path, "--queue-url", "q", "--event", stated)
            self.ended(done, 64)
            self.assertIn(b"it must be as the attribute sluice.event has it: {", done.stderr)
        done = run("send", "s3://inbox/", "--recursive", "--queue-url", "q", "--event", "{}")
        self.ended(done, 64)
        done = run("send", path, path, "--queue-url", "q", "--event", "{}")
        self.ended(done, 64)
        self.assertIn(b"--event is for one input", done.stderr)

    def test_rejected_rows_are_reported(self):
        url = self.queue()
        path = self.write("orders.csv", b"a\n1\n" + b"x" * 5000 + b"\n2\n")
        self.ended(run("send", path, "--queue-url", url, "--max-bytes", "4096", "--oversize", "reject"), 3)
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "10")
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":"1"}\n{"a":"2"}\n')
        self.assertRegex(done.stderr, rb"\Aorders.csv\?\S+: warning: left out because too large for a message: 1 row\n\Z")

    def test_a_fifo_queue_keeps_the_order_and_drops_duplicates(self):
        rows = some_rows(3000)
        path = self.write("orders.csv", csv_of(rows))
        url = self.queue(fifo=True)
        for _ in range(2):
            self.sent(url, path, "--max-bytes", "20000")
        self.assertEqual(self.received(url) == rows, True)
        self.assertEqual(self.count(url), 0)

    def test_messages_of_a_fifo_queue_have_group_and_deduplication_id(self):
        url = self.queue(fifo=True)
        self.sent(url, self.write("å b.csv", b"a\n1\n"))
        messages = client("sqs").receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"],
                                                 MaxNumberOfMessages=10)["Messages"]
        for message in messages:
            self.assertRegex(message["Attributes"]["MessageGroupId"], r"\A%C3%A5%20b.csv\?size=4&modified=\S+Z\Z")
            self.assertEqual(message["Attributes"]["MessageDeduplicationId"],
                             message["MessageAttributes"]["sluice.id"]["StringValue"])

    def test_versions_of_an_object_are_one_group_of_a_fifo_queue(self):
        url, s3 = self.queue(fifo=True), client("s3")
        s3.create_bucket(Bucket="versions-of-one-key", CreateBucketConfiguration={"LocationConstraint": REGION})
        for text in (b"a\n1\n", b"a\n2\n"):
            s3.put_object(Bucket="versions-of-one-key", Key="å b.csv", Body=text)
            self.sent(url, "s3://versions-of-one-key/å b.csv")
        messages = client("sqs").receive_message(QueueUrl=url, AttributeNames=["All"], MaxNumberOfMessages=10)["Messages"]
        self.assertEqual([message["Attributes"]["MessageGroupId"] for message in messages],
                         [hashlib.sha256(b"s3://versions-of-one-key/%C3%A5%20b.csv").hexdigest()] * 4)

    def test_messages_sent_twice_to_a_standard_queue_are_written_once(self):
        rows = some_rows(500)
        path = self.write("orders.csv", csv_of(rows))
        url = self.queue()
        for _ in range(2):
            self.sent(url, path, "--max-bytes", "5000")
        done = run("receive", "--queue-url", url, "--timeout", "0")
        self.ended(done, 0)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(sorted(found, key=lambda row: int(row["id"])) == rows, True)
        self.assertEqual(self.count(url), 0)

    def test_send_delivers_what_sluice_messages_prints(self):
        path = self.write("orders.csv", csv_of(some_rows(2000)))
        options = ["--max-bytes", "20000", "--source", "partner/orders"]
        url = self.queue()
        self.sent(url, path, *options)
        expected = [json.loads(line) for line in run("messages", path, *options).stdout.splitlines()]
        self.assertEqual(sorted(map(canonical, self.messages(url))) == sorted(map(canonical, expected)), True)

    def test_a_selection_without_the_manifest_arrives_completely(self):
        path = self.write("orders.csv", csv_of(some_rows(30_000)))
        for selection in (["--records", "2-1000"], ["--only", "0/3,0/4,0/5"], ["--records", "100-29000"]):
            for fifo in (False, True):
                url = self.queue(fifo=fifo)
                options = ["--max-bytes", "65536", *selection]
                self.sent(url, path, *options)
                expected = [json.loads(line) for line in run("messages", path, *options).stdout.splitlines()]
                self.assertGreater(len(expected), 0)
                self.assertEqual(sorted(map(canonical, self.messages(url))) == sorted(map(canonical, expected)), True,
                                 (selection, fifo))

    def test_an_invalid_file_ends_in_an_aborted_message_and_65_on_both_sides(self):
        path = self.write("bad.csv", b"a,b\n" + b"1,2\n" * 10 + b"3\n")
        url = self.queue()
        done = run("send", path, "--queue-url", url)
        self.ended(done, 65)
        self.assertIn(b"bad.csv:12: error:", done.stderr)
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "5")
        self.ended(done, 65)
        self.assertEqual(done.stdout, b'{"a":"1","b":"2"}\n' * 10)
        self.assertRegex(done.stderr, rb"(?m)^bad\.csv\?\S+:12: error: row has 1 field, the header has 2 \[raggedRecord\] "
                         rb"\(record 12, field 2 \"b\", byte 44\); discard its rows$")
        done = run("send", "--validate-first", path, "--queue-url", url)
        self.ended(done, 65)
        self.assertEqual(self.count(url), 0)

    def test_an_exchanged_message_is_found_by_the_sum_of_ids(self):
        url, other = self.queue(), self.queue()
        for queue, value in ((url, "1"), (other, "2")):
            self.sent(queue, self.write(f"{value}.csv", f"a\n{value}\n".encode()), "--source", "same")
        first, second = self.messages(url), self.messages(other)
        # The rows of one run and the manifest of the other.
        for message in (next(m for m in first if m["attributes"]["sluice.content"] == "json"),
                        next(m for m in second if m["attributes"]["sluice.content"] == "manifest")):
            attributes = {name: {"DataType": "String", "StringValue": value} for name, value in message["attributes"].items()}
            client("sqs").send_message(QueueUrl=url, MessageBody=message["body"], MessageAttributes=attributes)
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "10")
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"the messages of same are not those of its manifest; discard its rows", done.stderr)

    def test_messages_of_other_senders_stay_in_the_queue(self):
        url = self.queue()
        client("sqs").send_message(QueueUrl=url, MessageBody="hello")
        self.sent(url, self.write("one.csv", b"a\n1\n"))
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "5")
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":"1"}\n')
        self.assertEqual(self.count(url), 1)
        self.assertRegex(done.stderr, rb": warning: message \S+ is not Sluice's and stays in the queue\n")
        self.assertNotIn(b"error", done.stderr)

    def test_a_damaged_body_is_not_written_and_stays_in_the_queue(self):
        for content, body in (("ndjson", '{"a":1}\nfoo'), ("json", '[{"a":01}]'), ("json", '[{"a":NaN}]'), ("json", '[{"a":tru}]')):
            url = self.queue()
            values = {"sluice.id": "0" * 32, "sluice.source": "s", "sluice.content": content, "sluice.range": "0-1",
                      "sluice.records": "2-2", "sluice.index": "0/0"}
            client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in values.items()})
            done = run("receive", "--queue-url", url, "--timeout", "0")
            self.ended(done, 65)
            self.assertIn(b" of s is damaged and stays in the queue", done.stderr)
            self.assertEqual((done.stdout, self.count(url)), (b"", 1))

    def test_a_timeout_without_a_manifest_ends_with_75(self):
        done = run("receive", "--queue-url", self.queue(), "--until-manifest", "--timeout", "1")
        self.ended(done, 75)
        self.assertIn(b"no message arrived; the queue has about 0 messages, and 0 in flight", done.stderr)

    def test_control_characters_in_sources_are_escaped(self):
        url = self.queue()
        values = {"sluice.id": "0" * 32, "sluice.source": "a\nb", "sluice.content": "json", "sluice.range": "0-1",
                  "sluice.records": "2-2", "sluice.index": "0/0"}
        client("sqs").send_message(QueueUrl=url, MessageBody="[]", MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in values.items()})
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "0")
        self.ended(done, 75)
        self.assertIn(rb"not complete: a\x0ab (1 messages of an unknown number)", done.stderr)

    def test_a_closed_output_pipe_leaves_the_messages_in_the_queue(self):
        url = self.queue()
        self.sent(url, self.write("one.csv", csv_of(some_rows(20_000))))
        before = self.count(url)
        process = subprocess.Popen([SLUICE, "receive", "--queue-url", url, "--timeout", "5"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=endpoint()))
        process.stdout.close()
        self.assertEqual((process.wait(timeout=60), process.stderr.read()), (141, b""))
        process.stderr.close()
        self.assertEqual(self.count(url, hidden=False), before)

    def test_a_missing_queue_is_reported_with_66(self):
        url = self.queue() + "-not"
        done = run("send", self.write("one.csv", b"a\n1\n"), "--queue-url", url)
        self.ended(done, 66)
        self.assertIn(b"QueueDoesNotExist", done.stderr)
        self.ended(run("receive", "--queue-url", url), 66)
        self.ended(run("receive", "--queue-url", "https://orders"), 69)
        self.ended(run("receive", "--queue-url", "no-such-name"), 66)

    def test_a_queue_may_be_given_by_name(self):
        url = self.queue()
        name = url.split("/")[-1]
        self.ended(run("send", self.write("one.csv", b"a\n1\n"), "--queue-url", name), 0)
        self.assertEqual(self.received(name), [{"a": "1"}])


def canonical(message):
    return message["body"], sorted(message["attributes"].items())
