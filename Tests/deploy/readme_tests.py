"""Runs the commands that docs/pipeline.md shows under "In three commands", as printed."""
import csv
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import support

FIRST = "tools/pipeline up"


def commands_and_output():
    """Returns the section's commands, and the output that it shows."""
    with open(os.path.join(support.ROOT, "docs", "pipeline.md"), encoding="utf-8") as file:
        section = re.search(r"\n## In three commands\n(.*?)\n## ", file.read(), re.DOTALL)[1]
    lines = [line[4:] for line in section.splitlines() if line.startswith("    ")]
    return ([line[2:] for line in lines if line.startswith("$ ")],
            [line for line in lines if not line.startswith("$ ")])


def search_path():
    """Returns PATH with the AWS command line tool: this machine's own, or else one from PyPI."""
    path = os.environ["PATH"]
    if shutil.which("aws"):
        return path
    venv = os.path.join(support.ROOT, ".build", "awscli")
    subprocess.run([os.path.join(support.ROOT, "tools", "venv"), venv, "awscli"], check=True)
    return os.path.join(venv, "bin") + os.pathsep + path


class Readme(unittest.TestCase):
    def test_the_rows_of_an_upload_are_printed_as_shown_and_match_pythons_csv_module(self):
        pipeline = support.pipeline("plain")  # the first command; its options concern large files only
        pipeline.use(support.function_zip())
        pipeline.drain()
        (first, *commands), shown = commands_and_output()
        self.assertEqual(first, FIRST)
        with tempfile.TemporaryDirectory() as home:
            environment = dict(pipeline.environment, HOME=home, PATH=search_path())
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(commands)], cwd=support.ROOT, env=environment,
                                  capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        lines = done.stdout.splitlines()
        self.assertEqual(lines, shown)
        with open(os.path.join(support.ROOT, "Fixtures", "orders.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual([json.loads(line) for line in lines], list(csv.DictReader(file)))


if __name__ == "__main__":
    unittest.main()
