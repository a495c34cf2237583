"""Small stand-ins for AWS, each on a free port of 127.0.0.1."""
import collections
import hashlib
import itertools
import json
import queue
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TRACE_ID = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"


class Server:
    """A server in this process. It calls `answer` in a thread for each connection."""

    def __init__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def serve(self):
                outer.answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            do_GET = do_HEAD = do_POST = do_PUT = serve

            def log_message(self, *arguments):
                pass

            def reply(self, status, body=b"", headers=(), length=None):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, address):
                """Ignores the connections of a function that has ended; they are no error of a test."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Gate:
    """Holds back answers while it is closed."""

    def __init__(self):
        self.changed = threading.Condition()
        self.is_open, self.waiting, self.most_waiting = True, 0, 0

    def close(self):
        with self.changed:
            self.is_open, self.most_waiting = False, 0

    def open(self):
        with self.changed:
            self.is_open = True
            self.changed.notify_all()

    def pass_through(self):
        with self.changed:
            self.waiting += 1
            self.most_waiting = max(self.most_waiting, self.waiting)
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.is_open, 120)
            self.waiting -= 1

    def until_a_request_waits(self):
        with self.changed:
            assert self.changed.wait_for(lambda: self.waiting > 0, 60)


def has_gone(connection):
    """Whether the other end has closed the connection."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


class RuntimeAPI(Server):
    """Lambda's runtime API: hands out invocations and records their results."""

    def __init__(self):
        self.invocations = queue.Queue()
        self.results = queue.Queue()
        self.numbers = itertools.count(1_000_000)
        self.first_next = None
        self.waiting = threading.Event()
        super().__init__()

    def invoke(self, payload, seconds=60, number=None):
        """Hands out an invocation, and returns what was posted for it: `response` or `error`, and the document."""
        self.submit(payload, seconds, number)
        return self.results.get(timeout=60)

    def submit(self, payload, seconds=60, number=None):
        """Queues an invocation. A retry has the number of the first attempt."""
        self.waiting.clear()
        self.invocations.put((payload, seconds, next(self.numbers) if number is None else number))

    def answer(self, request, body):
        path = request.path.removeprefix("/2018-06-01/runtime/")
        if path == "invocation/next":
            self.first_next = self.first_next or time.monotonic()
            self.waiting.set()
            item = self.invocations.get()
            if item is None:
                return
            if has_gone(request.connection):  # the invocation is for another process
                return self.invocations.put(item)
            payload, seconds, number = item
            request.reply(200, json.dumps(payload).encode(), [
                ("Lambda-Runtime-Aws-Request-Id", "00000000-1111-2222-3333-%012d" % number),
                ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + seconds) * 1000))),
                ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:sluice"),
                ("Lambda-Runtime-Trace-Id", TRACE_ID),
                ("Content-Type", "application/json"),
            ])
        else:
            kind = path.rsplit("/", 1)[-1]
            if path == "init/error":
                kind = path
            self.results.put((kind, json.loads(body), dict(request.headers)))
            request.reply(202, b'{"status":"OK"}')

    def close(self):
        # Lets a thread that still waits for an invocation end.
        self.invocations.put(None)
        super().close()


class AWS(Server):
    """S3 and SQS in memory, limited to the operations that the function uses."""

    def __init__(self):
        self.objects = {}
        # Versions of objects by bucket, key and version, and how often each was read.
        self.versions = {}
        self.reads = collections.Counter()
        self.queues = {}
        # Seconds before each answer with an object's bytes: the least that the answer takes.
        self.slow = 0
        self.gate = Gate()
        # Whether only those read objects who agree to pay.
        self.requester_pays = False
        super().__init__()
        self.queue_url = f"http://{self.address}/123456789012/messages"
        self.error_queue_url = f"http://{self.address}/123456789012/errors"

    def answer(self, request, body):
        if "X-Amz-Target" in request.headers:
            return self.answer_sqs(request, json.loads(body))
        bucket, _, key = urlsplit(request.path).path.lstrip("/").partition("/")
        if request.command == "PUT":
            self.objects[bucket, unquote(key)] = body
            return request.reply(200, b"", [("ETag", '"%s"' % hashlib.md5(body).hexdigest())])
        if self.requester_pays and request.headers.get("x-amz-request-payer") != "requester":
            return request.reply(403)
        version = parse_qs(urlsplit(request.path).query).get("versionId")
        if version:
            place = bucket, unquote(key), version[0]
            self.reads[place] += 1
            data = self.versions.get(place)
        else:
            data = self.objects.get((bucket, unquote(key)))
        if data is None:
            return request.reply(404)
        headers = [("ETag", '"%s"' % hashlib.md5(data).hexdigest())]
        if request.command == "HEAD":
            return request.reply(200, b"", headers, length=len(data))
        time.sleep(self.slow)  # sleeps: answers late, so that work takes long enough to be cut in pieces
        self.gate.pass_through()
        if request.headers.get("If-Match", headers[0][1]) != headers[0][1]:
            return request.reply(412)
        first, last = 0, len(data) - 1
        if "Range" in request.headers:
            first, last = map(int, request.headers["Range"].removeprefix("bytes=").split("-"))
        part = data[first:last + 1]
        request.reply(206, part, headers + [("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(data)}")])

    def body_md5(self, body):
        return hashlib.md5(body.encode()).hexdigest()

    def answer_sqs(self, request, call):
        if "Entries" not in call:
            self.queues.setdefault(call["QueueUrl"], []).append(call)
            return request.reply(200, json.dumps({"MessageId": "1", "MD5OfMessageBody": self.body_md5(call["MessageBody"])}).encode(),
                                 [("Content-Type", "application/x-amz-json-1.0")])
        entries = call["Entries"]
        self.queues.setdefault(call["QueueUrl"], []).extend(entries)
        request.reply(200, json.dumps({
            "Successful": [{
                "Id": entry["Id"], "MessageId": entry["Id"],
                "MD5OfMessageBody": self.body_md5(entry["MessageBody"]),
                "MD5OfMessageAttributes": attributes_md5(entry.get("MessageAttributes", {})),
            } for entry in entries],
            "Failed": [],
        }).encode(), [("Content-Type", "application/x-amz-json-1.0")])


def attributes_md5(attributes):
    """Computes the MD5 of attributes as the documentation of SQS describes it."""
    digest = hashlib.md5()
    for name in sorted(attributes):
        for text in name, attributes[name]["DataType"]:
            digest.update(len(text.encode()).to_bytes(4, "big") + text.encode())
        value = attributes[name]["StringValue"].encode()
        digest.update(b"\x01" + len(value).to_bytes(4, "big") + value)
    return digest.hexdigest()
