#!/usr/bin/env python3
"""Runs the built function against a runtime API, an S3 and an SQS of its own, all on 127.0.0.1.

usage: lambda.py SLUICE_LAMBDA [-k PATTERN]

The tests are in the files in lambda/.
"""
import os
import sys
import unittest

import durations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "lambda"))
import support  # noqa: E402, F401 (takes the function's path from the arguments)


def load_tests(loader, tests, pattern):
    tests.addTests(loader.discover(os.path.join(HERE, "lambda"), "*_tests.py"))
    return tests


if __name__ == "__main__":
    unittest.main(testRunner=durations.Runner)
