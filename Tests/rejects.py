"""A simple reading of CSV, which says where each record is and what is wrong with it, and files with bad records of every kind.

Shared by the tests of rejects. It knows nothing of how Sluice reads. An input is bytes or a mapped file of any size:

    1,x⏎2,"lost⏎3,"ok"⏎4⏎       records 1 to 3: 1,x is good; "lost⏎3,"ok" is textAfterQuote; 4 is raggedRecord
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
STRANGE = re.compile(rb'["\r]')
INTEGER = re.compile(rb"-?[1-9][0-9]*|0")
MOST_COLUMNS = 40

Record = collections.namedtuple("Record", "number offset end line lines raw fields code")

# The rules that options set: whether the first column holds integers, and the least of them; the most bytes of a record; whether
# a quote that isn't closed within these costs only its line; the most bytes of a row; whether text was UTF-16, in which a
# surrogate is one of three bytes here.
Rules = collections.namedtuple("Rules", "is_integer least_integer most_bytes next_line most_row is_utf16",
                               defaults=(True, None, None, False, None, False))
USUAL = Rules()


def records(data, width, rules=USUAL):
    """Yields all records of an input, headers and blank lines included, with what is wrong with each."""
    offset, number, line = 0, 1, 1
    while offset < len(data):
        fields, place, code = [], offset, None
        while True:
            field = FIELD.match(data, place)
            quoted, plain = field.groups()
            found = fault(quoted, plain)
            if rules.next_line and quoted and (found == "unterminatedQuote" or field.end() - offset > rules.most_bytes):
                code, place = code or "unterminatedQuote", END.search(data, place).start()
                break
            code = code or found
            fields.append(value(quoted, plain))
            place = field.end()
            if data[place:place + 1] != b",":
                break
            place += 1
        end = END.match(data, place).end()
        raw = data[offset:place]
        lines = data[offset:end].count(b"\n")
        found = Record(number, offset, end, line, max(1, lines + (data[end - 1:end] != b"\n")), raw, fields, code)
        yield found if code else found._replace(code=fault_of_record(found, width, rules))
        offset, number, line = end, number + 1, line + lines


def fault(quoted, plain):
    if quoted and not quoted[1:].replace(b'""', b"").endswith(b'"'):
        return "unterminatedQuote"
    if quoted:
        return "textAfterQuote" if plain else None
    strange = STRANGE.search(plain)
    return strange and ("bareCR" if strange[0] == b"\r" else "quoteInPlain")


def fault_of_record(record, width, rules):
    if record.raw == b"":
        return "blankLine"
    if len(record.fields) > MOST_COLUMNS:
        return "tooManyColumns"
    if len(record.fields) != width:
        return "raggedRecord"
    try:
        record.raw.decode()
    except UnicodeDecodeError:
        return "invalidEncoding" if rules.is_utf16 else "invalidUTF8"
    if rules.is_integer and record.number > 1:
        if not INTEGER.fullmatch(record.fields[0]):
            return "typeMismatch"
        if rules.least_integer is not None and int(record.fields[0]) < rules.least_integer:
            return "constraint"
    if rules.most_row is not None and len(record.raw) > rules.most_row:
        return "rowTooLarge"
    return None


def value(quoted, plain):
    return plain if quoted is None else quoted[1:-1].replace(b'""', b'"') + plain


BAD = [b'%d,12" wide,x', b'%d,"said "no"",x', b'%d,"lost\n8,"ok",y', b"%d,one\rtwo,x", b"%d,only", b"%d,a,b,c", b"%d,\xff,x",
       b'%d,"two\nlines\r\n"",\n",more,x', b"", b"x%d,a,b", b"%d" + b"," * 60, b'%d,"a\xc3\n",x', b"0%d,a,b"]


def row(number):
    """Returns a valid row, some with quoted line ends or characters that are not ASCII."""
    return b'%d,"a, ""b""\n%s",%s' % (number, b"\r\n" * (number % 3), b"\xc3\xa9" * (number % 40))


def dirty(seed, rows=20_000, bad=100):
    """Returns a valid file of some rows with quoted values of several lines, with bad records at random places and at its end."""
    chance = random.Random(seed)
    lines = [row(n) for n in range(1, rows)]
    for place in range(bad):
        form = BAD[place % len(BAD)]
        lines.insert(chance.randrange(len(lines)), form % place if b"%d" in form else form)
    ends = chance.choices([b"\n", b"\r\n"], k=len(lines) + 1)
    return b"".join(line + end for line, end in zip([b"id,text,note", *lines], ends)) + b'7,"open,8\n9,x,y\n'


OPTIONS = ["--types", "id:integer", "--max-columns", str(MOST_COLUMNS), "--blank-lines", "error"]


def raw(reject):
    return reject["raw"].encode() if "raw" in reject else base64.b64decode(reject["rawBase64"])
