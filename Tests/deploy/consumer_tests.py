"""Deploys the consumers of tools/examples/consumer with the module: uploaded rows must come to the bucket for rows, all of them."""
import csv
import io
import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
import urllib.parse

import support
from example_tests import Example
from support import until

EXAMPLE = os.path.join(support.ROOT, "tools", "examples", "consumer")
# Enough for several batches, which invocations may handle at the same time.
ROWS = [{"id": str(n), "text": f'é "{n}",\r\n' * (n % 40)} for n in range(20_000)]


def csv_of(rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def python_zip():
    """Returns what the command in README.md writes."""
    with open(os.path.join(EXAMPLE, "README.md"), encoding="utf-8") as file:
        command = re.search(r"^    (python3 -m zipfile .*?) *# in Python$", file.read(), re.M)[1]
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "consumer.zip")
        subprocess.run(command.replace("consumer.zip", shlex.quote(path)), shell=True, cwd=support.ROOT, check=True)
        with open(path, "rb") as file:
            return file.read()


class Consumers(unittest.TestCase):
    name = "auth"

    @classmethod
    def setUpClass(cls):
        cls.pipeline = support.pipeline(cls.name)
        cls.example = Example(cls.pipeline, "consumer-function", has_tls=False, consumer_zip=support.consumer_zip())

    def uploaded(self, key, data):
        """Uploads a file, and returns the rows of it that a reader finds once it is complete, and its manifest."""
        s3, bucket, rows = self.pipeline.s3, self.example.outputs["bucket"], self.example.outputs["row_bucket"]
        version = s3.put_object(Bucket=bucket, Key=key, Body=data)["VersionId"]
        source = f"s3://{bucket}/{urllib.parse.quote(key)}?versionId={version}"
        folder = re.sub("[^A-Za-z0-9.-]", lambda match: f"_{ord(match[0]):02X}", source) + "/"

        def names():
            pages = s3.get_paginator("list_objects_v2").paginate(Bucket=rows, Prefix=folder)
            return [item["Key"].removeprefix(folder) for page in pages for item in page.get("Contents", [])]

        def content(name):
            return s3.get_object(Bucket=rows, Key=folder + name)["Body"].read()

        until(lambda: "_SUCCESS" in names(), f"{key} is complete")
        parts = [content(name) for name in names() if not name.startswith("_")]
        return [json.loads(line) for line in b"".join(parts).splitlines()], json.loads(content("_MANIFEST"))

    def check(self, language):
        rows, manifest = self.uploaded(f"in/{language} é + 100%.csv", csv_of(ROWS))
        self.assertEqual(rows == ROWS, True)
        self.assertEqual(manifest["rows"], len(ROWS))
        self.assertGreater(manifest["messages"], 10)

    def test_rows_of_uploads_come_to_the_bucket(self):
        self.check("Swift")
        function = self.example.name + "-consumer"
        client = getattr(self.pipeline, "lambda")
        client.update_function_code(FunctionName=function, ZipFile=python_zip())
        client.update_function_configuration(FunctionName=function, Runtime="python3.13", Handler="consumer.handle")
        self.check("Python")


if __name__ == "__main__":
    unittest.main()
