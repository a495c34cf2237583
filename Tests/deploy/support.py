"""Shared by the tests of the pipeline: a plain pipeline, and one with signatures, roles and policies in force."""
import atexit
import base64
import functools
import itertools
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import zipfile

import boto3

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from waiting import BOUND, until  # noqa: E402, F401

ROOT = os.path.dirname(os.path.dirname(HERE))
STATE = os.path.join(ROOT, ".build", "deploy")
STAND_IN = os.path.join(STATE, "stand-in.zip")


def package_stand_in():
    os.makedirs(STATE, exist_ok=True)
    unfinished = f"{STAND_IN}.{os.getpid()}"  # the tests of the other pipeline may run at the same time
    with zipfile.ZipFile(unfinished, "w") as archive:
        archive.write(os.path.join(HERE, "bootstrap"), "bootstrap")  # keeps its mode
    os.replace(unfinished, STAND_IN)


def function_zip():
    """Returns the path of the function's zip."""
    return os.environ.get("SLUICE_LAMBDA_ZIP") or packed("sluice-lambda")


def consumer_zip():
    """Returns the path of the zip of the consumer in Swift."""
    return os.environ.get("SLUICE_CONSUMER_ZIP") or packed("ConsumerFunction")


@functools.cache
def packed(product):
    return subprocess.run([os.path.join(ROOT, "tools", "package-lambda"), product], stdout=subprocess.PIPE, text=True,
                          check=True).stdout.splitlines()[-1]


@functools.cache
def program(product):
    """Returns the path of a program of this package: in the folder that SLUICE_PROGRAMS names, or else built now. While other
    tests run, SwiftPM would wait for them before it finds that there is nothing to build."""
    if "SLUICE_PROGRAMS" in os.environ:
        return os.path.join(os.environ["SLUICE_PROGRAMS"], product)
    return subprocess.run([os.path.join(ROOT, "tools", "build"), product], stdout=subprocess.PIPE, text=True,
                          check=True).stdout.splitlines()[-1]


class Pipeline:
    """A pipeline that `tools/pipeline` runs, with clients for it. Tests name keys without its prefix."""

    def __init__(self, name, *options, prefix=""):
        self.name, self.prefix = name, prefix
        schemas = json.dumps({prefix + "typed/": json.dumps(SCHEMA)})
        self.options = ["--var", f"schemas={schemas}", "--var", f"prefix={prefix}", *options]
        self.environment = dict(os.environ, SLUICE_PIPELINE=os.path.join(STATE, name), SLUICE_LAMBDA_ZIP=STAND_IN)

    def run(self, *arguments, **options):
        return subprocess.run([os.path.join(ROOT, "tools", "pipeline"), *arguments], env=self.environment,
                              stdout=subprocess.PIPE, text=True, timeout=580, **options)

    def up(self):
        self.run("down")
        begin = time.monotonic()
        self.run("up", *self.options, check=True)
        print(f"pipeline {self.name}: up in {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
        lines = self.run("env", check=True).stdout.splitlines()
        matches = [re.fullmatch(r"export (\w+)='?([^']*)'?", line) for line in lines]
        self.settings = dict(match.groups() for match in matches if match)
        for name in ["bucket", "queue_url", "error_queue_url", "audit_queue_url"]:
            setattr(self, name, self.settings["SLUICE_" + name.upper()])
        session = boto3.Session(self.settings["AWS_ACCESS_KEY_ID"], self.settings["AWS_SECRET_ACCESS_KEY"],
                                region_name=self.settings["AWS_REGION"])
        for service in ["s3", "sqs", "lambda", "stepfunctions", "cloudformation"]:
            setattr(self, service, session.client(service, endpoint_url=self.settings["AWS_ENDPOINT_URL"]))
        return self

    def use(self, zip_file):
        """Replaces the function's code."""
        with open(zip_file, "rb") as file:
            getattr(self, "lambda").update_function_code(FunctionName=self.settings["SLUICE_FUNCTION_NAME"],
                                                         ZipFile=file.read())

    def sluice(self, *arguments):
        """Runs a command of sluice-aws on the pipeline, and returns what it printed."""
        done = subprocess.run([program("sluice-aws"), *arguments], env=dict(os.environ, **self.settings), capture_output=True,
                              text=True, timeout=BOUND)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def upload(self, key, data):
        return self.s3.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data).get("VersionId")

    def source(self, key, version):
        """Returns the object's address, as messages have it."""
        return f"s3://{self.bucket}/{urllib.parse.quote(self.prefix + key)}?versionId={version}"

    def receive(self, url, enough, seconds=BOUND):
        """Receives messages until `enough` is true for all of them together."""
        messages, end = [], time.monotonic() + seconds
        while not enough(messages):
            if time.monotonic() > end:
                log = self.run("logs").stdout[-3000:]
                raise TimeoutError(f"{len(messages)} messages after {seconds} s; the function's log ends:\n{log}")
            batch = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                             MessageAttributeNames=["All"]).get("Messages", [])
            if batch:
                self.sqs.delete_message_batch(QueueUrl=url, Entries=[
                    {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(batch)])
            messages += batch
        return messages

    def concurrency(self):
        """Returns the most invocations that ran at a time, by the metrics in the function's log."""
        edges = []
        for line in self.run("logs", check=True).stdout.splitlines():
            if line.startswith('{"_aws"') and "duration" in (metrics := json.loads(line)):
                # A millisecond less on both sides, since times are rounded.
                end = metrics["_aws"]["Timestamp"]
                edges += [(end - metrics["duration"] + 1, 1), (end - 1, -1)] if metrics["duration"] > 2 else []
        return max(itertools.accumulate(step for _, step in sorted(edges)))

    def variables(self):
        """Returns the function's variables."""
        return getattr(self, "lambda").get_function_configuration(
            FunctionName=self.settings["SLUICE_FUNCTION_NAME"])["Environment"]["Variables"]

    def set_variables(self, variables):
        getattr(self, "lambda").update_function_configuration(
            FunctionName=self.settings["SLUICE_FUNCTION_NAME"], Environment={"Variables": variables})

    def waiting(self, url):
        """Returns how many messages of a queue are visible, and how many were received and not deleted."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return tuple(int(attributes[name]) for name in names)

    def visibility_timeout(self, url):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"]

    def set_visibility_timeout(self, url, seconds):
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": seconds})

    def drain(self):
        """Empties all queues, so that tests do not see each other's messages."""
        for name, url in self.settings.items():
            if name.endswith("QUEUE_URL"):
                while batch := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages"):
                    for message in batch:
                        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


SCHEMA = {"dialect": {"delimiter": ";"}, "schema": {"fields": [
    {"name": "id", "type": "integer"}, {"name": "price", "type": "number", "decimalChar": ","},
    {"name": "day", "type": "date", "format": "%d.%m.%Y"}]}}
BUFFER_CONCURRENCY = 3
PIPELINES = {
    # A file larger than those of all other tests goes to the state machine, in portions of one segment.
    "plain": Pipeline("plain", "--var", "route_bytes=250000000", "--var", "portion_segments=1"),
    # A queue holds uploads until the function can take them. The prefix has characters that filters of notifications must have
    # encoded, and policies must not.
    "auth": Pipeline("auth", "--auth", "--var", "fifo=true", "--var", "zstd_level=3", "--var", "buffer=true",
                     "--var", f"buffer_concurrency={BUFFER_CONCURRENCY}", prefix="dt=2024/a b+é&(c)/"),
}


@functools.cache
def pipeline(name):
    """Starts the pipeline when it is first needed, and returns it."""
    package_stand_in()
    one = PIPELINES[name]
    atexit.register(one.run, "down")
    return one.up()


def attribute(message, name):
    return message["MessageAttributes"]["sluice." + name]["StringValue"]


def rows_of(message):
    """Returns the rows of one of Sluice's messages."""
    return rows(attribute(message, "content"), message["Body"])


def rows(content, body):
    """Returns the rows, or the rejects, of a message's body."""
    if content.endswith("+zstd+base64"):
        body = subprocess.run(["zstd", "-dc"], input=base64.b64decode(body), capture_output=True, check=True).stdout
    return [json.loads(line) for line in body.splitlines()] if content.startswith("ndjson") else json.loads(body)
