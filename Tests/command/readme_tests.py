"""Runs every command in README.md and docs and compares its output. Commands for a running pipeline are in Tests/deploy."""
import glob
import os
import re
import shlex
import subprocess
import unittest

from support import BOUND, ROOT, SLUICE


def documents():
    return [os.path.join(ROOT, "README.md"), *sorted(glob.glob(os.path.join(ROOT, "docs", "*.md")))]


def examples(document):
    """Returns each `$ tools/sluice …` of a document with the lines that follow it."""
    with open(document, encoding="utf-8") as file:
        text = re.sub(r"\n## In three commands\n.*?(?=\n## )", "", file.read(), flags=re.DOTALL)
    lines = [line.removeprefix("    ") if line.startswith("    ") else None for line in text.split("\n")]
    found = []
    for line in lines:
        if line is None:
            found.append(None)
        elif line.startswith("$ "):
            found.append((line, []))
        elif found and found[-1] is not None:
            found[-1][1].append(line)
    return [example for example in found if example is not None]


class Readme(unittest.TestCase):
    def test_every_command_prints_the_output_shown(self):
        found = [example for document in documents() for example in examples(document)]
        self.assertGreater(len(found), 6)
        for command, output in found:
            shell = command.removeprefix("$ ").replace("tools/sluice", shlex.quote(SLUICE))
            self.assertRegex(command, r"tools/sluice |\| sha256sum$")
            done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, timeout=BOUND)
            shown = "".join(line + "\n" for line in output)
            self.assertEqual((done.stdout + done.stderr).decode(), shown, command)


if __name__ == "__main__":
    unittest.main()
