"""S3, SQS and Lambda in memory, with what cooperating invocations need, and with faults on request."""
import hashlib
import json
import random
import socket
import threading
import time
from urllib.parse import unquote, urlsplit

from servers import AWS


class Relay(AWS):
    """Stores notes, with conditions, and records events for functions."""

    def __init__(self):
        self.events = []
        self.requests = 0
        self.last_request, self.end = None, None
        self.chaos = None
        self.lock = threading.Lock()
        super().__init__()

    def answer(self, request, body):
        with self.lock:
            self.requests += 1
            if self.requests == self.last_request:
                self.end()
            fault = self.chaos.draw(request) if self.chaos else None
        if fault:
            return getattr(self.chaos, fault)(self, request, body)
        self.answer_well(request, body)

    def answer_well(self, request, body):
        if "/invocations" in request.path:
            self.events.append(json.loads(body))
            return request.reply(202)
        if request.command != "PUT":
            return super().answer(request, body)
        bucket, _, key = urlsplit(request.path).path.lstrip("/").partition("/")
        place = bucket, unquote(key)
        with self.lock:
            found = self.objects.get(place)
            wanted = request.headers.get("If-Match")
            if (found is not None and request.headers.get("If-None-Match") == "*") or \
                    (wanted and (found is None or wanted != tag(found))):
                return request.reply(412)
            self.objects[place] = body
        request.reply(200, b"", [("ETag", tag(body))])

    def end_at(self, request, end):
        """Calls `end` when that request from now on arrives, before it is answered."""
        with self.lock:
            self.last_request, self.end = self.requests + request, end

    def by_id(self, url=None):
        """Returns {sluice.id: [body, …]} for the messages with rows and the last messages."""
        found = {}
        for message in self.queues.get(url or self.queue_url, []):
            name = message["MessageAttributes"]["sluice.id"]["StringValue"]
            found.setdefault(name, []).append(message["MessageBody"])
        return found


def tag(data):
    return '"%s"' % hashlib.md5(data).hexdigest()


class Chaos:
    """Spoils a share of all requests. Requests in the same order are spoiled in the same way for the same seed."""

    def __init__(self, seed, share):
        self.random, self.share = random.Random(seed), share

    def draw(self, request):
        if self.random.random() >= self.share:
            return None
        kinds = ["reset", "internal_error", "slow_down", "slow", "lost_answer"]
        if "X-Amz-Target" in request.headers:
            kinds += ["partial"]
        elif request.command == "GET":
            kinds += ["truncated"]
        return self.random.choice(kinds)

    def hang_up(self, request):
        request.close_connection = True
        request.connection.shutdown(socket.SHUT_RDWR)

    def reset(self, aws, request, body):
        self.hang_up(request)

    def internal_error(self, aws, request, body):
        request.reply(500)

    def slow_down(self, aws, request, body):
        request.reply(503, b"<Error><Code>SlowDown</Code></Error>", [("Content-Type", "application/xml")])

    def slow(self, aws, request, body):
        time.sleep(0.2)  # sleeps: answers late, for others to come first
        aws.answer_well(request, body)

    def lost_answer(self, aws, request, body):
        """Processes the request, but closes the connection without an answer."""
        reply, request.reply = request.reply, lambda *_, **__: None
        try:
            aws.answer_well(request, body)
        finally:
            request.reply = reply
        self.hang_up(request)

    def truncated(self, aws, request, body):
        def half(status, body=b"", headers=(), length=None):
            request.send_response(status)
            for name, value in headers:
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body[:len(body) // 2])
            self.hang_up(request)

        reply, request.reply = request.reply, half
        try:
            aws.answer_well(request, body)
        finally:
            request.reply = reply

    def partial(self, aws, request, body):
        call = json.loads(body)
        if len(call.get("Entries", [])) < 2:
            return aws.answer_well(request, body)
        failed = call["Entries"].pop()
        aws.queues.setdefault(call["QueueUrl"], []).extend(call["Entries"])
        request.reply(200, json.dumps({
            "Successful": [{"Id": entry["Id"], "MD5OfMessageBody": hashlib.md5(entry["MessageBody"].encode()).hexdigest()}
                           for entry in call["Entries"]],
            "Failed": [{"Id": failed["Id"], "Code": "InternalError", "SenderFault": False}],
        }).encode(), [("Content-Type", "application/x-amz-json-1.0")])
