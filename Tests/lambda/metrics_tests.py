"""Checks the metrics lines of real invocations against CloudWatch's published schema."""
import json
import re
import time

from support import Function, s3_event

UNITS = """Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits
Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second
Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None""".split()

# From Amazon CloudWatch User Guide, "Specification: Embedded metric format", its JSON schema and the rules in its text:
# path (* is each element of a list), type, least and greatest length, and for objects the members, with ? if optional.
SCHEMA = [
    ("_aws", dict, None, None, "Timestamp CloudWatchMetrics"),
    ("_aws.Timestamp", int, None, None, ""),
    ("_aws.CloudWatchMetrics", list, 1, None, ""),
    ("_aws.CloudWatchMetrics.*", dict, None, None, "Namespace Dimensions Metrics"),
    ("_aws.CloudWatchMetrics.*.Namespace", str, 1, 1024, ""),
    ("_aws.CloudWatchMetrics.*.Dimensions", list, 1, None, ""),
    ("_aws.CloudWatchMetrics.*.Dimensions.*", list, 0, 30, ""),
    ("_aws.CloudWatchMetrics.*.Dimensions.*.*", str, 1, 250, ""),
    ("_aws.CloudWatchMetrics.*.Metrics", list, 0, 100, ""),
    ("_aws.CloudWatchMetrics.*.Metrics.*", dict, None, None, "Name Unit? StorageResolution?"),
    ("_aws.CloudWatchMetrics.*.Metrics.*.Name", str, 1, 1024, ""),
]
MOST_BYTES = 256 * 1024
MOST_DIMENSION_VALUE = 1024


def found(value, path):
    """Returns all values at a path. A missing member is a KeyError."""
    values = [value]
    for name in path.split("."):
        values = [inner for outer in values for inner in (outer if name == "*" else [outer[name]])]
    return values


class Metrics(Function):
    def check(self, line):
        self.assertLessEqual(len(line), MOST_BYTES)
        document = json.loads(line)
        for path, kind, least, most, members in SCHEMA:
            for value in found(document, path):
                self.assertIs(type(value), kind, path)
                if least is not None:
                    self.assertTrue(least <= len(value) <= (most or len(value)), f"{path}: {value!r}")
                if kind is dict:
                    names = {name.rstrip("?") for name in members.split()}
                    required = {name for name in members.split() if not name.endswith("?")}
                    self.assertTrue(required <= set(value) <= names, f"{path}: {value!r}")
        # CloudWatch drops entries more than two weeks old or more than two hours in the future.
        self.assertLess(abs(document["_aws"]["Timestamp"] / 1000 - time.time()), 600)
        for directive in document["_aws"]["CloudWatchMetrics"]:
            for name in {name for names in directive["Dimensions"] for name in names}:
                self.assertIs(type(document[name]), str, name)
                self.assertTrue(1 <= len(document[name]) <= MOST_DIMENSION_VALUE, name)
            names = [metric["Name"] for metric in directive["Metrics"]]
            self.assertEqual(len(names), len(set(names)))
            for metric in directive["Metrics"]:
                self.assertIn(metric.get("Unit", "None"), UNITS)
                self.assertIn(type(document[metric["Name"]]), (int, float), metric["Name"])
        return document

    def test_the_lines_match_the_schema_however_an_invocation_ends(self):
        self.aws.objects["inbox", "good.csv"] = b"a\n1\n"
        self.aws.objects["inbox", "bad.csv"] = b'a,b\n1,2\n3"x,4\n'
        self.start()
        for key in "good.csv", "bad.csv", "missing.csv":
            self.runtime.invoke(s3_event(key))
        self.aws.requester_pays = True
        self.runtime.invoke(s3_event("good.csv"))
        self.output.seek(0)
        lines = [self.check(line) for line in self.output.read().splitlines()]
        self.assertEqual([line["outcome"] for line in lines], ["success", "badData", "deleted", "failure"])
        self.assertEqual([(line["success"], line["error"]) for line in lines], [(1, 0), (1, 0), (1, 0), (0, 1)])
        self.assertEqual([line["coldStart"] for line in lines], [1, 0, 0, 0])

    def test_the_dimensions_are_few_whatever_is_converted(self):
        for name in "a", "b":
            self.aws.objects["inbox", f"{name}.csv"] = b"a\n1\n"
        self.start()
        self.runtime.invoke(s3_event("a.csv", "b.csv"))
        line, = self.lines(self.output)
        directive, = line["_aws"]["CloudWatchMetrics"]
        self.assertEqual(directive["Dimensions"], [["function"], ["function", "outcome"]])
        self.assertFalse(re.search(r"inbox|\.csv", json.dumps(line)), line)
