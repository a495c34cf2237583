"""A stand-in for S3 that refuses what S3 refuses, and emulators accept.

    s3 = StrictS3()
    s3.buckets["inbox"] = Bucket(region="eu-west-1")
    s3.put("inbox", "a.csv", b"a\\n1\\n")

Called with a request (`command`, `path`, `headers`, `body`), it returns status, headers and body. It answers as the Amazon S3 API
Reference documents under "Error responses", "HeadObject", "GetObject" and "PutObject":

- A request for a bucket in another region: 301 PermanentRedirect, or, as from a host of the right region to which a request signed
  for the wrong one was sent, 400 AuthorizationHeaderMalformed. Both name the region; an answer to HEAD has no body, so of the second
  it has only the status.
- A request signed at another time, beyond 15 minutes: 403 RequestTimeTooSkewed.
- A PUT without a checksum to a bucket with Object Lock, or with a wrong one: 400. `x-amz-content-sha256` is not a checksum.
- More than it serves at the moment: 503 SlowDown.
- A key that does not exist: 404, or 403 for those who may not list the bucket. A delete marker: 404, or 405 by its version.
"""
import base64
import collections
import datetime
import email.utils
import hashlib
import itertools
import re
import threading
import time
from urllib.parse import parse_qs, unquote, urlsplit

AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/(\d{8})/([^/]+)/s3/aws4_request, "
                           r"SignedHeaders=([^,]+), Signature=[0-9a-f]{64}")
LOCKED = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"


class Content:
    """The bytes of an object."""

    def __init__(self, data):
        self.data, self.size = data, len(data)
        self.tag = '"%s"' % hashlib.md5(data).hexdigest()

    def part(self, first, end):
        return self.data[first:end]


class Repeated(Content):
    """A header, and after it the same record again and again, up to a size that no memory holds."""

    def __init__(self, header, record, size):
        super().__init__(header)
        self.record, self.size = record, size

    def part(self, first, end):
        head, record = self.data[first:end], self.record
        first, end = (max(0, place - len(self.data)) for place in (first, min(end, self.size)))
        start = first % len(record)
        return head + (record * ((end - first) // len(record) + 2))[start:start + end - first]


class Bucket:
    def __init__(self, region="eu-north-1", has_lock=False, may_be_listed=True):
        self.region, self.has_lock, self.may_be_listed = region, has_lock, may_be_listed
        # The versions of each key, the oldest first: id and content, which is None for a delete marker.
        self.keys = collections.defaultdict(list)


class Refusal(Exception):
    def __init__(self, status, code, message, headers=(), **elements):
        self.status, self.code, self.headers = status, code, dict(headers)
        text = "".join(f"<{name}>{value}</{name}>" for name, value in {"Code": code, "Message": message, **elements}.items())
        self.body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{text}</Error>'.encode()


class StrictS3:
    def __init__(self):
        self.buckets = {}
        # How many seconds its clock is ahead.
        self.ahead = 0
        # How many requests it refuses next because it is busy.
        self.busy = 0
        # What it answers to a request that is signed for another region.
        self.wrong_region = 301
        # The requests in their order: method, key, and the code of the refusal or None.
        self.requests = []
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()

    def put(self, bucket, key, data):
        """Puts bytes, or a Content, and returns the version."""
        return self.add(bucket, key, data if isinstance(data, Content) else Content(data))

    def delete(self, bucket, key):
        """Deletes an object, and returns the version of the delete marker."""
        return self.add(bucket, key, None)

    def add(self, bucket, key, content):
        version = f"v{next(self.numbers)}"
        self.buckets[bucket].keys[key].append((version, content))
        return version

    def refusals(self):
        """Returns the codes of all refusals."""
        return [code for _, _, code in self.requests if code]

    def now(self):
        return time.time() + self.ahead

    def __call__(self, request):
        # The server writes the header Date itself.
        request.date_time_string = lambda: email.utils.formatdate(self.now(), usegmt=True)
        with self.lock:
            status, headers, body = self.answer(request)
        headers = {"x-amz-request-id": "REQUEST1", "x-amz-id-2": "host/2+id=", **headers}
        return status, {"content-length": str(len(body)), **headers}, b"" if request.command == "HEAD" else body

    def answer(self, request):
        bucket, _, key = unquote(urlsplit(request.path).path).removeprefix("/").partition("/")
        host = re.fullmatch(r"(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com", request.headers["host"])
        if host:
            bucket, key = host[1], unquote(urlsplit(request.path).path).removeprefix("/")
        try:
            self.check_signature(request)
            self.check_region(request, bucket)
            method = self.write if request.command == "PUT" else self.read
            answer = method(request, self.buckets[bucket], key)
            self.requests.append((request.command, key, None))
            return answer
        except Refusal as refusal:
            self.requests.append((request.command, key, refusal.code))
            return refusal.status, {"content-type": "application/xml", **refusal.headers}, refusal.body

    def check_signature(self, request):
        date, _, signed = AUTHORIZATION.fullmatch(request.headers["authorization"]).groups()
        given = request.headers["x-amz-date"]
        if date != given[:8]:
            raise Refusal(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; Invalid credential date.")
        stated = datetime.datetime.strptime(given, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC).timestamp()
        if abs(stated - self.now()) > 900:
            raise Refusal(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
                          RequestTime=given, MaxAllowedSkewMilliseconds=900_000)
        names = {name.lower() for name in request.headers if name.lower().startswith("x-amz-")}
        if not names <= set(signed.split(";")):
            raise Refusal(403, "AccessDenied", "There were headers present in the request which were not signed")
        if request.headers["x-amz-content-sha256"] != hashlib.sha256(request.body).hexdigest():
            raise Refusal(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match")

    def check_region(self, request, bucket):
        if self.busy:
            self.busy -= 1
            raise Refusal(503, "SlowDown", "Please reduce your request rate.")
        if bucket not in self.buckets:
            raise Refusal(404, "NoSuchBucket", "The specified bucket does not exist", BucketName=bucket)
        region, asked = self.buckets[bucket].region, AUTHORIZATION.fullmatch(request.headers["authorization"])[2]
        if asked == region:
            return
        if self.wrong_region == 301:
            raise Refusal(301, "PermanentRedirect", "The bucket must be addressed using the specified endpoint.",
                          {"x-amz-bucket-region": region}, Bucket=bucket, Endpoint=f"{bucket}.s3.{region}.amazonaws.com")
        raise Refusal(400, "AuthorizationHeaderMalformed",
                      f"The authorization header is malformed; the region '{asked}' is wrong; expecting '{region}'", Region=region)

    def write(self, request, bucket, key):
        checksum = request.headers.get("x-amz-checksum-sha256")
        if bucket.has_lock and checksum is None and "content-md5" not in request.headers:
            raise Refusal(400, "InvalidRequest", LOCKED)
        if checksum not in (None, base64.b64encode(hashlib.sha256(request.body).digest()).decode()):
            raise Refusal(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
        versions = bucket.keys[key]
        present = versions[-1][1] if versions else None
        if request.headers.get("if-none-match") == "*" and present is not None:
            raise Refusal(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        expected = request.headers.get("if-match")
        if expected is not None and (present is None or present.tag != expected):
            raise Refusal(*((404, "NoSuchKey") if present is None else (412, "PreconditionFailed")), "If-Match")
        content = Content(request.body)
        versions.append((f"v{next(self.numbers)}", content))
        return 200, {"etag": content.tag, "x-amz-version-id": versions[-1][0]}, b""

    def read(self, request, bucket, key):
        version, content = self.found(request, bucket, key)
        if request.headers.get("if-match", content.tag) != content.tag:
            raise Refusal(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        headers = {"etag": content.tag, "x-amz-version-id": version, "accept-ranges": "bytes"}
        if request.command == "HEAD":
            return 200, {"content-length": str(content.size), **headers}, b""
        if "range" not in request.headers:
            return 200, headers, content.part(0, content.size)
        first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
        if first >= content.size:
            raise Refusal(416, "InvalidRange", "The requested range is not satisfiable")
        part = content.part(first, last + 1)
        return 206, {"content-range": f"bytes {first}-{first + len(part) - 1}/{content.size}", **headers}, part

    def found(self, request, bucket, key):
        """Returns the version and the content that a request is for."""
        asked = parse_qs(urlsplit(request.path).query).get("versionId")
        versions = [item for item in bucket.keys.get(key, []) if not asked or item[0] == asked[0]]
        if not versions:
            if not bucket.may_be_listed:
                raise Refusal(403, "AccessDenied", "Access Denied")
            if asked:
                raise Refusal(404, "NoSuchVersion", "The specified version does not exist.")
            raise Refusal(404, "NoSuchKey", "The specified key does not exist.")
        version, content = versions[-1]
        if content is None:
            headers = {"x-amz-delete-marker": "true", "x-amz-version-id": version}
            if asked:
                raise Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", headers)
            raise Refusal(404, "NoSuchKey", "The specified key does not exist.", headers)
        return version, content
