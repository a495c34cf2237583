#!/usr/bin/env python3
"""Runs the pipeline on this machine and sends files through it.

usage: deploy.py [plain | auth] [--size BYTES] [--uploads COUNT] [-k PATTERN]

With a pipeline's name, runs only its tests: plain, or auth with signatures, roles and policies in force. --size is that of the
file with bad records (24000000); one of 1 GB takes half an hour and 10 GB of memory: deploy.py plain --size 1000000000 -k BadRecords
--uploads is the number of files that come at once (30): deploy.py auth --uploads 10000 -k simultaneous

Needs Terraform and, from PyPI, boto3. First a stand-in plays the function, to check that everything is connected; then the
real function runs, from the zip named by SLUICE_LAMBDA_ZIP or else built by tools/package-lambda; the consumer's
by SLUICE_CONSUMER_ZIP. The commands are those in the folder SLUICE_PROGRAMS, or else built by tools/build.
"""
import os
import sys
import unittest

import durations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "deploy"))


for option, variable in ("--size", "SLUICE_REJECTS_SIZE"), ("--uploads", "SLUICE_UPLOADS"):
    if sys.argv[2:3] == [option]:
        os.environ[variable] = sys.argv.pop(3)
        del sys.argv[2]
PIPELINE = sys.argv.pop(1) if sys.argv[1:2] in (["plain"], ["auth"]) else None


def load_tests(loader, tests, pattern):
    for module in ["package_tests", "standin_tests", "tool_tests", "pipeline_tests", "state_machine_tests", "reject_tests",
                   "example_tests", "consumer_tests", "readme_tests"]:
        for suite in loader.loadTestsFromName(module):
            tests.addTests(test for test in suite if PIPELINE in (None, getattr(test, "name", "plain")))
    return tests


if __name__ == "__main__":
    unittest.main(testRunner=durations.Runner)
