"""What tools/pipeline prints, and that it opens no port to the network."""
import glob
import json
import os
import re
import subprocess
import tempfile
import unittest

import support


def listening():
    """Returns the address of every listening socket, by inode."""
    found = {}
    for path in "/proc/net/tcp", "/proc/net/tcp6":
        with open(path) as file:
            for line in file.readlines()[1:]:
                fields = line.split()
                if fields[3] == "0A":
                    found[fields[9]] = fields[1].split(":")[0]
    return found


def sockets(pid):
    for path in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            match = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(path))
        except OSError:  # closed in the meantime
            continue
        if match:
            yield match[1]


class Up(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pipeline = support.pipeline("plain")

    def test_listens_on_loopback_only(self):
        status = self.pipeline.run("status")
        self.assertEqual(status.returncode, 0)
        pid = re.match(r"up: process (\d+), http://127.0.0.1:\d+\n", status.stdout)[1]
        addresses = listening()
        ours = {addresses[inode] for inode in sockets(pid) if inode in addresses}
        self.assertEqual(ours, {"0100007F"})

    def test_does_not_start_twice(self):
        self.assertEqual(self.pipeline.run("up", stderr=subprocess.DEVNULL).returncode, 73)

    def test_ranges_of_versions_are_answered_as_on_aws(self):
        version = self.pipeline.upload("range.txt", b"0123456789")
        for wanted, part, answered in [("bytes=3-5", b"345", "bytes 3-5/10"), ("bytes=8-99", b"89", "bytes 8-9/10")]:
            answer = self.pipeline.s3.get_object(Bucket=self.pipeline.bucket, Key="range.txt", VersionId=version, Range=wanted)
            self.assertEqual((answer["Body"].read(), answer["ContentRange"]), (part, answered))
        with self.assertRaises(self.pipeline.s3.exceptions.ClientError) as caught:
            self.pipeline.s3.get_object(Bucket=self.pipeline.bucket, Key="range.txt", VersionId=version, Range="bytes=10-")
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 416)

    def test_filters_of_notifications_are_compared_with_encoded_keys_as_on_aws(self):
        pipeline, bucket = self.pipeline, "sluice-filters"
        pipeline.s3.create_bucket(Bucket=bucket)
        queue = pipeline.sqs.create_queue(QueueName=bucket)["QueueUrl"]
        arn = pipeline.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        pipeline.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [
            {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"],
             "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}}}
            for prefix in ("raw=(1)/", "encoded%3D%281%29~/", "encoded%3D%281%29%7E/")]})
        for key in "raw=(1)/x", "encoded=(1)~/x", "encoded%3D%281%29%7E/x":
            pipeline.s3.put_object(Bucket=bucket, Key=key, Body=b"")
        messages = pipeline.receive(queue, lambda messages: any("Records" in message["Body"] for message in messages))
        events = [json.loads(message["Body"]) for message in messages]
        self.assertEqual([record["s3"]["object"]["key"] for event in events for record in event.get("Records", [])],
                         ["encoded%3D%281%29%7E/x"])

    def test_prints_the_functions_log(self):
        self.assertIn("RequestId", self.pipeline.run("logs").stdout)


class Down(unittest.TestCase):
    def run_tool(self, *arguments, **environment):
        with tempfile.TemporaryDirectory() as directory:
            environment = dict(os.environ, SLUICE_PIPELINE=os.path.join(directory, "state"), **environment)
            done = subprocess.run([os.path.join(support.ROOT, "tools", "pipeline"), *arguments], env=environment,
                                  capture_output=True, text=True, timeout=support.BOUND)
        return done.returncode, done.stdout

    def test_commands_report_that_nothing_runs(self):
        self.assertEqual(self.run_tool("status"), (1, "down\n"))
        self.assertEqual(self.run_tool("env"), (69, ""))
        self.assertEqual(self.run_tool("logs"), (69, ""))
        self.assertEqual(self.run_tool("down"), (0, ""))

    def test_a_directory_with_other_files_stays(self):
        with tempfile.TemporaryDirectory() as directory:
            open(os.path.join(directory, "mine"), "w").close()
            for command in "up", "down":
                done = subprocess.run([os.path.join(support.ROOT, "tools", "pipeline"), command], capture_output=True,
                                      env=dict(os.environ, SLUICE_PIPELINE=directory, SLUICE_LAMBDA_ZIP=__file__), timeout=support.BOUND)
                self.assertEqual(done.returncode, 73, done.stderr)
                self.assertEqual(os.listdir(directory), ["mine"])

    def test_usage_errors_end_with_64(self):
        self.assertEqual(self.run_tool()[0], 64)
        self.assertEqual(self.run_tool("sideways")[0], 64)
        self.assertEqual(self.run_tool("up", "--sideways")[0], 64)
        self.assertIn("usage:", self.run_tool("--help")[1])

    def test_a_missing_zip_ends_with_66(self):
        self.assertEqual(self.run_tool("up", SLUICE_LAMBDA_ZIP="no such file")[0], 66)


if __name__ == "__main__":
    unittest.main()
