"""The output of `sluice messages`: the same messages however it runs, within the limit, tiling the input, with every
row."""
import base64
import csv
import json
import os
import subprocess
import tempfile
import unittest

from support import BOUND, FIXTURES, SLUICE, run, until

LIMIT = 262_144
# The bytes reserved for attributes, whatever their size.
RESERVE = 1024


def decompressed(frame):
    return subprocess.run(["zstd", "-dc"], input=frame, capture_output=True, check=True).stdout


def size_on_queue(message):
    return len(message["body"].encode()) + sum(
        len(name.encode()) + len("String") + len(value.encode()) for name, value in message["attributes"].items())


def rows_of(message):
    content, body = message["attributes"]["sluice.content"], message["body"]
    if content.endswith("+zstd+base64"):
        body = decompressed(base64.b64decode(body)).decode()
    return json.loads(body) if content.startswith("json") else [json.loads(line) for line in body.splitlines()]


class Messages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # More than one segment of 16 MiB, with quotes and line ends.
        cls.file = tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8")
        writer = csv.writer(cls.file)
        writer.writerow(["id", "text", "é"])
        for n in range(260_000):
            writer.writerow([n, 'said "no"\r\n' * (n % 5), "x" * (n % 97)])
        cls.file.flush()
        with open(cls.file.name, newline="", encoding="utf-8") as file:
            cls.rows = list(csv.DictReader(file))

    @classmethod
    def tearDownClass(cls):
        cls.file.close()

    def messages(self, *options, source="-", jobs="2"):
        name = self.file.name if source == "file" else "-"
        with open(self.file.name, "rb") as file:
            done = run("messages", "-j", jobs, "--source", "orders", *options, name,
                       data=None if source == "file" else file.read())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def test_messages_are_the_same_from_a_file_and_standard_input_and_with_any_number_of_threads(self):
        for options in [], ["--zstd"], ["--message-format", "ndjson"], ["--zstd=1", "--message-format", "ndjson"]:
            first = self.messages(*options, source="file", jobs="1")
            for source, jobs in ("file", "2"), ("file", "5"), ("-", "1"):
                self.assertEqual(self.messages(*options, source=source, jobs=jobs) == first, True, (options, source))
            self.check([json.loads(line) for line in first.splitlines()])

    def check(self, messages):
        """Checks that messages fit, are well filled and tile the input, with every row and the right ids."""
        rows, end, fills = [], 0, {}
        for message in messages[:-1]:
            attributes = message["attributes"]
            self.assertLessEqual(len(message["body"].encode()), LIMIT - RESERVE)
            self.assertLessEqual(size_on_queue(message), LIMIT)
            start, stop = map(int, attributes["sluice.range"].split("-"))
            self.assertEqual(start, end)
            end = stop
            rows += rows_of(message)
            fills.setdefault(attributes["sluice.index"].split("/")[0], []).append(len(message["body"].encode()))
        for fill in fills.values():
            for size in fill[:-1]:
                self.assertGreaterEqual(size, 0.98 * (LIMIT - RESERVE))
        self.assertGreater(len(fills), 1)
        self.assertEqual(rows == self.rows, True)
        manifest = json.loads(messages[-1]["body"])
        self.assertEqual(messages[-1]["attributes"]["sluice.content"], "manifest")
        self.assertEqual((manifest["rows"], manifest["bytes"], manifest["messages"], manifest["range"]),
                         (len(self.rows), end, len(messages) - 1, f"0-{end}"))
        self.assertEqual(end, os.path.getsize(self.file.name))
        ids = [message["attributes"]["sluice.id"] for message in messages]
        self.assertEqual(len(set(ids)), len(ids))

    def test_a_directory_gets_one_file_per_message_and_is_not_overwritten(self):
        lines = self.messages(source="file").splitlines(keepends=True)
        with tempfile.TemporaryDirectory() as parent:
            out = os.path.join(parent, "out")
            arguments = ["messages", "--source", "orders", "-o", out, self.file.name]
            for extra in [], ["--force"]:
                self.assertEqual(run(*arguments, *extra).returncode, 0)
                names = sorted(os.listdir(out))
                self.assertEqual(names[0], "00000000.json")
                contents = []
                for name in names:
                    with open(os.path.join(out, name), "rb") as file:
                        contents.append(file.read())
                self.assertEqual(contents == lines, True)
            done = run(*arguments)
            self.assertEqual(done.returncode, 73)
            self.assertIn(b"--force", done.stderr)
            with open(os.path.join(out, "mine"), "w"):
                pass
            self.assertEqual(run(*arguments, "--force").returncode, 73)
            self.assertEqual(os.listdir(parent), ["out"])

    def test_an_invalid_file_ends_with_aborted_or_prints_nothing_if_validated_first(self):
        with tempfile.TemporaryDirectory() as parent:
            path = os.path.join(parent, "bad.csv")
            with open(path, "w") as file:
                file.write("a,b\n" + "1,2\n" * 50_000 + "3\n")
            done = run("messages", path)
            messages = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(done.returncode, 65)
            self.assertEqual(messages[-1]["attributes"]["sluice.content"], "aborted")
            body = json.loads(messages[-1]["body"])
            self.assertLessEqual({
                "code": "raggedRecord", "line": 50_002, "offset": 200_004, "record": 50_002, "field": 2, "column": "b", "found": 1,
                "expected": 2,
            }.items(), body["error"].items())
            self.assertEqual((body["rows"], body["range"]), (50_000, "0-200004"))
            self.assertEqual(sum(len(rows_of(message)) for message in messages[:-1]), 50_000)
            done = run("messages", "--validate-first", path)
            self.assertEqual((done.returncode, done.stdout), (65, b""))
            done = run("messages", "-o", os.path.join(parent, "out"), path)
            self.assertEqual((done.returncode, sorted(os.listdir(parent))), (65, ["bad.csv"]))

    def test_an_input_that_can_be_read_only_once_is_not_validated_first(self):
        done = run("messages", "--validate-first", "-", data=b"a\n1\n")
        self.assertEqual((done.returncode, done.stdout), (64, b""))
        self.assertIn(b"--validate-first reads an input twice, which - does not allow", done.stderr)
        self.assertEqual(run("messages", "--validate-first", "/dev/null").returncode, 64)

    def test_a_directory_is_replaced_only_as_a_whole(self):
        with tempfile.TemporaryDirectory() as parent:
            path, out, link = (os.path.join(parent, name) for name in ("in.csv", "out", "link"))
            with open(path, "w") as file:
                file.write("a\n1\n")
            os.mkdir(out)
            os.symlink("out", link)
            with open(os.path.join(out, "00000007.json"), "w"):
                pass
            self.assertEqual(run("messages", "-o", link, path, "--force").returncode, 0)
            self.assertTrue(os.path.islink(link))
            self.assertEqual(sorted(os.listdir(out)), ["00000000.json", "00000001.json"])
            self.assertEqual(sorted(os.listdir(parent)), ["in.csv", "link", "out"])

    def test_messages_that_appear_in_the_meantime_are_not_replaced(self):
        with tempfile.TemporaryDirectory() as parent:
            out = os.path.join(parent, "out")
            process = subprocess.Popen([SLUICE, "messages", "-", "-o", out], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            until(lambda: os.listdir(parent), "the temporary directory")
            os.mkdir(out)
            with open(os.path.join(out, "00000000.json"), "w") as file:
                file.write("another's")
            _, errors = process.communicate(b"a\n1\n", timeout=BOUND)
            self.assertEqual(process.returncode, 73, errors)
            self.assertEqual(os.listdir(parent), ["out"])
            with open(os.path.join(out, "00000000.json")) as file:
                self.assertEqual(file.read(), "another's")

    def test_a_row_that_fits_no_message_is_an_error_or_left_out_and_counted(self):
        data = b"a\nshort\n" + b"x" * 5000 + b"\nlast\n"
        done = run("messages", "--max-bytes", "4096", "-", data=data)
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"standard input:3: error: row is too large for a message [rowTooLarge] (record 3, byte 8);", done.stderr)
        done = run("messages", "--source", "a", "--max-bytes", "4096", "--oversize", "reject", "-", data=data)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"[rowTooLarge]", done.stderr)
        messages = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([row for message in messages[:-1] for row in rows_of(message)], [{"a": "short"}, {"a": "last"}])
        self.assertEqual(json.loads(messages[-1]["body"])["rejected"], 1)
        allowed = run("messages", "--source", "a", "--max-bytes", "4096", "--oversize", "reject", "--allow-rejected", "-", data=data)
        self.assertEqual((allowed.returncode, allowed.stdout, allowed.stderr), (0, done.stdout, done.stderr))

    def test_a_row_that_exactly_fills_a_body_fits(self):
        for extra, status in (0, 0), (1, 65):
            value = b"x" * (LIMIT - RESERVE - len('[{"a":""}]') + extra)
            done = run("messages", "-", data=b"a\n" + value + b"\n")
            self.assertEqual(done.returncode, status)
            if not status:
                self.assertEqual(len(json.loads(done.stdout.splitlines()[0])["body"]), LIMIT - RESERVE)

    def test_golden_messages(self):
        with open(os.path.join(FIXTURES, "orders.messages.ndjson"), "rb") as golden:
            expected = golden.read()
        done = run("messages", "--source", "orders", os.path.join(FIXTURES, "orders.csv"))
        self.assertEqual((done.returncode, done.stdout), (0, expected))

    def test_limits_out_of_range_are_refused(self):
        self.assertEqual(run("messages", "--max-bytes", "4095", "-", data=b"").returncode, 64)
        self.assertEqual(run("messages", "--max-bytes", "1048577", "-", data=b"").returncode, 64)
