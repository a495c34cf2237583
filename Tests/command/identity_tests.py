"""What distinguishes messages: `sluice.source`, ids and the manifest's sum of them."""
import datetime
import gzip
import json
import os
import random
import re
import subprocess

import ids
from support import FIXTURES, SLUICE, InDirectory, run

SOURCE = "sluice.source"


class Identity(InDirectory):
    def messages(self, *arguments, status=0, **options):
        done = run("messages", *arguments, **options)
        self.ended(done, status)
        return done.stdout.splitlines(keepends=True)

    def attributes(self, lines, name):
        return [json.loads(line)["attributes"][name] for line in lines]

    def sources(self, lines):
        return sorted(set(self.attributes(lines, SOURCE)))

    def assert_ids(self, lines, data):
        found, total = ids.expected(lines, data)
        self.assertEqual(self.attributes(lines, "sluice.id"), found)
        self.assertEqual(json.loads(json.loads(lines[-1])["body"])["idSum"], total)

    def test_ids_are_computed_from_the_bytes_as_documented_in_every_way_of_running(self):
        chance = random.Random(7)
        rows = "".join(f'{n},"a, ""b""\n{"x" * chance.randrange(90)}"\n' + "\n" * (n % 3) for n in range(900))
        data = ("id,text\n" + rows + "\n" * 400_000 + rows + "\n\n").encode()
        path, packed = self.write("a.csv", data), self.write("a.csv.gz", gzip.compress(data))
        for options in [], ["--zstd"], ["--message-format", "ndjson", "--max-bytes", "8KiB"]:
            options = ["--source", "orders", "--max-bytes", "4096", *options]
            lines = self.messages(*options, path)
            self.assertGreater(len(lines), 20 if "--zstd" not in options else 3)
            self.assert_ids(lines, data)
            self.assertEqual(self.messages(*options, "-j", "1", path), lines)
            self.assertEqual(self.messages(*options, packed), lines)
            self.assertEqual(self.messages(*options, "-", data=data), lines)
        bad = data + b'1,2,3\n'
        self.assert_ids(self.messages("--max-bytes", "4096", "-", data=bad, status=65), bad)
        left_out = b"a\n1\n\n" + b"x" * 9000 + b"\n2\n" + b"y" * 9000 + b"\n"
        options = ["--max-bytes", "4096", "--oversize"]
        self.assert_ids(self.messages(*options, "reject", "-", data=left_out, status=3), left_out)
        self.assert_ids(self.messages(*options, "offload", "-", data=left_out), left_out)

    def test_different_files_of_the_same_name_and_size_have_different_sources_and_ids(self):
        for name, text in ("da", b"a,b\n1,2\n"), ("db", b"a,b\n8,9\n"):
            os.mkdir(self.path(name))
            self.write(f"{name}/x.csv", text)
        both = [self.path("da/x.csv"), self.path("db/x.csv")]
        lines = self.messages(*both)
        self.assertEqual(len(set(self.attributes(lines, "sluice.id"))), 4)
        self.assertEqual(len(self.sources(lines)), 2)
        self.ended(run("verify", "-", data=b"".join(lines)), 0)
        # With the same modification time, nothing distinguishes the two inputs.
        for path in both:
            os.utime(path, ns=(5, 5))
        done = run("messages", *both)
        self.ended(done, 64)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"have the same source, x.csv?size=8&modified=1970-01-01T00:00:00.000000005Z", done.stderr)
        advice = re.search(rb"give each its own: ((--source NAME\d ?)+)", done.stderr)[1].decode().split()
        self.assertEqual(self.sources(self.messages(*advice, *both)), ["NAME1", "NAME2"])
        # In two runs their ids still differ, and a mixture of both does not verify.
        one, other = self.messages(both[0]), self.messages(both[1])
        self.assertEqual(self.sources(one), self.sources(other))
        self.assertFalse(set(self.attributes(one, "sluice.id")) & set(self.attributes(other, "sluice.id")))
        done = run("verify", "-", data=one[0] + other[1])
        self.ended(done, 65)
        self.assertIn(b"not to the manifest's sum", done.stderr)

    def test_a_corrected_file_of_equal_size_has_other_ids(self):
        path = self.write("x.csv", b"a\n1\n")
        before = self.messages(path)
        self.write("x.csv", b"a\n2\n")
        self.assertFalse(set(self.attributes(before, "sluice.id")) & set(self.attributes(self.messages(path), "sluice.id")))

    def test_a_source_states_what_pins_the_bytes(self):
        path = self.write("a b%é.csv", b"a\n1\n")
        os.utime(path, ns=(0, 1_795_694_400_123_456_789))
        self.assertEqual(self.sources(self.messages(path)),
                         ["a%20b%25%C3%A9.csv?size=4&modified=2026-11-26T12:00:00.123456789Z"])
        moment = datetime.datetime.fromtimestamp(1_795_694_400, datetime.timezone.utc)
        self.assertEqual(moment.isoformat(), "2026-11-26T12:00:00+00:00")
        found = set()
        for _ in range(2):
            with open(path, "rb") as file:
                done = subprocess.run([SLUICE, "messages", "-"], stdin=file, capture_output=True)
            found.update(self.sources(done.stdout.splitlines()))
            found.update(self.sources(self.messages("-", data=b"a\n1\n")))
        self.assertEqual(len(found), 4)
        for source in found:
            self.assertRegex(source, r"\Astandard%20input\?run=[0-9a-f]{16}\Z")
        os.mkfifo(self.path("pipe"))
        writer = subprocess.Popen(["sh", "-c", "printf 'a\\n1\\n' > \"$0\"", self.path("pipe")])
        self.assertRegex(self.sources(self.messages(self.path("pipe")))[0], r"\Apipe\?run=[0-9a-f]{16}\Z")
        writer.wait()

    def test_a_long_source_is_abbreviated_and_the_manifest_has_it_in_full(self):
        path = self.write("é" * 100 + ".csv", b"a\n1\n")
        lines = self.messages(path)
        whole = json.loads(json.loads(lines[-1])["body"])["source"]
        self.assertTrue(whole.startswith("%C3%A9" * 100 + ".csv?size=4&modified="))
        source, = self.sources(lines)
        self.assertEqual((source[:401], len(source)), (whole[:400] + "~", 465))
        self.ended(run("verify", "-", "--against", path, data=b"".join(lines)), 0)

    def test_a_given_name_is_the_whole_source_and_gives_a_copy_the_same_ids(self):
        one, copy = self.write("one.csv", b"a\n1\n"), self.write("copy.csv", b"a\n1\n")
        lines = self.messages("--source", "partner/orders 7", one)
        self.assertEqual(self.sources(lines), ["partner/orders 7"])
        self.assertEqual(self.messages("--source", "partner/orders 7", copy), lines)
        self.assertEqual(self.messages("--source", "partner/orders 7", "-", data=b"a\n1\n"), lines)
        both = self.messages("--source", "b", "--source", "a", one, copy)
        self.assertEqual(self.attributes(both, SOURCE), ["b", "b", "a", "a"])
        for names in ["é"], [""], ["x" * 481], ["a\nb"], ["a", "b"]:
            done = run("messages", *[word for name in names for word in ("--source", name)], one)
            self.ended(done, 64)
            self.assertEqual(done.stdout, b"")
        for names in ["a"], ["a", "a"]:
            self.ended(run("messages", *[word for name in names for word in ("--source", name)], one, copy), 64)

    def test_a_renamed_input_has_the_same_bodies(self):
        data = b"a,b\n" + b"".join(b"%d,%s\n" % (n, b"x" * (n % 70)) for n in range(2000))
        bodies = [[json.loads(line)["body"] for line in self.messages(*options, self.write(name, data))[:-1]]
                  for name in ("a.csv", "x" * 200) for options in (["--max-bytes", "4096"],)]
        self.assertEqual(bodies[0], bodies[1])
        for body in bodies[0]:
            self.assertLessEqual(len(body), 4096 - 1024)

    def test_max_bytes_accepts_units(self):
        path = self.write("a.csv", b"a\n" + b"x\n" * 9000)
        for text, bytes_ in ("4KiB", 4096), ("256kib", 262_144), ("1MiB", 1_048_576), ("5KB", 5000), ("5000", 5000):
            lines = self.messages("--max-bytes", text, "--source", "a", path)
            self.assertEqual(lines, self.messages("--max-bytes", str(bytes_), "--source", "a", path))
            self.assertIn(f"limit={bytes_};", json.loads(lines[-1])["body"])
        for text in "4095", "1048577", "2MiB", "4  KiB", "1e5", "-1", "99999999999999999999GiB", "KiB":
            self.ended(run("messages", f"--max-bytes={text}", path), 64)

    def test_the_worked_example_of_the_readme(self):
        lines = self.messages("--source", "orders", os.path.join(FIXTURES, "orders.csv"))
        self.assertEqual(self.attributes(lines, "sluice.id")[0], "0b4250ebb7560b1dd801db910e7b0e62")
