"""Polars and Python's csv: python_peers.py TOOL WAY FILE, with the ways of PeerProgram.swift.

Polars reads in batches, which is its fastest way and takes the least memory. Its `decode` makes typed columns, and no structs.
"""
import csv
import dataclasses
import sys

TEXTS = ("carrier", "aircraft", "origin", "destination")
FLIGHT = ("year month weekday departed scheduled delay arrived due late carrier flight aircraft origin destination minutes"
          " distance hour terminal").split()
Flight = dataclasses.make_dataclass("Flight", FLIGHT)


def show(row):
    print("\x1f".join(f"{name}={'none' if value is None else value}" for name, value in row.items()), end="\x1e", flush=True)


class CSV:
    def lists(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            yield from csv.reader(file)

    def records(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)

    def strings(self, path):
        for _ in self.lists(path):
            pass

    def column(self, path):
        print(sum(len(row[2]) for row in self.lists(path)) - len("weekday"))

    def dictionary(self, path):
        for _ in self.records(path):
            pass

    def decode(self, path):
        for row in self.records(path):
            Flight(*[row[name] if name in TEXTS else int(row[name]) if row[name] else None for name in FLIGHT])

    def rows(self, path):
        for row in self.records(path):
            show(row)

    def first(self, path):
        show(next(self.records(path)))

    def forms(self, path):
        show({"array": list(self.lists(path))[1][0]})
        show({"dictionary": next(self.records(path))["a"]})

    def nothing(self, path):
        pass


class Polars:
    def __init__(self):
        import polars
        self.polars = polars

    def batches(self, path, **options):
        yield from self.polars.scan_csv(path, **options).collect_batches()

    def strings(self, path):
        print(sum(batch.height for batch in self.batches(path, infer_schema=False)))

    def column(self, path):
        lengths = self.polars.col("weekday").str.len_bytes().sum()
        print(self.polars.scan_csv(path, infer_schema=False).select(lengths).collect(engine="streaming").item())

    def decode(self, path):
        schema = {name: self.polars.String if name in TEXTS else self.polars.Int64 for name in FLIGHT}
        print(sum(batch.height for batch in self.batches(path, schema=schema)))

    def show_all(self, frame):
        for row in frame.iter_rows(named=True):
            show(row)

    def rows(self, path):
        self.show_all(self.polars.read_csv(path, infer_schema=False))

    def typed(self, path):
        self.show_all(self.polars.read_csv(path, schema={"a": self.polars.String, "b": self.polars.Int64}))

    def first(self, path):
        for batch in self.batches(path, infer_schema=False):
            show({"a": batch[0, "a"]})
            return

    def forms(self, path):
        frame = self.polars.read_csv(path, infer_schema=False)
        show({"field by position": frame[0, 0]})
        show({"field by name": frame[0, "a"]})
        show({"dictionary": frame.row(0, named=True)["a"]})
        show({"array": frame.row(0)[0]})
        show({"column by name": frame["a"][0]})

    def nothing(self, path):
        pass


def main():
    tool, way, path = sys.argv[1:]
    peer = {"csv": CSV, "polars": Polars}[tool]()
    if not hasattr(peer, way):
        print("error: no such way")
        return
    try:
        getattr(peer, way)(path)
    except Exception as error:      # whatever the peer says is what is shown
        print(f"error: {type(error).__name__}: {error}")


main()
