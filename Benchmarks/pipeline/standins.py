"""Lambda's runtime API, S3 and SQS on loopback. They must be faster than the function, so that they do not limit it.

Each is a threaded server on raw sockets. S3 and SQS run in their own processes. The object is never in memory as a whole: a
block of one segment's size is repeated, so that every segment but the first has the same rows.
"""
import json
import multiprocessing
import queue
import re
import socket
import threading
import time

import inputs

SEGMENT = 16 << 20
# What a client needs to sign requests to the stand-ins.
CREDENTIALS = {
    "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
}


class Server:
    """HTTP/1.1 on a free port of 127.0.0.1. `answer(method, path, headers, body)` returns status, headers and body."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.converse, args=[connection], daemon=True).start()

    def in_thread(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def in_process(self):
        multiprocessing.get_context("fork").Process(target=self.serve, daemon=True).start()
        return self

    def converse(self, connection):
        try:
            with connection:
                buffer = bytearray(1 << 20)
                while self.exchange(connection, buffer):
                    pass
        except OSError:  # the function has ended
            pass

    def exchange(self, connection, buffer):
        count = head = 0
        while not head:
            more = connection.recv_into(memoryview(buffer)[count:])
            if more == 0:
                return False
            head = buffer.find(b"\r\n\r\n", max(0, count - 3), count + more) + 4
            count += more
            head = head if head >= 4 else 0
        first, *lines = bytes(buffer[:head - 4]).decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        end = head + int(headers.get("content-length", 0))
        if end > len(buffer):
            buffer += bytes(end - len(buffer))
        view = memoryview(buffer)
        while count < end:
            count += connection.recv_into(view[count:end])
        view.release()
        status, given, body = self.answer(method, path, headers, buffer, head, end)
        given = {"Content-Length": len(body), **given}
        text = f"HTTP/1.1 {status} \r\n" + "".join(f"{name}: {value}\r\n" for name, value in given.items()) + "\r\n"
        connection.sendall(text.encode())
        if method != "HEAD":
            connection.sendall(body)
        return True


class RuntimeAPI(Server):
    """Hands out the invocations in `events`, and puts each result and its time into `results`."""

    def __init__(self):
        super().__init__()
        self.events, self.results, self.asked = queue.Queue(), queue.Queue(), queue.Queue()

    def answer(self, method, path, headers, buffer, head, end):
        if path.endswith("/invocation/next"):
            self.asked.put(time.perf_counter())
            event = self.events.get()
            return 200, {
                "Lambda-Runtime-Aws-Request-Id": "1",
                "Lambda-Runtime-Deadline-Ms": int((time.time() + 900) * 1000),
                "Content-Type": "application/json",
            }, json.dumps(event).encode()
        self.results.put((path.rsplit("/", 1)[1], bytes(buffer[head:end]), time.perf_counter()))
        return 202, {}, b""


class Objects(Server):
    """An object in S3 that consists of whole segments."""

    def __init__(self, kind, segments):
        super().__init__()
        header, rows = inputs.block(kind)
        self.size = segments * SEGMENT
        columns = header.count(b",") + 1
        first, other = header + filled(rows, columns, SEGMENT - len(header)), filled(rows, columns, SEGMENT)
        self.bytes = memoryview(first + other + other)

    def part(self, first, count):
        start = first if first < SEGMENT else SEGMENT + first % SEGMENT
        return self.bytes[start:start + count]

    def write(self, path):
        """Writes the object's bytes to a file."""
        with open(path, "wb", buffering=0) as file:
            for start in range(0, self.size, SEGMENT):
                inputs.write(file, self.part(start, SEGMENT))

    def answer(self, method, path, headers, buffer, head, end):
        given = {"ETag": '"block"'}
        if method == "HEAD":
            return 200, {"Content-Length": self.size, **given}, b""
        first, last = map(int, headers["range"].removeprefix("bytes=").split("-"))
        given["Content-Range"] = f"bytes {first}-{last}/{self.size}"
        return 206, given, self.part(first, last + 1 - first)


def filled(rows, columns, size):
    """Returns rows of exactly `size` bytes. The last row is as long as necessary."""
    body = b"".join(rows)
    last = b"," * (columns - 1)
    text = body * (size // len(body))
    left = size - len(text) - len(last) - 2
    count = 0
    for row in rows:
        if count + len(row) > left:
            break
        count += len(row)
    text += body[:count] + last
    return text + b"x" * (size - len(text) - 1) + b"\n"


class Queue(Server):
    """A queue that drops all messages and answers at once.

    It computes no MD5 of the bodies, as nothing compares it unless asked to.
    """

    ENTRY = re.compile(rb'\{"Id":"(\d+)","MessageBody":"')

    def __init__(self):
        super().__init__()
        self.requests, self.bytes = multiprocessing.Value("Q", 0), multiprocessing.Value("Q", 0)
        self.url = f"http://{self.address}/1/messages"

    def answer(self, method, path, headers, buffer, head, end):
        with self.requests, self.bytes:
            self.requests.value += 1
            self.bytes.value += end - head
        successes = []
        place = head
        while entry := self.ENTRY.search(buffer, place, end):
            start = entry.end()
            place = buffer.find(b'","MessageAttributes":{', start, end)
            successes.append({"Id": entry[1].decode(), "MessageId": "1"})
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(
            {"Successful": successes, "Failed": []}).encode()
