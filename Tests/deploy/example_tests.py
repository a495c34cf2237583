"""Applies the examples of the module and the SAM template in the emulator of a running pipeline, and sends files through them."""
import concurrent.futures
import json
import os
import platform
import shutil
import subprocess
import unittest
import urllib.parse

import support
from support import attribute, rows_of

# The provider finds the emulator by the environment, but would name buckets by names of hosts.
PROVIDER = """
provider "aws" {
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
"""
ARCHITECTURE = platform.machine().replace("aarch64", "arm64")
UPLOADER, CONSUMER = "arn:aws:iam::210987654321:role/partner", "arn:aws:iam::345678901234:role/consumer"
IGNORED = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars*")


def key_of(message):
    return urllib.parse.unquote(attribute(message, "source").split("?")[0]).split("/", 3)[3]


def converted(pipeline, bucket, queue_url, wanted, unwanted=()):
    """Uploads files of one row, first those that must not be converted. Returns the keys of the rows that arrive until those
    that must be are complete."""
    for key in [*unwanted, *wanted]:
        pipeline.s3.put_object(Bucket=bucket, Key=key, Body=b"a\n1\n")
    messages = pipeline.receive(queue_url, lambda messages: set(wanted) <= {
        key_of(message) for message in messages if attribute(message, "content") == "manifest"})
    return {key_of(message) for message in messages if attribute(message, "content") == "json" and rows_of(message) == [{"a": "1"}]}


class Example:
    def __init__(self, pipeline, name, has_tls=True, **variables):
        """Applies an example under its own name, since here all of them share an account. An emulator that enforces policies
        would refuse all requests (`has_tls`)."""
        self.pipeline, self.name = pipeline, name
        directory = os.path.join(support.STATE, "examples", name)
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(os.path.join(support.ROOT, "tools", "deploy", "terraform"), directory, ignore=IGNORED)
        self.directory = os.path.join(directory, "examples", name)
        with open(os.path.join(self.directory, "main.tf"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(self.directory, "main.tf"), "w", encoding="utf-8") as file:
            settings = f'"{name}"\n  architecture = "{ARCHITECTURE}"\n  tls_only = {json.dumps(has_tls)}'
            file.write(text.replace('"orders"', settings) + PROVIDER)
        with open(os.path.join(self.directory, "test.auto.tfvars.json"), "w", encoding="utf-8") as file:
            json.dump({"lambda_zip": support.function_zip(), **variables}, file)
        # Three examples at once then make as many requests as one. On a busy machine the emulator loses answers to more, and the
        # provider repeats AddPermission, which fails since the permission is there.
        self.terraform("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=3")
        self.outputs = {name: output["value"] for name, output in json.loads(self.terraform("output", "-json")).items()}

    def terraform(self, *arguments):
        settings = {name: value for name, value in self.pipeline.settings.items() if name.startswith("AWS_")}
        done = subprocess.run([os.path.join(support.ROOT, "tools", "deploy", "terraform-in"), self.directory, *arguments],
                              env=dict(os.environ, **settings), capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def converted(self, bucket, wanted, unwanted=()):
        return converted(self.pipeline, bucket, self.outputs["queue_url"], wanted, unwanted)


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pipeline = pipeline = support.pipeline("plain")
        account = pipeline.queue_url.split("/")[-2]
        cls.key = f"arn:aws:kms:us-east-1:{account}:key/11111111-2222-3333-4444-555555555555"
        # A bucket in use: it notifies a queue of objects that are removed.
        pipeline.s3.create_bucket(Bucket="acme-inbox")
        cls.removals = pipeline.sqs.create_queue(QueueName="removals")["QueueUrl"]
        pipeline.s3.put_bucket_notification_configuration(Bucket="acme-inbox", NotificationConfiguration={
            "EventBridgeConfiguration": {}, "QueueConfigurations": [
                {"QueueArn": f"arn:aws:sqs:us-east-1:{account}:removals", "Events": ["s3:ObjectRemoved:*"]}]})
        cls.notifications = cls.configured()
        examples = {
            "new-bucket": {},
            "existing-bucket": {"bucket": "acme-inbox", "kms_key_arn": cls.key, "subnet_ids": ["subnet-1"],
                                "security_group_ids": ["sg-1"]},
            "cross-account-consumer": {"uploader_arn": UPLOADER, "consumer_arn": CONSUMER},
        }
        with concurrent.futures.ThreadPoolExecutor(len(examples)) as pool:
            made = pool.map(lambda name: Example(pipeline, name, **examples[name]), examples)
            cls.new, cls.existing, cls.shared = made

    @classmethod
    def configured(cls):
        configuration = cls.pipeline.s3.get_bucket_notification_configuration(Bucket="acme-inbox")
        return {name: value for name, value in configuration.items() if name != "ResponseMetadata"}

    def policy(self, url):
        attributes = self.pipeline.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return json.loads(attributes["Policy"])["Statement"], attributes

    def test_a_new_bucket_is_converted(self):
        self.assertEqual(self.new.converted(self.new.outputs["bucket"], ["a.csv"]), {"a.csv"})

    def test_an_existing_bucket_is_converted_below_its_prefix_and_keeps_its_notifications(self):
        wanted = {"inbox/dt=2024 é+&(/b.csv", "inbox/c.csv"}
        self.assertEqual(self.existing.converted("acme-inbox", wanted, {"other/a.csv", "inbox/a.txt"}), wanted)
        self.assertEqual(self.configured(), self.notifications)
        self.pipeline.s3.delete_object(Bucket="acme-inbox", Key="inbox/c.csv")
        self.pipeline.receive(self.removals, lambda messages: any("ObjectRemoved" in message["Body"] for message in messages))

    def test_messages_of_an_encrypted_bucket_are_encrypted_with_its_key(self):
        _, attributes = self.policy(self.existing.outputs["queue_url"])
        self.assertEqual(attributes["KmsMasterKeyId"], self.key)

    def test_a_partner_may_upload_and_a_consumer_receive_and_no_more(self):
        bucket = self.shared.outputs["bucket"]
        self.assertEqual(self.shared.converted(bucket, ["a.csv"]), {"a.csv"})
        queue, _ = self.policy(self.shared.outputs["queue_url"])
        uploads = json.loads(self.pipeline.s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
        allowed = [(statement["Principal"]["AWS"], action.partition(":")[2]) for statement in uploads + queue
                   if statement["Effect"] == "Allow" for action in statement["Action"]]
        self.assertEqual({action for who, action in allowed if UPLOADER in who},
                         {"AbortMultipartUpload", "ListMultipartUploadParts", "PutObject"})
        self.assertEqual({action for who, action in allowed if CONSUMER in who},
                         {"ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"})


class Template(unittest.TestCase):
    def test_files_are_converted_by_a_stack_of_the_sam_template(self):
        pipeline = support.pipeline("plain")
        with open(os.path.join(support.ROOT, "tools", "deploy", "sam", "template.yaml"), encoding="utf-8") as file:
            template = file.read()
        # What `sam deploy` does with the zip.
        pipeline.s3.create_bucket(Bucket="code")
        with open(support.function_zip(), "rb") as file:
            pipeline.s3.put_object(Bucket="code", Key="sluice.zip", Body=file.read())
        template = template.replace("../../../.build/sluice-lambda.zip", "s3://code/sluice.zip")
        pipeline.cloudformation.create_stack(StackName="small", TemplateBody=template,
                                             Parameters=[{"ParameterKey": "Prefix", "ParameterValue": "in/"}],
                                             Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
        pipeline.cloudformation.get_waiter("stack_create_complete").wait(StackName="small", WaiterConfig={"Delay": 1})
        outputs = {one["OutputKey"]: one["OutputValue"]
                   for one in pipeline.cloudformation.describe_stacks(StackName="small")["Stacks"][0]["Outputs"]}
        wanted = {"in/a.csv", "in/B.CSV"}
        self.assertEqual(converted(pipeline, outputs["Bucket"], outputs["QueueURL"], wanted, {"a.csv", "in/a.txt"}), wanted)


if __name__ == "__main__":
    unittest.main()
