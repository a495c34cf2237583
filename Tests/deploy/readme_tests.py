"""The commands that README.md shows under \"The pipeline in three commands\", run as they stand there."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import support

FIRST = "tools/pipeline up"


def story():
    """The section's commands, and what they are shown to print."""
    with open(os.path.join(support.ROOT, "README.md"), encoding="utf-8") as file:
        section = re.search(r"\n## The pipeline in three commands\n(.*?)\n## ", file.read(), re.DOTALL)[1]
    lines = [line[4:] for line in section.splitlines() if line.startswith("    ")]
    return ([line[2:] for line in lines if line.startswith("$ ")],
            [line for line in lines if not line.startswith("$ ")])


def search_path():
    """PATH with the AWS command line in it: the one of this machine, else one from PyPI."""
    path = os.environ["PATH"]
    if shutil.which("aws"):
        return path
    venv = os.path.join(support.ROOT, ".build", "awscli")
    if not os.path.exists(os.path.join(venv, "bin", "aws")):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        subprocess.run([sys.executable, "-m", "pip", f"--python={venv}", "install", "-q", "--no-compile",
                        "--disable-pip-version-check", "awscli"], check=True)
    return os.path.join(venv, "bin") + os.pathsep + path


class Readme(unittest.TestCase):
    def test_the_rows_of_an_upload_come_out_as_shown_and_as_pythons_csv_has_them(self):
        pipeline = support.pipeline("plain")  # the first command; its options concern large files only
        pipeline.use(support.function_zip())
        pipeline.drain()
        (first, *commands), shown = story()
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
