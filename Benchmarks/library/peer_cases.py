"""Small files that show how strict a reader is, and the verdicts on what a peer makes of them.

A file has a record that every peer reads, `x,1`, and then what is tested. A reader may refuse what RFC 4180 does not allow, and
should say where: the numbers that it names are compared with the case's. If it succeeds, it must give `rows`; if it gives others,
or where no reading is right, the values are silently wrong.
"""
import dataclasses
import gzip
import re

GOOD = b"a,b\nx,1\n"
X, Y = {"a": "x", "b": "1"}, {"a": "y", "b": "2"}
A, B = ("a", "0", "1"), ("b", "1", "2")     # how an error can name the columns
PLACES = {
    "line": r"\bline:? (\d+)|(?:^|\(|error: )(\d+): error",
    "record": r"\b(?:record|row|Row index:) (\d+)|Path: \[(\d+)\]",
    "column": r"\b(?:field|columns?)(?::| number)? '?(\w+)|Path: \[\d+\]\.(\w+)",
    "byte": r"\b(?:byte:?|position|offset in the file is) (\d+)",
}


@dataclasses.dataclass
class Case:
    title: str
    bytes: bytes
    rows: list = None           # by the only reading that loses nothing, or None if there is none
    is_valid: bool = False
    column: tuple = ()          # of what is invalid
    line: int = 3
    start: int = len(GOOD)      # of the invalid record
    way: str = "rows"
    name: str = "case.csv"

    def places(self, error):
        """Returns those places that an error states and that are right."""
        return [kind for kind, pattern in PLACES.items()
                if any(self.is_right(kind, match.group(match.lastindex)) for match in re.finditer(pattern, error))]

    def is_right(self, kind, text):
        if kind == "column":
            return text in self.column
        # A record may count from 0 or 1, with the header or without: the invalid one is the header or the second after it.
        right = {"line": (self.line,), "record": (0, 1) if self.line == 1 else (1, 2, 3),
                 "byte": range(self.start, len(self.bytes) + 1)}
        return int(text) in right[kind]

    def verdict(self, answer):
        if answer.error is None:
            if answer.rows == self.rows:
                return "yes" if self.is_valid else "accepted"
            rest = answer.rows[1:] if answer.rows[:1] == [X] else answer.rows
            return f"**wrong**: {code(shown(rest))}"
        if self.is_valid:
            return "no"
        return "error: " + (", ".join(self.places(answer.error)) or "no place")


@dataclasses.dataclass
class Answer:
    rows: list
    error: str                  # or None

    @staticmethod
    def parsed(output, status):
        """Reads what `show` of PeerProgram.swift wrote."""
        *rows, last = output.split("\x1e")
        error = last.removeprefix("error: ").strip() if last.startswith("error: ") else None
        if status:
            error = f"ended with {status} {last}".strip()
        return Answer([dict(field.split("=", 1) for field in row.split("\x1f")) for row in rows], error)

    def text(self):
        return f"error: {' '.join(self.error.split())}" if self.error is not None else shown(self.rows)


def shown(rows):
    return "; ".join(", ".join(f"{name}={value}" for name, value in sorted(row.items())) for row in rows) or "no rows"


def code(text):
    """Writes a text as code of Markdown in a table, with escapes for what can't be seen."""
    text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text).replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def zstd(data):
    """Returns a zstd frame with one uncompressed block."""
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(data)]) + (len(data) << 3 | 1).to_bytes(3, "little") + data


STRICT = [
    Case("a quote in an unquoted field", GOOD + b'12" wide,2\n', [X, {"a": '12" wide', "b": "2"}], column=A),
    Case("text after a closing quote", GOOD + b'"y"z,2\n', column=A),
    Case("an unterminated quote", GOOD + b'y,"2\nz,3\n', column=B),
    Case("invalid UTF-8", GOOD + b"\xff,2\n", column=A),
    Case("a record with too few fields", GOOD + b"y\n", column=B),
    Case("a record with too many fields", GOOD + b"y,2,3\n", column=("2", "3")),
    Case("a CR that ends no line", GOOD + b"y\rz,2\n", [X, {"a": "y\rz", "b": "2"}], column=A),
    # A name of its own for the second column, as Polars finds one, loses nothing.
    Case("two columns of one name", b"a,a\nx,1\n", [{"a": "x", "a_duplicated_0": "1"}], line=1, start=0, column=A + B),
]
VALID = [
    Case("a byte order mark", b"\xef\xbb\xbf" + GOOD, [X], is_valid=True),
    Case("CR LF at line ends", GOOD.replace(b"\n", b"\r\n"), [X], is_valid=True),
    Case("CR LF inside quotes", GOOD + b'"y\r\nz",2\n', [X, {"a": "y\r\nz", "b": "2"}], is_valid=True),
]
COMPRESSED = [
    Case("gzip", gzip.compress(GOOD, mtime=0), [X], is_valid=True, name="case.csv.gz"),
    Case("zstd", zstd(GOOD), [X], is_valid=True, name="case.csv.zst"),
]
VALUE = Case("a value that is no integer", b'a,b\n"x\nx",1\nz,many\n', line=4, start=12, column=B, way="typed")
NULL = Case("an empty value is nil", b"a,b\nx,\n", [{"a": "x", "b": "none"}], is_valid=True, way="typed")
CHUNKS = Case("async chunks", GOOD, [X], is_valid=True, way="chunks")
FORMS = Case("forms", GOOD, way="forms")
CASES = [*STRICT, *VALID, *COMPRESSED, VALUE, NULL, CHUNKS, FORMS]
