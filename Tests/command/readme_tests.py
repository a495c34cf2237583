"""Runs every command in README.md and compares its output. Commands for a running pipeline are in Tests/deploy."""
import os
import re
import shlex
import unittest

from support import ROOT, run


def examples():
    """Returns each `$ tools/sluice …` of README.md with the lines that follow it."""
    with open(os.path.join(ROOT, "README.md")) as file:
        text = re.sub(r"\n## The pipeline in three commands\n.*?(?=\n## )", "", file.read(), flags=re.DOTALL)
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
        self.assertGreater(len(examples()), 0)
        for command, output in examples():
            words = shlex.split(command.removeprefix("$ "))
            self.assertEqual(words[0], "tools/sluice")
            done = run(*words[1:], cwd=ROOT)
            shown = "".join(line + "\n" for line in output)
            self.assertEqual((done.stdout + done.stderr).decode(), shown, command)


if __name__ == "__main__":
    unittest.main()
