"""What S3 refuses and emulators accept: other regions and times, Object Lock, too many requests, deleted objects."""
import json
import time

from proxy_tests import Proxy, certificate
from strict_s3 import Bucket, Repeated, StrictS3
from support import OnAWS, Server, csv_of, run, some_rows
from support import REGION as OWN

OTHER = "eu-south-2"
ROWS = b'{"a":"1"}\n'


class Strict(OnAWS):
    def setUp(self):
        super().setUp()
        self.s3 = StrictS3()
        self.s3.buckets = {"here": Bucket(OWN), "there": Bucket(OTHER)}
        server = Server(self.s3)
        self.url = server.__enter__().url
        self.addCleanup(server.__exit__)

    def convert(self, name, status=0):
        done = run("convert", name, url=self.url)
        self.ended(done, status)
        return done

    def test_a_bucket_in_another_region_is_read_there_and_its_region_is_remembered(self):
        data = csv_of([{"a": "x" * 1000}] * 20_000)
        self.s3.put("there", "a.csv", data)
        # HEAD states the region in a header; without one, a GET states it.
        for status, refusals in (301, ["PermanentRedirect"]), (400, ["AuthorizationHeaderMalformed"] * 2):
            self.s3.wrong_region = status
            self.s3.requests.clear()
            done = self.convert("s3://there/a.csv")
            self.assertEqual(done.stdout.count(b"\n"), 20_000)
            self.assertEqual(self.s3.refusals(), refusals)
            self.assertGreater(len(self.s3.requests), 3)

    def test_on_aws_the_hosts_of_both_regions_are_asked(self):
        self.s3.put("there", "a.csv", b"a\n1\n")
        hosts = [f"there.s3.{region}.amazonaws.com" for region in (OWN, OTHER)]
        bundle, key = certificate(self.directory, *hosts)
        with Proxy(bundle, key, self.s3) as proxy:
            done = run("convert", "s3://there/a.csv", url="", HTTPS_PROXY=f"http://{proxy.authority}", https_proxy="", no_proxy="",
                       AWS_CA_BUNDLE=bundle, HOME=self.directory)
            self.ended(done, 0)
            self.assertEqual(done.stdout, ROWS)
            asked = [host for host, _ in proxy.connects]
            self.assertEqual((asked[0], set(asked[1:])), (f"{hosts[0]}:443", {f"{hosts[1]}:443"}))
            self.assertEqual(self.s3.refusals(), ["PermanentRedirect"])

    def test_a_wrong_clock_is_corrected_once(self):
        self.s3.put("here", "a.csv", csv_of([{"a": "x" * 1000}] * 20_000))
        for hours in 3, -3, 24 * 400:
            self.s3.ahead = hours * 3600
            self.s3.requests.clear()
            self.assertEqual(self.convert("s3://here/a.csv").stdout.count(b"\n"), 20_000)
            # HEAD has no body that states the reason, so a GET does.
            self.assertEqual(self.s3.refusals(), ["RequestTimeTooSkewed"] * 2)

    def test_a_wrong_clock_in_another_region_is_corrected_too(self):
        self.s3.put("there", "a.csv", b"a\n1\n")
        self.s3.ahead, self.s3.wrong_region = 3600, 400
        self.assertEqual(self.convert("s3://there/a.csv").stdout, ROWS)

    def test_the_clock_of_a_queue_counts_too(self):
        messages, refused = [], []

        def answer(request):
            request.date_time_string = lambda: time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 7200))
            expected = time.strftime("%Y%m%dT%H", time.gmtime(time.time() + 7200))
            headers = {"content-type": "application/x-amz-json-1.0"}
            # Within a minute the hour may change.
            if not request.headers["x-amz-date"].startswith((expected, time.strftime("%Y%m%dT%H", time.gmtime(time.time() + 7260)))):
                refused.append(request.headers["x-amz-date"])
                text = "Signature expired: it is now earlier than the time of the request"
                return 400, headers, json.dumps({"__type": "com.amazon.coral.service#InvalidSignatureException",
                                                 "message": text}).encode()
            entries = json.loads(request.body)["Entries"]
            messages.extend(entries)
            return 200, headers, json.dumps({"Successful": [{"Id": entry["Id"], "MessageId": "m"} for entry in entries]}).encode()

        path = self.write("orders.csv", csv_of(some_rows(400)))
        with Server(answer) as server:
            done = run("send", path, "--max-bytes", "4096", "--queue-url", f"{server.url}/1/orders", url="")
        self.ended(done, 0)
        self.assertGreater(len(messages), 10)
        # Requests that were on their way were refused too.
        self.assertIn(len(refused), range(1, 20))

    def test_large_rows_go_to_a_bucket_with_object_lock(self):
        self.s3.buckets["locked"] = Bucket(OWN, has_lock=True)

        def queue(request):
            entries = json.loads(request.body)["Entries"]
            return (200, {"content-type": "application/x-amz-json-1.0"},
                    json.dumps({"Successful": [{"Id": entry["Id"], "MessageId": "m"} for entry in entries]}).encode())

        path = self.write("orders.csv", b"a\n1\n" + b"x" * 5000 + b"\n")
        with Server(queue) as server:
            done = run("send", path, "--max-bytes", "4096", "--oversize", "offload", "--offload-bucket", "locked",
                       "--queue-url", f"{server.url}/1/orders", url=server.url, AWS_ENDPOINT_URL_S3=self.url)
        self.ended(done, 0)
        self.assertEqual([json.loads(content.data) for versions in self.s3.buckets["locked"].keys.values()
                          for _, content in versions], [[{"a": "x" * 5000}]])

    def test_requests_that_are_too_many_are_repeated(self):
        self.s3.put("here", "a.csv", b"a\n1\n")
        self.s3.busy = 4
        self.assertEqual(self.convert("s3://here/a.csv").stdout, ROWS)
        self.assertEqual(self.s3.refusals(), ["SlowDown"] * 4)

    def test_what_was_deleted_is_reported_as_missing(self):
        version = self.s3.put("here", "a.csv", b"a\n1\n")
        marker = self.s3.delete("here", "a.csv")
        for name, reason in (("a.csv", "it was deleted [NoSuchKey, status 404"), ("b.csv", "[NoSuchKey, status 404"),
                             (f"a.csv?versionId={marker}", "it was deleted [MethodNotAllowed, status 405"),
                             ("a.csv?versionId=v99", "[NoSuchVersion, status 404")):
            self.assertIn(reason, self.convert(f"s3://here/{name}", 66).stderr.decode())
        self.assertEqual(self.convert(f"s3://here/a.csv?versionId={version}").stdout, ROWS)
        self.assertIn("[NoSuchBucket, status 404", self.convert("s3://nowhere/a.csv", 66).stderr.decode())

    def test_a_refusal_names_the_permission_that_tells_missing_objects(self):
        self.s3.buckets["here"].may_be_listed = False
        error = self.convert("s3://here/a.csv", 69).stderr.decode()
        self.assertIn("[AccessDenied, status 403, request REQUEST1, id-2 host/2+id=]", error)
        self.assertIn("s3:ListBucket", error)

    def test_an_object_may_have_50_terabytes(self):
        class Changing(Repeated):
            """The largest object that S3 takes. It changes after the first bytes, so that nobody reads all of it."""

            def part(self, first, end):
                self.tag = '"other"'
                return super().part(first, end)

        self.s3.put("here", "a.csv", Changing(b"a\n", b"1\n", 50_000_000_000_000))
        self.assertIn("the object changed while it was read", self.convert("s3://here/a.csv", 75).stderr.decode())
