"""The predictions of `sluice plan`, compared with the messages themselves."""
import json
import os
import re
import subprocess

from support import FIXTURES, SLUICE, InDirectory, run

TERRAFORM = os.path.join(os.path.dirname(FIXTURES), "tools", "deploy", "terraform")
SEGMENT = 1 << 24
GIB = 1 << 30


def size_on_queue(message):
    return len(message["body"].encode()) + sum(
        len(name.encode()) + len("String") + len(value.encode()) for name, value in message["attributes"].items())


def requests_of(sizes, limit, most):
    """Returns the sizes of the requests for messages of these sizes. The last message is sent alone."""
    requests, count = [], 0
    for size in sizes[:-1]:
        if requests and count < most and requests[-1] + size <= limit:
            requests[-1] += size
            count += 1
        else:
            requests.append(size)
            count = 1
    return requests + sizes[-1:]


class Plan(InDirectory):
    def plan(self, *arguments):
        done = run("plan", "--summary", "json", *arguments)
        self.ended(done, 0)
        return json.loads(done.stdout)

    def test_counts_are_those_of_the_messages_and_requests(self):
        data = "id,text\n" + "".join(f'{n},"a, ""b""{"x" * (n % 50)}"\n' for n in range(30_000))
        path = self.write("orders.csv", data.encode())
        for options in [], ["--max-bytes", "20000"], ["--max-bytes", "5000", "--zstd"], ["--max-bytes", "1048576"]:
            done = run("messages", *options, path)
            sizes = [size_on_queue(json.loads(line)) for line in done.stdout.splitlines()]
            limit = 1_048_576  # every queue accepts requests of this size
            for kind, most, price in ([], 10, 0.4e-6), (["--fifo"], 1, 0.5e-6):
                plan = self.plan(*options, *kind, path)["inputs"][0]
                requests = requests_of(sizes, limit, most)
                billed = sum((size + 65_535) // 65_536 for size in requests)
                self.assertEqual(
                    (plan["bytes"], plan["segments"], plan["messages"], plan["messageBytes"], plan["requests"],
                     plan["billedRequests"], plan["invocations"], plan["portions"], plan["exact"]),
                    (len(data), 1, len(sizes) - 1, sum(sizes), len(requests), billed, 1, 0, True))
                self.assertAlmostEqual(plan["costs"]["SQS"], billed * price, 8)

    def test_compressed_input_and_standard_input_are_counted_by_their_contents(self):
        for name in "orders.csv", "orders.csv.zst":
            with open(os.path.join(FIXTURES, name), "rb") as file:
                done = run("plan", "--summary", "json", "-", data=file.read())
            self.assertEqual(json.loads(done.stdout)["inputs"][0]["bytes"], 85)
            self.assertEqual(self.plan(os.path.join(FIXTURES, name))["inputs"][0]["bytes"], 85)

    def test_an_offloaded_row_is_a_request_and_an_object(self):
        rows = [b"1," + b"x" * size + b"\n" for size in (10, 200_000, 20, 900_000)]
        path = self.write("orders.csv", b"a,b\n" + b"".join(rows))
        options = ["--max-bytes", "65536", "--oversize", "offload"]
        plan = self.plan(*options, path)["inputs"][0]
        # Two messages of a small row, two of a large row, and the manifest; each is sent alone.
        self.assertEqual((plan["messages"], plan["requests"], plan["billedRequests"]), (4, 5, 5))
        small = self.plan("--max-bytes", "1048576", path)["inputs"][0]
        self.assertAlmostEqual(plan["costs"]["S3"] - small["costs"]["S3"], 2 * 0.005 / 1000, 8)

    def test_a_plan_states_what_the_other_compression_would_cost(self):
        rows = "".join(f"{n},{n * 7919 % 1000},shipped,2026-11-28\n" for n in range(200_000))
        path = self.write("orders.csv", ("order,customer,state,day\n" + rows).encode())
        plain, zstd = self.plan(path)["inputs"][0], self.plan("--zstd=5", path)["inputs"][0]
        usual = self.plan("--zstd", path)["inputs"][0]
        self.assertEqual([plain["zstd"], zstd["zstd"], usual["zstd"]], [None, 5, 3])
        for of, other in (plain, usual), (zstd, plain):
            self.assertEqual(of["other"], {key: other[key] for key in ("zstd", "messages", "billedRequests", "dollars")})
        self.assertLess(usual["dollars"], plain["dollars"] / 2)
        said = run("plan", path).stdout.decode()
        self.assertIn(f"  with --zstd: 1 message, charged as {usual['billedRequests']} of 64 KiB; costs "
                      f"about {usual['dollars']:.8f} USD; fits consumers that decompress zstd\n", said)
        said = run("plan", "--zstd=5", path).stdout.decode()
        self.assertIn(f"  without --zstd: {plain['messages']} messages, ", said)
        self.assertIn("; fits every consumer\n", said)

    def test_what_is_read_for_the_comparison_is_not_counted(self):
        done = run("plan", "--summary", "json", os.path.join(FIXTURES, "orders.csv"))
        summary = json.loads(done.stderr)
        self.assertEqual((summary["rows"], summary["bytesRead"]), (3, 85))

    def test_an_invalid_input_does_not_hold_up_the_others(self):
        good, bad = os.path.join(FIXTURES, "orders.csv"), self.write("bad.csv", b"a,b\n1\n")
        done = run("plan", bad, good)
        self.ended(done, 65)
        self.assertIn(b"bad.csv:2: error: ", done.stderr)
        self.assertIn(b"orders.csv: 85 B", done.stdout)

    def test_the_other_compression_is_not_planned_where_it_is_not_possible(self):
        with open(os.path.join(FIXTURES, "orders.csv"), "rb") as file:
            data = file.read()
        done = run("plan", "--summary", "json", data=data)
        self.assertIsNone(json.loads(done.stdout)["inputs"][0]["other"])
        # A row that fits a message only compressed.
        path = self.write("orders.csv", b"a\n" + b"x" * 10_000 + b"\n")
        plan = self.plan("--max-bytes", "4096", "--zstd", path)["inputs"][0]
        self.assertEqual((plan["other"]["zstd"], plan["other"]["error"]["code"]), (None, "rowTooLarge"))
        self.assertIn("  without --zstd: not possible: ", run("plan", "--max-bytes", "4096", "--zstd", path).stdout.decode())

    def test_the_fixed_costs_are_those_of_the_modules_page(self):
        with open(os.path.join(TERRAFORM, "README.md"), encoding="utf-8") as file:
            rows = re.findall(r"^\| (metrics|alarms|dashboard|key)\b[^|]*\| ([\d.]+)", file.read(), re.MULTILINE)
        fixed = self.plan(os.path.join(FIXTURES, "orders.csv"))["fixedCosts"]
        self.assertEqual(fixed, {name: float(dollars) for name, dollars in rows})
        self.assertEqual(len(fixed), 4)
        said = run("plan", os.path.join(FIXTURES, "orders.csv")).stdout.decode().splitlines()[-1]
        self.assertEqual(said, f"fixed costs a month: at most {sum(fixed.values()):.2f} USD: "
                         + ", ".join(f"{name} {dollars:.2f} USD" for name, dollars in fixed.items()))

    def test_several_inputs_are_added_up(self):
        path = os.path.join(FIXTURES, "orders.csv")
        one, two = self.plan(path), self.plan(path, path)
        self.assertEqual(two["inputs"], one["inputs"] * 2)
        self.assertAlmostEqual(two["dollars"], 2 * one["dollars"], 8)
        text = run("plan", path, path).stdout.decode()
        self.assertIn("all: 0.0000", text.splitlines()[-2])

    def test_more_than_a_gibibyte_is_estimated_from_a_part_unless_exact(self):
        path = self.path("large.csv")
        row = b'1,"' + b"y" * 90 + b'"\n'
        piece = row * ((SEGMENT // len(row)) + 1)
        with open(path, "wb") as file:
            file.write(b"a,b\n")
            while file.tell() <= GIB + 2 * SEGMENT:
                file.write(piece)
            size = file.tell()
        about, exact = self.plan(path)["inputs"][0], self.plan("--exact", path)["inputs"][0]
        self.assertEqual((about["exact"], exact["exact"]), (False, True))
        for name in "bytes", "segments", "invocations", "portions", "seconds":
            self.assertEqual(about[name], exact[name])
        self.assertEqual(about["bytes"], size)
        # Portions of 16 segments, each converted by two invocations, and four more invocations.
        portions = -(-size // (16 * SEGMENT))
        self.assertEqual((about["portions"], about["invocations"]), (portions, 2 * portions + 4))
        self.assertAlmostEqual(about["seconds"], 2 * 16 * SEGMENT / 80e6, 2)
        self.assertAlmostEqual(self.plan("--speed", "40", path)["inputs"][0]["seconds"], 2 * about["seconds"], 2)
        for name in "messages", "messageBytes", "requests", "billedRequests", "dollars":
            self.assertLess(abs(about[name] - exact[name]), 0.02 * exact[name], name)
        text = run("plan", path).stdout.decode()
        self.assertIn("messages: about ", text)
        self.assertNotIn("messages: about ", run("plan", "--exact", path).stdout.decode())
        # An input is converted in order where quotes prove nothing, and where the queue keeps the order.
        for options in ["--quote-in-plain", "data"], ["--fifo"]:
            plan = self.plan(*options, path)["inputs"][0]
            self.assertEqual((plan["portions"], plan["invocations"]), (0, 1))

    def test_a_plan_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([SLUICE, "plan", os.path.join(FIXTURES, "orders.csv")], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74, done.stderr)

    def test_invalid_inputs_and_options_are_reported(self):
        bad = self.write("bad.csv", b"a,b\n1\n")
        done = run("plan", bad)
        self.ended(done, 65)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"bad.csv:2: error: ", done.stderr)
        self.ended(run("plan", "nothing here"), 66)
        for options in ["--speed", "0"], ["--speed", "1e-30"], ["--only", "manifest"]:
            self.ended(run("plan", *options, bad), 64)
