"""What `sluice verify` proves, and what it reports otherwise."""
import base64
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
                complete = rb"orders.csv\?size=\d+&modified=\S+Z: complete: %d messages, 2000 rows, bytes 0-" % (len(lines) - 1)
                self.assertRegex(done.stdout, complete)
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

    def test_a_complete_input_is_named_beside_one_that_is_not(self):
        lines, other = self.messages(), run("messages", self.write("other.csv", b"a\n1\n")).stdout.splitlines(keepends=True)
        done = self.verify(lines[1:] + other)
        self.ended(done, 65)
        self.assertRegex(done.stdout, rb"\Aother\.csv\S+: complete: [^\n]+\n\Z")
        self.assertIn(b"orders.csv?", done.stderr)
        self.assertNotIn(b"other.csv", done.stderr)

    def test_the_input_to_compare_is_compared_although_another_one_is_incomplete(self):
        other, wrong = self.write("other.csv", b"a\n1\n2\n"), self.write("wrong.csv", b"a\n1\n3\n")
        lines = self.messages()[1:] + run("messages", "--source", "other", other).stdout.splitlines(keepends=True)
        for input, status, shown, told in ((other, 65, b"every row as in the input", b"orders.csv?"), (wrong, 65, b"", b"wrong.csv: "),
                                           ("none.csv", 66, b"", b"none.csv: error: ")):
            done = self.verify(lines, "--against", input, "--source", "other")
            self.ended(done, status)
            self.assertIn(told, done.stderr)
            self.assertIn(shown, done.stdout)
            self.assertEqual(bool(done.stdout), bool(shown), input)
        self.ended(self.verify(lines, "--against", other, "--source", "unknown"), 64)

    def assert_found(self, lines, finding, *options):
        done = self.verify(lines, *options)
        self.ended(done, 65)
        self.assertIn(finding, done.stderr)
        self.assertEqual(done.stdout, b"")

    def test_missing_duplicate_and_changed_messages_are_found(self):
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
            (dict(message, body=message["body"].replace("xx", "xy", 1)), b"message 2, bytes ",
             ["--against", self.input]),
            (dict(message, attributes=dict(message["attributes"], **{"sluice.id": "0" * 32})), b"not to the manifest's sum", []),
            (dict(message, body=message["body"][:-1]), b"damaged body", []),
        ):
            self.assert_found(lines[:1] + [json.dumps(change).encode() + b"\n"] + lines[2:], finding, *options)

    def test_a_damaged_body_is_reported_as_such_with_an_input_too(self):
        lines = self.messages()
        message = json.loads(lines[1])
        damaged = json.dumps(dict(message, body=message["body"][:-1])).encode() + b"\n"
        fewer = json.dumps(dict(message, body="[" + message["body"].split("},", 1)[1])).encode() + b"\n"
        self.write("other.csv", b"id,text\n")
        for line, finding in (damaged, b"message 2 has a damaged body"), (fewer, b"1999 rows, not 2000 as in the manifest"):
            given = [lines[0], line, *lines[2:]]
            without = self.verify(given)
            self.assertIn(finding, without.stderr)
            for against in self.input, self.path("other.csv"), self.path("none.csv"):
                for jobs in "1", "3":
                    done = self.verify(given, "--against", against, "-j", jobs)
                    self.ended(done, 65)
                    self.assertEqual(done.stderr, without.stderr)
        self.ended(self.verify(lines, "--against", self.path("none.csv")), 66)

    def test_a_body_above_the_limit_is_reported_with_an_input_too(self):
        done = self.verify(self.messages(), "--max-body", "1000", "--against", self.input)
        self.ended(done, 65)
        self.assertIn(b"message 1 has a body of more than 1000 bytes", done.stderr)

    def test_messages_that_another_program_wrote_again_are_equal_too(self):
        rewritten = [json.dumps(json.loads(line), indent=None, ensure_ascii=ascii).encode() + b"\n"
                     for line, ascii in zip(self.messages(), [True, False] * 1000)]
        for options in [], ["--against", self.input]:
            self.ended(self.verify(rewritten, *options), 0)

    def test_threads_change_nothing(self):
        path = self.write("a.csv", b"a,b\n" + b'1,"2,""3"\n' * 300_000)
        for options in [], ["--zstd=1"]:
            done = run("messages", *options, path)
            lines = done.stdout.splitlines(keepends=True)
            for given in done.stdout, b"".join(lines[:7] + lines[8:]), done.stdout.replace(b"3", b"3\\\"", 1):
                found = [(one.returncode, one.stdout, one.stderr)
                         for jobs in ("1", "2", "5") for one in [run("verify", "-j", jobs, data=given)]]
                self.assertEqual(len(set(found)), 1, found)
        self.ended(run("verify", "-j", "0", data=b""), 64)

    def test_an_aborted_run_is_reported(self):
        bad = self.write("bad.csv", b"a,b\n1,2\n3\n")
        self.assert_found([run("messages", bad).stdout], b"aborted: raggedRecord at byte 8")

    def test_another_input_is_detected(self):
        lines = self.messages()
        with open(self.input, "rb") as file:
            data = file.read()
        swapped = data[:-30] + data[-30:].replace(b"x", b"y")
        for other, finding in ((b"id,text\n", b"message 1, bytes 0-"),
                               (b"id,text\n0,1\n", b"has a different range than the input"),
                               (data + b"1,2\n", b" has a different range than the input's"),
                               (swapped, b"message %d, bytes " % (len(lines) - 1)),
                               (swapped, b"has a different id than the input")):
            self.assert_found(lines, finding, "--against", self.write("other.csv", other))

    def test_source_and_options_come_from_the_messages_and_not_from_the_input(self):
        data = b"a;b\n" + b"".join(b"%d;x\n" % n for n in range(3000))
        path, moved = self.write("a.csv", data), self.write("moved.csv", data)
        other = self.write("b.csv", data.replace(b";x", b";y"))
        names = ",".join(f"column {n}" for n in range(100))
        for options in (["--delimiter", ";", "--ragged", "pad", "--oversize", "reject"], ["--delimiter", ";", "--zstd=7"],
                        ["--delimiter", ";", "--no-header", "--lenient"],
                        ["--delimiter", ";", "--header=-x,y", "--message-format", "ndjson"]):
            done = run("messages", "--max-bytes", "4096", *options, path)
            self.ended(done, 0)
            lines = done.stdout.splitlines(keepends=True)
            for against in path, moved:
                self.ended(self.verify(lines, "--against", against), 0)
            self.ended(run("verify", self.write("m", done.stdout), "--against", "-", data=data), 0)
            self.ended(self.verify(lines, "--against", path, "--delimiter", ";"), 0)
            contradiction = self.verify(lines, "--against", path, "--delimiter", ",")
            self.ended(contradiction, 64)
            self.assertIn(b"which --against takes from them: --delimiter ';'", contradiction.stderr)
            self.ended(self.verify(lines, "--against", path, "--encoding", "utf-16le"), 64)
            self.ended(self.verify(lines, "--against", other), 65)
        # A configuration holds the digest of names that are too many for it.
        done = run("messages", "--ragged", "pad", "--header", names, path)
        lines = done.stdout.splitlines(keepends=True)
        refused = self.verify(lines, "--against", path)
        self.ended(refused, 64)
        self.assertIn(b"give the names again: --header", refused.stderr)
        self.ended(self.verify(lines, "--against", path, "--header", names), 0)
        self.ended(self.verify(lines, "--against", path, "--header", names + "1"), 64)

    def test_rejected_rows_are_reported(self):
        path = self.write("big.csv", b"a\n" + (b"x" * 5000 + b"\nok\n") * 30)
        done = run("messages", path, "--max-bytes", "4096", "--oversize", "reject")
        self.ended(done, 3)
        for options, end in ([], b""), (["--against", path], b", every row that was not rejected as in the input"):
            result = self.verify([done.stdout], *options)
            self.ended(result, 0)
            self.assertRegex(result.stdout, rb": complete: \d+ messages?, 30 rows, 30 rejected rows, bytes 0-\d+" + end + b"\n$")

    def test_a_manifest_that_contradicts_the_input_is_found(self):
        lines = self.messages("--source", "a")
        manifest = json.loads(lines[-1])
        body = json.loads(manifest["body"])
        for name, value in (("rejected", 5), ("segments", 10**30), ("range", "5-3"), ("source", "b"), ("empty", ["x"]),
                            ("empty", {}), ("repairs", {}), ("else", 1), ("configuration", None), ("bytes", "1"),
                            ("rows", None)):
            changed = {name: value for name, value in {**body, name: value}.items() if value is not None}
            changed = dict(manifest, body=json.dumps(changed, separators=(",", ":")))
            done = self.verify([*lines[:-1], json.dumps(changed).encode()], "--against", self.input)
            self.ended(done, 65)
            if name in ("rejected", "range", "source", "empty", "repairs", "else"):
                self.assertIn(b'message %d, the manifest, has a different "%s" than the input\'s' % (len(lines), name.encode()),
                              done.stderr)
        for text, finding in (json.dumps(body), b"is written differently"), (json.dumps(body)[:-1], b"damaged body"):
            self.assert_found([*lines[:-1], json.dumps(dict(manifest, body=text)).encode()], finding, "--against", self.input)

    def test_an_attribute_that_contradicts_the_input_is_found(self):
        lines = self.messages("--source", "a")
        for place, name, value in ((1, "records", "1-3"), (1, "index", "0/7"), (1, "content", "ndjson"),
                                   (len(lines) - 1, "index", "9/0"), (len(lines) - 1, "records", "1-1")):
            message = json.loads(lines[place])
            changed = dict(message, attributes={**message["attributes"], f"sluice.{name}": value})
            done = self.verify([*lines[:place], json.dumps(changed).encode() + b"\n", *lines[place + 1:]], "--against", self.input)
            if place == 1 or name == "index":
                self.ended(done, 65)
            if name in ("records", "index") and place == 1:
                self.assertIn(b"has a different sluice.%s than the input's" % name.encode(), done.stderr)

    def test_a_long_source_is_compared_too(self):
        path = self.write("\u00e9" * 100 + ".csv", b"a\n1\n")
        lines = run("messages", path).stdout.splitlines(keepends=True)
        self.assertEqual(len(json.loads(lines[0])["attributes"]["sluice.source"]), 465)
        self.ended(self.verify(lines, "--against", path), 0)
        other = json.loads(lines[-1])
        other["body"] = other["body"].replace("?size=4", "?size=5")
        self.assertNotEqual(other, json.loads(lines[-1]))
        self.assert_found([lines[0], json.dumps(other).encode()], b'the manifest, has a different "source"', "--against", path)

    def test_no_option_of_the_run_needs_to_be_repeated(self):
        data = b"a,b\n1,2\n3,4\n"
        kept = {"--delimiter": [";", "tab", "|", "\x01", "-"], "--quote": ["'", "-"], "--header": ["x,y", '"x,1",y'],
                "--bare-cr": ["newline", "data"], "--quote-in-plain": ["data"], "--after-quote": ["append"],
                "--unterminated": ["close"], "--ragged": ["pad", "omit", "truncate"], "--duplicate-headers": ["rename"],
                "--invalid-utf8": ["replace"], "--blank-lines": ["skip-all", "error"], "--nul-in-name": ["data"],
                "--max-record": ["1MiB", "999"], "--max-columns": ["7"], "--encoding": ["windows-1252", "utf-8"],
                "--max-window": ["1MiB"], "--max-bytes": ["5000"], "--message-format": ["ndjson"],
                "--oversize": ["reject"]}
        flags = ["--lenient", "--no-header", "--assume-csv", "--zstd"]
        for option in [f"{name}={value}" for name, values in kept.items() for value in values] + flags:
            with self.subTest(option):
                path = self.write("a.csv", data)
                usual = [] if option == "--lenient" or option.startswith("--ragged") else ["--ragged", "pad"]
                done = run("messages", path, "--source", "s", *usual, option)
                self.ended(done, 0)
                self.ended(self.verify([done.stdout], "--against", path), 0)
                if option.split("=")[0] not in ("--max-bytes", "--message-format", "--oversize", "--zstd"):
                    self.ended(self.verify([done.stdout], "--against", path, *usual, option), 0)
        done = run("messages", path, "--lenient", "--max-record", "1MiB", "--max-columns", "9", "--assume-csv")
        self.ended(self.verify([done.stdout], "--against", path, "--lenient"), 0)

    def test_an_unknown_source_is_reported(self):
        refused = self.verify(self.messages("--source", "s"), "--against", self.input, "--source", "zz")
        self.ended(refused, 64)
        self.assertIn(b"there are no messages of the source zz, only of s\n", refused.stderr)

    def test_one_of_several_sources_can_be_chosen(self):
        other = self.write("other.csv", b"a\n1\n")
        done = run("messages", "--source", "one", "--source", "two", self.input, other)
        lines = done.stdout.splitlines(keepends=True)
        refused = self.verify(lines, "--against", other)
        self.ended(refused, 64)
        self.assertIn(b"the sources are one, two", refused.stderr)
        chosen = self.verify(lines, "--against", other, "--source", "two")
        self.ended(chosen, 0)
        self.assertEqual([line.endswith(b", every row as in the input") for line in chosen.stdout.splitlines()], [False, True])
        self.ended(self.verify(lines, "--against", other, "--source", "one"), 65)
        self.ended(self.verify(lines, "--against", other, "--source", "three"), 64)
        self.ended(self.verify(lines, "--source", "two"), 64)

    def test_a_manifest_with_a_changed_configuration_is_found(self):
        lines = self.messages("--source", "a")
        manifest = json.loads(lines[-1])
        changed = dict(manifest, body=manifest["body"].replace("ragged=error", "ragged=pad"))
        self.assert_found(lines[:-1] + [json.dumps(changed).encode()], b"the manifest's id does not match its content")

    def test_a_body_is_unpacked_only_up_to_the_limit(self):
        bomb = subprocess.run(["zstd", "-q"], input=b"[" + b"0" * (200 << 20) + b"]", capture_output=True, check=True).stdout
        message = json.loads(self.messages("--zstd")[0])
        line = json.dumps(dict(message, body=base64.b64encode(bomb).decode())).encode()
        for options, size in ([], b"67108864"), (["--max-body", "1MiB"], b"1048576"):
            done = self.verify([line], *options)
            self.ended(done, 65)
            self.assertIn(b"message 1 has a body of more than " + size + b" bytes", done.stderr)
        self.ended(self.verify([line], "--max-body", "few"), 64)
        limited = ["sh", "-c", 'ulimit -v 700000; exec "$0" verify -', SLUICE]
        done = subprocess.run(limited, input=line, capture_output=True)
        self.assertEqual(done.returncode, 65, done.stderr)
        self.ended(run("verify", "-", "--max-body", "1000", data=b"".join(self.messages())), 65)

    def test_impossible_numbers_do_not_crash_it(self):
        lines = self.messages()
        message, manifest = json.loads(lines[0]), json.loads(lines[-1])
        for name, value in (("records", "1-18446744073709551615"), ("records", "18446744073709551614-18446744073709551614"),
                            ("range", "0-18446744073709551615"), ("index", "18446744073709551615/9223372036854775807"),
                            ("range", "18446744073709551615-18446744073709551615")):
            changed = dict(message, attributes=dict(message["attributes"], **{f"sluice.{name}": value}))
            self.assertIn(self.verify([json.dumps(changed).encode() + b"\n", *lines[1:]]).returncode, (0, 65, 66), value)
        for name in "messages", "rows", "bytes", "rejected", "segments", "emptySpans":
            body = json.dumps(dict(json.loads(manifest["body"]), **{name: 2**64 - 1}))
            changed = dict(manifest, body=body)
            self.assertIn(self.verify([*lines[:-1], json.dumps(changed).encode()]).returncode, (0, 65), name)

    def test_a_result_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([SLUICE, "verify", "-"], input=b"".join(self.messages()), stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74, done.stderr)

    def test_invalid_messages_are_refused(self):
        for text in b"{}\n", b"[1]\n", b"\xff\n", b'{"body":"\\ud800","attributes":{}}\n':
            self.ended(run("verify", "-", data=text), 65)
        self.ended(run("verify", "nothing here"), 66)
