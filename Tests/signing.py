#!/usr/bin/env python3
"""Compares the signer with AWS's own test vectors and, on random requests, with botocore's signer.

usage: signing.py PROBE CACHE      with botocore installed; CACHE keeps its source distribution, which has the vectors
"""
import calendar
import glob
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import time
import unittest
from urllib.parse import parse_qsl, quote

import botocore
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PROBE, CACHE = (os.path.abspath(path) for path in (sys.argv.pop(1), sys.argv.pop(1)))
ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def vectors():
    """Returns the files of the test suite, by name."""
    pattern = os.path.join(CACHE, f"botocore-{botocore.__version__}.tar.gz")
    if not glob.glob(pattern):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-binary", "botocore", "--no-deps", "-d", CACHE,
                        f"botocore=={botocore.__version__}"], check=True)
    with tarfile.open(pattern) as archive:
        return {os.path.basename(member.name): archive.extractfile(member).read().decode().replace("\r", "")
                for member in archive.getmembers() if "/aws4_testsuite/" in member.name and member.isfile()}


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y%m%dT%H%M%SZ"))


def signed(requests):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run([PROBE], input=lines, capture_output=True, text=True, timeout=300, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def parsed(text):
    """Returns a request of the suite, as the probe reads it."""
    head, _, body = text.partition("\n\n")
    line, *rest = head.split("\n")
    method, target = re.fullmatch(r"(\w+) (.*) HTTP/1\.1", line).groups()
    path, _, query = target.partition("?")
    headers = []
    for header in rest:
        if header.startswith(" "):
            headers[-1][1] += " " + header
        elif header:
            headers.append(header.split(":", 1))
    date = next(value for name, value in headers if name.lower() == "x-amz-date")
    return {"method": method, "path": path, "query": parse_qsl(query, keep_blank_values=True), "headers": headers,
            "bodyHash": hashlib.sha256(body.encode()).hexdigest(), "isVerbatim": False, "time": seconds(date),
            "region": "us-east-1", "service": "service", "accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}


class Signing(unittest.TestCase):
    def test_every_vector_of_the_official_suite_is_reproduced(self):
        files = vectors()
        names = [name.removesuffix(".req") for name in files if name.endswith(".req")]
        self.assertGreater(len(names), 25)
        requests = [parsed(files[f"{name}.req"]) for name in names]
        # The suite gives that request this token before it is signed.
        token = re.search("x-amz-security-token:(.*)", files["get-vanilla-with-session-token.creq"])[1]
        requests[names.index("get-vanilla-with-session-token")]["headers"].append(("x-amz-security-token", token))
        for name, answer in zip(names, signed(requests), strict=True):
            self.assertEqual(answer["canonical"], files[f"{name}.creq"], name)
            self.assertEqual(answer["stringToSign"], files[f"{name}.sts"], name)
            self.assertEqual(answer["authorization"], files[f"{name}.authz"], name)

    def test_random_requests_are_signed_as_botocore_signs_them(self):
        chance = random.Random(1)
        letters = "abcXYZ019-._~ /+%&=?#!*'()\"@:;,é\u4e2d\U0001f600"

        def text(most):
            return "".join(chance.choice(letters) for _ in range(chance.randrange(most)))

        requests, expected = [], []
        for number in range(2000):
            is_s3 = number % 2 == 0
            path = "/" + quote(text(20), safe="/~")
            # No name occurs twice: botocore does not accept that.
            query = {text(6) or "x": text(6) for _ in range(chance.randrange(4))}
            headers = {"Host": "bucket.example.com", "X-Amz-Meta-Text": "a  b   c " + text(3).encode("ascii", "ignore").decode()}
            request = AWSRequest(chance.choice(["GET", "PUT", "POST"]), f"http://bucket.example.com{path}", headers,
                                 text(50).encode(), query)
            credentials = Credentials(ACCESS_KEY, SECRET_KEY, chance.choice([None, "token/+="]))
            service = "s3" if is_s3 else "sqs"
            (S3SigV4Auth if is_s3 else SigV4Auth)(credentials, service, "eu-north-1").add_auth(request)
            body_hash = request.headers.get("X-Amz-Content-SHA256") or hashlib.sha256(request.data).hexdigest()
            requests.append({
                "method": request.method, "path": path, "query": list(query.items()),
                "headers": [(name, value) for name, value in request.headers.items() if name != "Authorization"],
                "bodyHash": body_hash, "isVerbatim": is_s3, "time": seconds(request.headers["X-Amz-Date"]),
                "region": "eu-north-1", "service": service, "accessKey": ACCESS_KEY, "secretKey": SECRET_KEY})
            expected.append(request.headers["Authorization"])
        for request, answer, authorization in zip(requests, signed(requests), expected, strict=True):
            self.assertEqual(answer["authorization"], authorization, (request, answer["canonical"]))


if __name__ == "__main__":
    unittest.main()
