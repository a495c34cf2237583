#!/usr/bin/env python3
"""Generates the four inputs of the benchmarks. Each machine makes its own; they are never committed.

A block of a few thousand distinct rows is made from a seed and repeated up to the requested size, so that 270 MB take a
second; the file ends with a whole row. The repetition affects no figure: the block is too long for a branch predictor to
learn, and no tool here keeps values it has seen. The block's JSON is also longer than the text of one message, so packing
with zstd does not see the repetition either; compressing a whole file with a large window would.

    narrow   18 short columns without quotes, as in most exports; nearly all of the output is keys
    quoted   8 columns, 30 % of the fields quoted, half of those with quotes or line ends inside
    text     4 columns, the last a long text in UTF-8: ASCII, accents, Greek, Cyrillic, Chinese, emoji, some escapes
    wide     120 columns of about four bytes

A fifth, for values of types, is made only by name:

    typed    18 columns: integers, numbers, booleans, dates, times and strings

The same seed gives the same bytes on every machine: only `random.Random.random` is used, which Python guarantees.
"""
import argparse
import itertools
import os
import random
import sys

KINDS = ("narrow", "quoted", "text", "wide")
ALL_KINDS = KINDS + ("typed",)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".build", "benchmarks", "inputs")
ROWS = {"narrow": 16384, "quoted": 16384, "text": 4096, "wide": 2048, "typed": 16384}
SIZE = 270_000_000
WORDS = {
    "ascii": "the order was sent by road and came two days late so we took it back without a charge box shelf lamp".split(),
    "latin": "où naïve Ångström façade über señor crème brûlée déjà coöperate smörgåsbord jalapeño".split(),
    "greek": "το πλοίο έφυγε από τον Πειραιά νωρίς το πρωί με όλο το φορτίο".split(),
    "cyrillic": "поезд пришёл на станцию поздно вечером и груз остался в вагоне".split(),
    "chinese": "货物 已经 送到 仓库 请 在 周五 之前 确认 收到 谢谢".split(),
    "emoji": "🚚 📦 ✅ 👩‍💻 🎉".split(),
}


class Dice:
    def __init__(self, seed):
        self.next = random.Random(seed).random

    def below(self, count):
        return int(self.next() * count)

    def number(self, digits):
        return str(self.below(10 ** (1 + self.below(digits))))

    def word(self, kind="ascii"):
        return WORDS[kind][self.below(len(WORDS[kind]))]

    def code(self, length):
        return "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[self.below(26)] for _ in range(length))


def narrow(dice):
    header = ("year month weekday departed scheduled delay arrived due late carrier flight aircraft origin destination "
              "minutes distance hour terminal").split()

    def row():
        delay = "" if dice.below(40) == 0 else str(dice.below(200) - 20)
        return ["20" + str(10 + dice.below(15)), str(1 + dice.below(12)), str(1 + dice.below(31)), dice.number(4),
                str(500 + dice.below(1800)), delay, dice.number(4), str(500 + dice.below(1800)), delay, dice.code(2),
                dice.number(4), "N" + str(100 + dice.below(900)) + dice.code(2), dice.code(3), dice.code(3),
                dice.number(3), str(80 + dice.below(4900)), str(5 + dice.below(19)), str(dice.below(60))]
    return header, row


def quoted(dice):
    header = "id customer product remark address city amount status".split()

    def field(plain, longer):
        if dice.next() >= 0.30:
            return plain
        text = " ".join(dice.word() for _ in range(longer + dice.below(longer)))
        kind = dice.below(4)
        if kind == 0:
            text = 'said ""' + text + '""'
        elif kind == 1:
            text = text.replace(" ", "\n", 1) + ","
        else:
            text = text.replace(" ", ", ", 1)
        return '"' + text + '"'

    def row():
        plain = (dice.number(7), dice.word("latin"), dice.word() + " " + dice.word(), dice.word(), dice.number(3) + " "
                 + dice.word(), dice.word("latin"), dice.number(4) + "." + dice.number(2), dice.code(4))
        return [field(value, 3 + index % 3) for index, value in enumerate(plain)]
    return header, row


def text(dice):
    header = "id language title body".split()
    scripts = list(WORDS)

    def row():
        script = scripts[dice.below(len(scripts) - 1)]
        pieces = []
        for _ in range(40 + dice.below(160)):
            pieces.append(dice.word("ascii" if dice.below(3) else "emoji" if dice.below(20) == 0 else script))
            pieces.append(("\n" if dice.below(6) == 0 else ' ""' + dice.word() + '"" ') if dice.below(30) == 0
                          else ", " if dice.below(8) == 0 else " ")
        return [dice.number(7), script, " ".join(dice.word(script) for _ in range(5)), '"' + "".join(pieces) + '"']
    return header, row


def wide(dice):
    header = ["item_" + str(index) for index in range(120)]

    def row():
        return [dice.number(6) if dice.below(5) else dice.code(3) for _ in header]
    return header, row


def typed(dice):
    header = ("order item quantity stock weight_g customer price discount tax_rate balance paid gift ordered shipped updated "
              "country sku channel").split()

    def day():
        return f"20{10 + dice.below(15)}-{1 + dice.below(12):02}-{1 + dice.below(28):02}"

    def row():
        moment = f"{day()}T{dice.below(24):02}:{dice.below(60):02}:{dice.below(60):02}"
        shipped = "" if dice.below(20) == 0 else day()
        return [dice.number(8), dice.number(6), dice.number(2), str(dice.below(2000) - 1000), dice.number(5), dice.number(7),
                f"{dice.number(4)}.{dice.below(100):02}", f"0.{dice.below(100):02}", f"{dice.below(30)}.5",
                f"-{dice.number(5)}.{dice.below(100):02}", "true" if dice.below(2) else "false", "1" if dice.below(9) else "0", day(),
                shipped, moment, dice.code(2), dice.code(3) + "-" + dice.number(4), dice.word()]
    return header, row


def block(kind, seed=1, rows=None):
    """Returns the header line and the list of distinct rows, as bytes."""
    header, row = globals()[kind](Dice(seed))
    lines = [(",".join(row()) + "\n").encode() for _ in range(rows or ROWS[kind])]
    return (",".join(header) + "\n").encode(), lines


def make(kind, size=SIZE, seed=1, rows=None, folder=FOLDER):
    """Returns the path of an input of at most `size` bytes, but at least one row. An existing file is used again."""
    header, lines = block(kind, seed, rows)
    body = b"".join(lines)
    left = max(size - len(header), len(lines[0]))
    repeats, left = divmod(left, len(body))
    ends = itertools.accumulate(map(len, lines))
    tail = body[:max((end for end in ends if end <= left), default=0)]
    path = os.path.join(folder, f"{kind}-{size}-{seed}-{rows or ROWS[kind]}.csv")
    total = len(header) + repeats * len(body) + len(tail)
    if os.path.exists(path) and os.path.getsize(path) == total:
        with open(path, "rb") as file:
            start = (header + (body if repeats else tail))
            if file.read(len(start)) == start:
                return path
    os.makedirs(folder, exist_ok=True)
    unfinished = f"{path}.{os.getpid()}"
    batch = max(1, (1 << 23) // len(body))
    with open(unfinished, "wb", buffering=0) as file:
        file.write(header)
        many = memoryview(body * batch)
        while repeats > 0:
            now = min(batch, repeats)
            write(file, many[:now * len(body)])
            repeats -= now
        write(file, memoryview(tail))
    os.rename(unfinished, path)
    return path


def write(file, bytes):
    while bytes:
        bytes = bytes[file.write(bytes):]


def bytes_of(text):
    """Returns a size in bytes from 270, 270M or 10G; units are decimal."""
    units = {"K": 10**3, "M": 10**6, "G": 10**9}
    text = text.strip().upper().removesuffix("B").strip()
    unit = units.get(text[-1:], 1)
    try:
        return int(float(text.rstrip("KMG")) * unit)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a size: {text} (examples: 270M, 10G)") from None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(ALL_KINDS)}; the first four if none is named")
    parser.add_argument("--size", type=bytes_of, default=SIZE, help="size of each file, for example 20M or 10G (270M)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, help="distinct rows (%s)" % ", ".join(f"{k} {v}" for k, v in ROWS.items()))
    parser.add_argument("--folder", default=FOLDER, help="directory to write to (.build/benchmarks/inputs)")
    options = parser.parse_args()
    for kind in options.kinds or KINDS:
        if kind not in ALL_KINDS:
            parser.error(f"no such input: {kind}")
        print(make(kind, options.size, options.seed, options.rows, options.folder))


if __name__ == "__main__":
    sys.exit(main())
