"""Rejected records in messages: what `verify` says of them, how they are repaired and selected."""
import json
import random
import shlex
import unittest

from rejects import OPTIONS, dirty, records
from support import InDirectory, run


class InMessages(InDirectory):
    def setUp(self):
        super().setUp()
        self.data = dirty(11, rows=3000, bad=60)
        self.input = self.write("in.csv", self.data)
        self.options = [*OPTIONS, "--max-bytes", "4096", "--rejects", "messages"]
        self.lines = self.messages()
        self.places = [n for n, line in enumerate(self.lines) if b'"sluice.content":"rejects"' in line]
        self.assertGreater(len(self.places), 3)

    def messages(self, *options, status=3):
        done = run("messages", self.input, *self.options, *options)
        self.ended(done, status)
        return done.stdout.splitlines(keepends=True)

    def verify(self, lines, *options):
        return run("verify", *options, "-", data=b"".join(lines))

    def changed(self, place, change):
        """Returns the messages with the body of one changed."""
        message = json.loads(self.lines[place])
        body = change(message["body"])
        self.assertNotEqual(body, message["body"])
        return [*self.lines[:place], json.dumps(dict(message, body=body)).encode() + b"\n", *self.lines[place + 1:]]

    def test_with_threads_and_from_streams_are_the_same(self):
        lines = self.messages("--source", "s")
        self.assertEqual(self.messages("--source", "s", "-j", "1"), lines)
        done = run("messages", "-", *self.options, "--source", "s", data=self.data)
        self.assertEqual(done.stdout.splitlines(keepends=True), lines)
        self.assertTrue(all(len(line) < 5000 for line in self.lines))

    def test_are_verified(self):
        count = sum(bool(record.code) for record in records(self.data, 3))
        for given in self.lines, self.lines[::-1]:
            done = self.verify(given)
            self.ended(done, 0)
            self.assertIn(b" rows, %d rejected records in %d messages, bytes 0-%d\n" % (count, len(self.places), len(self.data)),
                          done.stdout)
            for jobs in "1", "2":
                done = self.verify(given, "--against", self.input, "-j", jobs)
                self.ended(done, 0)
                self.assertIn(b", every row and reject as in the input\n", done.stdout)

    def test_that_went_elsewhere_are_no_gap(self):
        rest = [line for n, line in enumerate(self.lines) if n not in self.places]
        for options, end in ([], b""), (["--against", self.input], b", every row that was not rejected as in the input"):
            done = self.verify(rest, *options)
            self.ended(done, 0)
            self.assertRegex(done.stdout, rb", \d+ rejected records, bytes 0-\d+" + end + b"\n$")

    def test_may_come_twice(self):
        for given in self.lines + [self.lines[self.places[1]]], [self.lines[self.places[-1]]] + self.lines:
            for options in [], ["--against", self.input]:
                self.ended(self.verify(given, *options), 0)

    def test_that_are_missing_altered_or_damaged_are_found(self):
        first, second = self.places[:2]
        dropped = self.lines[:second] + self.lines[second + 1:]
        for options in [], ["--against", self.input]:
            done = self.verify(dropped, *options)
            self.ended(done, 65)
            self.assertRegex(done.stderr, rb"\d+ rejected records in messages, not \d+ as in the manifest\n")
            done = self.verify(self.changed(first, lambda body: body[:-1]), *options)
            self.ended(done, 65)
            self.assertIn(b"message %d has a damaged body" % (first + 1), done.stderr)
        altered = self.changed(second, lambda body: body.replace('"line":', '"line":1', 1))
        self.ended(self.verify(altered), 0)
        done = self.verify(altered, "--against", self.input)
        self.ended(done, 65)
        self.assertIn(b"message %d, bytes " % (second + 1), done.stderr)
        # One of another input, in the place of one of this.
        other = self.write("other.csv", self.data.replace(b"wide", b"side"))
        swapped = run("messages", other, *self.options, "--source", "s").stdout.splitlines(keepends=True)
        lines = self.messages("--source", "s")
        mixed = [*lines[:first], swapped[first], *lines[first + 1:]]
        done = self.verify(mixed, "--against", self.input)
        self.ended(done, 65)
        self.assertIn(b"has a different id than the input's", done.stderr)

    def test_are_repaired_by_the_command_that_verify_prints(self):
        for seed in range(20):
            chance = random.Random(seed)
            dropped = set(chance.sample(self.places[:-1], chance.randint(1, 2)))
            dropped |= set(chance.sample(range(len(self.lines) - 1), seed % 3))
            kept = [line for n, line in enumerate(self.lines) if n not in dropped]
            done = self.verify(kept)
            self.ended(done, 65)
            command = done.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1]
            words = shlex.split(command)
            self.assertEqual(words[:5], ["sluice", "send", "INPUT", "--queue-url", "URL"])
            self.assertIn("rejects", words[words.index("--only") + 1].split(","))
            done = run("messages", self.input, *words[5:])
            self.ended(done, 3)
            sent = done.stdout.splitlines(keepends=True)
            self.assertLessEqual(set(sent), set(self.lines))
            done = self.verify(kept + [line for line in sent if line not in kept or line in [self.lines[n] for n in self.places]],
                               "--against", self.input)
            self.ended(done, 0)

    def test_if_the_manifest_is_missing_too_are_repaired(self):
        place = self.places[1]
        kept = self.lines[:place] + self.lines[place + 1:-1]
        done = self.verify(kept)
        words = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair, ", 1)[1].split(": ", 1)[1])
        done = run("messages", self.input, *OPTIONS, "--max-bytes", "4096", "--rejects", "messages", *words[5:])
        again = kept + done.stdout.splitlines(keepends=True)
        done = self.verify(again)
        words = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1])
        done = run("messages", self.input, *words[5:])
        self.ended(self.verify(again + done.stdout.splitlines(keepends=True), "--against", self.input), 0)

    def test_are_selected_by_records_and_by_their_name(self):
        rejects = [self.lines[n] for n in self.places]
        self.assertEqual(self.messages("--only", "rejects"), rejects)
        self.assertEqual(self.messages("--only", "rejects,manifest"), [*rejects, self.lines[-1]])
        # Their index is one of their own.
        self.assertEqual(self.messages("--only", "0/0"), self.lines[:1])
        held = [[int(end) for end in json.loads(line)["attributes"]["sluice.records"].split("-")] for line in self.lines[:-1]]
        first = held[self.places[1]][0]
        expected = [line for (low, high), line in zip(held, self.lines) if low <= first <= high]
        self.assertEqual(self.messages("--records", str(first)), expected)

    def test_with_rows_too_large_for_a_message_hold_those_too(self):
        path = self.write("big.csv", b"a,b\n1\n" + b"%s,x\n" % (b"y" * 9000) + b"2,3\n4\n")
        done = run("messages", path, "--max-bytes", "4096", "--oversize", "reject", "--rejects", "messages")
        self.ended(done, 3)
        self.assertEqual(done.stderr, b"")
        rejects = json.loads(json.loads(done.stdout.splitlines()[1])["body"])
        self.assertEqual([(one["code"], one["line"]) for one in rejects], [("raggedRecord", 2), ("rowTooLarge", 3), ("raggedRecord", 5)])
        self.assertTrue(("y" * 9000).startswith(rejects[1]["raw"]))
        self.ended(self.verify([done.stdout], "--against", path), 0)

    def test_a_run_with_too_many_is_reported_as_aborted(self):
        lines = self.messages("--max-rejects", "3", status=65)
        done = self.verify(lines)
        self.ended(done, 65)
        self.assertIn(b"aborted: tooManyRejects at byte %d" % len(self.data), done.stderr)
        self.assertNotIn(b"to repair", done.stderr)

    def test_a_limit_or_a_way_of_closing_quotes_needs_not_be_repeated(self):
        for options in (["--max-rejects", "500"], ["--max-rejects", "50.5%"], ["--unterminated", "next-line"],
                        ["--zstd", "--message-format", "ndjson"]):
            lines = self.messages(*options)
            self.ended(self.verify(lines, "--against", self.input), 0)
            done = self.verify(lines[1:])
            words = shlex.split(done.stderr.decode().splitlines()[-1].split(": to repair: ", 1)[1])
            done = run("messages", self.input, *words[5:])
            self.ended(done, 3)
            self.assertIn(lines[0], done.stdout.splitlines(keepends=True))


if __name__ == "__main__":
    unittest.main()
