"""What tools that could not be run here read, from their own documentation. A case that it does not settle is left out."""
import dataclasses


@dataclasses.dataclass
class Documented:
    name: str
    version: str
    source: str
    yes: dict       # case's key: the option, or what is said
    no: dict        # case's key: why


TOOLS = [
    Documented(
        "xan", "0.60.0", "https://github.com/medialab/xan/tree/4126334c/docs/cmd (input, slice, drop, to)",
        yes={"preamble": "input --skip-lines", "comments": "input --comment", "units": "slice --start 1", "trailing": "drop",
             "backslash": "input --escape", "literal": "input --no-quoting", "inches": "input --tolerant"},
        no={"footer": "one comment character", "delimiter": "one character", "windows": "README: use iconv",
            "null": "to --nulls: all empty values", "german": "types are guessed", "nested": "no option",
            "zeros": "types are guessed", "wrong": "no schema", "rule": "no schema", "drift": "no schema"}),
    Documented(
        "qsv", "22.0.1", "https://github.com/dathere/qsv/tree/1534b6232/docs/help (input, slice, select, tojsonl, validate)",
        yes={"preamble": "input --skip-lines", "comments": "input --comment", "units": "slice --start 1",
             "footer": "input --skip-lastlines 3", "trailing": "select '!/^$/'", "backslash": "input --escape",
             "literal": "input --no-quoting", "wrong": "validate with a JSON Schema: row number and field",
             "rule": "validate with a JSON Schema: row number and field"},
        no={"delimiter": "one character", "windows": "input: use iconv", "null": "tojsonl infers null",
            "german": "types are guessed",
            "nested": "no option"}),
    Documented(
        "Step Functions", "2026", "https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html",
        yes={"backslash": "before backslash, quote and delimiter; before others it is removed", "lines": "newlines in quotes"},
        no={"preamble": "no option", "comments": "no option", "units": "no option", "footer": "no option",
            "delimiter": "one of five",
            "literal": "quotes can't be switched off", "null": "all values are strings", "exact": "all values are strings",
            "german": "all values are strings", "nested": "all values are strings", "zeros": "no types", "wrong": "no types",
            "rule": "no schema",
            "short": "missing values become empty strings", "drift": "no schema"}),
]
