"""The programs of the peers: how each is built, or why it is left out."""
import dataclasses
import json
import os
import re
import subprocess
import sys

import tools
from support import machine

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, ".build")
CRATES = "/usr/share/cargo/registry"        # where Debian's packages librust-*-dev put sources
WAYS = ("borrowed", "strings", "column", "dictionary", "decode")


@dataclasses.dataclass
class Peer:
    name: str
    program: list
    ways: tuple = WAYS[1:]
    share: float = 1.0          # the part of the input it gets, less for slow ones
    threads: int = 1
    version: str = ""
    packages: str = ""          # what a program that uses it resolves
    absent: str = None
    speeds: dict = dataclasses.field(default_factory=dict)      # programs and arguments of ways that differ from `program`

    def command(self, way, path):
        return [*self.speeds.get(way, [*self.program, way]), path]

    def environment(self):
        return {"POLARS_MAX_THREADS": str(self.threads), "SWIFT_BACKTRACE": "enable=no"}

    def uses_foundation(self):
        linked = machine.output_of("ldd", self.program[0]) if len(self.program) == 1 else ""
        return "libFoundation.so" in linked


def swift(*arguments, **settings):
    """Runs the tool `swift` on the package in this folder."""
    variables = {**os.environ, **settings}
    return subprocess.run(["swift", *arguments], cwd=HERE, env=variables, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)


def resolved(tree, name):
    """Returns a package's version and how many packages it resolves, from `swift package show-dependencies`."""
    def below(node):
        return {child["identity"] for child in node["dependencies"]}.union(*map(below, node["dependencies"]))
    node = next(child for child in tree["dependencies"] if child["name"] == name)
    return node["version"], str(len(below(node)))


def swift_peers():
    """Builds Sluice's programs and SwiftCSV's. Sluice's packages are counted without SLUICE_ENGINE_ONLY, as a user has them."""
    release = os.path.join(BUILD, "release")
    library = os.path.join(release, "Library")
    sluice = Peer("Sluice", [os.path.join(release, "SluicePeer")], ways=WAYS, speeds={
        "borrowed": [library, "spans"], "strings": [library, "strings"], "column": [library, "each"],
        "decode": [library, "decode"]})
    other = Peer("SwiftCSV", [os.path.join(release, "SwiftCSVPeer")], share=0.1)
    settings = {"SLUICE_PEERS": "1"}
    if swift("build", "-c", "release", SLUICE_ENGINE_ONLY="1", **settings).returncode != 0:
        other.absent, settings = "it could not be resolved or built", {}
        if swift("build", "-c", "release", SLUICE_ENGINE_ONLY="1").returncode != 0:
            sys.exit("the programs of Sluice could not be built")
    tree = json.loads(swift("package", "show-dependencies", "--format", "json", **settings).stdout)
    _, sluice.packages = resolved(tree, "sluice")
    if not other.absent:
        other.version, other.packages = resolved(tree, "SwiftCSV")
    return sluice, other


def codable_csv(program):
    peer = Peer("CodableCSV", [program], ways=("strings", "column", "decode"), share=0.1, version="0.6.7", packages="(0)")
    if not program:
        peer.absent = "it was not named; --help says how"
    elif not os.access(program, os.X_OK):
        peer.absent = f"no program {program}"
    return peer


def rust_csv():
    """Builds with the crates of the registry or, if it is out of reach, with Debian's."""
    peer = Peer("rust-csv", [os.path.join(BUILD, "rust", "release", "rust-csv-peer")], ways=WAYS)
    debian = ["--offline", "--config", 'source.crates-io.replace-with="debian"',
              "--config", f'source.debian.directory="{CRATES}"']
    folder = os.path.join(HERE, "rust")
    for options in ([], debian):
        build = ["cargo", "build", "--release", "--target-dir", os.path.join(BUILD, "rust"), *options]
        try:
            if subprocess.run(build, cwd=folder, stdout=sys.stderr, env={**os.environ, "CARGO_NET_RETRY": "0"}).returncode == 0:
                tree = subprocess.run(["cargo", "tree", "--prefix", "none", "-e", "normal", *options], cwd=folder, check=True,
                                      stdout=subprocess.PIPE, text=True).stdout
                crates = set(re.findall(r"(?m)^(\S+ v\S+)", tree))
                peer.version = next(crate for crate in crates if crate.startswith("csv v")).removeprefix("csv v")
                peer.packages = str(len(crates) - 1)
                return peer
        except OSError:
            break
        if not os.path.isdir(CRATES):
            machine.install("librust-csv-dev", "librust-serde-derive-dev")
    peer.absent = "needs cargo, and crates.io or Debian's librust-csv-dev and librust-serde-derive-dev"
    return peer


def python_peers():
    script = os.path.join(HERE, "python_peers.py")
    tool = tools.Tool("polars", "Polars", package="polars")
    tools.set_up([tool])
    count = "import importlib.metadata as m; print(sum('extra ==' not in name for name in m.requires('polars')))"
    packages = machine.output_of(tools.PYTHON, "-c", count)
    polars = [Peer("Polars" if threads == 1 else f"Polars, {threads} threads", [tools.PYTHON, script, "polars"], threads=threads,
                   ways=("strings", "column", "decode"), version=tool.version, packages=packages, absent=tool.absent)
              for threads in (1, 2)]
    return [*polars, Peer("Python csv", [sys.executable, script, "csv"], version=sys.version.split()[0], packages="0")]


def all_peers(codable_csv_program):
    sluice, swift_csv = swift_peers()
    return [sluice, codable_csv(codable_csv_program), swift_csv, rust_csv(), *python_peers()]
