#!/usr/bin/env python3
"""Compares Sluice with frictionless, another implementation of Table Schema and Table Dialect, on random tables.

usage: tables.py SLUICE [--tables N] [--seed SEED] [-k PATTERN]

Each table has a random schema and dialect, and a file that mostly follows them. Of every row both must say whether it is valid
and, if it is, give the same values. tables/differences.py lists where Sluice differs on purpose.
"""
import argparse
import collections
import json
import os
import sys
import tempfile
import unittest

import durations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "tables"))
import judge  # noqa: E402
from differences import DIFFERENCES, Read, applied  # noqa: E402
from judge import Refused  # noqa: E402
from table import RandomTable, Table  # noqa: E402

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("sluice")
OPTIONS.add_argument("--tables", type=int, default=300)
OPTIONS.add_argument("--seed", type=int, default=1, help="of the first table; each further one has the next (1)")

# Why they differ; dialect; schema; file; what frictionless makes of it, and Sluice: rows, or the error's code.
WHOLE_TABLES = [
    ("a row with only missing values is a row", {}, {}, "a,b\n,\n", ["blankRow"], [{"a": None, "b": None}]),
    ("blank lines are skipped", {}, {}, "a,b\n1,2\n\n3,4\n", [{"a": "1", "b": "2"}, "blankRow", {"a": "3", "b": "4"}],
     [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
    ("a null sequence is a missing value", {"nullSequence": "NA"}, {}, "a,b\nNA,1\n", [{"a": "NA", "b": "1"}],
     [{"a": None, "b": "1"}]),
    ("missing values are compared before unescaping", {"escapeChar": "\\"}, {"missingValues": ["\\N"]}, "a,b\n\\N,1\n",
     [{"a": "N", "b": "1"}], [{"a": None, "b": "1"}]),
    ("a value in quotes is no comment", {"commentChar": "#"}, {}, 'a,b\n"#x",1\n', [], [{"a": "#x", "b": "1"}]),
    ("initial spaces are those after a delimiter", {"skipInitialSpace": True}, {}, "a,b\n 1, 2\n", [{"a": "1", "b": "2"}],
     [{"a": " 1", "b": "2"}]),
    ("column names are not trimmed", {}, {}, " a,b\n1,2\n", [{"a": "1", "b": "2"}], "headerMismatch"),
    ("names of the last header row take the last name above them", {"headerRows": [1, 2]},
     {"fields": [{"name": "x a"}, {"name": "x b"}]},
     "x\na,b\n1,2\n", "headerMismatch", [{"x a": "1", "x b": "2"}]),
    ("equal names in both header rows are joined", {"headerRows": [1, 2]}, {"fields": [{"name": "a a"}]}, "a\na\n1\n",
     "headerMismatch",
     [{"a a": "1"}]),
]


class Expected:
    """What Sluice must make of a table: frictionless's verdicts, but for the differences."""

    def __init__(self, table):
        self.table = table
        self.readers = judge.readers(table.descriptor["schema"])
        self.uses = collections.Counter()
        # frictionless crashes where it compares a time with an offset and one without, and signalling NaN.
        table.rows = [row for row in table.rows if self.is_judged(row)]

    def is_judged(self, texts):
        try:
            for name, text in zip(self.table.header, texts):
                self.reader(name)(text)
        except (TypeError, ArithmeticError):
            return False
        return True

    def reader(self, name):
        return self.readers.get(name) or judge.readers({"fields": [{"name": name, "type": "any"}]})[name]

    def cell(self, name, text):
        """Returns frictionless's verdict on a cell and the one that Sluice must give."""
        field = self.table.field(name)
        own = expected = judge.cell(self.reader(name), field, text)
        if "missing" not in field and text in self.table.missing(field):
            return own, own
        found = applied(field, text)
        # A value of the wrong type is not tested for constraints.
        refusing = [pair for pair in found if pair[1] == "typeMismatch"]
        for each, result in refusing or found:
            new = judge.cell(self.reader(name), field, result) if isinstance(result, Read) else result
            if new != own:
                self.uses[each] += 1
            if refusing or new != own:
                expected = new
        return own, expected

    def rows(self):
        """Returns, for each row, frictionless's verdict and the one that Sluice must give."""
        return [self.row(texts) for texts in self.table.rows]

    def row(self, texts):
        names = self.table.header
        own, expected = zip(*(self.cell(name, text) for name, text in zip(names, texts)))
        # A row with only missing values is a row for Sluice.
        is_blank = all(cell == [None] or (name in self.readers and text in self.table.missing(self.table.field(name)))
                       for name, text, cell in zip(names, texts, own))
        ragged = Refused("raggedRecord", None) if len(texts) != len(names) else None
        return Refused("blankRow", None) if is_blank else ragged or self.verdict(own), ragged or self.verdict(expected)

    def verdict(self, cells):
        for name, cell in zip(self.table.header, cells):
            if isinstance(cell, str):
                return Refused(cell, name)
        return {name: cell[0] for name, cell in zip(self.table.header, cells)}


class Tables(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.sluice = judge.Sluice(os.path.abspath(ARGUMENTS.sluice), self.directory)

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return path

    def test_random_tables_are_judged_as_frictionless_does_but_for_the_listed_differences(self):
        counts, uses, bad = collections.Counter(), collections.Counter(), []
        for seed in range(ARGUMENTS.seed, ARGUMENTS.seed + ARGUMENTS.tables):
            table = RandomTable(seed)
            try:
                self.compare(table, counts, uses)
            except AssertionError as error:
                bad.append(f"--tables 1 --seed {seed}: {error}")
        print(", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
        for each in DIFFERENCES:
            print(f"{uses[each]:6}  {each.__name__.replace('_', ' ')}")
        self.assertEqual(bad, [], f"{len(bad)} tables of {ARGUMENTS.tables} differ:\n" + "\n".join(bad[:20]))

    def test_every_listed_difference_of_cells_is_one(self):
        for each in DIFFERENCES:
            with self.subTest(each.__name__):
                field, text = each.example
                if field is None:  # a column without a field
                    table = Table({"fieldsMatch": "subset", "missingValues": ["-"], "fields": [{"name": "b"}]}, ["a", "b"],
                                  [[text, "x"]])
                else:
                    table = Table({"fields": [{"name": "a", **field}]}, ["a"], [[text]])
                uses = collections.Counter()
                self.compare(table, collections.Counter(), uses)
                self.assertTrue(uses[each], "frictionless and Sluice agree")

    def test_every_listed_difference_of_tables_is_one(self):
        for reason, dialect, schema, text, theirs, ours in WHOLE_TABLES:
            with self.subTest(reason):
                table = Table({"fields": [{"name": "a"}, {"name": "b"}], **schema}, [], [], dialect)
                path, schema = self.write("table.csv", text), self.write("schema.json", json.dumps(table.descriptor))
                found = judge.frictionless(path, table.descriptor)
                self.assertEqual(found.header.code if found.header else [row if isinstance(row, dict) else row.code
                                                                         for row in found.rows],
                                 theirs, "frictionless")
                rows, error = self.sluice.convert(schema, path)
                self.assertEqual(error["code"] if error else rows, ours, "Sluice")

    def compare(self, table, counts, uses):
        expected = Expected(table)
        head, lines = table.head(), table.lines()
        path = self.write("table.csv", head + "".join(lines))
        schema = self.write("schema.json", json.dumps(table.descriptor))
        whole = judge.frictionless(path, table.descriptor)
        rows, error = self.sluice.convert(schema, path)
        if whole.header:
            counts["headers refused"] += 1
            self.assertIsNotNone(error, f"header {table.header} is accepted")
            self.assertEqual((error["code"], rows), ("headerMismatch", []), error)
            return
        pairs = expected.rows()
        self.assertEqual(*([judge.comparable_row(row) for row in rows] for rows in (whole.rows, [own for own, _ in pairs])),
                         "frictionless differs from itself")
        wanted = [row for _, row in pairs]
        first = next((index for index, row in enumerate(wanted) if isinstance(row, Refused)), len(wanted))
        # As it is, up to the first invalid row; then all valid rows; then each row alone.
        self.same_rows(table, wanted[:first], rows, lines)
        self.assertEqual(error is None, first == len(wanted),
                         f"{error}, expected {wanted[first:first + 1]}: {lines[first:first + 1]}")
        valid = [index for index, row in enumerate(wanted) if not isinstance(row, Refused)]
        rows, error = self.sluice.convert(schema, self.write("valid.csv", head + "".join(lines[index] for index in valid)))
        self.assertIsNone(error, f"{error and error['message']}, in {[lines[index] for index in valid]}")
        self.same_rows(table, [wanted[index] for index in valid], rows, [lines[index] for index in valid])
        paths = [self.write(f"{index}.csv", head + line) for index, line in enumerate(lines)]
        errors = self.sluice.check(schema, paths)
        for path, row, line in zip(paths, wanted, lines):
            error = errors.get(path)
            if isinstance(row, Refused):
                self.assertIsNotNone(error, f"{line!r} is accepted; expected {row}")
                self.assertEqual((error["code"], error["column"] if row.column else None), tuple(row), f"{line!r}: {error}")
                counts["rows refused"] += 1
            else:
                self.assertIsNone(error, f"{line!r}: {error}")
                counts["rows accepted"] += 1
        uses.update(expected.uses)

    def same_rows(self, table, wanted, rows, lines):
        self.assertEqual(len(rows), len(wanted), "rows")
        for row, found, line in zip(wanted, rows, lines):
            self.assertTrue(judge.same(row, found, table.descriptor), f"{line!r}: {found}, expected {row}")


if __name__ == "__main__":
    ARGUMENTS, rest = OPTIONS.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest, testRunner=durations.Runner)
