"""Slow links, and services that stop answering."""
import threading

from support import OnAWS, Server, csv_of, run, some_rows


class Network(OnAWS):
    def serving(self, data, part):
        """Serves an object with those bytes. `part` writes the bytes of a range in its own way."""
        def answer(request):
            headers = {"etag": '"e"', "content-length": str(len(data))}
            if request.command == "HEAD":
                return 200, headers, b""
            first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
            return part(request, first, data[first:last + 1])
        return Server(answer)

    def test_a_stalled_range_resumes_where_it_stalled(self):
        data = csv_of(some_rows(2000))
        starts, over = [], threading.Event()

        def part(request, first, piece):
            starts.append(first)
            request.send_response(206)
            request.send_header("etag", '"e"')
            request.send_header("content-length", str(len(piece)))
            request.end_headers()
            request.wfile.write(piece[:70_000])
            request.wfile.flush()
            if len(piece) > 70_000:
                over.wait(60)
            return None

        self.assertGreater(len(data), 70_000)
        with self.serving(data, part) as server:
            done = run("convert", "s3://bucket/key", "--idle-timeout", "1", url=server.url)
            over.set()
        self.ended(done, 0)
        self.assertEqual(done.stdout == run("convert", "-", data=data, url="").stdout, True)
        self.assertEqual(starts, list(range(0, len(data), 70_000)))

    def test_a_slow_link_is_not_an_error(self):
        data = csv_of(some_rows(600))

        def part(request, first, piece):
            request.send_response(206)
            request.send_header("etag", '"e"')
            request.send_header("content-length", str(len(piece)))
            request.end_headers()
            # In total, longer than the time that is allowed without a byte.
            for start in range(0, len(piece), 1 + len(piece) // 30):
                request.wfile.write(piece[start:start + 1 + len(piece) // 30])
                request.wfile.flush()
                threading.Event().wait(0.1)
            return None

        with self.serving(data, part) as server:
            done = run("convert", "s3://bucket/key", "--idle-timeout", "2", url=server.url)
            requests = len(server.requests)
        self.ended(done, 0)
        self.assertEqual(done.stdout == run("convert", "-", data=data, url="").stdout, True)
        self.assertGreaterEqual(requests, 2)

    def test_a_request_to_a_silent_queue_is_retried(self):
        asked, over = threading.Semaphore(0), threading.Event()

        def answer(request):
            asked.release()
            if len(server.requests) == 1:
                over.wait(60)
                return None
            return 200, {"content-type": "application/x-amz-json-1.0"}, \
                b'{"Successful":[{"Id":"0","MessageId":"m"}]}'

        with Server(answer) as server:
            done = run("send", self.write("one.csv", b"a\n1\n"), "--idle-timeout", "1", "--queue-url", f"{server.url}/0/q", url="")
            over.set()
        self.ended(done, 0)
        # One request for the rows, one retry, and one for the manifest.
        self.assertEqual(len(server.requests), 3)

    def test_the_idle_timeout_has_bounds(self):
        for seconds in "0", "3601", "x", "-1":
            for command in ["convert", "-"], ["receive", "--queue-url", "q"], ["verify", "--queue-url", "q"]:
                self.ended(run(*command, "--idle-timeout", seconds, data=b"", url=""), 64)
