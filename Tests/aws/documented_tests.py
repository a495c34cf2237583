"""Runs every AWS command in the documents as printed, with the placeholders filled in."""
import glob
import os
import re
import shlex
import signal
import subprocess
import unittest
import uuid

import botocore.session
from botocore import xform_name
from redrive_tests import Lambda, s3_event
from support import SLUICE, OnAWS, client, endpoint, environment, run

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def documented(*paths):
    """Yields the commands of documents without the text beside them. Forms with brackets or dots are left out."""
    for path in paths:
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            text = file.read()
        found = re.findall(r"^    ((?:tools/)?sluice .*)$", text, re.M) + re.findall(r"`(sluice [^`]*)`", text)
        for command in found:
            command = re.split(r"  +", command)[0]
            is_form = re.search(r"[\[…$]", command) or command.startswith("tools/")
            if not is_form and ("URL" in command or "s3://" in command):
                yield command


class OfAWS(unittest.TestCase):
    def test_commands_of_aws_that_are_shown_have_what_aws_requires_and_nothing_that_it_does_not_know(self):
        pages = [*sorted(glob.glob(os.path.join(ROOT, "docs", "*.md"))), os.path.join(ROOT, "tools", "deploy", "RUNBOOK.md")]
        session, seen = botocore.session.get_session(), 0
        for path in pages:
            with open(path, encoding="utf-8") as file:
                text = file.read().replace("\\\n", " ")
            for command in re.findall(r"^    (aws .*?)(?: [|>] .*)?$", text, re.M):
                _, service, operation, *rest = shlex.split(command)
                if service == "s3":  # has no model, since these are the tool's own
                    self.assertIn(operation, ("cp", "ls", "rm"), command)
                    continue
                model = session.get_service_model(service)
                names = {xform_name(name, "-"): name for name in model.operation_names}
                self.assertIn(operation, names, command)
                shape = model.operation_model(names[operation]).input_shape
                given = {option.removeprefix("--") for option in rest if option.startswith("--")}
                self.assertLessEqual({xform_name(name, "-") for name in shape.required_members}, given, command)
                self.assertLessEqual(given, {xform_name(name, "-") for name in shape.members} | {"query", "output"}, command)
                seen += 1
        self.assertGreater(seen, 8)


class Documented(OnAWS):
    def setUp(self):
        super().setUp()
        self.bucket = f"bucket-{uuid.uuid4().hex}"
        s3 = client("s3")
        s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        rows = b"id,text\n" + b"".join(b"%d,%s\n" % (n, b"x" * 100) for n in range(6000))
        self.version = s3.put_object(Bucket=self.bucket, Key="orders.csv", Body=rows)["VersionId"]
        self.object = f"s3://{self.bucket}/orders.csv?versionId={self.version}"
        with open(os.path.join(self.directory, "orders.schema.json"), "w", encoding="utf-8") as file:
            file.write('{"fields": [{"name": "id", "type": "integer"}, {"name": "text"}]}')
        self.function = Lambda()
        self.function.__enter__()
        self.addCleanup(self.function.__exit__, None, None, None)

    def filled(self, command, url):
        values = {"URL": url, "FAILED_URL": url, "UNDELIVERED_URL": url, "BUCKET": self.bucket, "PREFIX": "ord", "KEY": "orders.csv",
                  "V": self.version}
        return re.sub(r"\b(?:%s)\b" % "|".join(values), lambda word: values[word[0]], command)

    def start(self, command):
        path = os.path.dirname(SLUICE) + os.pathsep + os.environ["PATH"]
        return subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=self.directory, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment(AWS_ENDPOINT_URL=endpoint(), PATH=path,
                                                                AWS_ENDPOINT_URL_LAMBDA=self.function.url))

    def test_documented_commands_work(self):
        pages = sorted(glob.glob(os.path.join(ROOT, "docs", "*.md")))
        seen = list(dict.fromkeys(documented("README.md", *pages, "tools/deploy/RUNBOOK.md")))
        self.assertGreater(len(seen), 8, seen)
        for command in seen:
            with self.subTest(command):
                url = self.queue()
                if command.startswith("sluice redrive"):
                    client("sqs").send_message(QueueUrl=url, MessageBody=s3_event("orders.csv"))
                elif not command.startswith("sluice send"):
                    self.ended(run("send", self.object, "--queue-url", url), 0)
                before = self.count(url)
                process = self.start(self.filled(command, url))
                if command.startswith("sluice receive"):
                    # The command runs until it is ended.
                    while self.count(url) > 0:
                        self.assertIsNone(process.poll())
                    process.send_signal(signal.SIGTERM)
                _, errors = process.communicate(timeout=100)
                expected = 128 + signal.SIGTERM if command.startswith("sluice receive") else 0
                self.assertEqual(process.returncode, expected, errors)
                if command.startswith("sluice send"):
                    self.assertGreater(self.count(url), before)
                elif command.startswith("sluice receive"):
                    with open(os.path.join(self.directory, "rows.ndjson"), "rb") as file:
                        self.assertEqual(len(file.readlines()), 6000)
                elif command.startswith("sluice redrive") and "--dry-run" not in command:
                    self.assertEqual(self.count(url), 0)
                else:
                    self.assertEqual(self.count(url), before)
                hands_over = command.startswith(("sluice redrive", "sluice invoke")) and "--dry-run" not in command
                self.assertEqual(len(self.function.invocations), hands_over)
                self.function.invocations.clear()

    def test_help_lists_the_options_of_the_queue_commands(self):
        for command, options in (("send", ["--queue-url", "--checkpoint", "--check-md5", "--idle-timeout", "--offload-bucket"]),
                                 ("receive", ["--queue-url", "--until-manifest", "--timeout", "--visibility-timeout",
                                              "--offload-bucket", "--max-body", "--idle-timeout"]),
                                 ("verify", ["--queue-url", "--delete", "--offload-bucket", "--max-body"])):
            done = run(command, "--help", *(["--queue-url", "x"] if command == "verify" else []))
            self.ended(done, 0)
            for option in options:
                self.assertIn(option.encode(), done.stdout, shlex.join([command, option]))
