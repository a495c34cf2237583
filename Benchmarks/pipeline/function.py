"""Runs a function as a process of its own, and measures its time to the first request, processor time and memory."""
import os
import subprocess
import time

from standins import CREDENTIALS
from support import measure


class Function:
    def __init__(self, command, runtime, directory=None, **environment):
        settings = {
            **CREDENTIALS, "AWS_LAMBDA_RUNTIME_API": runtime.address, "AWS_LAMBDA_FUNCTION_NAME": "sluice",
            "PATH": os.environ["PATH"], **environment,
        }
        self.runtime = runtime
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, env=settings, cwd=directory, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def __enter__(self):
        self.start_seconds = self.runtime.asked.get(timeout=30) - self.started
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self.runtime.events.put({})  # answers the last request of the ended process

    def invoke(self, bucket, key):
        """Returns the answer and its cost: (answer, seconds, user seconds, system seconds, peak resident set)."""
        before, start = self.processor_seconds(), time.perf_counter()
        self.runtime.events.put({"Records": [{
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1", "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": bucket}, "object": {"key": key}}}]})
        kind, answer, end = self.runtime.results.get(timeout=900)
        if kind != "response":
            raise RuntimeError(f"the function failed: {answer[:300]}")
        self.runtime.asked.get(timeout=30)
        user, system = (after - at for after, at in zip(self.processor_seconds(), before))
        return answer, end - start, user, system, measure.memory(self.process.pid)[0]

    def processor_seconds(self):
        """Returns the seconds as user and as system."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in fields[11:13]]
