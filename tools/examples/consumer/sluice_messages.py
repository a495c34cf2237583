"""Reads messages of Sluice as AWS Lambda hands them to a function, and proves by a manifest that all of an input are there."""
import base64
import json
import re
from typing import NamedTuple

try:
    from compression import zstd
except ImportError:  # before Python 3.14
    zstd = None

CONTENT = re.compile(r"(nd)?json(\+zstd\+base64)?|rejects|manifest|aborted")
# The most bytes that the rows of a message may have, so that a damaged one cannot take all memory.
MOST_BYTES = 64 << 20


class Excess(Exception):
    """There are more messages than the manifest states: those of an input that was sent with other options too."""


class Part(NamedTuple):
    """What proves that the rows of a message are there: the bytes of the input that they come from, their number, and its id."""
    start: int
    end: int
    rows: int
    id: int

    NAME = re.compile(r"(\d{20})-(\d{20})-(\d+)-([0-9a-f]{32})\.ndjson")

    def __str__(self):
        return f"{self.start:020}-{self.end:020}-{self.rows}-{self.id:032x}.ndjson"

    @classmethod
    def named(cls, text):
        """Returns the part with this name, or None."""
        name = cls.NAME.fullmatch(text)
        return name and cls(int(name[1]), int(name[2]), int(name[3]), int(name[4], 16))


class Message:
    """A record of the event. `read` returns a body that was too large for the queue, by bucket and key."""

    def __init__(self, record, read):
        self.record, self.read, self.body = record["messageId"], read, record["body"]
        self.labels = {name.removeprefix("sluice."): value.get("stringValue", "")  # a binary one has none
                       for name, value in record["messageAttributes"].items()}
        self.source, self.content = self.labels.get("source"), self.labels.get("content", "")
        if not (self.source and CONTENT.fullmatch(self.content)):
            raise ValueError("this is no message of Sluice")

    def rows(self):
        """Returns the rows as they are written in the message, and what proves them."""
        body = self.body
        if "ExtendedPayloadSize" in self.labels:
            place = json.loads(body)[1]
            body = self.read(place["s3BucketName"], place["s3Key"]).decode()
        if self.content.endswith("+zstd+base64"):
            body = unpacked(base64.b64decode(body, validate=True)).decode()
        rows = lines(body, is_array=self.content.startswith("json") or (self.content == "rejects" and body.startswith("[")))
        start, end = map(int, self.labels["range"].split("-"))
        part = Part(start, end, len(rows), int(self.labels["id"], 16))
        if start > end or Part.named(str(part)) != part or not str(part).endswith(f"-{self.labels['id']}.ndjson"):
            raise ValueError("sluice.range or sluice.id is invalid")
        return rows, part


def unpacked(frame):
    if zstd is None:
        raise NotImplementedError("this Python can't read zstd: use the runtime python3.14, or send without zstd_level")
    decompressor = zstd.ZstdDecompressor()
    content = decompressor.decompress(frame, MOST_BYTES)
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError(f"the zstd frame is cut short, or has more than {MOST_BYTES} bytes, or something follows it")
    return content


def lines(body, is_array):
    """Returns the rows of a body as they are written there. A row is an object or an array."""
    rows = body.removesuffix("\n").split("\n")
    values = DECODER.decode(body) if is_array else [DECODER.decode(row) for row in rows]
    if (is_array and not body.startswith("[")) or not all(isinstance(value, (dict, list)) for value in values):
        raise ValueError("the body is not rows of JSON")
    if is_array:
        rows, end = [], 0
        for _ in values:
            start, end = end + 1, DECODER.raw_decode(body, end + 1)[1]
            rows.append(body[start:end])
    return rows


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


# Numbers stay texts: they may have any number of digits.
DECODER = json.JSONDecoder(parse_constant=refuse, parse_int=str, parse_float=str)


def prove(manifest, parts):
    """Fails unless the ranges of the parts tile the input, and parts, rows and the sum of ids are as the manifest states."""
    found = {"messages": len(parts), "rows": sum(part.rows for part in parts),
             "idSum": f"{sum(part.id for part in parts) % 2**128:032x}"}
    if len(parts) > manifest["messages"]:
        raise Excess(f"there are {len(parts)} messages, more than the {manifest['messages']} of the manifest")
    if found != {name: manifest[name] for name in found}:
        raise ValueError(f"there are not all rows, or others too: {found}")
    spans = sorted([(part.start, part.end) for part in parts]
                   + [tuple(map(int, span.split("-"))) for span in manifest.get("empty", [])])
    if "empty" in manifest and [0] + [end for _, end in spans] != [start for start, _ in spans] + [manifest["bytes"]]:
        raise ValueError("the ranges of the messages don't tile the input")
