"""Shared by the tests of the function: the function itself, running between servers of their own."""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers import AWS, RuntimeAPI
from waiting import until  # noqa: F401

FUNCTION = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "sluice-lambda"


def s3_event(*keys, bucket="inbox"):
    """Returns an event as S3 sends it. `keys` are encoded as S3 writes them."""
    return {"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1", "eventName": "ObjectCreated:Put",
        "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket}, "object": {"key": key, "size": 1}},
    } for key in keys]}


def sns_event(message):
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {
        "Type": "Notification", "Subject": "Amazon S3 Notification", "Message": json.dumps(message)}}]}


class Function(unittest.TestCase):
    """Tests that run the function."""

    def setUp(self):
        self.runtime, self.aws = RuntimeAPI(), AWS()
        self.addCleanup(self.runtime.close)
        self.addCleanup(self.aws.close)

    def start(self, **environment):
        """Starts the function. A variable that is None is not set."""
        settings = {
            "AWS_LAMBDA_RUNTIME_API": self.runtime.address, "AWS_ENDPOINT_URL": f"http://{self.aws.address}",
            "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_LAMBDA_FUNCTION_NAME": "sluice", "SLUICE_QUEUE_URL": self.aws.queue_url,
            "SLUICE_ERROR_QUEUE_URL": self.aws.error_queue_url, **environment,
        }
        self.output, self.errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.addCleanup(self.output.close)
        self.addCleanup(self.errors.close)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [FUNCTION], stdout=self.output, stderr=self.errors,
            env={name: value for name, value in settings.items() if value is not None})
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)

    def lines(self, file):
        """Returns the lines that the function has written, each a JSON object."""
        file.seek(0)
        return [json.loads(line) for line in file.read().splitlines()]

    def messages(self, url=None):
        return self.aws.queues.get(url or self.aws.queue_url, [])

    def contents(self, messages):
        return [message["MessageAttributes"]["sluice.content"]["StringValue"] for message in messages]
