"""A simple reading of CSV, which says where each record is and what is wrong with it, and files with bad records of every kind.

Shared by the tests of rejects. It knows nothing of how Sluice reads.
"""
import base64
import collections
import random
import re

# A field, accepting quotes everywhere: in quotes up to a single quote or the end of the input, then anything up to the end of the
# field. A CR that is not before an LF is data.
QUOTED = rb'"[^"]*(?:""[^"]*)*(?:"|\Z)'
PLAIN = rb"(?:[^,\r\n]|\r(?!\n))*"
FIELD = re.compile(b"(%s)?(%s)" % (QUOTED, PLAIN))
END = re.compile(rb"\r\n|\n|\Z")
MOST_COLUMNS = 40

Record = collections.namedtuple("Record", "number offset end line lines raw fields code")


def records(data, width, is_integer):
    """Yields all records of an input, headers and blank lines included, with what is wrong with each."""
    offset, number, line = 0, 1, 1
    while offset < len(data):
        fields, place, code = [], offset, None
        while True:
            field = FIELD.match(data, place)
            code = code or fault(*field.groups())
            fields.append(field)
            place = field.end()
            if data[place:place + 1] != b",":
                break
            place += 1
        end = END.match(data, place).end()
        lines = data.count(b"\n", offset, end)
        found = Record(number, offset, end, line, max(1, lines + (data[end - 1:end] != b"\n")), data[offset:place],
                       [value(*field.groups()) for field in fields], None)
        yield found._replace(code=code or fault_of_record(found, width, is_integer and number > 1))
        offset, number, line = end, number + 1, line + lines


def fault(quoted, plain):
    if quoted and (len(quoted) == 1 or len(re.sub(b'""', b"", quoted[1:])) == len(re.sub(b'""|"', b"", quoted[1:]))):
        return "unterminatedQuote"
    if quoted:
        return "textAfterQuote" if plain else None
    strange = re.search(rb'["\r]', plain)
    return strange and ("bareCR" if strange[0] == b"\r" else "quoteInPlain")


def fault_of_record(record, width, is_integer):
    if record.raw == b"":
        return "blankLine"
    if len(record.fields) > MOST_COLUMNS:
        return "tooManyColumns"
    if len(record.fields) != width:
        return "raggedRecord"
    try:
        record.raw.decode()
    except UnicodeDecodeError:
        return "invalidUTF8"
    if is_integer and not re.fullmatch(rb"[1-9][0-9]*|0", record.fields[0]):
        return "typeMismatch"
    return None


def value(quoted, plain):
    return plain if quoted is None else re.sub(b'""', b'"', quoted[1:-1]) + plain


BAD = [b'%d,12" wide,x', b'%d,"said "no"",x', b'%d,"lost\n8,"ok",y', b"%d,one\rtwo,x", b"%d,only", b"%d,a,b,c", b"%d,\xff,x",
       b'%d,"two\nlines\r\n"",\n",more,x', b"", b"x%d,a,b", b"%d" + b"," * 60, b'%d,"a\xc3\n",x', b"0%d,a,b"]


def dirty(seed, rows=20_000, bad=100):
    """Returns a valid file of some rows with quoted values of several lines, with bad records at random places and at its end."""
    chance = random.Random(seed)
    lines = [b'%d,"a, ""b""\n%s",%s' % (n, b"\r\n" * (n % 3), b"\xc3\xa9" * (n % 40)) for n in range(1, rows)]
    for place in range(bad):
        form = BAD[place % len(BAD)]
        lines.insert(chance.randrange(len(lines)), form % place if b"%d" in form else form)
    ends = chance.choices([b"\n", b"\r\n"], k=len(lines) + 1)
    return b"".join(line + end for line, end in zip([b"id,text,note", *lines], ends)) + b'7,"open,8\n9,x,y\n'


OPTIONS = ["--types", "id:integer", "--max-columns", str(MOST_COLUMNS), "--blank-lines", "error"]


def raw(reject):
    return reject["raw"].encode() if "raw" in reject else base64.b64decode(reject["rawBase64"])
