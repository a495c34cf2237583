"""A test runner that prints the tests with the most processor time, including that of the programs they ran."""
import os
import time
import unittest

SHOWN = 10


def processor_seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Result(unittest.TextTestResult):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.costs = []

    def startTest(self, test):
        super().startTest(test)
        self.began = (processor_seconds(), time.monotonic())

    def stopTest(self, test):
        super().stopTest(test)
        self.costs.append((processor_seconds() - self.began[0], time.monotonic() - self.began[1], test.id()))


class Runner(unittest.TextTestRunner):
    resultclass = Result

    def run(self, test):
        result = super().run(test)
        self.stream.writeln(f"{'processor s':>11} {'seconds':>8}   the {SHOWN} most expensive tests")
        for cost, seconds, name in sorted(result.costs, reverse=True)[:SHOWN]:
            self.stream.writeln(f"{cost:11.1f} {seconds:8.1f}   {name}")
        return result
