#!/usr/bin/env python3
"""Makes a release in a clone of this repository, and uses it as its users do.

usage: release.py BUILD [-k PATTERN]      BUILD: the directory of the programs that tools/build made, .build/release
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from waiting import BOUND

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ""


def run(*command, directory, status=0, **options):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=BOUND, **options)
    if done.returncode != status:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout + (done.stderr if status else "")


class Clone(unittest.TestCase):
    """A clone of the last commit, with an author."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory, self.clone = directory.name, os.path.join(directory.name, "clone")
        run("git", "clone", "--quiet", ROOT, self.clone, directory=self.directory)
        for name, value in ("user.name", "Release Test"), ("user.email", "release@example.com"):
            self.git("config", name, value)

    def git(self, *arguments):
        return run("git", *arguments, directory=self.clone)

    def release(self, *arguments, status=0):
        return run("tools/release", *arguments, directory=self.clone, status=status)

    def read(self, *path):
        with open(os.path.join(self.clone, *path), encoding="utf-8") as file:
            return file.read()

    def change(self, text):
        """Commits a changelog with this text under `## Unreleased`."""
        rest = re.sub(r"\A.*?^(?=## \d)", "", self.read("CHANGELOG.md"), flags=re.M | re.S)
        with open(os.path.join(self.clone, "CHANGELOG.md"), "w", encoding="utf-8") as file:
            file.write(f"# Changelog\n## Unreleased\n{text}\n{rest}")
        self.git("commit", "--quiet", "-am", "Describe a change")


class Tag(Clone):
    def test_a_tag_has_the_version_in_programs_and_changelog(self):
        self.change("- A change.\n")
        before = self.git("rev-parse", "HEAD")
        shown = self.release("tag", "7.8.9", "--dry-run")
        for line in ["-## Unreleased", "+## 7.8.9", '+    public static let version = "7.8.9"', "git tag -a 7.8.9 -m 'Sluice 7.8.9'"]:
            self.assertIn(line, shown.splitlines())
        self.assertEqual((self.git("rev-parse", "HEAD"), self.git("status", "--porcelain"), self.git("tag", "-l", "7.8.9")),
                         (before, "", ""))
        self.release("tag", "7.8.9")
        self.assertEqual(self.git("rev-parse", "7.8.9^{commit}", "7.8.9~"), self.git("rev-parse", "HEAD") + before)
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertIn('"7.8.9"', self.read("Sources", "SluiceEngine", "Version.swift"))
        self.assertTrue(self.read("CHANGELOG.md").startswith("# Changelog\n## 7.8.9\n- A change.\n"))
        # The programs are those from before.
        self.assertIn("the source of 7.8.9", self.release("archive", "--build", BUILD, status=1))

    def test_what_can_not_be_released_is_refused(self):
        self.change("")
        self.assertIn("no changes", self.release("tag", "7.8.9", status=1))
        self.assertIn("three numbers", self.release("tag", "7.8", status=1))
        self.assertIn("not newer", self.release("tag", "0.1.0", status=1))
        self.change("- A change.\n")
        with open(os.path.join(self.clone, "README.md"), "a", encoding="utf-8") as file:
            file.write("\n")
        self.assertIn("not committed", self.release("tag", "7.8.9", status=1))
        self.assertEqual(self.git("tag", "-l", "7.8.9"), "")


class Archive(Clone):
    def install(self, made):
        """Runs the lines that the notes show, with another prefix. Returns the prefix, and what the lines print."""
        prefix = os.path.join(self.directory, "prefix")
        os.mkdir(prefix)
        with open(os.path.join(made, "notes.md"), encoding="utf-8") as file:
            lines = re.findall(r"^    (.*)$", file.read().split("## Changes")[0], re.M)
        self.assertEqual(len(lines), 3)
        script = "\n".join(lines).replace("sudo ", "").replace("/usr/local", prefix)
        environment = {"PATH": f"{prefix}/bin:{os.environ['PATH']}"}
        return prefix, lines, run("bash", "-euc", script, directory=made, env=environment)

    def test_an_archive_is_checked_installed_and_used(self):
        made, again = os.path.join(self.directory, "made"), os.path.join(self.directory, "again")
        printed = self.release("archive", "-o", made, "--build", BUILD)
        prefix, lines, shown = self.install(made)
        self.assertEqual(printed.splitlines()[-len(lines):], lines)
        version = re.search(r'"([\d.]+)"', self.read("Sources", "SluiceEngine", "Version.swift"))[1]
        self.assertEqual([line.rpartition(": ")[2] for line in shown.splitlines()], ["OK", "OK", f"sluice {version}"])

        sluice = os.path.join(prefix, "bin", "sluice")
        rows = run(sluice, "convert", os.path.join(ROOT, "Fixtures", "orders.csv"), directory=prefix)
        with open(os.path.join(ROOT, "Fixtures", "orders.ndjson"), encoding="utf-8") as file:
            self.assertEqual(rows, file.read())
        self.assertIn("--queue-url", run(sluice, "send", "--help", directory=prefix))
        manual = os.path.join(prefix, "share", "man", "man1")
        page = run("mandoc", "-Tascii", "-O", "width=200", os.path.join(manual, "sluice-send.1"), directory=prefix)
        self.assertIn("--queue-url", re.sub(".\b", "", page))
        completion = os.path.join(prefix, "share", "bash-completion", "completions", "sluice")
        self.assertIn("sluice", run("bash", "-c", f"source {completion}; complete -p sluice", directory=prefix))
        self.assertEqual(sorted(os.listdir(os.path.join(prefix, "share"))), ["bash-completion", "doc", "fish", "man", "zsh"])

        # The bill names every package that SwiftPM resolved, and the libraries that are part of the programs.
        bill = next(name for name in os.listdir(made) if name.endswith(".cdx.json"))
        with open(os.path.join(made, bill), encoding="utf-8") as file:
            document = json.load(file)
        names = {one["name"] for one in document["components"]}
        resolved = {pin["identity"] for pin in json.loads(self.read("Package.resolved"))["pins"]}
        self.assertGreater(len(resolved), 20)
        self.assertEqual(names - resolved, {"swift-runtime", "zlib", "libzstd", "libcrypto", "libpcre2-8"})
        self.assertEqual(resolved - names, set())
        known = {one["bom-ref"] for one in [*document["components"], document["metadata"]["component"]]}
        self.assertEqual({one["ref"] for one in document["dependencies"]}, known)

        self.release("archive", "-o", again, "--build", BUILD)
        self.assertEqual(*(sums(directory) for directory in (made, again)))


class PublicSymbols(Clone):
    def test_a_break_and_an_addition_are_shown_and_can_be_recorded(self):
        recorded = self.read("docs", "api", "Sluice.txt").splitlines(True)
        with open(os.path.join(self.clone, "docs", "api", "Sluice.txt"), "w", encoding="utf-8") as file:
            file.writelines(["CSVConverter.gone()  func gone()\n", *recorded[:-1]])
        shown = run("tools/api", "--build", BUILD, directory=self.clone, status=1)
        self.assertIn("\n-CSVConverter.gone()  func gone()\n", shown)
        self.assertIn(f"\n+{recorded[-1]}", shown)
        run("tools/api", "--build", BUILD, "--update", directory=self.clone)
        self.assertEqual(self.git("status", "--porcelain"), "")
        run("tools/api", "--build", BUILD, directory=self.clone)


def sums(directory):
    with open(os.path.join(directory, "SHA256SUMS"), encoding="utf-8") as file:
        return file.read()


if __name__ == "__main__":
    unittest.main()
