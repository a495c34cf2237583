#!/usr/bin/env python3
"""Runs the package of tools/package-task as a container would: with no other files, no rights and a task's environment.

usage: task.py SLUICE TAR [-k PATTERN]      with boto3 and moto[server] installed; sluice-aws stands beside SLUICE

SLUICE is this machine's command, whose messages the task's are compared with.
"""
import gzip
import hashlib
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import tarfile
import unittest
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "aws"))
import support
from support import REGION, OnAWS, Server, client, csv_of, run, some_rows, taken

TAR = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "sluice-task.tar"
# The options in the task definition.
OPTIONS = ["-j", "1", "--progress=log", "--summary=json", "--max-bytes=65536", "--message-format=json", "--oversize=error"]
# What the state machine passes on.
EVENT = '{"sequencer":"0055AED6DCD90281E5","time":"2026-01-31T12:00:00.000Z"}'
# Own mounts, processes and /proc, which Swift's runtime needs; as the user `nobody` if the tests run as root.
IS_ROOT = os.geteuid() == 0
UNSHARE = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", *([] if IS_ROOT else ["--map-root-user"])]
NOBODY = ["--setuid=65534", "--setgid=65534"] if IS_ROOT else []


def forward(request):
    """Returns the stand-in's answer to a request."""
    connection = http.client.HTTPConnection(support.endpoint().removeprefix("http://"))
    connection.request(request.command, request.path, request.body, dict(request.headers))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    for name in "connection", "transfer-encoding", "server", "date":
        headers.pop(name, None)
    return answer.status, headers, body


class Bill(unittest.TestCase):
    def test_the_bill_of_materials_names_this_package(self):
        with open(TAR, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        with open(TAR + ".cdx.json", encoding="utf-8") as file:
            bill = json.load(file)
        self.assertEqual(bill["metadata"]["component"]["hashes"], [{"alg": "SHA-256", "content": digest}])


class Task(OnAWS):
    @classmethod
    def setUpClass(cls):
        if subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            print("!!! SKIPPED: the task in a root directory of its own, which is not permitted here", file=sys.stderr)
            raise unittest.SkipTest("namespaces are not permitted")

    def setUp(self):
        super().setUp()
        self.root = os.path.join(self.directory, "root")
        os.chmod(self.directory, 0o755)
        with tarfile.open(TAR) as archive:
            archive.extractall(self.root)
        os.mkdir(os.path.join(self.root, "proc"))
        self.bucket = f"bucket-{uuid.uuid4().hex}"
        self.s3 = client("s3")
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        self.credentials = self.served(Server(self.credentials_of))

    def served(self, server):
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def credentials_of(self, request):
        document = {"AccessKeyId": "ASIATASK", "SecretAccessKey": "s", "Token": "of the task",
                    "Expiration": "2999-01-01T00:00:00Z"}
        return (200, {}, json.dumps(document).encode()) if request.path == "/v2/credentials/x" else (404, {}, b"")

    def put(self, key, data):
        version = self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)["VersionId"]
        return f"s3://{self.bucket}/{key}?versionId={version}"

    def task(self, url, *arguments):
        environment = {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": url,
                       "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.credentials.url}/v2/credentials/x"}
        return subprocess.run([*UNSHARE, f"--root={self.root}", *NOBODY, "/sluice", *arguments],
                              env={**environment, "PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300)

    def received(self, url):
        """Returns {id: (body, attributes)} for the messages in a queue, and checks that each is there once."""
        found = {}
        for message in taken(url):
            attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
            self.assertFalse(attributes["sluice.id"] in found, attributes)
            found[attributes["sluice.id"]] = message["Body"], attributes
        return found

    def test_sends_the_messages_of_the_command_with_the_credentials_of_the_task(self):
        data = csv_of(some_rows(60_000))
        self.assertGreater(len(data), 3_000_000)
        aws = self.served(Server(forward))
        for key, content in ("large å+1.csv", data), ("large.csv.gz", gzip.compress(data, 1)):
            name, queue = self.put(key, content), self.queue()
            done = self.task(aws.url, "send", "--queue-url", queue.replace(support.endpoint(), aws.url), *OPTIONS,
                             "--event", EVENT, name)
            self.ended(done, 0)
            self.assertEqual(json.loads(done.stderr.splitlines()[-1])["rows"], 60_000)
            expected = {}
            for line in run("messages", *OPTIONS, name).stdout.splitlines():
                message = json.loads(line)
                attributes = message["attributes"]
                expected[attributes["sluice.id"]] = message["body"], {**attributes, "sluice.event": EVENT}
            self.assertGreater(len(expected), 50)
            self.assertEqual(self.received(queue) == expected, True)
        used = {(re.search(r"Credential=([^/]*)/", request.headers["authorization"])[1],
                 request.headers["x-amz-security-token"]) for request in aws.requests}
        self.assertEqual(used, {("ASIATASK", "of the task")})

    def test_trusts_servers_by_the_certificates_in_the_package(self):
        certificate, key = os.path.join(self.directory, "certificate"), os.path.join(self.directory, "key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stand-in", "-days", "2",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       stderr=subprocess.DEVNULL, check=True)
        server = Server(forward)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
        url = self.served(server).url.replace("http:", "https:")
        name = self.put("a.csv", b"a\n1\n")

        done = self.task(url, "convert", name)
        self.ended(done, 69)
        self.assertIn(b"CERTIFICATE_VERIFY_FAILED", done.stderr)
        self.assertEqual(server.requests, [])

        with open(certificate, "rb") as own, open(os.path.join(self.root, "etc/ssl/certs/ca-certificates.crt"), "ab") as file:
            file.write(own.read())
        done = self.task(url, "convert", name)
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":"1"}\n')

    def test_an_invalid_file_ends_it_with_65(self):
        aws, queue = self.served(Server(forward)), self.queue()
        done = self.task(aws.url, "send", "--queue-url", queue, *OPTIONS, self.put("bad.csv", b'a,b\n1,"2"3\n'))
        self.ended(done, 65)
        self.assertEqual([attributes["sluice.content"] for _, attributes in self.received(queue).values()], ["aborted"])


if __name__ == "__main__":
    try:
        unittest.main()
    finally:
        support.stop()
