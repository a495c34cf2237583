"""Inputs in S3."""
import gzip
import json
import os
import shutil
import subprocess
import uuid

from support import SLUICE, OnAWS, Server, client, csv_of, endpoint, environment, run, some_rows


class Objects(OnAWS):
    def setUp(self):
        super().setUp()
        self.bucket = f"bucket-{uuid.uuid4().hex}"
        self.s3 = client("s3")
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})

    def put(self, key, data):
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)

    def test_awkward_keys_are_read(self):
        for number, key in enumerate(["plain.csv", "with space.csv", "a+b.csv", "50%.csv", "100%25.csv", "å/ä ö.csv",
                                      "a?b&c=d#e.csv", "dir/../x.csv", "double//slash.csv", "q'\"!()*~.csv"]):
            self.put(key, b"n\n%d\n" % number)
            done = run("convert", f"s3://{self.bucket}/{key}")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b'{"n":"%d"}\n' % number, b""), key)

    def test_large_and_compressed_objects_are_converted_like_the_file(self):
        data = csv_of(some_rows(400_000))
        self.assertGreater(len(data), 20_000_000)
        path = self.write("large.csv", data)
        with open(path, "rb") as file:
            self.put("large.csv", file)
        self.put("large.csv.gz", gzip.compress(data, 1))
        expected = run("convert", path).stdout
        for key in "large.csv", "large.csv.gz":
            done = run("convert", f"s3://{self.bucket}/{key}")
            self.ended(done, 0)
            self.assertEqual(done.stdout == expected, True)

    def test_messages_are_pinned_by_version_or_entity_tag(self):
        tag = self.put("a.csv", b"a\n1\n")["ETag"].strip('"')
        name = f"s3://{self.bucket}/a.csv"
        message, _ = [json.loads(line) for line in run("messages", name).stdout.splitlines()]
        self.assertEqual(message["attributes"]["sluice.source"], f"{name}?etag={tag}")
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        first = self.put("a.csv", b"a\n2\n")["VersionId"]
        second = self.put("a.csv", b"a\n3\n")["VersionId"]
        for asked, version, row in (name, second, "3"), (f"{name}?versionId={first}", first, "2"):
            message, _ = [json.loads(line) for line in run("messages", asked).stdout.splitlines()]
            self.assertEqual(json.loads(message["body"]), [{"a": row}])
            self.assertEqual(message["attributes"]["sluice.source"], f"{name}?versionId={version}")

    def test_empty_objects_and_check_and_send(self):
        self.put("empty.csv", b"")
        self.put("bad.csv", b"a,b\n1\n")
        self.put("good.csv", b"a\n1\n")
        done = run("convert", f"s3://{self.bucket}/empty.csv")
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        done = run("check", f"s3://{self.bucket}/bad.csv", f"s3://{self.bucket}/good.csv")
        self.ended(done, 65)
        self.assertIn(f"s3://{self.bucket}/bad.csv:2: error: ".encode(), done.stderr)
        url = self.queue()
        self.ended(run("send", f"s3://{self.bucket}/good.csv", "--queue-url", url), 0)
        done = run("receive", "--queue-url", url, "--until-manifest", "--timeout", "5")
        self.assertEqual((done.returncode, done.stdout), (0, b'{"a":"1"}\n'))

    def test_the_plan_for_an_object_equals_that_for_the_file(self):
        data = csv_of(some_rows(20_000))
        self.put("orders.csv", data)
        self.put("orders.csv.gz", gzip.compress(data))
        path = self.write("orders.csv", data)
        plans = []
        for name in path, f"s3://{self.bucket}/orders.csv", f"s3://{self.bucket}/orders.csv.gz":
            done = run("plan", "--source", "orders", "--summary", "json", name)
            self.ended(done, 0)
            plans.append(dict(json.loads(done.stdout)["inputs"][0], input=""))
        # All ids have the same length, so the sizes agree although the ids differ.
        self.assertEqual(plans[1:], plans[:1] * 2)

    def test_a_missing_object_or_bucket_ends_with_66(self):
        for name in f"s3://{self.bucket}/missing.csv", "s3://no-such-bucket-at-all/a.csv":
            self.ended(run("convert", name), 66)
        self.ended(run("convert", "s3://bucket"), 64)

    def test_a_bucket_whose_requesters_pay_is_read_by_those_who_agree(self):
        def answer(request):
            if request.headers.get("x-amz-request-payer") != "requester":
                return 403, {}, b""
            return (200 if request.command == "HEAD" else 206), {"etag": '"one"', "content-length": "4"}, b"a\n1\n"

        with Server(answer) as server:
            self.ended(run("convert", "s3://bucket/a.csv", url=server.url), 69)
            done = run("convert", "s3://bucket/a.csv", "--requester-pays", url=server.url)
        self.assertEqual((done.returncode, done.stdout), (0, b'{"a":"1"}\n'))

    def test_an_object_that_changes_while_it_is_read_is_reported_with_75(self):
        data = b"a\n" + b"1\n" * 10_000_000

        def answer(request):
            headers = {"etag": '"one"', "content-length": str(len(data))}
            if request.command == "HEAD":
                return 200, headers, b""
            first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
            self.assertEqual(request.headers["if-match"], '"one"')
            if first > 0:
                return 412, {"content-type": "application/xml"}, b"<Error><Code>PreconditionFailed</Code></Error>"
            return 206, {"etag": '"one"'}, data[first:last + 1]

        with Server(answer) as server:
            done = run("convert", "s3://bucket/a.csv", url=server.url)
        self.ended(done, 75)
        self.assertIn(b"the object changed while it was read", done.stderr)
        self.assertGreater(done.stdout.count(b"\n"), 1_000_000)

    def test_a_range_whose_connection_breaks_is_resumed(self):
        data = b"a\n" + b"1\n" * 10_000_000
        broken = set()

        def answer(request):
            if request.command == "HEAD":
                return 200, {"etag": '"one"', "content-length": str(len(data))}, b""
            first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
            part = data[first:last + 1]
            # The half that did not arrive is requested by a second range.
            if first >> 23 not in broken:
                broken.add(first >> 23)
                request.close_connection = True
                # Half of the promised bytes.
                return 206, {"etag": '"one"', "content-length": str(len(part))}, part[:len(part) // 2]
            return 206, {"etag": '"one"'}, part

        with Server(answer) as server:
            done = run("convert", "s3://bucket/a.csv", url=server.url)
        self.ended(done, 0)
        self.assertEqual(done.stdout == b'{"a":"1"}\n' * 10_000_000, True)

    def test_without_sluice_aws_beside_it_sluice_reports_how_to_build_it(self):
        alone = os.path.join(self.directory, "sluice")
        shutil.copy(SLUICE, alone)
        for arguments in ["send"], ["receive", "--help"], ["convert", "s3://bucket/key"]:
            done = subprocess.run([alone, *arguments], capture_output=True, env=environment(AWS_ENDPOINT_URL=endpoint()))
            self.ended(done, 69)
            self.assertIn(b"tools/build sluice-aws", done.stderr)
        done = subprocess.run([alone, "messages", "--source", "s3://bucket/key", "-"], input=b"a\n1\n", capture_output=True)
        self.ended(done, 0)
