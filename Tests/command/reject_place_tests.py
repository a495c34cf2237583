"""With `--rejects`, rows and rejects are all records of the input; a simple reading confirms the place of each."""
import gzip
import json
import re
import unittest

from rejects import OPTIONS, dirty, raw, records
from support import InDirectory, run


class Places(InDirectory):
    def test_rows_and_rejects_are_all_records_of_a_simple_reading_in_every_mode_and_kernel(self):
        listed = run("--version", "--verbose").stdout.decode().splitlines()[2]
        kernels = listed.removeprefix("available: ").split(", ")
        for seed in range(3):
            data = dirty(seed)
            header, *expected = records(data, 3)
            bad = [record for record in expected if record.code]
            codes = {record.code for record in bad}
            self.assertEqual(codes, {"quoteInPlain", "textAfterQuote", "bareCR", "raggedRecord", "invalidUTF8", "blankLine",
                                     "typeMismatch", "tooManyColumns", "unterminatedQuote"})
            good = [record for record in expected if not record.code]
            rows = [{"id": int(one.fields[0]), "text": one.fields[1].decode(), "note": one.fields[2].decode()} for one in good]
            path, packed = self.write("in.csv", data), self.write("in.csv.gz", gzip.compress(data))
            modes = [([path, "-j", "1"], {}), ([path, "-j", "2"], {}), ([packed], {}), (["-"], {"data": data})]
            modes += [([path, "-j", "2"], {"kernel": kernel}) for kernel in kernels if seed == 0]
            for arguments, options in modes:
                with self.subTest(seed=seed, arguments=arguments, kernel=options.get("kernel")):
                    done = run("convert", *OPTIONS, "--force", "--rejects", self.path("bad"), *arguments, **options)
                    self.ended(done, 3)
                    self.assertEqual([json.loads(row) for row in done.stdout.splitlines()], rows)
                    found = [json.loads(line) for line in self.read("bad").splitlines()]
                    self.confirm(found, bad, data)

    def confirm(self, found, bad, data):
        self.assertEqual([(one["record"], one["code"]) for one in found], [(one.number, one.code) for one in bad])
        for reject, record in zip(found, bad):
            text = data[reject["offset"]:reject["end"]]
            # A line end inside quotes that are never closed is part of the value.
            content = text if record.code == "unterminatedQuote" else re.sub(rb"\r?\n\Z", b"", text)
            self.assertEqual(content[:4096], raw(reject), record)
            self.assertEqual((reject["offset"], reject["end"], reject["line"], reject["lines"]),
                             (record.offset, record.end, record.line, record.lines), record)
            self.assertEqual(reject["line"], 1 + data.count(b"\n", 0, reject["offset"]))
            # What is wrong is inside the record, and the message says where.
            place = re.search(r", at byte (\d+)$", reject["message"])
            self.assertTrue(place is None or reject["offset"] < int(place[1]) <= reject["end"], reject)
            if "column" in reject:
                self.assertEqual(reject["column"], ["id", "text", "note"][reject["field"] - 1])

    def test_offsets_count_stored_bytes_and_text_is_decoded(self):
        for encoding, text in [("windows-1252", "é,b\n1\né,\x81\n3,4"), ("utf-16le", "é,b\n1\né,\ud800\n3,4")]:
            data = text.encode("latin-1") if encoding == "windows-1252" else text.encode("utf-16-le", "surrogatepass")
            size = len(data) // len(text)
            done = run("convert", "--encoding", encoding, "--rejects", "stderr", data=data)
            self.ended(done, 3)
            self.assertEqual(done.stdout, '{"é":"3","b":"4"}\n'.encode())
            ragged, broken = map(json.loads, done.stderr.splitlines())
            self.assertEqual((ragged["offset"] // size, ragged["end"] // size, ragged["raw"]), (4, 6, "1"))
            self.assertEqual((broken["code"], broken["offset"] // size, broken["end"] // size, broken["raw"]),
                             ("invalidEncoding", 6, 10, "é,\ufffd"))

    def test_the_first_4096_bytes_are_kept_up_to_a_character(self):
        for text, kept in [(b"x" * 5000, b"x" * 4096), ("é".encode() * 3000, "é".encode() * 2048),
                           (b"x" + "é".encode() * 3000, b"x" + "é".encode() * 2047)]:
            done = run("convert", "--rejects", "stderr", data=b"a,b\n" + text + b"\n")
            reject = json.loads(done.stderr)
            self.assertEqual((raw(reject), reject["offset"], reject["end"]), (kept, 4, 5 + len(text)))


if __name__ == "__main__":
    unittest.main()
