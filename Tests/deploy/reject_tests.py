"""A large file with a hundred bad records of every kind, on its way through the whole pipeline with `SLUICE_REJECTS=report`.

A simple reading of the file says what must arrive: the rows that the rule keeps, and the place, bytes and code of each record that
was put aside. The file is mapped and messages lie on disk, so memory does not grow with the file, whose size `deploy.py --size`
sets. `Benchmarks/rejects --pipeline` runs this with 1 GB and keeps what was measured.
"""
import collections
import itertools
import json
import mmap
import os
import random
import re
import subprocess
import tempfile
import threading
import time
import unittest

import support
from rejects import BAD, MOST_COLUMNS, Rules, raw, records, row
from support import BOUND

SIZE = int(os.environ.get("SLUICE_REJECTS_SIZE", 24_000_000))
EACH = 100
NAMES = ["id", "text", "note"]
SCHEMA = {"fields": [{"name": "id", "type": "integer", "constraints": {"minimum": 0}}, *({"name": name} for name in NAMES[1:])]}
# In small files too, records that fit no message are a small part.
MESSAGE = min(max(SIZE // 2000, 16 << 10), 256 << 10)
RECORD = 3 * MESSAGE
OPTIONS = {"SLUICE_REJECTS": "report", "SLUICE_SCHEMA": json.dumps(SCHEMA), "SLUICE_MAX_COLUMNS": str(MOST_COLUMNS),
           "SLUICE_BLANK_LINES": "error", "SLUICE_OVERSIZE": "reject", "SLUICE_MAX_BYTES": str(MESSAGE)}
RULES = Rules(least_integer=0, most_row=MESSAGE)
# What can be wrong with a record in every mode.
CODES = {"quoteInPlain", "textAfterQuote", "bareCR", "raggedRecord", "blankLine", "typeMismatch", "tooManyColumns", "constraint",
         "rowTooLarge"}


def bad(number, chance):
    """Yields bad records of every kind."""
    for form in BAD:
        yield form % number if b"%d" in form else form
    yield b"-%d,below,x" % (number + 1)
    # Random text, which compression does not make fit.
    yield b"%d,%s,x" % (number, chance.randbytes(MESSAGE).hex().encode())
    # Where a record is limited to fewer bytes than come before the next quote, this one is never closed.
    calm = b"".join(b"%d,%s,calm\n" % (number, chance.randbytes(500).hex().encode()) for _ in range(RECORD // 1000 + 1))
    yield b'%d,"open,x\n%s%d,close",x' % (number, calm, number)


def write(path):
    """Writes a file with bad records at random places."""
    chance = random.Random(0)
    units = [unit for number in range(EACH) for unit in bad(number, chance)]
    chance.shuffle(units)
    places = sorted(chance.randrange(SIZE - sum(map(len, units))) for _ in units)
    rows = [row(number) + "NUL \0 \\ 😀 ".encode() + b"." * (number % 700) + chance.choice([b"\n", b"\r\n"])
            for number in range(5000)]
    with open(path, "wb") as file:
        file.write(b",".join(name.encode() for name in NAMES) + b"\n")
        rest, good = itertools.cycle(rows), 0
        for place, unit in zip(places, units):
            while good < place:
                good += file.write(next(rest))
            file.write(unit + b"\n")


def write_utf16(path, stored, text):
    """Writes a copy of a file in UTF-16, and its text. A byte that is no UTF-8 becomes half a pair, of three bytes in the text."""
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file, open(stored, "wb") as utf16, \
            open(text, "wb") as utf8:
        while part := file.read(1 << 20):
            utf16.write(part.encode("utf-16-le", "surrogatepass"))
            utf8.write(part.encode("utf-8", "surrogatepass"))


class Expected:
    """What a simple reading of a text expects, each in order: the rows, and what is said of the records that break a rule."""

    def __init__(self, data, rules):
        self.data, self.records, self.rules = data, records(data, len(NAMES), rules), rules
        self.rows, self.rejects, self.codes, self.lines, self.count = collections.deque(), collections.deque(), {}, 0, 0
        self.stored = 0
        self.place(next(self.records))

    def place(self, record):
        """Returns the record's place in the stored file, and moves on to the next one's."""
        start = self.stored
        self.stored += record.end - record.offset
        if self.rules.is_utf16:
            text = self.data[record.offset:record.end].decode("utf-8", "surrogatepass")
            self.stored = start + len(text.encode("utf-16-le", "surrogatepass"))
        return start, self.stored

    def read(self):
        """Reads one more record. Returns whether there was one."""
        record = next(self.records, None)
        if record is None:
            return False
        place = self.place(record)
        if record.code:
            self.codes[record.code] = self.codes.get(record.code, 0) + 1
            self.lines += record.lines
            first = record.raw[:4096]
            if self.rules.is_utf16:
                first = re.sub("[\ud800-\udfff]", "\ufffd", first.decode("utf-8", "surrogatepass")).encode()
            self.rejects.append((record.code, record.number, record.line, record.lines, *place, first))
        else:
            self.count += 1
            number, *texts = record.fields
            self.rows.append(dict(zip(NAMES, [int(number), *(text.decode() for text in texts)])))
        return True

    def next(self, queue):
        while not queue and self.read():
            pass
        return queue.popleft() if queue else None


class Watch:
    """Watches the function's processes, which the emulator starts: how long they run, and their peak memory."""

    def __init__(self, emulator):
        self.emulator, self.peaks, self.first, self.last = emulator, {}, None, None
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.thread.join()

    def run(self):
        while not self.ended.wait(0.01):
            for process in filter(str.isdigit, os.listdir("/proc")):
                try:
                    self.see(process)
                except OSError:  # it has ended
                    continue

    def see(self, process):
        with open(f"/proc/{process}/stat") as file:
            if not re.match(rf"\d+ \(bootstrap\) \w {self.emulator} ", file.readline()):
                return
        with open(f"/proc/{process}/status") as file:
            peak = re.search(r"VmHWM:\s+(\d+) kB", file.read())
        if peak:
            self.last = time.monotonic()
            self.first = self.first or self.last
            self.peaks[process] = int(peak[1]) * 1024


class Messages:
    """The messages of one input, each once, in a file."""

    def __init__(self, file):
        self.file, self.ids, self.places, self.manifest = file, set(), [], None
        self.count, self.rejects, self.rejected = 0, 0, 0

    def take(self, messages):
        """Writes messages to the file, and removes them from the list."""
        for message in messages:
            attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
            if attributes["sluice.id"] in self.ids:
                continue
            self.ids.add(attributes["sluice.id"])
            content, (segment, number) = attributes["sluice.content"], map(int, attributes["sluice.index"].split("/"))
            is_last = content in ("manifest", "aborted")
            if is_last:
                self.manifest = content == "manifest" and json.loads(message["Body"])
                assert self.manifest, message["Body"]
            elif content == "rejects":
                self.rejects += 1
                self.rejected += len(json.loads(message["Body"]))
            else:
                self.count += 1
            start = self.file.tell()
            self.file.write(json.dumps({"body": message["Body"], "attributes": attributes}).encode() + b"\n")
            # Those with rejects come after the rows of their segment.
            self.places.append((is_last, segment, content == "rejects", number, start, self.file.tell()))
        messages.clear()

    def has_rows(self, messages):
        self.take(messages)
        return self.manifest and self.count == self.manifest["messages"]

    def has_rejects(self, messages):
        self.take(messages)
        return self.rejected == self.manifest["rejected"]

    def sort(self, target):
        """Writes them to another file in the input's order."""
        for *_, start, end in sorted(self.places):
            self.file.seek(start)
            target.write(self.file.read(end - start))


class BadRecords(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pipeline = support.pipeline("plain")
        cls.pipeline.use(support.function_zip())
        cls.sluice = support.program("sluice")
        directory = tempfile.TemporaryDirectory(dir=support.STATE)
        cls.addClassCleanup(directory.cleanup)
        cls.path = os.path.join(directory.name, "bad.csv")
        write(cls.path)

    def setUp(self):
        self.pipeline.drain()
        variables = self.pipeline.variables()
        self.variables = {**variables, **OPTIONS, "SLUICE_ROUTE_BYTES": str(1 << 40)}
        self.addCleanup(self.pipeline.set_variables, variables)

    def executions(self):
        return len(self.pipeline.stepfunctions.list_executions(
            stateMachineArn=self.pipeline.settings["SLUICE_STATE_MACHINE_ARN"])["executions"])

    def convert(self, rules=RULES, stored=None, text=None, **variables):
        """Sends a file through the pipeline and confirms all that arrives. Returns the number of rejects by code."""
        stored, text = stored or self.path, text or self.path
        self.pipeline.set_variables({**self.variables, **variables})
        key = self.id().rpartition(".")[2] + ".csv"
        emulator, = re.findall(r"process (\d+)", self.pipeline.run("status").stdout)
        messages_path = self.path + ".messages.ndjson"
        with Watch(emulator) as watch, tempfile.TemporaryFile(dir=os.path.dirname(self.path)) as file:
            self.pipeline.s3.upload_file(stored, self.pipeline.bucket, key)
            self.addCleanup(self.forget, key)
            messages = Messages(file)
            self.pipeline.receive(self.pipeline.queue_url, messages.has_rows, max(BOUND, SIZE // 500_000))
            self.pipeline.receive(self.pipeline.error_queue_url, messages.has_rejects)
            with open(messages_path, "wb") as target:
                messages.sort(target)
        self.addCleanup(os.remove, messages_path)
        with open(text, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            expected = Expected(data, rules)
            with open(messages_path, "rb") as file:
                for line in file:
                    self.confirm(json.loads(line), expected)
            self.assertEqual((expected.next(expected.rows), expected.next(expected.rejects)), (None, None))
        manifest = messages.manifest
        self.assertEqual((manifest["rows"], manifest["rejected"]), (expected.count, sum(expected.codes.values())))
        self.assertEqual(manifest["rejects"], {"lines": expected.lines, "codes": expected.codes})
        self.verify(messages_path, stored, messages, expected)
        self.assertLess(max(watch.peaks.values()), self.memory())
        self.tell(stored, variables, watch, messages, expected)
        return expected.codes

    def confirm(self, message, expected):
        content = message["attributes"]["sluice.content"]
        if content == "manifest":
            return
        for found in support.rows(content, message["body"]):
            if content == "rejects":
                place = [found[name] for name in ("code", "record", "line", "lines", "offset", "end")]
                self.assertEqual((*place, raw(found)), expected.next(expected.rejects))
                self.assertEqual(found["source"], message["attributes"]["sluice.source"])
                self.assertEqual(found.get("column"), NAMES[found["field"] - 1] if "column" in found else None)
            elif found != (row := expected.next(expected.rows)):
                self.fail(f"a row differs: {str(found)[:500]}, not {str(row)[:500]}")

    def verify(self, path, stored, messages, expected):
        check = subprocess.run([self.sluice, "verify", path, "--against", stored], capture_output=True, text=True, timeout=BOUND)
        self.assertEqual(check.returncode, 0, check.stderr[-2000:])
        self.assertRegex(check.stdout.replace(",", ""), rf": complete: {messages.count} messages {expected.count} rows "
                         rf"{messages.rejected} rejected records in {messages.rejects} messages bytes 0-\d+ "
                         r"every row and reject as in the input\n")

    def memory(self):
        """Returns the bytes of memory that the function has on AWS."""
        client = getattr(self.pipeline, "lambda")
        name = self.pipeline.settings["SLUICE_FUNCTION_NAME"]
        return client.get_function_configuration(FunctionName=name)["MemorySize"] << 20

    def tell(self, stored, variables, watch, messages, expected):
        """Adds what was measured to the file that SLUICE_MEASURED names."""
        if "SLUICE_MEASURED" in os.environ:
            with open(os.environ["SLUICE_MEASURED"], "a") as file:
                print(json.dumps({
                    "name": self.id().rpartition(".test_")[2].replace("_", " "), "bytes": os.path.getsize(stored),
                    "variables": variables, "seconds": watch.last - watch.first,
                    "peak": max(watch.peaks.values()), "rows": expected.count, "messages": messages.count,
                    "rejectMessages": messages.rejects, "rejects": expected.codes}), file=file)

    def forget(self, key):
        """Removes the file from the emulator's memory."""
        for version in self.pipeline.s3.list_object_versions(Bucket=self.pipeline.bucket, Prefix=key).get("Versions", []):
            self.pipeline.s3.delete_object(Bucket=self.pipeline.bucket, Key=key, VersionId=version["VersionId"])

    def assert_enough(self, codes, *names):
        self.assertEqual(set(codes), CODES | set(names))
        self.assertGreaterEqual(min(codes.values()), EACH)

    def test_one_invocation(self):
        before = self.executions()
        self.assert_enough(self.convert(), "invalidUTF8")
        self.assertEqual(self.executions(), before)

    def test_portions(self):
        before = self.executions()
        self.assert_enough(self.convert(SLUICE_ROUTE_BYTES="1000000", SLUICE_ZSTD="1"), "invalidUTF8")
        self.assertEqual(self.executions(), before + 1)

    def test_quotes_that_are_never_closed(self):
        rules = RULES._replace(next_line=True, most_bytes=RECORD)
        codes = self.convert(rules, SLUICE_UNTERMINATED="next-line", SLUICE_MAX_RECORD=str(RECORD))
        self.assert_enough(codes, "invalidUTF8", "unterminatedQuote")

    def test_utf16(self):
        stored, text = self.path + ".utf16", self.path + ".text"
        write_utf16(self.path, stored, text)
        self.addCleanup(os.remove, stored)
        self.addCleanup(os.remove, text)
        codes = self.convert(RULES._replace(is_utf16=True), stored, text, SLUICE_ENCODING="utf-16le")
        self.assert_enough(codes, "invalidEncoding")


if __name__ == "__main__":
    unittest.main()
