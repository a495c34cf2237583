"""Sources of credentials: which key signs the requests that a server receives."""
import json
import os
import re
import stat

from profiles import DOCUMENT, OnProfiles
from support import Server, run


class Credentials(OnProfiles):
    def test_environment_with_and_without_a_session_token(self):
        for token, expected in ("", None), ("t/+=", "t/+="):
            found = self.signed_with({}, AWS_ACCESS_KEY_ID="env", AWS_SECRET_ACCESS_KEY="s", AWS_SESSION_TOKEN=token)
            self.assertEqual(found, ("env", expected))
        self.assertIn("AWS_SECRET_ACCESS_KEY is not", self.signed_with({}, AWS_ACCESS_KEY_ID="env"))

    def test_web_identity(self):
        def assume(request):
            form = dict(pair.split("=") for pair in request.body.decode().split("&"))
            self.assertEqual((form["Action"], form["WebIdentityToken"], form["RoleArn"], form["RoleSessionName"]),
                             ("AssumeRoleWithWebIdentity", "tok%20en", "arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr", "me"))
            return 200, {}, b"""<A><Credentials><AccessKeyId>web</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
                <SessionToken>x&amp;y</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></A>"""

        variables = {"AWS_WEB_IDENTITY_TOKEN_FILE": self.write("token", b"tok en\n"),
                     "AWS_ROLE_ARN": "arn:aws:iam::1:role/r", "AWS_ROLE_SESSION_NAME": "me"}
        self.assertEqual(self.signed_with({"/": assume}, **variables), ("web", "x&y"))

        def refuse(request):
            return 403, {}, b"<E><Error><Code>AccessDenied</Code><Message>not you</Message></Error></E>"

        self.assertIn("refused the role arn:aws:iam::1:role/r: not you", self.signed_with({"/": refuse}, **variables))

    def test_shared_files(self):
        self.profiles("[default]\naws_access_key_id = config\naws_secret_access_key=s\n[profile  work]\nregion=x\n",
                      "# keys\n[work]\naws_access_key_id=work\naws_secret_access_key = a=b\naws_session_token = t\n")
        self.assertEqual(self.signed_with({}), ("config", None))
        self.assertEqual(self.signed_with({}, AWS_PROFILE="work"), ("work", "t"))
        self.assertIn("no profile 'play'", self.signed_with({}, AWS_PROFILE="play"))
        other = self.write("other", b"[default]\naws_access_key_id=other\naws_secret_access_key=s\n")
        self.assertEqual(self.signed_with({}, AWS_SHARED_CREDENTIALS_FILE=other), ("other", None))

    def test_a_profiles_credential_process(self):
        document = {"Version": 1, "AccessKeyId": "process", "SecretAccessKey": "s", "SessionToken": "t"}
        script = self.write("get key", f"#!/bin/sh\n[ \"$1\" = 'a b' ] && echo '{json.dumps(document)}'\n".encode())
        os.chmod(script, os.stat(script).st_mode | stat.S_IXUSR)
        self.profiles(f"[default]\ncredential_process = \"{script}\" 'a b'\n")
        self.assertEqual(self.signed_with({}), ("process", "t"))
        self.profiles("[default]\ncredential_process = false\n")
        self.assertIn("credential_process of profile 'default' failed", self.signed_with({}))
        self.profiles("[default]\ncredential_process = echo hello\n")
        self.assertIn("not the expected JSON", self.signed_with({}))
        self.profiles("[default]\ncredential_process = yes\n")
        self.assertIn("wrote more than 65536 bytes", self.signed_with({}))

    def test_credential_endpoints_must_answer_with_short_valid_json(self):
        url = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/role"}
        for body, reason in ((b"x" * 100_000, "has more than 65536 bytes"), (b"[" * 60_000, "not the expected JSON"),
                             (b"{}", "not the expected JSON"), (b"\xff\xfe", "not the expected JSON"),
                             (b"", "not the expected JSON"),
                             (json.dumps({**DOCUMENT, "Expiration": "never"}).encode(), "an invalid expiry, 'never'"),
                             (json.dumps({**DOCUMENT, "Token": "a\r\nx-evil: b"}).encode(), "control character")):
            with self.subTest(body[:20]):
                self.assertIn(reason, self.signed_with({"/role": lambda request: (200, {}, body)}, **url))
        self.assertIn("status 302", self.signed_with({"/role": lambda request: (302, {"location": "/other"}, b"")}, **url))

    def test_other_hosts_are_not_asked_for_credentials_over_http(self):
        for url in ("http://[::1]evil/role", "http://127.0.0.1@example.com/role", "http://127.0.0.1.example.com/role",
                    "http://localhost.example.com/role", "http://127.0.0.1\\@example.com/", "//127.0.0.1/role"):
            self.assertIn("must be https", self.signed_with({}, AWS_CONTAINER_CREDENTIALS_FULL_URI=url), url)

    def test_the_code_of_a_device_is_asked_on_the_terminal(self):
        def assume(request):
            form = dict(pair.split("=") for pair in request.body.decode().split("&"))
            self.assertEqual((form["SerialNumber"], form["TokenCode"]), ("phone", "123456"))
            return 200, {}, b"<A><AccessKeyId>role</AccessKeyId><SecretAccessKey>s</SecretAccessKey></A>"

        self.profiles("[default]\nrole_arn = r\nsource_profile = base\nmfa_serial = phone\n",
                      "[base]\naws_access_key_id = base\naws_secret_access_key = s\n")
        self.assertEqual(self.signed_with({"/": assume}, on_terminal="123456\n"), ("role", None))
        self.assertIn("aws configure export-credentials --profile default", self.signed_with({"/": assume}))

    def test_container_endpoint(self):
        def provide(request):
            if request.headers["authorization"] != "Basic abc":
                return 403, {}, b""
            return 200, {}, json.dumps(DOCUMENT).encode()

        url = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/role"}
        self.assertEqual(self.signed_with({"/role": provide}, AWS_CONTAINER_AUTHORIZATION_TOKEN="Basic abc", **url),
                         ("fromServer", "session"))
        token = self.write("token", b"Basic abc\n")
        self.assertEqual(self.signed_with({"/role": provide}, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token, **url),
                         ("fromServer", "session"))
        self.assertIn("answered with status 403",
                      self.signed_with({"/role": provide}, AWS_CONTAINER_AUTHORIZATION_TOKEN="x", **url))
        self.assertIn("must be https",
                      self.signed_with({}, AWS_CONTAINER_CREDENTIALS_FULL_URI="http://example.com/role"))

    def test_instance_metadata_with_a_token_first(self):
        def with_token(body):
            def answer(request):
                if request.headers.get("x-aws-ec2-metadata-token") != "opens":
                    return 401, {}, b""
                return 200, {}, body.encode()
            return answer

        base = "/latest/meta-data/iam/security-credentials/"
        answers = {"/latest/api/token": "opens", base: with_token("my-role\n"),
                   base + "my-role": with_token(json.dumps(DOCUMENT))}
        variables = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "SERVER/", "AWS_EC2_METADATA_DISABLED": ""}
        self.assertEqual(self.signed_with(answers, **variables), ("fromServer", "session"))
        self.assertEqual(self.paths[0], ("PUT", "/latest/api/token"))
        self.assertIn("no credentials", self.signed_with(answers, **{**variables, "AWS_EC2_METADATA_DISABLED": "true"}))

    def test_expired_credentials_are_fetched_again(self):
        given, seen = [], []

        def answer(request):
            if request.path == "/role":
                given.append(f"key{len(given)}")
                return 200, {}, json.dumps({**DOCUMENT, "AccessKeyId": given[-1]}).encode()
            seen.append(re.search(r"Credential=([^/]*)/", request.headers["authorization"])[1])
            headers = {"content-type": "application/x-amz-json-1.0"}
            if seen[-1] == "key0":
                return 400, headers, b'{"__type":"com.amazon.coral.service#ExpiredTokenException"}'
            return 200, headers, b"{}"

        with Server(answer) as server:
            done = run("receive", "--queue-url", f"{server.url}/0/q", "--timeout", "0", url="", AWS_ACCESS_KEY_ID="",
                       HOME=self.directory, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{server.url}/role")
        self.ended(done, 0)
        self.assertEqual(seen, ["key0", "key1"])

    def test_expired_credentials_are_fetched_again_after_a_head_refused_without_a_reason(self):
        given, seen, rows = [], [], b"a\n1\n"

        def answer(request):
            if request.path == "/role":
                given.append(f"key{len(given)}")
                return 200, {}, json.dumps({**DOCUMENT, "AccessKeyId": given[-1]}).encode()
            key = re.search(r"Credential=([^/]*)/", request.headers["authorization"])[1]
            seen.append((request.command, key))
            if key == "key0":
                return 400, {"content-type": "application/xml"}, b"<Error><Code>ExpiredToken</Code></Error>"
            return (200 if request.command == "HEAD" else 206), {"etag": '"e"', "content-length": str(len(rows))}, rows

        with Server(answer) as server:
            done = run("convert", "s3://b/a.csv", url=server.url, AWS_ACCESS_KEY_ID="", HOME=self.directory,
                       AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{server.url}/role")
        self.ended(done, 0)
        self.assertEqual(done.stdout, b'{"a":"1"}\n')
        self.assertEqual(seen[:4], [("HEAD", "key0"), ("GET", "key0"), ("GET", "key1"), ("HEAD", "key1")])
