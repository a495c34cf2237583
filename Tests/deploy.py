#!/usr/bin/env python3
"""Runs the pipeline on this machine and sends files through it.

usage: deploy.py [-k PATTERN]

Needs Terraform and, from PyPI, boto3. First a stand-in plays the function, to see that everything is connected; then the
real one: the zip named by SLUICE_LAMBDA_ZIP, else what tools/package-lambda builds.
"""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "deploy"))


def load_tests(loader, tests, pattern):
    for name in ["standin_tests", "tool_tests", "pipeline_tests", "state_machine_tests", "readme_tests"]:
        tests.addTests(loader.loadTestsFromName(name))
    return tests


if __name__ == "__main__":
    unittest.main()
