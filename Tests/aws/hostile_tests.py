"""Answers that no AWS service should give. Each must end the command with an error, soon, with little memory, and no
message may count as sent that the queue did not confirm."""
import concurrent.futures
import json
import socket
import subprocess
import threading

from measuring import measured
from support import SLUICE, OnAWS, environment
from waiting import BOUND

LARGEST = 400 << 20  # the most bytes that the command may take
RANGE = 8 << 20
ENDS = {65, 66, 69, 75}


class RawServer:
    """A server that reads requests and lets `answer(connection, head, body)` write any bytes. It closes the connection when
    `answer` returns something true."""

    def __init__(self, answer):
        self.answer, self.requests = answer, []
        self.closed = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            try:
                while head := self.head(stream):
                    lines = head.decode().lower().splitlines()
                    length = [int(line.split(":")[1]) for line in lines if line.startswith("content-length:")]
                    body = stream.read(length[0]) if length else b""
                    self.requests.append((head.decode(), body))
                    if self.answer(self, connection, head.decode(), body):
                        return
            except OSError:
                pass

    @staticmethod
    def head(stream):
        head = b""
        while line := stream.readline():
            head += line
            if line == b"\r\n":
                return head
        return None

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.closed.set()
        self.listener.close()


def reply(status, body=b"", **headers):
    headers = {"content-length": len(body), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status} X"] + [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def endlessly(server, connection, part, pause=0.0):
    """Sends a part again and again until the other end closes the connection."""
    while not server.closed.wait(pause) if pause else not server.closed.is_set():
        connection.sendall(part)
    return True


def outcome(*arguments, url, data=b"", timeout=BOUND):
    """Runs the command, and returns its status, its output and errors, and its peak memory in bytes."""
    done, memory = measured([SLUICE, *arguments], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                            env=environment(AWS_ENDPOINT_URL=url))
    return done.returncode, done.stdout, done.stderr, memory


class Hostile(OnAWS):
    def together(self, cases, check):
        """Runs the cases in parallel, since most of them wait."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            futures = {name: pool.submit(check, case) for name, case in cases.items()}
            for name, future in futures.items():
                with self.subTest(name):
                    future.result()

    def failed_cleanly(self, status, errors, memory, ends=ENDS):
        self.assertIn(status, ends, errors[:2000])
        self.assertIn(b": error: ", errors)
        self.assertLess(len(errors), 4000)
        self.assertTrue(all(byte >= 0x20 or byte == 0x0A for byte in errors), errors[:2000])
        self.assertLess(memory, LARGEST)


HEAD = reply(200, etag='"e"', content_length=RANGE * 2)


def part_of(head):
    line = [line for line in head.splitlines() if line.lower().startswith("range:")][0]
    first, last = map(int, line.split("=")[1].split("-"))
    return first, last


def after_head(answer):
    """Wraps an answer: HEAD gets a valid answer, every other request gets `answer`."""
    def both(server, connection, head, body):
        if head.startswith("HEAD"):
            connection.sendall(HEAD)
            return False
        return answer(server, connection, head, body)
    return both


def always(data, closes=False):
    def answer(server, connection, head, body):
        connection.sendall(data)
        return closes
    return answer


class HostileObjects(Hostile):
    def refused(self, answer):
        with RawServer(answer) as server:
            status, output, errors, memory = outcome("convert", "s3://bucket/key", "--idle-timeout", "1", url=server.url)
            self.failed_cleanly(status, errors, memory)
            self.assertLess(len(server.requests), 60)
        self.assertEqual(output, b"")

    def test_invalid_answers_to_head(self):
        def endless_headers(server, connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            return endlessly(server, connection, b"x-filler: " + b"y" * 1000 + b"\r\n")

        def one_endless_header(server, connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\nx-filler: ")
            return endlessly(server, connection, b"y" * 10_000)

        def slowly(server, connection, head, body):
            connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            return endlessly(server, connection, b"y", 0.2)

        def continues(server, connection, head, body):
            return endlessly(server, connection, b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)

        def half_closed(server, connection, head, body):
            connection.shutdown(socket.SHUT_WR)
            server.closed.wait(60)
            return True

        self.together({
            "endless headers": endless_headers, "an endless header": one_endless_header, "a head that trickles": slowly,
            "endless 100 Continue": continues, "a half-closed connection": half_closed,
            "silence": lambda server, *_: server.closed.wait(60),
            "a closed connection": lambda *_: True,
            "garbage": always(bytes(range(256)) * 10, True), "another protocol": always(b"SSH-2.0-x\r\n", True),
            "no status": always(b"HTTP/1.1 \r\n\r\n", True), "a status out of range": always(b"HTTP/1.1 99999 X\r\n\r\n", True),
            "301 without a location": always(reply(301)), "307 to itself": always(reply(307, location="/bucket/key")),
            "500": always(reply(500)), "no ETag": always(reply(200, content_length=5)),
            "no length": always(reply(200, etag='"e"', content_length=None), True),
            "a size beyond 64 bits": always(reply(200, etag='"e"', content_length="99999999999999999999"), True),
            "the largest size of 64 bits": always(reply(200, etag='"e"', content_length=2**64 - 1), True),
            "the largest size of 63 bits": always(reply(200, etag='"e"', content_length=2**63 - 1), True),
            "a negative size": always(reply(200, etag='"e"', content_length=-1), True),
        }, self.refused)

    def test_invalid_answers_to_a_range_request(self):
        def endless_chunks(server, connection, head, body):
            connection.sendall(b"HTTP/1.1 206 X\r\netag: \"e\"\r\ntransfer-encoding: chunked\r\n\r\n")
            return endlessly(server, connection, b"10000\r\n" + b"x" * 65536 + b"\r\n")

        def endless_error(status):
            def answer(server, connection, head, body):
                connection.sendall(b"HTTP/1.1 %d X\r\ncontent-type: application/xml\r\n\r\n<Error><Code>" % status)
                return endlessly(server, connection, b"A" * 65536)
            return answer

        def trickling(server, connection, head, body):
            connection.sendall(reply(206, etag='"e"', content_length=RANGE))
            return endlessly(server, connection, b"x", 0.2)

        def stalling(server, connection, head, body):
            connection.sendall(reply(206, b"x" * 10, etag='"e"', content_length=RANGE))
            server.closed.wait(60)
            return True

        def changing(server, connection, head, body):
            first, last = part_of(head)
            connection.sendall(reply(206, b"x" * 100_000, etag='"e"' if first == 0 else '"f"', content_length=last - first + 1))
            return True

        part = b"x" * RANGE
        cases = {
            "endless chunks": endless_chunks, "endless error": endless_error(403), "endless 500": endless_error(500),
            "a body that trickles": trickling, "a body that stalls": stalling,
            "an ETag that changes midway": changing,
            "an early end, again and again": always(reply(206, b"x", etag='"e"', content_length=RANGE), True),
            "the whole object": always(reply(200, part * 2, etag='"e"')),
            "another status": always(reply(200, part, etag='"e"')),
            "another range": always(reply(206, part, etag='"e"', content_range=f"bytes 5-{RANGE + 4}/{RANGE * 2}")),
            "an invalid range": always(reply(206, part, etag='"e"', content_range="bytes */*")),
            "one byte more": always(reply(206, part + b"x", etag='"e"')),
            "one byte less": always(reply(206, part[1:], etag='"e"')),
            "nothing": always(reply(206, etag='"e"')), "no content": always(reply(204)),
            "301": always(reply(301, b"<Error><Code>PermanentRedirect</Code></Error>")),
            "XML that never closes": always(reply(400, b"<Error><Code>" + b"&amp;" * 10_000)),
            "escapes for the terminal": always(reply(400, b"<Error><Code>\x1b[2J</Code><Message>\x1b]0;x\x07\r\n\xff</Message></Error>")),
        }
        self.together({name: after_head(answer) for name, answer in cases.items()}, self.refused)


def as_json(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return reply(200, data, content_type="application/x-amz-json-1.0")


BAD_JSON = {
    "nothing": b"", "no JSON": b"<html></html>", "half of it": b'{"Successful":[{"Id":"0"}', "an array": b"[]", "null": b"null",
    "not UTF-8": b'{"Successful":[{"Id":"\xff\xfe"}]}', "too deep": b"[" * 1_000_000, "too many values": b"[" + b"0," * 500_000 + b"0]",
    "a huge number": b'{"Successful":[{"Id":1e999999999}]}', "an odd number": b"1.e5",
    "an error with 200": b'{"__type":"InternalError"}', "no entries": b"{}", "bad entries": b'{"Successful":7,"Failed":"x"}',
}


class HostileQueues(Hostile):
    def setUp(self):
        super().setUp()
        self.path = self.write("orders.csv", b"a\n" + b"".join(b"%d%s\n" % (n, b"x" * 200) for n in range(200)))

    def not_sent(self, answer, ends=ENDS):
        with RawServer(answer) as server:
            status, _, errors, memory = outcome("send", self.path, "--max-bytes", "4096", "--idle-timeout", "1",
                                                 "--queue-url", f"{server.url}/0/q", url=server.url)
            self.failed_cleanly(status, errors, memory, ends)
            bodies = b"".join(body for _, body in server.requests)
        self.assertNotIn(b'"manifest"', bodies)

    def test_answers_that_do_not_confirm_a_message(self):
        def endless(server, connection, head, body):
            connection.sendall(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n")
            return endlessly(server, connection, b"10000\r\n" + b" " * 65536 + b"\r\n")

        def entries(make):
            def answer(server, connection, head, body):
                connection.sendall(as_json(make(json.loads(body)["Entries"])))
                return False
            return answer

        cases = {name: always(as_json(data)) for name, data in BAD_JSON.items()}
        cases |= {
            "an endless answer": endless, "XML": always(reply(200, b"<SendMessageBatchResponse/>", content_type="text/xml")),
            "500": always(reply(500)), "301": always(reply(301)), "silence": lambda server, *_: server.closed.wait(60),
            "unknown ids": entries(lambda all: {"Successful": [{"Id": "x%s" % one["Id"], "MessageId": "m"} for one in all]}),
            "ids beyond the batch": entries(lambda all: {"Successful": [{"Id": "%d" % (n + 10), "MessageId": "m"} for n in range(10)]}),
            "one id for all": entries(lambda all: {"Successful": [{"Id": all[-1]["Id"], "MessageId": "m"}] * len(all)}),
            "all but one": entries(lambda all: {"Successful": [{"Id": one["Id"], "MessageId": "m"} for one in all[1:]]}),
            "both sent and failed": entries(lambda all: {"Successful": [{"Id": one["Id"]} for one in all],
                                         "Failed": [{"Id": one["Id"], "Code": "InternalError", "SenderFault": False} for one in all]}),
            "one that always fails": entries(lambda all: {
                "Successful": [{"Id": one["Id"], "MessageId": "m"} for one in all if one["Id"] != "1"],
                "Failed": [{"Id": "1", "Code": "InternalError", "SenderFault": False}]}),
        }
        # With a queue that confirms nothing for one of ten, "one id for all" leaves out nine.
        self.together(cases, self.not_sent)

    def test_invalid_messages(self):
        def received(**message):
            usual = {"MessageId": "m", "ReceiptHandle": "r", "Body": "[]"}
            return {"Messages": [{name: value for name, value in {**usual, **message}.items() if value is not None}]}

        def ours(body, content, **more):
            values = {"sluice.id": "0" * 32, "sluice.source": "s", "sluice.content": content, "sluice.range": "0-1",
                      "sluice.records": "2-2", "sluice.index": "0/0", **more}
            return received(Body=body, MessageAttributes={name: {"DataType": "String", "StringValue": value}
                                                          for name, value in values.items()})

        answers = {name: as_json(data) for name, data in BAD_JSON.items()
                   if name not in ("nothing", "an error with 200", "no entries", "bad entries",
                                   "not UTF-8", "a huge number")}
        answers |= {
            "no body": as_json(received(Body=None)), "a body that is not a string": as_json(received(Body=7)),
            "a wrong sum": as_json(received(MD5OfBody="x")), "no receipt": as_json(received(ReceiptHandle=None)),
            "invalid attributes": as_json(received(Body=None, MessageAttributes=[1])),
            "a count beyond 64 bits": as_json(ours('{"messages":18446744073709551616}', "manifest")),
            "a negative count": as_json(ours('{"messages":-1}', "manifest")),
            "invalid rows": as_json(ours("[{]", "json")), "too deep": as_json(ours("[" * 100_000, "json")),
            "invalid base64": as_json(ours("====", "json+zstd+base64")),
            "an invalid frame": as_json(ours("AAAA", "ndjson+zstd+base64")),
            "a truncated frame": as_json(ours("KLUv/SAB", "json+zstd+base64")),
            "attributes that are not UTF-8": as_json(
                json.dumps(ours("[{]", "json")).encode().replace(b'"2-2"', b'"\xff\xfe\xc0\x80"')),
        }

        def check(answer):
            def once(server, connection, head, body):
                connection.sendall(answer if b"ReceiveMessage" in head.encode() else as_json({"Successful": [], "Failed": [
                    {"Id": entry["Id"], "Code": "ReceiptHandleIsInvalid", "SenderFault": True} for entry in json.loads(body)["Entries"]]}))
                return False

            with RawServer(once) as server:
                status, output, errors, memory = outcome("receive", "--idle-timeout", "1", "--timeout", "0", "--queue-url",
                                                          f"{server.url}/0/q", url=server.url)
                self.failed_cleanly(status, errors, memory)
                self.assertEqual(output, b"")
                self.assertFalse(any("DeleteMessage" in head for head, _ in server.requests))

        self.together(answers, check)
