"""The peers: how each is installed and called, the size of its input, and its known faults against RFC 4180."""
import dataclasses
import json
import os
import shutil
import subprocess
import sys

from support import machine

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(machine.WORK, "venv")
PYTHON = os.path.join(VENV, "bin", "python")


@dataclasses.dataclass
class Tool:
    key: str
    name: str
    does: str = "convert"       # or "messages" or "check", which are not among the ratios and the chart
    threads: tuple = (1, 2)
    share: float = 1.0          # the part of the input it gets, less for slow tools
    package: str = None         # its name on PyPI
    absent: str = None          # why it is not available
    version: str = ""
    handicap: str = ""          # what a reader must know about how it was measured
    faults: tuple = ()          # its known faults, as named in agreement.NORMALIZATIONS

    def command(self, kind, path, threads, output):
        newlines = ["newlines"] if kind in ("quoted", "text") else []
        return [PYTHON, os.path.join(HERE, "once.py"), self.key, path, str(threads), output, *newlines]

    def environment(self, threads):
        return {}

    def rows(self, output):
        """Returns the rows in the text of an output. Throws ValueError if it is no JSON."""
        return [json.loads(line) for line in output.split("\n") if line.strip()]

    def find(self):
        """Sets `version`, or `absent` if the tool is not available."""
        if self.absent:
            return
        result = subprocess.run([PYTHON, os.path.join(HERE, "once.py"), self.key, "--version"], capture_output=True,
                                text=True)
        if result.returncode == 0:
            self.version = result.stdout.strip()
        else:
            self.absent = "not available: " + (result.stderr.strip().splitlines() or ["no answer"])[-1]


class Sluice(Tool):
    binary = None

    def command(self, kind, path, threads, output):
        # The output goes to a redirected standard output, so that only writes are measured.
        return [self.binary, self.does, "-j", str(threads), path]

    def find(self):
        self.binary = machine.sluice()
        self.version = machine.output_of(self.binary, "--version").removeprefix("sluice ")


class Miller(Tool):
    def command(self, kind, path, threads, output):
        return ["mlr", "-S", "--icsv", "--ojsonl", "cat", path]

    def environment(self, threads):
        return {"GOMAXPROCS": str(threads)}

    def find(self):
        if not shutil.which("mlr") and not machine.install("miller"):
            self.absent = "not available: no `mlr`, and the Debian package miller cannot be installed"
            return
        self.version = machine.output_of("mlr", "--version").removeprefix("mlr ").removeprefix("version ")


@dataclasses.dataclass
class Zsv(Tool):
    """A program of zsv. It can only be built from source; `folder` has the program, or is None."""
    program: str = "zsv_2json"
    folder: str = None

    @property
    def path(self):
        return os.path.join(self.folder, self.program)

    def command(self, kind, path, threads, output):
        return [self.path, "--object", path]

    def rows(self, output):
        return json.loads(output)

    def find(self):
        if not self.folder:
            self.absent = "not measured: C source, in neither PyPI nor Debian; --zsv names a folder with its programs"
        elif not os.access(self.path, os.X_OK):
            self.absent = f"not available: no {self.path}"


class ZsvCount(Zsv):
    def command(self, kind, path, threads, output):
        return [self.path, "-j", str(threads), "-i", path]


def all_tools(zsv=None):
    """Returns all tools. `zsv` is the folder with the programs of zsv, or None."""
    return [
        Sluice("sluice", "Sluice"),
        Tool("duckdb", "DuckDB", package="duckdb", faults=("empty is null",)),
        Tool("polars", "Polars", package="polars"),
        Tool("datafusion", "DataFusion", package="datafusion", faults=("empty is left out",),
             handicap="writes to new files only: writes into memory, less the time of plain writes of the same size"),
        Tool("chdb", "chDB", package="chdb"),
        Zsv("zsv", "zsv", threads=(1,), folder=zsv),
        Miller("miller", "Miller", share=0.2),
        Tool("dictreader", "Python csv + json", threads=(1,), share=0.1),
        Tool("csvkit", "csvkit", threads=(1,), share=0.02, package="csvkit"),
        Sluice("messages", "sluice messages", does="messages"),
        Sluice("check", "sluice check", does="check"),
        ZsvCount("zsv-count", "zsv count", does="check", folder=zsv, program="zsv_count"),
    ]


def set_up(tools):
    """Installs the peers from PyPI in the private environment. `find` reports those that are not available."""
    if not os.path.exists(PYTHON):
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True, stdout=sys.stderr)
    for tool in tools:
        if tool.package and not tool.absent:
            have = subprocess.run([PYTHON, "-m", "pip", "show", "-q", tool.package], capture_output=True)
            if have.returncode != 0:
                machine.say(f"installing {tool.package}")
                subprocess.run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", tool.package],
                               stdout=sys.stderr)
        tool.find()
        machine.say(f"{tool.name}: {tool.absent or tool.version}")
