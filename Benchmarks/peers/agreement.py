"""Compares the rows of each tool, as parsed JSON, with those of Python's csv module.

A known fault is reported, not hidden: the tool's rows and the expected ones are both normalized so that the fault makes no
difference, and the verdict names the fault. For rows that differ even so, the first one is reported. Probes are tiny files,
each for one point on which tools are known to be wrong. RFC 4180 settles all of them but the last, which it forbids.
"""
import csv
import io
import json
import os
import tempfile

from support import measure

NORMALIZATIONS = {
    "empty is null": lambda row: {key: value if value is not None else "" for key, value in row.items()},
    "empty is left out": lambda row: {key: value for key, value in row.items() if value != ""},
}
PROBES = (
    ("quoted empty", b'a,b\n1,""\n', [{"a": "1", "b": ""}]),
    ("empty", b"a,b\n1,\n", [{"a": "1", "b": ""}]),
    ("CR LF in quotes", b'a,b\r\n1,"x\r\ny"\r\n', [{"a": "1", "b": "x\r\ny"}]),
    ("`007`, `NA`, ` x`", b"a,b,c\n007,NA, x\n", [{"a": "007", "b": "NA", "c": " x"}]),
    ("one column, empty line in quotes", b'a\n"\n\n"\nx\n', [{"a": "\n\n"}, {"a": "x"}]),
    ("`12\" monitor`", b'a,b\n1,12" monitor\n2,"x,""y"\n', None),
)


def converted(tool, kind, path, threads, folder):
    """Returns the rows that a tool makes of a file, or the text of its error."""
    output = os.path.join(folder, f"{tool.key}.json")
    if os.path.exists(output):
        os.unlink(output)
    with open(os.path.join(folder, "stdout"), "wb") as stdout:
        run = measure.run(tool.command(kind, path, threads, output), environment=tool.environment(threads),
                          output=stdout)
    if run.status != 0:
        return (run.errors.decode("utf-8", "replace").strip().splitlines() or ["failed"])[-1]
    with open(output if os.path.exists(output) else stdout.name, encoding="utf-8") as file:
        text = file.read()
    try:
        return tool.rows(text)
    except ValueError as error:
        return f"no JSON: {error}"


def expected(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def verdict(tool, rows, wanted):
    if isinstance(rows, str):
        return f"**fails**: {rows[:120]}"
    if rows == wanted:
        return "agrees"
    for fault in tool.faults:
        normal = NORMALIZATIONS[fault]
        if list(map(normal, rows)) == list(map(normal, wanted)):
            return f"agrees but for its fault: {fault}"
    if len(rows) != len(wanted):
        return f"**differs**: {len(rows)} rows, not {len(wanted)}"
    wrong = [index for index, pair in enumerate(zip(rows, wanted)) if pair[0] != pair[1]]
    key = next(iter(key for key in wanted[wrong[0]] if rows[wrong[0]].get(key) != wanted[wrong[0]][key]), "order")
    return f"**differs** in {len(wrong)} of {len(wanted)} rows, first in row {wrong[0] + 1}, `{key}`"


def probed(tool, rows, wanted):
    if isinstance(rows, str):
        return "error"
    if wanted is None:
        return "accepts" + (f", {len(rows)} of 2 rows" if len(rows) != 2 else "")
    return "right" if rows == wanted else f"`{json.dumps(rows)[:60]}`"


def check(tools, paths):
    """Returns {tool key: ({kind: verdict}, {probe: answer})} for small inputs. Each tool runs with its largest number of
    threads."""
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        for tool in tools:
            if tool.absent:
                continue
            verdicts = {}
            for kind, path in paths.items():
                with open(path, "rb") as file:
                    wanted = expected(file.read())
                verdicts[kind] = verdict(tool, converted(tool, kind, path, max(tool.threads), folder), wanted)
            probes = {}
            for name, data, wanted in PROBES:
                path = os.path.join(folder, "probe.csv")
                with open(path, "wb") as file:
                    file.write(data)
                probes[name] = probed(tool, converted(tool, "quoted", path, 1, folder), wanted)
            answers[tool.key] = (verdicts, probes)
    return answers
