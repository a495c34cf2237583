"""Shared by the tests of the AWS commands: the command, a stand-in for S3 and SQS, and a server that fails on purpose."""
import csv
import http.server
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request
import uuid

import boto3

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from waiting import BOUND, until

SLUICE = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "sluice"
REGION = "eu-north-1"
_moto = None


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def endpoint():
    """Returns the address of the stand-in. The first test that needs it starts it."""
    global _moto
    if _moto is None:
        port = free_port()
        log = tempfile.TemporaryFile()
        process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                                   stdout=log, stderr=log)
        _moto = process, f"http://127.0.0.1:{port}", log
        until(_answers, "the stand-in for AWS")
    return _moto[1]


def _answers():
    process, url, log = _moto
    try:
        urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=BOUND).close()
        return True
    except OSError:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(log.read().decode()) from None
        return False


def stop():
    if _moto is not None:
        _moto[0].terminate()
        _moto[0].wait(timeout=30)
        _moto[2].close()


def client(service):
    return boto3.client(service, endpoint_url=endpoint(), region_name=REGION, aws_access_key_id="key",
                        aws_secret_access_key="secret")


def taken(url):
    """Returns all visible messages of a queue, and hides them for longer than any test takes, on any machine."""
    found = []
    while some := client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10,
                                                VisibilityTimeout=3600).get("Messages"):
        found += some
    return found


def count(url, hidden=True):
    """Returns the number of messages in a queue, with or without those that a consumer has received."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"][:1 + hidden]
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(attributes[name]) for name in names)


def environment(**variables):
    """Returns the environment of a command, without this machine's own AWS configuration."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    usual = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
             "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true"}
    return {**plain, **usual, **{name: value for name, value in variables.items() if value is not None}}


def run(*arguments, data=None, url=None, **variables):
    if url is None:
        url = endpoint()
    # In a session of its own, the command has no terminal to ask at.
    return subprocess.run([SLUICE, *arguments], input=data, capture_output=True, timeout=120, start_new_session=True,
                          env=environment(AWS_ENDPOINT_URL=url, **variables))


def csv_of(rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def some_rows(count):
    return [{"id": str(n), "text": f'é "{n}",\r\n[' * (n % 5), "last": "x" * (n % 70)} for n in range(count)]


def forwarded(request):
    """An answer for Server: forwards the request to the stand-in for AWS."""
    headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
    asked = urllib.request.Request(endpoint() + request.path, request.body, headers, method=request.command)
    with urllib.request.urlopen(asked, timeout=BOUND) as reply:
        return reply.status, {"content-type": reply.headers["content-type"]}, reply.read()


class OnAWS(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def write(self, name, data):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def ended(self, done, status):
        self.assertEqual(done.returncode, status, done.stderr.decode())

    def queue(self, fifo=False):
        """Creates a queue, and returns its URL."""
        name = f"queue-{uuid.uuid4().hex}" + (".fifo" if fifo else "")
        return client("sqs").create_queue(QueueName=name, Attributes={"FifoQueue": "true"} if fifo else {})["QueueUrl"]

    def count(self, url, hidden=True):
        return count(url, hidden)


class Server:
    """A server on this machine. `answer(request)` returns (status, headers, body), or None to close the connection without
    an answer."""

    def __init__(self, answer):
        self.requests = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
                outer.requests.append(self)
                reply = answer(self)
                if reply is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "content-length" not in headers:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_HEAD = handle_any

            def log_message(self, *arguments):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *details):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
