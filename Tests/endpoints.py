#!/usr/bin/env python3
"""Compares the endpoints of services with those that botocore resolves: for each region that botocore knows, each service, and
with and without FIPS and dual-stack.

usage: endpoints.py PROBE      with botocore installed
"""
import itertools
import json
import os
import subprocess
import sys
import unittest

import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

PROBE = os.path.abspath(sys.argv.pop(1))
# Names of services by botocore's names for them.
SERVICES = {"s3": "s3", "sqs": "sqs", "sts": "sts", "lambda": "lambda", "stepfunctions": "states", "sso": "sso",
            "sso-oidc": "ssoOIDC", "signin": "signin"}


def resolved(questions):
    """Returns the URLs that the probe resolves, None for an error."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run([PROBE], input=lines, capture_output=True, text=True, timeout=300, check=True)
    return [json.loads(line).get("url") for line in done.stdout.splitlines()]


class Endpoints(unittest.TestCase):
    def test_endpoints_are_those_of_botocore(self):
        loader = botocore.session.get_session().get_component("data_loader")
        partitions = loader.load_data("partitions")
        regions = [region for partition in partitions["partitions"] for region in partition["regions"] if "global" not in region]
        self.assertGreater(len(regions), 40)
        questions, expected = [], []
        for name, service in SERVICES.items():
            provider = EndpointProvider(loader.load_service_model(name, "endpoint-rule-set-1"), partitions)
            # The rules ask whether an operation manages the service; that of tokens does not.
            more = {"IsControlPlane": False} if name == "signin" else {}
            for region, fips, dual in itertools.product(regions, (False, True), (False, True)):
                environment = {"HOME": "/nowhere", "AWS_REGION": region, "AWS_USE_FIPS_ENDPOINT": str(fips),
                               "AWS_USE_DUALSTACK_ENDPOINT": str(dual)}
                questions.append({"service": service, "environment": environment})
                try:
                    endpoint = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual, **more)
                    expected.append(endpoint.url)
                except EndpointProviderError:
                    expected.append(None)
        for question, url, theirs in zip(questions, resolved(questions), expected, strict=True):
            self.assertEqual(url, theirs, question)


if __name__ == "__main__":
    unittest.main()
