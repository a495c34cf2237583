#!/usr/bin/env python3
"""Runs the built command as a user would, against a stand-in for AWS on this machine.

usage: aws.py SLUICE [-k PATTERN]      with boto3 and moto[server] installed; sluice-aws stands beside SLUICE

The tests are in the files in aws/.
"""
import os
import sys
import unittest

import durations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "aws"))
import support  # noqa: E402


def load_tests(loader, tests, pattern):
    tests.addTests(loader.discover(os.path.join(HERE, "aws"), "*_tests.py"))
    return tests


if __name__ == "__main__":
    try:
        unittest.main(testRunner=durations.Runner)
    finally:
        support.stop()
