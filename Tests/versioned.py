"""A repository of this one's files, with a tag for their version: what a user's package depends on."""
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Without these, SwiftPM's cache and its record of versions would keep the repository.
NO_TRACES = ["--disable-dependency-cache", "--security-path"]


def version():
    with open(os.path.join(ROOT, "Sources", "SluiceEngine", "Version.swift"), encoding="utf-8") as file:
        return re.search(r'version = "(.*)"', file.read())[1]


def environment():
    """Returns the environment without what changes the package's manifest."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}


def dependency(path, rest=")"):
    """Makes the repository in a folder, whose name is the package's. Returns how a manifest names it; `rest` ends that."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                            stdout=subprocess.PIPE, text=True)
    for file in filter(None, listed.stdout.split("\0")):
        source, target = os.path.join(ROOT, file), os.path.join(path, file)
        if os.path.lexists(source):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target, follow_symlinks=False)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Files"], ["tag", version()]):
        subprocess.run([*git, *command], cwd=path, check=True)
    return f'.package(url: "file://{path}", from: "{version()}"{rest}'
