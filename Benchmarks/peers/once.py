#!/usr/bin/env python3
"""Runs one conversion by a peer that is a Python package: once.py TOOL FILE THREADS OUTPUT [newlines]

Runs in the private environment that `run` creates. The last line on standard error is `seconds N`: the time of the
conversion alone, without the start of the interpreter and the imports. Every value is read as a string, and every row
becomes an object on its own line. `newlines` states that the file has line ends inside quotes.
"""
import os
import sys
import time


def header(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().rstrip("\r\n").split(",")


def duckdb(path, threads, output, newlines):
    import duckdb
    connection = duckdb.connect()
    connection.execute(f"SET threads={threads}")

    def work():
        connection.execute(f"COPY (SELECT * FROM read_csv('{path}', all_varchar=true, header=true)) "
                           f"TO '{output}' (FORMAT json)")
    return work


def polars(path, threads, output, newlines):
    import inspect
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars
    known = inspect.signature(polars.scan_csv).parameters
    empty = {"empty_string_is_null": False} if "empty_string_is_null" in known else {"missing_utf8_is_empty_string": True}
    return lambda: polars.scan_csv(path, infer_schema=False, **empty).sink_ndjson(output)


def datafusion(path, threads, output, newlines):
    """Measures DataFusion, which can write only to new files. It writes into memory (/dev/shm). The time of plain writes of
    as many bytes there is returned, to be subtracted."""
    import datafusion
    session = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
    columns = ", ".join(f'"{name}" VARCHAR' for name in header(path))
    session.sql(f"CREATE EXTERNAL TABLE input ({columns}) STORED AS CSV LOCATION '{path}' OPTIONS "
                f"('format.has_header' 'true', 'format.newlines_in_values' '{str(newlines).lower()}')").collect()
    target = output if output != "/dev/null" else f"/dev/shm/sluice-peers-{os.getpid()}.json"

    def work():
        session.sql(f"COPY (SELECT * FROM input) TO '{target}' STORED AS JSON").collect()

    def after():
        if output != "/dev/null":
            return 0
        size = os.path.getsize(target)
        os.unlink(target)
        piece = bytes(1 << 20)
        started = time.perf_counter()
        with open(target, "wb", buffering=0) as file:
            for _ in range(size >> 20):
                file.write(piece)
        seconds = time.perf_counter() - started
        os.unlink(target)
        return seconds
    work.after = after
    return work


def chdb(path, threads, output, newlines):
    import chdb
    columns = ", ".join(f"`{name}` String" for name in header(path))
    return lambda: chdb.query(f"SELECT * FROM file('{path}', 'CSVWithNames', '{columns}') INTO OUTFILE '{output}' "
                              f"TRUNCATE FORMAT JSONEachRow SETTINGS max_threads={threads}")


def csvkit(path, threads, output, newlines):
    from csvkit.utilities.csvjson import CSVJSON

    def work():
        with open(output, "w", encoding="utf-8") as file:
            tool = CSVJSON(["--stream", "--no-inference", "--snifflimit", "0", path], file)
            tool.run()
    return work


def dictreader(path, threads, output, newlines):
    import csv
    import json

    def work():
        with open(path, newline="", encoding="utf-8") as source, open(output, "w", encoding="utf-8") as target:
            for row in csv.DictReader(source):
                target.write(json.dumps(row))
                target.write("\n")
    return work


def version(tool):
    import importlib.metadata
    import platform
    return platform.python_version() if tool == "dictreader" else importlib.metadata.version(tool)


def main():
    if len(sys.argv) < 3 or "--help" in sys.argv:
        print(__doc__)
        return
    tool, path = sys.argv[1:3]
    if path == "--version":
        print(version(tool))
        return
    work = globals()[tool](path, int(sys.argv[3]), sys.argv[4], "newlines" in sys.argv[5:])
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    seconds -= getattr(work, "after", lambda: 0)()
    print(f"\nseconds {seconds:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main()
