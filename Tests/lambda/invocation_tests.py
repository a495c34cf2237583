"""The outcomes of invocations."""
import gzip
import hashlib
import json

from servers import TRACE_ID
from support import Function, s3_event, sns_event


class Invocations(Function):
    def put(self, key, data):
        self.aws.objects["inbox", key] = data

    def test_rows_of_an_uploaded_file_reach_the_queue(self):
        rows = [{"id": str(n), "text": "é" * (n % 50)} for n in range(30_000)]
        text = "id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in rows)
        self.put("in/a b+1%.csv", text.encode())
        self.start()
        kind, result, _ = self.runtime.invoke(sns_event(s3_event("in/a+b%2B1%25.csv")))
        source = f"s3://inbox/in/a%20b%2B1%25.csv?etag={hashlib.md5(text.encode()).hexdigest()}"
        self.assertEqual((kind, result), (
            "response", {
                "objects": [{"source": source, "outcome": "converted", "rows": 30_000, "rejectedRows": 0}], "ignored": 0}))
        *messages, manifest = self.messages()
        # Batches in flight at the same time arrive in any order.
        messages.sort(key=lambda m: int(m["MessageAttributes"]["sluice.range"]["StringValue"].split("-")[0]))
        self.assertGreater(len(messages), 5)
        self.assertEqual([row for message in messages for row in json.loads(message["MessageBody"])], rows)
        self.assertEqual(json.loads(manifest["MessageBody"])["rows"], 30_000)
        self.assertEqual(manifest["MessageAttributes"]["sluice.source"]["StringValue"], source)
        self.check_metrics(success=1, error=0, coldStart=1, rows=30_000, bytesIn=len(text.encode()),
                           messages=len(messages) + 1)
        logs = self.lines(self.errors)
        line, = (line for line in logs if line["message"] == "converted")
        self.assertTrue(line["requestId"])
        self.assertEqual(line["traceId"], TRACE_ID)

    def test_messages_state_what_the_event_did_and_continue_its_trace(self):
        self.put("a b.csv", b"a\n1\n")
        queue = self.aws.queue_url + ".fifo"
        self.start(SLUICE_QUEUE_URL=queue)
        stated = {"sequencer": "0055AED6DCD90281E5", "time": "2026-01-31T12:00:00.000Z",
                  "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        event = s3_event("a+b.csv")
        event["Records"][0]["eventTime"] = stated["time"]
        event["Records"][0]["s3"]["object"]["sequencer"] = stated["sequencer"]
        notification = sns_event(event)
        notification["Records"][0]["Sns"]["MessageAttributes"] = {
            "traceparent": {"Type": "String", "Value": stated["traceparent"]}}
        kind, result, _ = self.runtime.invoke(notification)
        self.assertEqual(kind, "response", result)
        self.assertEqual(self.contents(self.messages(queue)), ["json", "manifest"])
        for message in self.messages(queue):
            self.assertEqual(message["MessageAttributes"]["sluice.event"], {
                "DataType": "String", "StringValue": json.dumps(stated, separators=(",", ":"))})
            self.assertEqual(message["MessageSystemAttributes"],
                             {"AWSTraceHeader": {"DataType": "String", "StringValue": TRACE_ID}})
            self.assertEqual(message["MessageGroupId"], hashlib.sha256(b"s3://inbox/a%20b.csv").hexdigest())

    def check_metrics(self, **expected):
        metrics = self.lines(self.output)[-1]
        self.assertEqual({name: metrics[name] for name in expected}, expected)

    def test_a_bad_file_is_reported_and_the_next_invocation_is_not_cold(self):
        self.put("bad.csv", b'a,b\n1,2\n3"x,4\n')
        self.put("good.csv", b"a\n1\n")
        self.start()
        kind, result, _ = self.runtime.invoke(s3_event("bad.csv", "good.csv"))
        self.assertEqual((kind, [item.get("error") for item in result["objects"]]), ("response", ["quoteInPlain", None]))
        self.assertEqual(self.contents(self.messages()), ["json", "aborted", "json", "manifest"])
        report, = [json.loads(message["MessageBody"]) for message in self.messages(self.aws.error_queue_url)]
        tag = hashlib.md5(self.aws.objects["inbox", "bad.csv"]).hexdigest()
        self.assertEqual(report["source"], f"s3://inbox/bad.csv?etag={tag}")
        self.assertEqual((report["input"], report["code"], report["offset"], report["record"], report["field"],
                          report["excerpt"]), ("s3://inbox/bad.csv", "quoteInPlain", 9, 3, 1, '3"x,4\n'))
        self.check_metrics(success=1, coldStart=1, badObjects=1, outcome="badData")
        self.runtime.invoke(s3_event("good.csv"))
        self.check_metrics(success=1, coldStart=0, badObjects=0, outcome="success")

    def test_a_failing_service_fails_the_invocation_and_the_next_one_succeeds(self):
        self.put("good.csv", b"a\n1\n")
        self.start()
        self.aws.requester_pays = True
        kind, error, headers = self.runtime.invoke(s3_event("good.csv"))
        self.aws.requester_pays = False
        self.assertEqual((kind, error["errorType"]), ("error", "Sluice.Service"))
        self.assertIn("s3://inbox/good.csv", error["errorMessage"])
        self.assertEqual(headers["Lambda-Runtime-Function-Error-Type"], "Sluice.Service")
        self.check_metrics(success=0, error=1, outcome="failure")
        self.assertEqual(self.messages(), [])
        kind, _, _ = self.runtime.invoke(s3_event("good.csv"))
        self.assertEqual((kind, len(self.messages())), ("response", 2))

    def test_events_that_are_not_for_it_are_acknowledged(self):
        self.start()
        test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox"}
        for payload in [sns_event(test), test, s3_event("a.txt"), {}, [], {"Records": [{"s3": 1}]}]:
            kind, _, _ = self.runtime.invoke(payload)
            self.assertEqual(kind, "response", payload)
        self.assertEqual(self.aws.queues, {})
        self.assertEqual(sum(line["message"] == "ignored" for line in self.lines(self.errors)), 6)

    def test_settings_are_followed(self):
        self.put("a.tsv", b"1\t2\n3\t4\n")
        self.start(SLUICE_SUFFIXES=".csv,.tsv", SLUICE_DELIMITER="tab", SLUICE_HEADER="x,y", SLUICE_ZSTD="1",
                   SLUICE_MESSAGE_FORMAT="ndjson", SLUICE_METRICS_NAMESPACE="Mine", LOG_LEVEL="error")
        kind, _, _ = self.runtime.invoke(s3_event("a.tsv"))
        self.assertEqual((kind, self.contents(self.messages())), ("response", ["ndjson+zstd+base64", "manifest"]))
        self.assertEqual(self.lines(self.output)[-1]["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Mine")
        self.assertEqual(self.lines(self.errors), [])

    def test_a_compressed_object_is_converted_to_the_rows_of_its_text(self):
        rows = [{"id": str(n), "text": "é" * (n % 50)} for n in range(30_000)]
        text = "id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in rows)
        self.put("a.csv.gz", gzip.compress(text.encode()))
        self.start(SLUICE_SUFFIXES=".csv,.csv.gz")
        kind, _, _ = self.runtime.invoke(s3_event("a.csv.gz"))
        *messages, manifest = self.messages()
        found = [row for message in messages for row in json.loads(message["MessageBody"])]
        self.assertEqual((kind, sorted(found, key=lambda row: int(row["id"])) == rows), ("response", True))
        self.assertEqual(json.loads(manifest["MessageBody"])["bytes"], len(text.encode()))

    def test_a_row_that_fits_no_message_goes_through_s3(self):
        self.put("a.csv", b"a\n1\n" + b"x" * 5000 + b"\n2\n")
        self.start(SLUICE_MAX_BYTES="4096", SLUICE_OVERSIZE="offload", SLUICE_OFFLOAD_BUCKET="large",
                   SLUICE_OFFLOAD_PREFIX="rows/")
        kind, _, _ = self.runtime.invoke(s3_event("a.csv"))
        self.assertEqual((kind, sorted(self.contents(self.messages()))), ("response", ["json"] * 3 + ["manifest"]))
        message, = [message for message in self.messages() if "ExtendedPayloadSize" in message["MessageAttributes"]]
        place = json.loads(message["MessageBody"])[1]
        self.assertEqual(place, {
            "s3BucketName": "large",
            "s3Key": "rows/" + message["MessageAttributes"]["sluice.id"]["StringValue"] + ".json"})
        self.assertEqual(json.loads(self.aws.objects["large", place["s3Key"]]), [{"a": "x" * 5000}])

    def test_a_wrong_md5_fails_the_invocation_if_checksums_are_verified(self):
        self.put("a.csv", b"a\n1\n")
        right, self.aws.body_md5 = self.aws.body_md5, lambda body: "0" * 32
        for check, expected in (None, "response"), ("true", "error"):
            self.start(SLUICE_CHECK_MD5=check)
            kind, result, _ = self.runtime.invoke(s3_event("a.csv"))
            self.assertEqual(kind, expected, result)
            self.process.kill()
            self.process.wait()
        self.assertIn("wrongMD5", result["errorMessage"])
        self.aws.body_md5 = right
        self.start(SLUICE_CHECK_MD5="true")
        self.assertEqual(self.runtime.invoke(s3_event("a.csv"))[0], "response")

    def test_a_bucket_whose_requesters_pay_is_read_by_those_who_agree(self):
        self.put("a.csv", b"a\n1\n")
        self.aws.requester_pays = True
        for agrees, expected in (None, "error"), ("true", "response"):
            self.start(SLUICE_REQUESTER_PAYS=agrees)
            kind, result, _ = self.runtime.invoke(s3_event("a.csv"))
            self.assertEqual(kind, expected, result)
            self.process.kill()
            self.process.wait()

    def test_an_invocation_fails_before_its_time_runs_out(self):
        self.put("a.csv", b"a\n1\n")
        self.start()
        # S3 answers only after the function has.
        self.aws.gate.close()
        kind, error, _ = self.runtime.invoke(s3_event("a.csv"), seconds=2)
        self.assertEqual((kind, error["errorType"]), ("error", "Sluice.Deadline"))
        self.aws.gate.open()
        kind, _, _ = self.runtime.invoke(s3_event("a.csv"))
        self.assertEqual((kind, len(self.messages())), ("response", 2))

    def test_a_request_to_a_silent_service_is_retried(self):
        self.put("a.csv", b"a\n1\n")
        self.start(SLUICE_IDLE_TIMEOUT="1")
        self.aws.gate.close()
        self.runtime.submit(s3_event("a.csv"))
        # The first request waits for its answer; the second request gets it.
        with self.aws.gate.changed:
            self.assertTrue(self.aws.gate.changed.wait_for(lambda: self.aws.gate.most_waiting > 1, 60))
        self.aws.gate.open()
        kind, result, _ = self.runtime.results.get(timeout=60)
        self.assertEqual((kind, len(self.messages())), ("response", 2), result)
