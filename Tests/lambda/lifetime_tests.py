"""How the function starts and ends."""
import signal
import statistics
import subprocess
import unittest

from support import FUNCTION, Function, s3_event


class Lifetime(Function):
    def ended(self):
        return self.process.wait(timeout=30)

    def test_all_faults_of_the_environment_are_reported_at_once_before_it_exits(self):
        self.start(SLUICE_QUEUE_URL=None, SLUICE_MAX_BYTES="1", SLUICE_RAGGED="maybe")
        kind, error, headers = self.runtime.results.get(timeout=30)
        self.assertEqual((kind, error["errorType"]), ("init/error", "Sluice.Configuration"))
        self.assertEqual(headers["Lambda-Runtime-Function-Error-Type"], "Sluice.Configuration")
        for name in "SLUICE_QUEUE_URL", "SLUICE_MAX_BYTES", "SLUICE_RAGGED":
            self.assertIn(name, error["errorMessage"])
        self.assertEqual(self.ended(), 1)
        self.assertIsNone(self.runtime.first_next)

    def test_sigterm_ends_it_while_it_waits(self):
        self.start()
        self.assertTrue(self.runtime.waiting.wait(30))
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.ended(), 0)
        self.assertTrue(self.runtime.results.empty())
        self.assertEqual(self.lines(self.errors)[-1]["message"], "stopped")

    def test_sigterm_lets_an_invocation_finish(self):
        self.aws.objects["inbox", "a.csv"] = b"a\n1\n"
        self.aws.gate.close()
        self.start()
        self.assertTrue(self.runtime.waiting.wait(30))
        self.runtime.submit(s3_event("a.csv"))
        self.aws.gate.until_a_request_waits()
        self.process.send_signal(signal.SIGTERM)
        self.aws.gate.open()
        self.assertEqual(self.ended(), 0)
        self.assertEqual(self.runtime.results.get(timeout=60)[0], "response")
        self.assertEqual(len(self.messages()), 2)

    def test_a_platform_that_does_not_answer_ends_it(self):
        self.start(AWS_LAMBDA_RUNTIME_API="127.0.0.1:1")
        self.assertEqual(self.ended(), 1)
        self.assertEqual(self.lines(self.errors)[-1]["level"], "FATAL")

    def test_the_time_to_the_first_request_is_printed(self):
        times = []
        for _ in range(5):
            self.runtime.waiting.clear()
            self.runtime.first_next = None
            self.start()
            self.assertTrue(self.runtime.waiting.wait(30))
            times.append((self.runtime.first_next - self.started) * 1000)
            self.process.kill()
            self.process.wait()
            # The request of the ended process takes this one.
            self.runtime.invocations.put(None)
        print(f"cold start: {statistics.median(times):.1f} ms from start to first request, median of {len(times)}")


class Linking(unittest.TestCase):
    def test_neither_foundation_nor_icu_nor_a_shared_swift_runtime_is_linked(self):
        libraries = subprocess.run(["ldd", FUNCTION], capture_output=True, text=True, check=True).stdout
        for name in "libFoundation", "libicu", "libswift":
            self.assertNotIn(name, libraries)
