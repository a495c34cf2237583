"""How each tool reads the cases of `features`: with the options that serve the case best.

A tool has an entry for every case that it can attempt; a case without one is counted as not supported. SQL and Python are
those that a user would write; nothing in them states a value of the file.
"""
import dataclasses
import json
import os
import shutil
import subprocess
import tempfile

from feature_cases import CASES
from tools import PYTHON

INTEGERS = "columns={'id': 'VARCHAR', '%s': 'BIGINT'}"


@dataclasses.dataclass
class Outcome:
    command: str
    status: int
    rows: object            # what the tool wrote, or None if that is not JSON
    errors: str


class FeatureTool:
    name, key, version, absent, calls = "", "", "", None, {}

    def attempt(self, case, path):
        """Returns the outcome of a case, or None if the tool has no option for it."""
        if case.key not in self.calls:
            return None
        shown, words = self.command(case, path)
        done = subprocess.run(words, capture_output=True, env=self.environment(), timeout=120, cwd=os.path.dirname(path),
                              check=False)
        return Outcome(shown, done.returncode, parsed(done.stdout), done.stderr.decode("utf-8", "replace"))

    def environment(self):
        return dict(os.environ)


def parsed(output):
    """Returns the rows in JSON lines or in an array, with numbers as their text."""
    def load(text):
        return json.loads(text, parse_int=Digits, parse_float=Digits)
    try:
        text = output.decode()
        return load(text) if text.lstrip().startswith("[") else [load(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None


class Digits(str):
    """A number as it is written. Not equal to a string of the same text."""
    def __eq__(self, other):
        return isinstance(other, Digits) and str(self) == str(other)

    __hash__ = str.__hash__

    def __repr__(self):
        return str(self)


class Sluice(FeatureTool):
    name, key = "Sluice", "sluice"
    calls = {
        "preamble": "--skip-lines 3", "comments": "--comment #", "units": "--skip-after-header 1",
        "footer": "--comment Total --comment Source:", "trailing": ["--drop", ""], "backslash": ["--escape", "\\"],
        "delimiter": "--delimiter ||", "literal": "--delimiter tab --quote none", "inches": "--quote-in-plain data",
        "spaces": "--trim spaces", "lines": "", "windows": "--encoding windows-1252",
        "null": ["--null", "", "--quoted-empty", "string"], "exact": "--types amount:number",
        "german": "--delimiter ; --schema schema.json", "nested": "--nest .", "zeros": "--schema schema.json",
        "wrong": "--schema schema.json", "rule": "--schema schema.json", "short": "", "drift": "--schema schema.json",
    }

    def __init__(self, program, version):
        self.program, self.version = program, version

    def command(self, case, path):
        options = self.calls[case.key]
        options = options.split() if isinstance(options, str) else options
        if case.schema:
            with open(os.path.join(os.path.dirname(path), "schema.json"), "w", encoding="utf-8") as file:
                json.dump(case.schema, file)
        return " ".join(["sluice convert", *(option if option.strip("#;|\\") else f"'{option}'" for option in options)]), \
            [self.program, "convert", *options, path]


class InPython(FeatureTool):
    """A package of the private environment; `calls` are expressions."""
    package = ""

    def find(self):
        done = subprocess.run([PYTHON, "-c", f"import {self.package}; print({self.package}.__version__)"], capture_output=True,
                              text=True, check=False)
        self.version, self.absent = done.stdout.strip(), None if done.returncode == 0 else "not available"


class DuckDB(InPython):
    name, key, package = "DuckDB", "duckdb", "duckdb"
    text = "all_varchar=true, header=true"
    calls = {
        "preamble": f"FROM read_csv(F, {text}, skip=3)", "comments": f"FROM read_csv(F, {text}, comment='#')",
        "units": f"FROM read_csv(F, {text}) OFFSET 1",
        "trailing": f"SELECT * EXCLUDE (column2) FROM read_csv(F, {text}, delim=',')",
        "backslash": f"FROM read_csv(F, {text}, escape='\\')", "delimiter": f"FROM read_csv(F, {text}, delim='||')",
        "literal": f"FROM read_csv(F, {text}, delim='\t', quote='')", "inches": f"FROM read_csv(F, {text}, delim=',')",
        "spaces": f"FROM read_csv(F, {text}, delim=',')", "lines": f"FROM read_csv(F, {text})",
        "windows": f"FROM read_csv(F, {text}, encoding='windows-1252')",
        "null": f"FROM read_csv(F, {text}, allow_quoted_nulls=false)",
        "exact": "FROM read_csv(F, header=true, columns={'id': 'VARCHAR', 'amount': 'DECIMAL(38,2)'})",
        "german": "FROM read_csv(F, header=true, delim=';', decimal_separator=',', thousands='.', dateformat='%d.%m.%Y',"
                  " columns={'id': 'VARCHAR', 'amount': 'DECIMAL(18,2)', 'day': 'DATE'})",
        "zeros": f"FROM read_csv(F, header=true, {INTEGERS % 'code'})",
        "wrong": f"FROM read_csv(F, header=true, {INTEGERS % 'qty'})",
        "short": "FROM read_csv(F, auto_detect=false, header=true, columns={'id': 'VARCHAR', 'qty': 'VARCHAR'})",
        "drift": f"FROM read_csv(F, header=true, {INTEGERS % 'qty'})",
    }

    def command(self, case, path):
        sql = self.calls[case.key]
        program = ("import duckdb, sys; sql = sys.argv[1].replace('(F', f'({sys.argv[2]!r}', 1);"
                   " duckdb.execute(f\"COPY ({sql}) TO '/dev/stdout' (FORMAT json)\")")
        return sql.replace("\t", "\\t"), [PYTHON, "-c", program, sql, path]


class Polars(InPython):
    name, key, package = "Polars", "polars", "polars"
    text = "infer_schema=False"
    calls = {
        "preamble": f"read_csv(F, {text}, skip_lines=3)", "comments": f"read_csv(F, {text}, comment_prefix='#')",
        "units": f"read_csv(F, {text}, skip_rows_after_header=1)", "trailing": f"read_csv(F, {text}).drop('')",
        "backslash": f"read_csv(F, {text})", "delimiter": f"read_csv(F, {text}, separator='||')",
        "literal": f"read_csv(F, {text}, separator='\\t', quote_char=None)", "inches": f"read_csv(F, {text})",
        "spaces": f"read_csv(F, {text})", "lines": f"read_csv(F, {text})",
        "windows": f"read_csv(F, {text}, encoding='windows-1252')",
        "null": f"read_csv(F, {text})", "exact": "read_csv(F, schema={'id': pl.String, 'amount': pl.Decimal(38, 2)})",
        "german": "read_csv(F, separator=';', decimal_comma=True,"
                  " schema={'id': pl.String, 'amount': pl.Decimal(18, 2), 'day': pl.Date})",
        "zeros": "read_csv(F, schema={'id': pl.String, 'code': pl.Int64})",
        "wrong": "read_csv(F, schema={'id': pl.String, 'qty': pl.Int64})",
        "short": f"read_csv(F, {text})", "drift": "read_csv(F, schema={'id': pl.String, 'qty': pl.Int64})",
    }

    def command(self, case, path):
        expression = self.calls[case.key]
        return f"pl.{expression}", [PYTHON, "-c",
                                    f"import polars as pl, sys; F = sys.argv[1]; print(pl.{expression}.write_ndjson())", path]


class Miller(FeatureTool):
    name, key = "Miller", "miller"
    calls = {
        "comments": "--icsv --ojsonl -S --skip-comments cat", "units": ["--icsv", "--ojsonl", "-S", "filter", "NR > 1"],
        "trailing": ["--icsv", "--ojsonl", "-S", "cut", "-x", "-r", "-f", "^$"],
        "backslash": "--icsv --ojsonl -S --lazy-quotes cat",
        "delimiter": "--icsv --ojsonl -S --ifs || cat", "literal": "--itsv --ojsonl -S cat",
        "inches": "--icsv --ojsonl -S --lazy-quotes cat", "spaces": "--icsv --ojsonl -S --lazy-quotes cat",
        "lines": "--icsv --ojsonl -S cat", "windows": "--icsv --ojsonl -S cat", "null": "--icsv --ojsonl -S cat",
        "exact": "--icsv --ojsonl cat", "nested": "--icsv --ojsonl -S cat", "short": "--icsv --ojsonl -S cat",
    }

    def find(self):
        self.absent = None if shutil.which("mlr") else "not available: no `mlr`"
        if not self.absent:
            self.version = subprocess.run(["mlr", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]

    def command(self, case, path):
        words = self.calls[case.key]
        words = words.split() if isinstance(words, str) else words
        shown = [word if word.strip("|^$ ") and " " not in word else f"'{word}'" for word in words]
        return " ".join(["mlr", *shown]), ["mlr", *words, path]


class Zsv(FeatureTool):
    name, key = "zsv", "zsv"
    calls = {"preamble": "-R 3", "backslash": "", "literal": "-q -t", "inches": "", "spaces": "", "lines": "", "windows": "",
             "short": ""}

    def __init__(self, folder):
        self.program = folder and os.path.join(folder, "zsv_2json")

    def find(self):
        is_there = self.program and os.access(self.program, os.X_OK)
        self.absent = None if is_there else "not run: --zsv names a folder with zsv_2json"

    def command(self, case, path):
        options = ["--object", *self.calls[case.key].split()]
        return " ".join(["zsv", "2json", *options]), [self.program, *options, path]


class CSVToJSON(FeatureTool):
    name, key = "csvtojson", "csvtojson"
    calls = {
        "trailing": "{ignoreColumns: /^$/}", "backslash": "{escape: '\\\\'}", "delimiter": "{delimiter: '||'}",
        "literal": "{delimiter: '\\t', quote: 'off'}", "inches": "{}", "spaces": "{}", "lines": "{}", "windows": "{}",
        "exact": "{colParser: {amount: 'number'}}", "nested": "{}", "zeros": "{colParser: {code: 'number'}}",
        "wrong": "{colParser: {qty: 'number'}}", "short": "{checkColumn: true}",
    }

    def __init__(self, folder):
        self.folder = folder

    def find(self):
        if not self.folder or not shutil.which("node"):
            self.absent = "not run: --csvtojson names its folder; needs node"
            return
        with open(os.path.join(self.folder, "package.json"), encoding="utf-8") as file:
            self.version = json.load(file)["version"]

    def environment(self):
        return {"NODE_PATH": "/usr/share/nodejs", **os.environ}  # where Debian has its packages

    def command(self, case, path):
        options = self.calls[case.key]
        program = (f"require({json.dumps(os.path.abspath(self.folder))})({options}).fromFile(process.argv[1])"
                   ".then(rows => console.log(JSON.stringify(rows)),"
                   " error => { console.error(String(error)); process.exit(1) })")
        return f"csv({options})" if options != "{}" else "csv()", ["node", "-e", program, path]


def outcomes(tool):
    """Returns {case's key: outcome or None} for a tool that is available."""
    found = {}
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, case.name)
            with open(path, "wb") as file:
                file.write(case.data)
            found[case.key] = tool.attempt(case, path)
    return found
