#!/usr/bin/env python3
"""Reads one file with types, by a peer that is a Python package: typed_once.py TOOL FILE SCHEMA

SCHEMA is a Table Schema. Runs in the private environment that `run` creates. The last line on standard error is `seconds N`:
the processor time of the work alone, without the start of the interpreter and the imports.
"""
import json
import sys
import time

# DuckDB's types for those of Table Schema.
SQL = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP", "year": "BIGINT"}


def connection():
    import duckdb
    opened = duckdb.connect()
    opened.execute("SET threads=1")
    return opened


def source(path, schema):
    columns = ", ".join(f"'{field['name']}': '{SQL.get(field['type'], 'VARCHAR')}'" for field in schema["fields"])
    return f"read_csv('{path}', header=true, delim=',', columns={{{columns}}})"


def duckdb_sum(path, schema):
    """The sum of the last column of numbers."""
    opened, name = connection(), [field["name"] for field in schema["fields"] if field["type"] == "integer"][-1]
    return lambda: opened.execute(f"SELECT sum({name}) FROM {source(path, schema)}").fetchall()


def duckdb_table(path, schema):
    opened = connection()
    return lambda: opened.execute(f"CREATE TABLE rows AS SELECT * FROM {source(path, schema)}")


def duckdb_rows(path, schema):
    """Writes the rows as JSON, to compare them."""
    opened = connection()
    return lambda: opened.execute(f"COPY (SELECT * FROM {source(path, schema)}) TO '/dev/stdout' (FORMAT json)")


def frictionless(path, schema):
    import os
    from frictionless import Resource
    resource = Resource.from_descriptor({
        "name": "input", "path": os.path.basename(path), "encoding": "utf-8", "schema": schema,
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}},
                                        basepath=os.path.dirname(path))

    def work():
        report = resource.validate()
        if not report.valid:
            sys.exit(str(report.to_summary()))
    return work


def main():
    if len(sys.argv) != 4 or "--help" in sys.argv:
        print(__doc__)
        return
    with open(sys.argv[3], encoding="utf-8") as file:
        schema = json.load(file)
    work = globals()[sys.argv[1]](sys.argv[2], schema)
    started = time.process_time()
    work()
    print(f"\nseconds {time.process_time() - started:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main()
