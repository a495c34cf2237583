"""Runs the programs of tools/examples/lambda. A stand-in for Lambda's runtime API invokes the function once, for an object in one
for S3. The consumer takes messages from one for SQS until it gets SIGTERM."""
import http.server
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "aws"))
import support
from waiting import BOUND, until

KEY = "inbox/Åsa's orders + 100%.csv"
ENCODED = "inbox/%C3%85sa%27s+orders+%2B+100%25.csv"
ROWS = b"order,customer\n1,\xc3\x85sa\n2,Bo\n"


class RuntimeAPI(http.server.BaseHTTPRequestHandler):
    """Gives the server's events one after another, and keeps what is reported. Then it says nothing until the end."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        event = self.server.events.get()
        self.answer(json.dumps(event).encode(), [("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4()))])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.reports.put((self.path.split("/")[-1], body))
        self.answer(b"{}", [])

    def answer(self, body, headers):
        self.send_response(200)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Function:
    """A function that gets its events from a stand-in for Lambda's runtime API."""

    def __init__(self, program, **variables):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RuntimeAPI)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # the function waits for its next event when it is ended
        self.server.events, self.server.reports = queue.Queue(), queue.Queue()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{self.server.server_address[1]}"
        self.process = subprocess.Popen([program], stdout=subprocess.DEVNULL,
                                        env=support.environment(AWS_LAMBDA_RUNTIME_API=address, **variables))

    def report(self, event):
        """Returns how the function reports that an event went, and with what."""
        self.server.events.put(event)
        return self.server.reports.get(timeout=BOUND)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.server.server_close()


def check_function(program):
    """Returns what is wrong with what the function does."""
    bucket = f"bucket-{uuid.uuid4().hex}"
    s3, sqs = support.client("s3"), support.client("sqs")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": support.REGION})
    s3.put_object(Bucket=bucket, Key=KEY, Body=ROWS)
    url = sqs.create_queue(QueueName=f"queue-{uuid.uuid4().hex}")["QueueUrl"]
    event = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": ENCODED}}}]}
    function = Function(program, AWS_ENDPOINT_URL=support.endpoint(), QUEUE_URL=url)
    try:
        report = function.report(event)
        bodies = {message["MessageAttributes"]["sluice.content"]["StringValue"]: json.loads(message["Body"])
                  for message in support.taken(url)}
        event["Records"][0]["s3"]["object"]["key"] = "missing"
        failure = function.report(event)
    finally:
        function.end()
    rows = [{"order": "1", "customer": "Åsa"}, {"order": "2", "customer": "Bo"}]
    if report != ("response", b"null") or bodies.get("json") != rows or bodies.get("manifest", {}).get("rows") != 2:
        return [f"the function of tools/examples reports {report}, and sends {bodies}"]
    return [] if failure[0] == "error" else [f"the function of tools/examples reports {failure} without an object"]


def check_consumer(program):
    """Returns what is wrong with what the consumer does: it must print the rows of sound messages and delete only these."""
    sqs = support.client("sqs")
    url = sqs.create_queue(QueueName=f"queue-{uuid.uuid4().hex}")["QueueUrl"]
    for name, body in ("first", '{"a":1}\n'), ("damaged", "{"), ("first", '{"a":1}\n'), ("second", '{"a":2}\n'):
        labels = {"sluice.id": name, "sluice.source": "orders", "sluice.content": "ndjson"}
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in labels.items()})
    variables = support.environment(AWS_ENDPOINT_URL=support.endpoint())
    with subprocess.Popen([program, url], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: support.count(url) == 1, "the sound messages are deleted")
            process.send_signal(signal.SIGTERM)
            printed, log = process.communicate(timeout=BOUND)
        finally:
            process.kill()
    if process.returncode != 0 or sorted(printed.splitlines()) != ['{"a":1}', '{"a":2}'] or support.count(url) != 1:
        return [f"the consumer of tools/examples ends with {process.returncode}, prints {printed} and logs {log}"]
    return []


def check(directory):
    """Returns what is wrong with what the programs do that were built in a directory."""
    try:
        return check_function(os.path.join(directory, "Function")) + check_consumer(os.path.join(directory, "Consumer"))
    finally:
        support.stop()
