"""Bounds of a run: no input makes it take more than it may."""
import gzip
import io
import json
import resource
import unittest

from support import CountsWork, InDirectory, peak, run


def zstd_frame(window, text):
    """Returns a frame that requests a window of 2 to that power, and holds the text uncompressed (RFC 8878)."""
    block = len(text) << 3 | 1
    return b"\x28\xb5\x2f\xfd\0" + bytes([window - 10 << 3]) + block.to_bytes(3, "little") + text


class Bounds(InDirectory):
    def codes(self, data, *options):
        """Returns the error's code and offset, or None. Every command and way to read must agree."""
        path = self.write("a.csv", data)
        for command in ("convert", "check", "messages"):
            for source, jobs in ((path, "1"), (path, "3"), ("-", "1")):
                done = run(command, source, "-j", jobs, "--summary", "json", *options,
                           data=data if source == "-" else None)
                lines = [json.loads(line) for line in done.stderr.splitlines()]
                error = next((line["error"] for line in lines if "error" in line), None)
                self.assertEqual(done.returncode, 65 if error else 0, done.stderr)
                yield error and (error["code"], error["offset"])

    def test_a_record_may_be_as_long_as_the_limit_and_no_longer_in_every_way_to_read(self):
        for limit in (20_000, 100_000):
            for quote, end in ((b"", b"\n"), (b'"', b"\r\n"), (b'"', b"")):
                def table(length):
                    value = quote + b"x" * (length - 2 - 2 * len(quote)) + quote
                    return b"a,b\n" + b"1,2\n" * 20_000 + value + b",3" + end
                options = ("--max-record", str(limit))
                self.assertEqual(set(self.codes(table(limit), *options)), {None}, (limit, quote, end))
                self.assertEqual(set(self.codes(table(limit + 1), *options)), {("recordTooLong", 80_004)})
                self.assertEqual(set(self.codes(table(limit + 1), "--lenient", *options)), {("recordTooLong", 80_004)})

    def test_the_limit_accepts_units(self):
        data = b"a\n" + b"x" * 2049 + b"\n"
        self.assertEqual(set(self.codes(data, "--max-record", "2KiB")), {("recordTooLong", 2)})
        self.assertEqual(set(self.codes(data, "--max-record", "1MiB")), {None})
        for value in ("0", "2K", "-1", "2TiB"):
            self.ended(run("convert", "-", "--max-record", value, data=b""), 64)

    def test_a_record_may_have_as_many_fields_as_the_limit_and_no_more(self):
        self.assertEqual(set(self.codes(b"a,b,c\n1,2,3\n", "--max-columns", "3")), {None})
        self.assertEqual(set(self.codes(b"a,b,c,d\n1,2,3\n", "--max-columns", "3")), {("tooManyColumns", 0)})
        self.assertEqual(set(self.codes(b"a\n1\n" + b"1," * 100_000 + b"\n", "--ragged", "pad")),
                         {("tooManyColumns", 4)})

    def test_an_unclosed_quote_does_not_load_a_stream_into_memory(self):
        file = io.BytesIO()
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as compressed:
            compressed.write(b'a,b\n1,"2\n')
            for _ in range(200):
                compressed.write(b"3,4\n" * (1 << 18))
        data = file.getvalue()
        for source, piped in ((self.write("a.csv.gz", data), None), ("-", data)):
            for options in ([], ["--lenient"]):
                status, errors, memory = peak("convert", source, *options, data=piped)
                self.assertEqual(status, 65, errors)
                self.assertIn(b"recordTooLong", errors)
                self.assertLess(memory, 256 << 20)

    def test_a_record_that_does_not_fit_in_memory_is_an_error_and_not_a_trap(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
        data = b'a\n"' + b"\1" * (150 << 20) + b'"\n'
        path = self.write("a.csv", data)
        for command in ("convert", "messages"):
            for source, jobs in ((path, "1"), (path, "2"), ("-", "1")):
                done = run(command, source, "-j", jobs, "--max-record", "1GiB", preexec_fn=limit,
                           data=data if source == "-" else None)
                self.assertEqual(done.returncode, 74, done.stderr)
                self.assertIn(b"not enough memory", done.stderr)

    def test_a_row_with_options_that_does_not_fit_in_memory_is_an_error_and_not_a_trap(self):
        texts = [b'"' + b'x""' * (12 << 20) + b'"', b"9" * (30 << 20), b'"[' + b"1," * (15 << 20) + b'1]"',
                 b'"' + b"1," * (15 << 20) + b'1"', b'"' + b"x\n" * (5 << 20) + b'"']
        given = [["--types", "b:string", "--null", "NA"], ["--types", "b:integer"], ["--types", "b:array"],
                 ["--types", "b:list"], ["--add-column", "l=@line"]]
        for text, options in zip(texts, given):
            path = self.write("a.csv", b"a,b\n1," + text + b"\n")
            for mebibytes in 100, 150, 200, 300, 500, 800:
                for command, source in ("convert", path), ("convert", "-"), ("messages", path):
                    if source == "-" and mebibytes % 200:
                        continue
                    with self.subTest(options, size=mebibytes, command=command, source=source):
                        done = run(command, source, "-j", "1", "--max-record", "1GiB", *options,
                                   *(["--oversize", "reject"] if command == "messages" else []),
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20,) * 2),
                                   data=b"a,b\n1," + text + b"\n" if source == "-" else None)
                        self.assertIn(done.returncode, (0, 3, 74), done.stderr[:300])
                        if done.returncode == 74:
                            self.assertIn(b"not enough memory", done.stderr)

    def test_a_schema_that_does_not_fit_in_memory_is_an_error_and_not_a_trap(self):
        values = ",".join(f'"v{n:07}"' for n in range(2 << 20))
        text = f'{{"fields":[{{"name":"a","constraints":{{"enum":[{values}]}}}}]}}'.encode()
        path, packed = self.write("s.json", text), self.write("s.json.gz", gzip.compress(text, 1))
        for mebibytes in 60, 80, 120, 200, 350, 500, 900:
            for schema in path, packed:
                with self.subTest(size=mebibytes, schema=schema):
                    done = run("convert", "--schema", schema, data=b"a\nv0000001\n",
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20,) * 2))
                    self.assertEqual(done.returncode, 0 if mebibytes == 900 else 74, done.stderr[:300])

    def test_a_list_takes_a_small_multiple_of_its_size(self):
        path = self.write("a.csv", b'a\n"' + b"1," * (4 << 20) + b'1"\n')
        status, errors, memory = peak("convert", path, "--types", "a:list")
        self.assertEqual(status, 0, errors)
        self.assertLess(memory, 128 << 20)

    def test_rows_may_be_much_larger_than_their_records(self):
        names = b",".join(b"%d" % n + b"x" * 2000 for n in range(2000))
        path = self.write("a.csv", names + b"\n" + b"1\n" * 3)
        for jobs in ("1", "2"):
            done = run("convert", path, "--ragged", "pad", "-j", jobs)
            self.ended(done, 0)
            self.assertEqual([len(json.loads(line)) for line in done.stdout.splitlines()], [2000] * 3)

    def test_a_zstd_window_of_more_than_128_mib_must_be_allowed(self):
        text = b"a\n1\n"
        for source in (self.write("a.zst", zstd_frame(27, text)), "-"):
            self.assertEqual(run("convert", source, data=zstd_frame(27, text)).stdout, b'{"a":"1"}\n')
        path = self.write("b.zst", zstd_frame(28, text))
        for command in ("convert", "messages", "check"):
            done = run(command, path)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, b"")
            self.assertIn(b"window of more than 128 MiB of memory; to allow it: --max-window 2GiB", done.stderr)
            self.ended(run(command, path, "--max-window", "256MiB"), 0)
        self.assertEqual(run("convert", path, "--max-window", "2GiB").stdout, b'{"a":"1"}\n')


class Work(CountsWork):
    def test_surplus_fields_take_linear_work(self):
        def table(n):
            names = ",".join(f"c{k}" for k in range(n))
            return f"{names}\n{','.join(['1'] * 2 * n)}\n".encode()
        self.assertLinear(table, 400, "--ragged", "pad")

    def test_colliding_surplus_keys_take_linear_work(self):
        def table(n):
            names = [f"_{n + 1}"] + [f"_{n + 1}_{k}" for k in range(2, n + 1)]
            return f"{','.join(names)}\n{','.join(['1'] * 2 * n)}\n".encode()
        self.assertLinear(table, 400, "--ragged", "pad")

    def test_columns_with_the_same_name_take_linear_work(self):
        def table(n):
            names = ",".join(["a"] * n + [f"a_{k}" for k in range(n)])
            return f"{names}\n{','.join(['1'] * 2 * n)}\n".encode()
        self.assertLinear(table, 400, "--duplicate-headers", "rename")

    def test_misplaced_quotes_take_linear_work(self):
        self.assertLinear(lambda n: b"a,b\n" + b'1",2\n' * n, 250, "--lenient")
        self.assertLinear(lambda n: b'a,b\n"1' + b'"x,2\n' * n, 250, "--lenient")
        self.assertLinear(lambda n: b'a,b\n1"' + b"x" * 1000 * n + b",2\n", 100, "--lenient")


if __name__ == "__main__":
    unittest.main()
