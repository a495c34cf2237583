"""The files that `features` has every tool read, each of a kind that people really meet, and what each must become.

`rows` are the expected rows; numbers compare digit for digit. For a case whose input is invalid, `message` must be found in the
error that the tool reports, and the tool must fail.
"""
import dataclasses
import os

from support import machine

CASES_FOLDER = os.path.join(machine.ROOT, "Fixtures", "cases")


@dataclasses.dataclass
class Case:
    key: str
    title: str
    data: bytes
    rows: str = None            # as JSON, to compare the digits of numbers
    message: str = None         # a regular expression
    schema: dict = None         # the Table Schema that Sluice reads it with
    name: str = "input.csv"


def fixture(name):
    with open(os.path.join(CASES_FOLDER, name), "rb") as file:
        return file.read()


def fields(**types):
    return {"fields": [{"name": name, "type": kind} for name, kind in types.items()]}


CASES = [
    Case("preamble", "three lines before the header", fixture("preamble.csv"), '[{"id":"1","qty":"5"}]'),
    Case("comments", "comment lines, before and between the rows", fixture("comments.csv"), '[{"id":"1","qty":"5"}]'),
    Case("units", "a row of units after the header", fixture("units_row.csv"), '[{"ET":"0.0","V":"0.05"}]'),
    Case("footer", "a footer of two kinds of lines", fixture("footer.csv"), '[{"id":"1","qty":"5"},{"id":"2","qty":"6"}]'),
    Case("trailing", "a delimiter at the end of every line", fixture("trailing_delim.csv"),
         '[{"id":"1","name":"x"},{"id":"2","name":"y"}]'),
    Case("backslash", "quotes escaped with a backslash", fixture("backslash_quote.csv"),
         r'[{"id":"1","t":"TV 50\" wide"},{"id":"2","t":"a,b"}]'),
    Case("delimiter", "a delimiter of two characters", fixture("multichar_delim.csv"), '[{"id":"1","name":"a|b"}]'),
    Case("literal", "tabs, with quotes that are only text", fixture("tsv_literal_quotes.tsv"),
         r'[{"id":"1","name":"\"Kos\" Theatre"},{"id":"2","name":"20\""}]', name="input.tsv"),
    Case("inches", "`12\" monitor`, unquoted", b'a,b\n12" monitor,5" stand\n', r'[{"a":"12\" monitor","b":"5\" stand"}]'),
    Case("spaces", "spaces before quotes", fixture("space_before_quote.csv"), '[{"a":"1","b":"2","c":"3"}]'),
    Case("lines", "CR LF inside quotes, kept", b'a,b\r\n1,"x\r\ny"\r\n', r'[{"a":"1","b":"x\r\ny"}]'),
    Case("windows", "Windows-1252", fixture("cp1252.csv"), '[{"nameé":"café","v":"€ 5"}]'),
    Case("null", "a missing value is null, `\"\"` an empty string", fixture("null_vs_empty.csv"),
         '[{"a":"x","b":null,"c":""}]'),
    Case("exact", "`12345678901234567890.10` as a number, unrounded", b"id,amount\n007,12345678901234567890.10\n",
         '[{"id":"007","amount":12345678901234567890.10}]'),
    Case("german", "`1.234,50` and `03.11.2026` as number and date", b"id;amount;day\n1;1.234,50;03.11.2026\n",
         '[{"id":"1","amount":1234.50,"day":"2026-11-03"}]',
         schema={"fields": [{"name": "id", "type": "string"},
                            {"name": "amount", "type": "number", "decimalChar": ",", "groupChar": "."},
                            {"name": "day", "type": "date", "format": "%d.%m.%Y"}]}),
    Case("nested", "`a.b` and `a.c` nested, without naming each", b"id,a.b,a.c\n1,2,3\n", '[{"id":"1","a":{"b":"2","c":"3"}}]'),
    Case("zeros", "`007` in a column of integers is refused", b"id,code\n1,007\n", message="code",
         schema=fields(id="string", code="integer")),
    Case("wrong", "`x5` in a column of integers: line and column", b"id,qty\n1,5\n2,x5\n",
         message=r"(?is)(?=.*(:|line\W+)3\b)(?=.*qty)", schema=fields(id="string", qty="integer")),
    Case("rule", "a value below its column's minimum: line and column", b"id,qty\n1,5\n2,-5\n",
         message=r"(?is)(?=.*(:|line\W+)3\b)(?=.*qty)",
         schema={"fields": [{"name": "id", "type": "string"}, {"name": "qty", "type": "integer",
                                                               "constraints": {"minimum": 0}}]}),
    Case("short", "a row without its last field is refused: line", b"id,qty\n1,5\n2\n", message=r"(?i)(:|line\W+|row )3\b"),
    Case("drift", "columns in another order than declared are refused", b"qty,id\n5,1\n", message="qty|id|header|column",
         schema=fields(id="string", qty="integer")),
]
