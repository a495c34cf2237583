"""What frictionless says of a table, and the same of Sluice, in a form in which both compare.

A verdict on a row is either `Refused(code, column)` or its values by name. Values compare as what they mean: numbers digit for
digit (as Decimal), dates and times as ISO 8601 text, JSON as parsed.
"""
import collections
import contextlib
import datetime
import decimal
import io
import json
import os
import subprocess

from dateutil import parser as dateutil
from frictionless import FrictionlessException, Resource, Schema

Refused = collections.namedtuple("Refused", "code column")
# `header` is a Refused or None; `rows` has a verdict for each row, and is empty if the header is refused.
Verdicts = collections.namedtuple("Verdicts", "header rows")

CODES = {"type-error": "typeMismatch", "constraint-error": "constraint", "extra-cell": "raggedRecord",
         "missing-cell": "raggedRecord",
         "blank-row": "blankRow"}


def exact(text):
    """Parses JSON without rounding a number."""
    return json.loads(text, parse_float=decimal.Decimal, parse_int=decimal.Decimal)


def comparable(value):
    """Returns a value in a form that is equal only for the same digits, and only for the same type."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float, decimal.Decimal)):
        # -0 is the integer 0, but a number's sign and trailing zeros are kept.
        return ("number", str(decimal.Decimal(value).as_tuple())) if value else ("number", 0)
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    return [comparable(item) for item in value]


def comparable_row(row):
    return row if isinstance(row, Refused) else comparable(row)


# What frictionless makes of a cell

def meaning(kind, value, text, descriptor):
    """Returns what frictionless read as a JSON value."""
    if value is None:
        return None
    if kind in ("object", "array", "geojson"):
        return exact(text)  # frictionless rounds the numbers
    if kind == "list":
        return [meaning(descriptor.get("itemType", "string"), item, "", {}) for item in value]
    if kind == "geopoint":
        # From JSON, frictionless has binary fractions.
        return [decimal.Decimal(str(float(part))) for part in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if kind in ("yearmonth", "duration"):
        return text
    return value


def readers(schema):
    """Returns {field's name: function of a text to frictionless's value and what it breaks}."""
    return Schema.from_descriptor({"$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                                   **schema}).create_cell_readers()


def cell(reader, descriptor, text):
    """Returns frictionless's verdict on one text: an error's code, or the value in a list."""
    value, notes = reader(text)
    if notes:
        return "typeMismatch" if "type" in notes else "constraint"
    return [meaning(descriptor.get("type"), value, text, descriptor)]


def frictionless(path, descriptor):
    """Returns frictionless's verdicts on a table."""
    resource = Resource.from_descriptor(dict(descriptor, path=os.path.basename(path)), basepath=os.path.dirname(path))
    fields = {field["name"]: field for field in descriptor["schema"]["fields"]}
    try:
        with resource, contextlib.redirect_stderr(io.StringIO()):
            if not resource.header.valid:
                return Verdicts(Refused("headerMismatch", None), [])
            rows = []
            for row in resource.row_stream:
                values = row.to_dict()
                if row.errors:
                    rows.append(refusal(row.errors))
                else:
                    texts = dict(zip(values, row.cells))
                    rows.append({name: meaning(fields.get(name, {}).get("type"), value, texts[name], fields.get(name, {}))
                                 for name, value in values.items()})
            return Verdicts(None, rows)
    except FrictionlessException as error:
        return Verdicts(Refused("headerMismatch", str(error)), [])


def refusal(errors):
    """Returns the error that Sluice would report: the number of fields is tested first, then field by field the values."""
    for error in errors:
        if CODES[error.type] in ("raggedRecord", "blankRow"):
            return Refused(CODES[error.type], None)
    first = min(errors, key=lambda error: error.field_number)
    return Refused(CODES[first.type], first.field_name)


# What Sluice makes of a table

class Sluice:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, command, schema, *paths, options=()):
        return subprocess.run([self.program, command, "--summary", "json", "--schema", schema, *options, *paths],
                              capture_output=True,
                              check=False, cwd=self.folder)

    def convert(self, schema, path, options=()):
        """Returns the rows and the error, or None, of a conversion."""
        done = self.run("convert", schema, path, options=options)
        errors = self.errors(done)
        try:
            return [exact(line) for line in done.stdout.splitlines()], errors[0] if errors else None
        except ValueError as error:
            raise AssertionError(f"no JSON: {error}: {done.stdout}") from None

    def check(self, schema, paths):
        """Returns {path: error} for those of the files that have one."""
        return {error["file"]: error for error in self.errors(self.run("check", schema, *paths))}

    @staticmethod
    def errors(done):
        found = [json.loads(line) for line in done.stderr.splitlines()]
        errors = [line["error"] for line in found if "error" in line]
        if done.returncode not in (0, 65) or bool(errors) != (done.returncode == 65):
            raise AssertionError(f"{done.args} ended with {done.returncode}: {done.stderr.decode()}")
        return errors


def same(expected, found, descriptor):
    """Whether a row of Sluice has the expected values."""
    if not isinstance(found, dict) or list(expected) != list(found):
        return False
    fields = {field["name"]: field for field in descriptor["schema"]["fields"]}
    return all(same_value(expected[name], found[name], fields.get(name, {}).get("type")) for name in expected)


def same_value(expected, found, kind):
    if kind == "list" and isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(same_value(*pair, None) for pair in zip(expected, found))
    if isinstance(expected, decimal.Decimal) and kind == "geopoint":
        return float(expected) == float(found)
    if kind == "geopoint" and isinstance(expected, list):
        return isinstance(found, list) and list(map(float, expected)) == list(map(float, found))
    if isinstance(expected, str) and isinstance(found, str) and expected != found:
        return kind not in ("string", "any") and same_moment(expected, found)
    return comparable(expected) == comparable(found) and (isinstance(expected, bool) == isinstance(found, bool))


def same_moment(expected, found):
    """Whether two ISO texts are the same date or time with the same offset."""
    try:
        pair = [dateutil.isoparse(text if text[2:3] != ":" else "2000-01-01T" + text) for text in (expected, found)]
        return pair[0] == pair[1] and pair[0].utcoffset() == pair[1].utcoffset()
    except ValueError:
        return False
