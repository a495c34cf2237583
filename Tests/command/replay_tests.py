"""Selected messages again: `--only`, `--records`, and the command that `sluice verify` prints."""
import json
import random
import re
import subprocess

from support import InDirectory, run


class Replay(InDirectory):
    def setUp(self):
        super().setUp()
        rows = "".join(f'{n};"a, ""b""";{"x" * (n % 50)}\n' for n in range(3000))
        self.input = self.write("orders.csv", ("id;text;more\n" + rows).encode())

    def messages(self, *options, path=None):
        done = run("messages", "--delimiter", ";", "--max-bytes", "4096", *options, path or self.input)
        self.ended(done, 0)
        return done.stdout.splitlines(keepends=True)

    def test_messages_selected_by_index_or_record_are_unchanged(self):
        lines = self.messages()
        records = [[int(end) for end in json.loads(line)["attributes"]["sluice.records"].split("-")]
                   for line in lines[:-1]]
        self.assertGreater(len(lines), 20)
        self.assertEqual(self.messages("--only", "0/3,0/5,manifest"), [lines[3], lines[5], lines[-1]])
        first, last = records[4][1], records[7][0]
        self.assertEqual(self.messages("--records", f"{first}-{last}"), lines[4:8])
        self.assertEqual(self.messages("--records", f"{first},{last}-"), [lines[4], *lines[7:-1]])
        self.assertEqual(self.messages("--records", "0-2", "--only", "0/0,manifest"), [lines[0], lines[-1]])
        self.assertEqual(self.messages("--records", "1-", "--only", "manifest", "-j", "4"), lines)

    def test_an_invalid_input_has_a_last_message_too(self):
        bad = self.write("bad.csv", b"a,b\n1,2\n3\n")
        done = run("messages", "--only", "manifest", bad)
        self.ended(done, 65)
        self.assertEqual([json.loads(line)["attributes"]["sluice.content"] for line in done.stdout.splitlines()],
                         ["aborted"])

    def test_selections_that_match_nothing_or_are_invalid_are_usage_errors(self):
        for options in ["--only", "7/0"], ["--records", "5000-"], ["--records", "1"]:
            done = run("messages", "--delimiter", ";", *options, self.input)
            self.ended(done, 64)
            self.assertEqual(done.stdout, b"")
            self.assertIn(b"orders.csv: error: it has none of the messages that --only and --records select", done.stderr)
        for options in (["--only", "7"], ["--only", ""], ["--only", "1/2/3"], ["--only", "Manifest"], ["--records", "5-4"],
                        ["--records", "-4"], ["--records", "1-2-3"], ["--records", "a"]):
            self.ended(run("messages", *options, self.input), 64)

    def repaired(self, lines, options):
        """Returns the output of the printed command, run as `sluice messages`."""
        done = run("verify", "-", data=b"".join(lines))
        self.ended(done, 65)
        text = done.stderr.decode().splitlines()[-1].split(": to repair", 1)[1]
        condition, command = text.split(": ", 1)
        words = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True).stdout.decode().split("\0")[:-1]
        self.assertEqual(words[:5], ["sluice", "send", "INPUT", "--queue-url", "URL"])
        if words[5:7] == ["--offload-bucket", "BUCKET"]:
            self.assertIn("offload", words[7:])
            del words[5:7]
        # Without the manifest, only the source is known of the options.
        extra = [word for word in options if word not in ("--source", "Neil's orders")]
        extra = extra if ", with the options of the run that made them" in condition else []
        done = run("messages", *words[5:], *extra, self.input)
        self.ended(done, 0)
        return done.stdout.splitlines(keepends=True)

    def test_the_command_names_objects_whose_keys_a_terminal_does_not_show(self):
        for key in "ra\u2028.csv", "a\u0085b.csv", "\u202etxt.csv", "é.csv":
            encoded = "".join(f"%{byte:02X}" for byte in key.encode())
            lines = self.messages("--source", f"s3://inbox/{encoded}?etag=1")
            text = run("verify", "-", data=b"".join(lines[1:])).stderr.decode().splitlines()[-1]
            command = text.split(": to repair: ", 1)[1]
            words = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True).stdout.decode().split("\0")
            self.assertEqual(words[2], f"s3://inbox/{key}")

    def test_the_command_that_verify_prints_restores_missing_and_damaged_messages(self):
        forms = [["--delimiter", ";"], ["--delimiter", ";", "--zstd=5", "--message-format", "ndjson"],
                 ["--lenient", "--source", "Neil's orders", "--header", "a,-b c,d"],
                 ["--lenient", "--header", '"a,1","said ""no""","two\nlines","\x1b[31m"'],
                 ["--no-header", "--delimiter", "tab", "--quote-in-plain", "data"],
                 ["--delimiter", ";", "--oversize", "offload"],
                 ["--delimiter", ";", "--quote", "'", "--quote-in-plain", "data", "--oversize", "reject"]]
        for seed in range(60):
            chance = random.Random(seed)
            options = [*forms[seed % len(forms)], "--max-bytes", chance.choice(["4096", "5000"])]
            done = run("messages", *options, self.input)
            self.assertIn(done.returncode, (0, 3), done.stderr)
            lines = done.stdout.splitlines(keepends=True)
            kept, broken = [], []
            has_manifest = chance.random() < 0.7
            fates = ["kept"] * 5 + ["lost", "damaged"]
            for line in lines:
                fate = chance.choice(fates) if line != lines[-1] else "kept" if has_manifest else "lost"
                if fate == "damaged":
                    message = json.loads(line)
                    message["body"] = message["body"][:-1]
                    broken.append(json.dumps(message).encode() + b"\n")
                elif fate != "lost":
                    kept.append(line)
            if kept == lines:
                continue
            repaired = kept + self.repaired(kept + broken, options)
            self.assertTrue(sorted(repaired) == sorted(lines), (seed, options))
            done = run("verify", "-", data=b"".join(repaired))
            self.ended(done, 0)

    def test_a_damaged_message_with_an_intact_copy_needs_no_repair(self):
        lines = self.messages()
        message = json.loads(lines[4])
        damaged = json.dumps(dict(message, body=message["body"][:-1])).encode() + b"\n"
        done = run("verify", "-", data=b"".join([damaged, *lines]))
        self.ended(done, 65)
        self.assertEqual(done.stderr.count(b"\n"), 1)
        self.assertIn(b"message 1 has a damaged body", done.stderr)

    def test_what_options_cannot_express_is_stated_beside_the_command(self):
        names = ",".join(f"column {n}" for n in range(100))
        lines = self.messages("--header", names, "--ragged", "pad")
        done = run("verify", "-", data=b"".join(lines[1:]))
        self.assertIn(b"to repair, with the names of their --header: sluice send INPUT --queue-url URL --source ", done.stderr)
        self.assertIn(b" --header NAMES ", done.stderr)
        manifest = json.loads(self.messages("--zstd")[-1])
        manifest["body"] = re.sub(r"libzstd=[^;]*", "libzstd=0.1.2", manifest["body"])
        done = run("verify", "-", data=json.dumps(manifest).encode())
        self.assertIn(b", with a sluice that has libzstd 0.1.2: sluice send", done.stderr)

    def test_if_a_message_belongs_to_another_input_the_whole_input_is_sent_again(self):
        lines = self.messages("--source", "a")
        with open(self.input, "rb") as file:
            other = [line.replace(b"xx", b"xy") for line in file]
        others = self.messages("--source", "a", path=self.write("other.csv", b"".join(other)))
        exchanged = lines[:5] + others[5:6] + lines[6:]
        self.assertNotEqual(exchanged, lines)
        done = run("verify", "-", data=b"".join(exchanged))
        self.ended(done, 65)
        self.assertIn(b"to repair, once the received messages are discarded: ", done.stderr)
        self.assertEqual(self.repaired(exchanged, []), lines)

    def test_no_command_is_printed_if_sending_cannot_help(self):
        lines = self.messages()
        bad = self.write("bad.csv", b"a,b\n1,2\n3\n")
        aborted = run("messages", bad).stdout
        for given in lines + lines[:1], [aborted]:
            done = run("verify", "-", data=b"".join(given))
            self.ended(done, 65)
            self.assertNotIn(b"to repair", done.stderr)
