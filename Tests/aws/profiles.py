"""Shared by the tests of credentials: profiles, and the key that signs the requests that a server receives."""
import fcntl
import json
import os
import re
import subprocess
import sys
import termios

from support import SLUICE, OnAWS, Server, environment, run

DOCUMENT = {"Code": "Success", "AccessKeyId": "fromServer", "SecretAccessKey": "s", "Token": "session",
            "Expiration": "2999-01-01T00:00:00Z"}
NOTHING = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"), "")
# Prints the key and the token that botocore finds, or its error.
BOTOCORE = """
import json, botocore.session
try:
    found = botocore.session.get_session().get_credentials()
    key = found.get_frozen_credentials()
    print(json.dumps([key.access_key, key.token]))
except Exception as error:
    print(json.dumps(f"{type(error).__name__}: {error}"))
"""


class OnProfiles(OnAWS):
    def setUp(self):
        super().setUp()
        self.paths = []

    def profiles(self, config="", credentials=""):
        os.makedirs(os.path.join(self.directory, ".aws"), exist_ok=True)
        self.config, self.credentials = config, credentials

    def serving(self, answers, variables, use):
        """Returns `use(URL, environment)`, with a server whose paths answer as `answers` say: with a body, or as a function of
        the request does. SERVER in variables and profiles is its address."""
        def answer(request):
            path = request.path.split("?")[0]
            self.paths.append((request.command, path))
            if path in answers:
                reply = answers[path]
                return reply(request) if callable(reply) else (200, {}, reply.encode())
            return self.object(request)

        with Server(answer) as server:
            if hasattr(self, "config"):
                self.write(".aws/config", self.config.replace("SERVER", server.url).encode())
                self.write(".aws/credentials", self.credentials.replace("SERVER", server.url).encode())
            variables = {name: value and value.replace("SERVER", server.url) for name, value in variables.items()}
            return use(server.url, {**NOTHING, "HOME": self.directory, **variables})

    def object(self, request):
        """Answers a request for an object, and notes its signature's key."""
        key = re.search(r"Credential=([^/]*)/", request.headers.get("authorization", ""))
        if key is None:
            return 404, {}, b""
        self.found.append((key[1], request.headers.get("x-amz-security-token")))
        data = b"a\n1\n"
        return (200 if request.command == "HEAD" else 206), {"etag": '"e"', "content-length": str(len(data))}, data

    def signed_with(self, answers, on_terminal=None, **variables):
        """Returns the key and the session token of the requests for an object, or the error. `on_terminal` is what the user
        enters; without it there is no terminal."""
        def use(url, own):
            if on_terminal is not None:
                return self.on_terminal(on_terminal, environment(AWS_ENDPOINT_URL=url, **own))
            return run("convert", "s3://bucket/key", url=url, **own)

        self.found = []
        done = self.serving(answers, variables, use)
        if done.returncode == 0:
            self.assertEqual(len(self.found), 2)
            self.assertEqual(len(set(self.found)), 1)
            return self.found[0]
        self.assertEqual(self.found, [])
        return done.stderr.decode()

    def on_terminal(self, line, own):
        """Runs the command with a terminal, whose user enters a line when a question is there."""
        user, terminal = os.openpty()

        def take_terminal():
            os.setsid()
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

        process = subprocess.Popen([SLUICE, "convert", "s3://bucket/key"], env=own, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=take_terminal)
        question = os.read(user, 1000).decode()
        self.assertIn("Code of phone for profile default: ", question)
        os.write(user, line.encode())
        output, errors = process.communicate(timeout=120)
        os.close(terminal)
        os.close(user)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def of_botocore(self, answers, **variables):
        """Returns what botocore would sign with, or its error."""
        def use(url, own):
            # botocore takes an empty variable for a value, and has another name for the region.
            own = environment(AWS_ENDPOINT_URL=url, AWS_DEFAULT_REGION="eu-north-1", **own)
            own = {name: value for name, value in own.items() if value}
            done = subprocess.run([sys.executable, "-c", BOTOCORE], env=own, capture_output=True, text=True, timeout=120,
                                  stdin=subprocess.DEVNULL, check=True)
            return json.loads(done.stdout)
        found = self.serving(answers, variables, use)
        return tuple(found) if isinstance(found, list) else found
