"""Objects too large for one invocation: the state machine, with the real function in many invocations."""
import hashlib
import json
import os
import subprocess
import unittest

import support
from support import attribute, until

# Two portions. The quoted lines lie where the second one starts.
SIZE = 500_000_000


def table(path):
    """Writes a file of several portions whose messages are only slightly larger. In its middle a quoted field spans several
    segments."""
    block = "".join(f'{n},"é, ""{n}""\r\n",{"x" * 900}\n' for n in range(1000)).encode()
    with open(path, "wb") as file:
        file.write(b"id,said,text\n")
        while file.tell() < SIZE // 2:
            file.write(block)
        for n in range(3000):
            file.write(b'%d,"%s",y\n' % (n, b'quoted\n' * 2000))
        while file.tell() < SIZE:
            file.write(block)


def fingerprint(body, attributes):
    return hashlib.md5(json.dumps([body, sorted(attributes.items())]).encode()).hexdigest()


class StateMachine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pipeline = support.pipeline("plain")
        cls.pipeline.use(support.function_zip())
        cls.sluice = support.program("sluice")
        support.program("sluice-aws")

    def setUp(self):
        self.pipeline.drain()

    def executions(self):
        machine = self.pipeline.settings["SLUICE_STATE_MACHINE_ARN"]
        return {execution["executionArn"]: execution["status"]
                for execution in self.pipeline.stepfunctions.list_executions(stateMachineArn=machine)["executions"]}

    def ended(self, before):
        """Waits until an execution that was not there before has ended, and returns its description."""
        def found():
            for arn, status in self.executions().items():
                if arn not in before and status != "RUNNING":
                    return self.pipeline.stepfunctions.describe_execution(executionArn=arn)

        try:
            return until(found, "the end of an execution")
        except AssertionError as error:
            self.fail(f"{error}; the function's log ends:\n{self.pipeline.run('logs').stdout[-3000:]}")

    def started(self, key):
        """Starts an execution for an object, and returns its description when it has ended."""
        before = self.executions()
        self.pipeline.stepfunctions.start_execution(
            stateMachineArn=self.pipeline.settings["SLUICE_STATE_MACHINE_ARN"],
            input=json.dumps({"object": {"bucket": self.pipeline.bucket, "key": key}}))
        return self.ended(before)

    def fingerprints(self, count):
        """Returns {id: fingerprint} for the messages in the queue, and what they state about the event of the upload."""
        found, events = {}, set()

        def take(messages):
            for message in messages:
                attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
                events.add(attributes.pop("sluice.event", None))
                found[attributes["sluice.id"]] = fingerprint(message["Body"], attributes)
            messages.clear()  # they need not be kept
            return len(found) >= count

        self.pipeline.receive(self.pipeline.queue_url, take, 240)
        return found, events

    def test_a_file_of_several_portions_is_converted_to_the_messages_of_the_command(self):
        path = os.path.join(support.STATE, "large.csv")
        table(path)
        self.addCleanup(os.remove, path)
        before = self.executions()
        self.pipeline.s3.upload_file(path, self.pipeline.bucket, "large/a few+portions.csv")
        version = self.pipeline.s3.head_object(Bucket=self.pipeline.bucket, Key="large/a few+portions.csv")["VersionId"]
        execution = self.ended(before)
        self.assertEqual(execution["status"], "SUCCEEDED", execution.get("cause"))

        expected = {}
        name = f"s3://{self.pipeline.bucket}/large/a few+portions.csv?versionId={version}"
        with subprocess.Popen([self.sluice, "messages", name], env={**os.environ, **self.pipeline.settings},
                              stdout=subprocess.PIPE) as command:
            for line in command.stdout:
                message = json.loads(line)
                expected[message["attributes"]["sluice.id"]] = fingerprint(message["body"], message["attributes"])
        self.assertEqual(command.returncode, 0)
        self.assertEqual(json.loads(execution["output"])["messages"], len(expected) - 1)
        check = subprocess.run([self.sluice, "verify", "--queue-url", self.pipeline.queue_url, "--against", name],
                               env={**os.environ, **self.pipeline.settings}, capture_output=True, text=True, timeout=support.BOUND)
        self.assertEqual(check.returncode, 0, check.stderr)
        self.assertIn("every row as in the input", check.stdout)
        found, events = self.fingerprints(len(expected))
        self.assertEqual(found, expected)
        event, = events
        self.assertEqual(list(json.loads(event)), ["sequencer", "time"])

        # The same event once more, late: according to the object's note, its messages have been sent.
        audit, = self.pipeline.receive(self.pipeline.audit_queue_url, lambda messages: len(messages) >= 1)
        event = {"Records": [{"Sns": json.loads(audit["Body"])}]}
        answer = getattr(self.pipeline, "lambda").invoke(
            FunctionName=self.pipeline.settings["SLUICE_FUNCTION_NAME"], Payload=json.dumps(event))
        self.assertEqual(json.loads(answer["Payload"].read())["objects"][0]["outcome"], "skipped")
        self.assertEqual(len(self.executions()), len(before) + 1)

    def test_portions_of_a_file_with_a_schema_are_converted_with_it(self):
        rows = b"".join(b"%d;%d,50;31.12.2025\n" % (n, n) for n in range(1_300_000))
        self.assertGreater(len(rows), 2 << 24)
        self.pipeline.s3.put_object(Bucket=self.pipeline.bucket, Key="typed/by hand.dat", Body=b"id;price;day\n" + rows)
        execution = self.started("typed/by hand.dat")
        self.assertEqual(execution["status"], "SUCCEEDED", execution.get("cause"))
        self.assertEqual(json.loads(execution["output"])["rows"], 1_300_000)
        # The manifest holds the schema, so the command needs no options.
        check = subprocess.run(
            [self.sluice, "verify", "--queue-url", self.pipeline.queue_url, "--against",
             f"s3://{self.pipeline.bucket}/typed/by hand.dat"],
            env={**os.environ, **self.pipeline.settings}, capture_output=True, text=True, timeout=support.BOUND)
        self.assertEqual(check.returncode, 0, check.stderr)
        self.assertIn("every row as in the input", check.stdout)
        # The task that converts objects in order gets the schema's address as an option, and makes the same messages.
        address = json.loads(self.pipeline.variables()["SLUICE_SCHEMAS"])["typed/"]
        lines = subprocess.run(
            [self.sluice, "messages", f"s3://{self.pipeline.bucket}/typed/by hand.dat", "--schema", address],
            env={**os.environ, **self.pipeline.settings}, capture_output=True, check=True, timeout=support.BOUND).stdout
        expected = [json.loads(line) for line in lines.splitlines()]
        found = self.pipeline.receive(self.pipeline.queue_url, lambda messages: len(messages) >= len(expected))
        self.assertEqual({attribute(message, "id"): message["Body"] for message in found},
                         {message["attributes"]["sluice.id"]: message["body"] for message in expected})
        first, = (message for message in found if attribute(message, "index") == "0/0")
        self.assertEqual(support.rows_of(first)[0], {"id": 0, "price": 0.5, "day": "2025-12-31"})

    def test_an_invalid_record_in_the_middle_is_reported_and_no_manifest_is_sent(self):
        block = b"".join(b"%d,%s\n" % (n, b"x" * 1000) for n in range(1000))
        data = b"a,b\n" + block * 150 + b'1,"2"3\n' + block * 120
        self.assertGreater(len(data), 250_000_000)
        self.pipeline.upload("poison.csv", data)
        report, = self.pipeline.receive(self.pipeline.error_queue_url, lambda messages: len(messages) >= 1, 240)
        report = json.loads(report["Body"])
        self.assertEqual((report["code"], report["record"], report["excerpt"][:7]), ("textAfterQuote", 150_002, '1,"2"3\n'))
        last = []
        while not last:
            messages = self.pipeline.receive(self.pipeline.queue_url, lambda messages: len(messages) >= 1, 60)
            last = [message for message in messages if attribute(message, "content") in ("manifest", "aborted")]
        self.assertEqual(attribute(last[0], "content"), "aborted")
        self.assertEqual(json.loads(last[0]["Body"])["rows"], 150_000)


    def test_failed_portions_report_why_and_the_execution_can_be_run_again(self):
        self.pipeline.s3.put_object(Bucket=self.pipeline.bucket, Key="large/by hand.dat",
                                    Body=b"a,b\n" + b"".join(b"%d,%s\n" % (n, b"x" * 1000) for n in range(40_000)))
        variables = self.pipeline.variables()

        def start():
            return self.started("large/by hand.dat")

        self.addCleanup(self.pipeline.set_variables, variables)
        self.pipeline.set_variables({**variables, "SLUICE_QUEUE_URL": variables["SLUICE_QUEUE_URL"] + "-that-is-not-there"})
        failed = start()
        self.assertEqual(failed["status"], "FAILED")
        reports = [json.loads(message["Body"]) for message in self.pipeline.receive(
            self.pipeline.error_queue_url, lambda messages: any("executionFailed" in message["Body"] for message in messages))]
        portions = [report for report in reports if report["code"] == "portionFailed"]
        self.assertTrue(portions, reports)
        for report in portions:
            self.assertIn("does not exist", report["message"])
            self.assertEqual(int(report["range"].split("-")[0]), report["portion"] << 24)
        execution, = [report for report in reports if report["code"] == "executionFailed"]
        self.assertEqual((execution["execution"], execution["status"]), (failed["executionArn"], "FAILED"))
        self.assertTrue(execution["source"].endswith("/large/by hand.dat"), execution["source"])

        # The emulator does not support redrives. A new execution does what a redrive does after the map.
        self.pipeline.set_variables(variables)
        self.assertEqual(start()["status"], "SUCCEEDED")
        check = subprocess.run(
            [self.sluice, "verify", "--queue-url", self.pipeline.queue_url, "--delete", "--against",
             f"s3://{self.pipeline.bucket}/large/by hand.dat"],
            env={**os.environ, **self.pipeline.settings}, capture_output=True, text=True, timeout=support.BOUND)
        self.assertEqual(check.returncode, 0, check.stderr)
        self.assertIn("40000 rows", check.stdout.replace(",", ""))


if __name__ == "__main__":
    unittest.main()
