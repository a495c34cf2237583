#!/usr/bin/env python3
"""Compares typed values with Python's decimal and datetime, on a million random rows.

usage: values.py SLUICE [--rows N] [--seed N]

Each row is made together with the JSON that it must become. Python's types say that both mean the same value; then the command's
output must be that JSON, byte for byte. Texts that Python refuses must be refused one by one.
"""
import argparse
import datetime
import decimal
import json
import os
import random
import subprocess
import sys
import tempfile
from decimal import Decimal

# Pattern; what Python's isoformat must be told. Those of dates and times with a fraction of a second have all six digits.
DATES = ["%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%j %Y", "%d %b %Y", "%B %d, %Y"]
DATETIMES = ["%d/%m/%Y %H:%M:%S", "%Y-%m-%d %I:%M:%S %p", "%Y%m%dT%H%M%S%z"]
LIMIT = 1 << 53
EPOCH = datetime.datetime(1000, 1, 1)
SECONDS = int((datetime.datetime(9999, 12, 31, 23, 59, 59) - EPOCH).total_seconds())


def digits(source):
    """Returns 1 to 39 digits, most often few, without a leading zero."""
    return str(source.getrandbits(source.choice((1, 4, 8, 16, 53, 54, 64, 128))))


def integer(source):
    sign, number = source.choice(("", "", "-", "+")), digits(source)
    return sign + number, sign.replace("+", "") + number


def number(source):
    sign, whole, fraction = source.choice(("", "", "-", "+")), digits(source), digits(source)
    exponent = source.choice(("", "", "", "e5", "E-12", "e+007"))
    kept = sign.replace("+", "")
    form = source.getrandbits(3)
    if form == 0:
        return f"{sign}.{fraction}{exponent}", f"{kept}0.{fraction}{exponent}"
    if form == 1:
        return f"{sign}{whole}.{exponent}", f"{kept}{whole}{exponent}"
    if form == 2:
        return f"{sign}{whole}{exponent}", f"{kept}{whole}{exponent}"
    return f"{sign}{whole}.0{fraction}0{exponent}", f"{kept}{whole}.0{fraction}0{exponent}"


def same(text, expected):
    if Decimal(text) != Decimal(expected):
        sys.exit(f"values.py: {text} is not {expected}")


def moment(source):
    return EPOCH + datetime.timedelta(seconds=source.randrange(SECONDS), microseconds=source.randrange(1_000_000))


def field(name, kind, **more):
    return {"name": name, "type": kind, **more}


def numbers_table(source, rows):
    """Returns the fields, lines of CSV and lines of JSON."""
    fields = [field("i", "integer"), field("n", "number"), field("g", "integer", groupChar=","),
              field("c", "number", decimalChar=",", groupChar=".")]
    lines, expected = [], []
    for _ in range(rows):
        (i, i_json), (n, n_json) = integer(source), number(source)
        same(i, i_json)
        same(n, n_json)
        big = source.getrandbits(40)
        grouped = f"{big:,}"
        comma = grouped.replace(",", ".") + ",50"
        lines.append(f'{i},{n},"{grouped}","{comma}"')
        expected.append(f'{{"i":{i_json},"n":{n_json},"g":{big},"c":{big}.50}}')
    return fields, lines, expected


def moments_table(source, rows):
    fields = [field("d", "date"), field("t", "time"), field("m", "datetime"), field("y", "yearmonth")]
    fields += [field(f"d{n}", "date", format=pattern) for n, pattern in enumerate(DATES)]
    fields += [field(f"m{n}", "datetime", format=pattern) for n, pattern in enumerate(DATETIMES)]
    lines, expected = [], []
    for _ in range(rows):
        time = moment(source)
        zone = datetime.timezone(datetime.timedelta(minutes=source.randrange(-14 * 60, 14 * 60 + 1)))
        date, clock, whole = time.date().isoformat(), time.isoformat()[11:19], time.replace(microsecond=0)
        recent = time.date().replace(year=1969 + time.year % 100, day=min(time.day, 28))
        row = [date, clock, time.replace(tzinfo=zone).isoformat(timespec="microseconds"), date[:7]]
        values = list(row)
        for pattern in DATES:
            day = recent if "%y" in pattern else time.date()
            row.append(day.strftime(pattern))
            values.append(day.isoformat())
        for pattern in DATETIMES:
            point = whole.replace(tzinfo=zone) if "%z" in pattern else whole
            row.append(point.strftime(pattern))
            values.append(point.isoformat())
        lines.append(",".join(f'"{text}"' for text in row))
        expected.append("{" + ",".join(f'"{f["name"]}":"{v}"' for f, v in zip(fields, values)) + "}")
    return fields, lines, expected


class Command:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def convert(self, fields, lines):
        """Returns the finished process."""
        schema, table = os.path.join(self.folder, "schema.json"), os.path.join(self.folder, "in.csv")
        with open(schema, "w") as file:
            json.dump({"fields": fields}, file)
        with open(table, "w") as file:
            file.write(",".join(f["name"] for f in fields) + "\n" + "\n".join(lines) + "\n")
        return subprocess.run([self.program, "convert", "--schema", schema, table], capture_output=True)


def compare(command, name, fields, lines, expected):
    done = command.convert(fields, lines)
    rows = done.stdout.decode().split("\n")[:-1]
    if done.returncode != 0 or rows != expected:
        place = next((n for n, pair in enumerate(zip(rows, expected)) if pair[0] != pair[1]), min(len(rows), len(expected)))
        print(f"{name}, row {place}: {lines[place]}\n  is       {rows[place:place + 1]}\n  must be  {expected[place:place + 1]}\n"
              f"  {done.stderr.decode()}")
        return False
    print(f"{name}: {len(lines)} rows are right")
    return True


def accepts(kind, text, pattern=None):
    """Whether Python reads a text as a value of that type."""
    try:
        if pattern:
            datetime.datetime.strptime(text, pattern)
        elif kind == "date":
            datetime.date.fromisoformat(text)
        elif kind == "time":
            datetime.datetime.strptime(text, "%H:%M:%S")
        else:
            Decimal(text)
        return True
    except (ValueError, decimal.InvalidOperation):
        return False


def refused(command, source, count):
    """Checks texts that are nearly values, of which Python says that they are none."""
    good = True
    while count > 0:
        kind, pattern = source.choice([("number", None), ("date", None), ("time", None), ("date", "%d.%m.%Y"), ("date", "%Y-%j")])
        time = moment(source)
        text = {"number": number(source)[0], "date": time.date().isoformat(), "time": time.isoformat()[11:19]}[kind]
        text = time.strftime(pattern) if pattern else text
        place = source.randrange(len(text))
        text = text[:place] + source.choice("0123456789-+.:eE/") + text[place + source.randrange(2):]
        if accepts(kind, text, pattern) or text == "":
            continue
        count -= 1
        done = command.convert([field("x", kind, **({"format": pattern} if pattern else {}))], [f'"{text}"'])
        if done.returncode != 65 or b"[typeMismatch]" not in done.stderr:
            print(f"{kind} {pattern or ''}: {text} must be refused: {done.stdout!r} {done.stderr!r}")
            good = False
    return good


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("sluice")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    source = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        command = Command(os.path.abspath(options.sluice), folder)
        # The dates of a row are ten values, so a tenth of the rows are as many.
        good = [compare(command, "numbers", *numbers_table(source, options.rows)),
                compare(command, "dates and times", *moments_table(source, options.rows // 10)),
                refused(command, source, 200)]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
