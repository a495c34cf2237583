#!/usr/bin/env python3
"""Checks the documents against the commands that they describe.

usage: docs.py [-k PATTERN]
"""
import glob
import os
import re
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def text(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def commands(document):
    """Returns the commands in a document, from indented code and between backticks."""
    blocks = re.findall(r"^    (?:\$ )?((?:tools/)?sluice .*)$", document, re.M)
    return blocks + re.findall(r"`((?:tools/)?sluice [^`]*)`", document)


def sources_of_commands():
    folders = [os.path.join(ROOT, "Sources", name) for name in ("SluiceCLI", "SluiceCommand", "SluiceAWSCommand")]
    return "".join(text(path) for folder in folders
                   for path in glob.glob(os.path.join(folder, "**", "*.swift"), recursive=True))


def anchors(document):
    """Returns the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document, re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Documents(unittest.TestCase):
    PAGES = sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "docs", "*.md")))
    DOCUMENTS = ["README.md", *PAGES, "tools/deploy/RUNBOOK.md", "tools/deploy/terraform/README.md",
                 "tools/examples/consumer/README.md"]
    JOINING = ["CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", ".github/pull_request_template.md"]

    def test_every_option_that_is_shown_exists(self):
        sources = sources_of_commands()
        names = {re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower() for name in re.findall(r"\bvar (\w+)\b", sources)}
        names |= set(re.findall(r'customLong\("([\w-]+)"', sources)) | {"help", "version"}
        names.add("generate-completion-script")  # the parser's own
        for path in self.DOCUMENTS:
            for command in commands(text(path)):
                for option in re.findall(r"(?<![\w-])--([a-z][a-z0-9-]*)", command):
                    self.assertIn(option, names, f"{path}: {command}")

    def test_a_command_between_backticks_is_in_one_line(self):
        for path in self.DOCUMENTS:
            for command in re.findall(r"`(?:tools/)?(?:sluice|aws) [^`]*`", text(path)):
                self.assertNotIn("\n", command, path)

    def test_every_subcommand_that_is_shown_exists(self):
        sources = sources_of_commands()
        known = {name.lower() for name in re.findall(r"struct (\w+): (?:Async)?ParsableCommand", sources)}
        for path in self.DOCUMENTS:
            for command in commands(text(path)):
                word = command.split()[1]
                if not word.startswith("-"):
                    self.assertIn(word, known, f"{path}: {command}")

    def test_every_alarm_has_a_section_in_the_runbook(self):
        terraform = text("tools", "deploy", "terraform", "alarms.tf")
        alarms = set(re.findall(r"^    ([a-z-]+) = \{", terraform, re.M))
        for queues in re.findall(r'for key in \[([^\]]*)\]', terraform):
            alarms |= {name.replace("_", "-") for name in re.findall(r'"(\w+)"', queues)}
        self.assertGreater(len(alarms), 10)
        sections = set(re.findall(r"^## ([a-z-]+)$", text("tools", "deploy", "RUNBOOK.md"), re.M))
        self.assertEqual(sections, alarms)

    def test_the_task_has_an_option_for_every_variable_that_changes_rows(self):
        names = {name for file in ("Dialect", "Rows")
                 for name in re.findall(r'"(SLUICE_\w+)"', text("Sources", "SluicePipeline", f"EnvironmentReader+{file}.swift"))}
        self.assertGreater(len(names), 30)
        task = set(re.findall(r"\bSLUICE_\w+", text("tools", "deploy", "terraform", "task.tf")))
        self.assertEqual(names - task, set())

    def test_every_link_leads_to_a_file_and_a_heading(self):
        self.assertGreater(len(self.PAGES), 2)
        for path in [*self.DOCUMENTS, *self.JOINING, "Benchmarks/README.md"]:
            for file, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text(path)):
                target = os.path.join(os.path.dirname(path), file) if file else path
                self.assertTrue(os.path.exists(os.path.join(ROOT, target)), f"{path}: {target}")
                if anchor:
                    self.assertIn(anchor, anchors(text(target)), f"{path}: {target}")

    def test_the_package_index_documents_every_library(self):
        package = text("Package.swift")
        products = re.findall(r'\.library\(name: "([A-Z]\w+)", targets', package)
        targets = re.search(r"documentation_targets: \[(.*)\]", text(".spi.yml"))[1].split(", ")
        self.assertEqual(sorted(targets), sorted(set(products)))
        for product in targets:
            self.assertTrue(os.path.exists(os.path.join(ROOT, "docs", "api", f"{product}.txt")), product)

    def test_every_file_that_contributors_are_shown_exists(self):
        for path in self.JOINING:
            folder = ""
            for word in re.findall(r"`([^`\n]+)`", text(path)):
                name = word.split()[0]
                # A file without a folder is beside the one before it.
                if re.fullmatch(r"[\w+]+\.swift", name):
                    name = os.path.join(folder, name)
                elif not re.match(r"(Sources|Tests|tools|docs|Benchmarks|Fixtures|CHANGELOG)\b", name):
                    continue
                self.assertTrue(os.path.exists(os.path.join(ROOT, name)), f"{path}: {word}")
                folder = name if os.path.isdir(os.path.join(ROOT, name)) else os.path.dirname(name)

    def test_every_command_that_contributors_are_shown_is_run(self):
        """Most are commands of stages of tools/test. That itself only lists its stages here, and what is quick is run."""
        def run(command):
            done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
            return done.stdout

        stages = "".join(run(f"tools/test {kind} --list") for kind in ("", "--fast", "--sanitize=address"))
        found = re.findall(r"^    (\S.*?)(?:  +#.*)?$", text("CONTRIBUTING.md"), re.M)
        self.assertGreater(len(found), 9)
        for command in found:
            if command.startswith("tools/test"):
                run(f"{command} --list")
            elif command.startswith("tools/sluice"):
                self.assertIn(f"$ {command}", text("README.md"))
            else:
                self.assertIn(command, stages)

    def test_every_command_of_the_readme_is_run(self):
        """Tests/command runs those with `$`, and compares what they print. Others are commands of stages of tools/test."""
        stages = subprocess.run(["tools/test", "--list"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        document = re.sub(r"^```.*?^```$", "", text("README.md"), flags=re.DOTALL | re.MULTILINE)
        found = re.findall(r"^    (tools/\S+)", document, re.M)
        self.assertGreater(len(found), 2)
        for command in found:
            self.assertRegex(stages, rf"{command}\b")
        for command in re.findall(r"^    \$ (\S+)", document, re.M):
            self.assertEqual(command, "tools/sluice")

    def test_the_table_of_what_others_read_is_that_of_the_results(self):
        def tables(document):
            return re.findall(r"<!-- features: .*?<!-- end of features -->", document, re.DOTALL)

        shown, made = tables(text("docs", "files.md")), tables(text("Benchmarks", "results", "features.md"))
        self.assertEqual((len(shown), shown), (1, made))


if __name__ == "__main__":
    unittest.main()
