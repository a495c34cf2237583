"""The function without Lambda: it serves events on this machine."""
import concurrent.futures
import http.client
import json
import re
import signal
import socket
import subprocess

from support import FUNCTION, Function, s3_event, until

HOST = "127.0.0.1"


class Local(Function):
    def serve(self, **environment):
        self.start(AWS_LAMBDA_RUNTIME_API=None, LOCAL_LAMBDA_PORT="0", **environment)
        pattern = re.compile(rb"http://127\.0\.0\.1:(\d+)/invoke\n")
        self.port = int(self.eventually(lambda: pattern.search(self.error_output()))[1])

    def error_output(self):
        self.errors.seek(0)
        return self.errors.read()

    def eventually(self, condition):
        """Waits until the condition is true, and returns its result."""
        return until(condition)

    def ask(self, method="POST", path="/invoke", body=b"{}"):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def invoke(self, *keys):
        status, body = self.ask(body=json.dumps(s3_event(*keys)).encode())
        return status, json.loads(body)

    def test_an_event_is_answered_with_its_outcome_or_the_error(self):
        self.aws.objects["inbox", "a.csv"] = b"a\n1\n"
        self.serve()
        status, result = self.invoke("a.csv")
        self.assertEqual((status, [item["rows"] for item in result["objects"]]), (200, [1]))
        self.assertEqual(self.contents(self.messages()), ["json", "manifest"])
        self.aws.requester_pays = True
        status, error = self.invoke("a.csv")
        self.aws.requester_pays = False
        self.assertEqual((status, error["errorType"]), (500, "Sluice.Service"))
        self.assertIn("s3://inbox/a.csv", error["errorMessage"])
        self.assertEqual(self.invoke("a.csv")[0], 200)

    def test_events_wait_for_their_turn(self):
        self.aws.objects["inbox", "a.csv"] = b"a\n1\n"
        self.serve()
        self.aws.gate.close()
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            answers = [pool.submit(self.invoke, "a.csv") for _ in range(3)]
            self.aws.gate.until_a_request_waits()
            self.aws.gate.open()
            self.assertEqual([answer.result()[0] for answer in answers], [200] * 3)
        self.assertEqual(self.aws.gate.most_waiting, 1)

    def test_one_connection_takes_one_event_after_the_other(self):
        self.serve()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        self.addCleanup(connection.close)
        for _ in range(3):
            connection.request("POST", "/invoke", b"{}")
            answer = connection.getresponse()
            self.assertEqual((answer.status, json.loads(answer.read())), (200, {"objects": [], "ignored": 1}))

    def test_invalid_requests_are_refused(self):
        self.serve()
        self.assertEqual(self.ask("GET")[0], 405)
        self.assertEqual(self.ask(path="/")[0], 404)
        self.assertEqual(self.ask(body=b" " * (17 << 20))[0], 413)
        self.assertEqual(self.ask()[0], 200)

    def test_a_client_may_disconnect_before_the_answer(self):
        self.aws.objects["inbox", "a.csv"] = b"a\n1\n"
        self.serve()
        self.aws.gate.close()
        body = json.dumps(s3_event("a.csv")).encode()
        with socket.create_connection((HOST, self.port)) as connection:
            connection.sendall(b"POST /invoke HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            self.aws.gate.until_a_request_waits()
        self.aws.gate.open()
        self.assertEqual(self.invoke("a.csv")[0], 200)
        # The order of the two is not determined: each has its own connection.
        self.eventually(lambda: len(self.messages()) == 4)

    def test_sigterm_and_sigint_end_it_and_an_event_that_has_begun_is_answered(self):
        self.aws.objects["inbox", "a.csv"] = b"a\n1\n"
        for number in signal.SIGTERM, signal.SIGINT:
            with self.subTest(number):
                self.serve()
                self.assertEqual(self.invoke("a.csv")[0], 200)
                self.aws.gate.close()
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    answer = pool.submit(self.invoke, "a.csv")
                    self.aws.gate.until_a_request_waits()
                    self.process.send_signal(number)
                    self.aws.gate.open()
                    self.assertEqual(answer.result()[0], 200)
                self.assertEqual(self.process.wait(timeout=30), 0)

    def test_a_taken_or_invalid_port_ends_it(self):
        with socket.socket() as taken:
            taken.bind((HOST, 0))
            taken.listen()
            port = taken.getsockname()[1]
            for text, status, named in (str(port), 69, str(port)), ("70000", 64, "LOCAL_LAMBDA_PORT"):
                done = subprocess.run([FUNCTION], env={"LOCAL_LAMBDA_PORT": text}, capture_output=True, timeout=30)
                self.assertEqual(done.returncode, status)
                self.assertIn(named.encode(), done.stderr)

    def test_faults_of_the_environment_are_reported(self):
        done = subprocess.run([FUNCTION], env={"LOCAL_LAMBDA_PORT": "0"}, capture_output=True, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"SLUICE_QUEUE_URL", done.stderr)
