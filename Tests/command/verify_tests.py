"""What `sluice verify` proves, and what it finds where there is something to find."""
import json
import os
import subprocess

from support import SLUICE, InDirectory, run


class Verify(InDirectory):
    def setUp(self):
        super().setUp()
        rows = "".join(f'{n},"a, ""b""\n{"x" * (n % 50)}"\n' for n in range(2000))
        self.input = self.write("orders.csv", ("id,text\n" + rows).encode())

    def messages(self, *options):
        done = run("messages", "--max-bytes", "4096", *options, self.input)
        self.ended(done, 0)
        return done.stdout.splitlines(keepends=True)

    def verify(self, lines, *options):
        return run("verify", *options, "-", data=b"".join(lines))

    def test_messages_are_complete_in_every_form_and_order_and_equal_the_input(self):
        for options in [], ["--zstd"], ["--message-format", "ndjson"], ["--zstd", "--message-format", "ndjson"]:
            lines = self.messages(*options)
            for given in lines, lines[::-1]:
                done = self.verify(given, "--against", self.input)
                self.ended(done, 0)
                self.assertIn(b"orders.csv: complete: %d messages, 2000 rows, bytes 0-" % (len(lines) - 1), done.stdout)
                self.assertIn(b"every row as in the input", done.stdout)

    def test_a_file_and_a_directory_are_read_too(self):
        self.ended(run("verify", self.write("messages.ndjson", b"".join(self.messages()))), 0)
        out = os.path.join(self.directory, "out")
        self.ended(run("messages", "-o", out, self.input), 0)
        self.ended(run("verify", out, "--against", self.input), 0)

    def test_several_inputs_are_told_apart(self):
        other = self.write("other.csv", b"a\n1\n")
        done = run("messages", self.input, other)
        done = run("verify", "-", data=done.stdout)
        self.ended(done, 0)
        self.assertEqual(done.stdout.count(b"complete"), 2)

    def assert_found(self, lines, finding, *options):
        done = self.verify(lines, *options)
        self.ended(done, 65)
        self.assertIn(finding, done.stderr)
        self.assertEqual(done.stdout, b"")

    def test_what_is_missing_double_or_changed_is_found(self):
        lines = self.messages()
        self.assertGreater(len(lines), 5)
        self.assert_found(lines[:2] + lines[3:], b"gap: bytes ")
        self.assert_found(lines[:3] + lines[2:], b"duplicate")
        self.assert_found(lines[:-1], b"there are 0 manifests")
        self.assert_found(lines[-1:], b"gap: bytes 0-")
        self.assert_found([], b"no messages")
        message = json.loads(lines[1])
        body = json.loads(message["body"])
        for change, finding, options in (
            (dict(message, body=json.dumps(body[1:], separators=(",", ":"))), b"not 2000 as in the manifest", []),
            (dict(message, body=message["body"].replace("xx", "xy", 1)), b"is not that of the input",
             ["--against", self.input]),
            (dict(message, attributes=dict(message["attributes"], **{"sluice.id": "0" * 32})), b"another id", []),
            (dict(message, body=message["body"][:-1]), b"damaged body", []),
        ):
            self.assert_found(lines[:1] + [json.dumps(change).encode() + b"\n"] + lines[2:], finding, *options)

    def test_an_aborted_run_is_told_as_such(self):
        bad = self.write("bad.csv", b"a,b\n1,2\n3\n")
        self.assert_found([run("messages", bad).stdout], b"aborted: raggedRecord at byte 8")

    def test_another_input_is_told_apart(self):
        lines = self.messages()
        for other, finding in ((b"id,text\n", b"the messages have more rows than the input, 0"),
                               (b"id,text\n0,1\n", b"row 1 is not that of the input")):
            self.assert_found(lines, finding, "--against", self.write("other.csv", other))

    def test_numbers_that_no_message_has_are_told_and_no_crash(self):
        message = json.loads(self.messages()[0])
        message["attributes"]["sluice.records"] = "1-18446744073709551615"
        self.assertIn(run("verify", "-", data=json.dumps(message).encode()).returncode, (65,))

    def test_a_proof_that_cannot_be_written_is_no_success(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([SLUICE, "verify", "-"], input=b"".join(self.messages()), stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74, done.stderr)

    def test_what_is_no_message_is_refused(self):
        for text in b"{}\n", b"[1]\n", b"\xff\n", b'{"body":"\\ud800","attributes":{}}\n':
            self.ended(run("verify", "-", data=text), 65)
        self.ended(run("verify", "nothing here"), 66)
