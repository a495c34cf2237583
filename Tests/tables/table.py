"""A table: a Data Resource with a schema and a dialect, and a file. A random one mostly follows its schema."""
import random

from fields import RandomField

NAMES = ["id", "name", "Größe", "a b", "x.y", "price", "when", "Preis (€)", "日付", "n"]
# frictionless guesses what a dialect does not say.
PLAIN = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}


class Table:
    def __init__(self, schema, header, rows, dialect=None, dice=None):
        self.header, self.rows = header, rows
        self.dialect = {**PLAIN, **(dialect or {})}
        self.dice = dice or random.Random(1)
        self.descriptor = {"$schema": "https://datapackage.org/profiles/2.0/dataresource.json", "name": "table",
                           "path": "table.csv", "encoding": "utf-8", "dialect": self.dialect, "schema": schema}

    def field(self, name):
        """Returns the descriptor of a column's field; for a column without one, of the type `extra`."""
        extra = {"name": name, "type": "extra", "missing": self.missing({})}
        return next((field for field in self.descriptor["schema"]["fields"] if field["name"] == name), extra)

    def missing(self, field):
        """Returns a field's missing values."""
        values = field.get("missingValues", self.descriptor["schema"].get("missingValues", [""]))
        return [value["value"] if isinstance(value, dict) else value for value in values]

    # The file

    def head(self):
        """Returns the lines before the first row."""
        if not self.dialect.get("header", True):
            return ""
        preamble = "".join(f"preamble {number}\n" for number in range(1, self.dialect.get("headerRows", [1])[0]))
        return preamble + self.line(self.header)

    def lines(self):
        """Returns the line of each row, with a comment before some."""
        is_commented = "commentChar" in self.dialect
        return [("## no row\n" if is_commented and self.dice.random() < 0.2 else "") + self.line(row) for row in self.rows]

    def line(self, values):
        return self.dialect["delimiter"].join(map(self.quoted, values)) + self.dice.choice(["\n", "\r\n"])

    def quoted(self, value):
        quote, delimiter, escape = self.dialect["quoteChar"], self.dialect["delimiter"], self.dialect.get("escapeChar")
        comment = self.dialect.get("commentChar")
        is_special = {quote, delimiter, "\r", "\n", escape} & set(value) or value.startswith(" ")
        needs = is_special or (comment and value.startswith(comment))
        if not needs and self.dice.random() < 0.9:
            # An empty line would not be a row.
            return value if value or len(self.header) > 1 else quote + quote
        if escape:
            value = value.replace(escape, escape + escape)
            if not self.dialect["doubleQuote"]:
                return quote + value.replace(quote, escape + quote) + quote
        return quote + value.replace(quote, quote + quote) + quote


class RandomTable(Table):
    def __init__(self, seed, rows=20):
        dice = self.dice = random.Random(seed)
        self.fields = [RandomField(dice, name) for name in dice.sample(NAMES, dice.randint(1, 7))]
        self.match = dice.choices(["exact", "equal", "subset", "superset", "partial"], [4, 1, 1, 1, 1])[0]
        schema = {"fields": [field.descriptor for field in self.fields]}
        if self.match != "exact" or dice.random() < 0.2:
            schema["fieldsMatch"] = self.match
        if dice.random() < 0.3:
            schema["missingValues"] = dice.choice([[], ["", "-"], ["NA"], [{"value": "", "label": "empty"}, {"value": "-99"}]])
        dialect = self.random_dialect()
        # Without a header, columns have the names of the fields.
        header = self.random_header() if dialect.get("header", True) else [field["name"] for field in schema["fields"]]
        super().__init__(schema, header, [self.random_row(header) for _ in range(rows)], dialect, dice)

    def random_dialect(self):
        dialect = {}
        choice = self.dice.choices(["plain", "delimiter", "quote", "space", "escape", "comment", "rows", "no header"],
                                   [6, 3, 2, 1, 2, 1, 1, 1])[0]
        if choice == "delimiter":
            dialect["delimiter"] = self.dice.choice([";", "\t", "|"])
        elif choice == "quote":
            dialect["quoteChar"] = "'"
        elif choice == "space":
            dialect["skipInitialSpace"] = True
        elif choice == "escape":
            dialect.update(escapeChar="\\", doubleQuote=self.dice.random() < 0.5)
        elif choice == "comment":
            dialect["commentChar"] = "##"
        elif choice == "rows":
            dialect["headerRows"] = [self.dice.randint(2, 4)]
        elif choice == "no header" and self.match == "exact":
            dialect["header"] = False
        return dialect

    def random_header(self):
        """Returns the file's column names: those of the fields, or what `fieldsMatch` may allow, or a little too much."""
        names = [field.descriptor["name"] for field in self.fields]
        if self.match != "exact":
            self.dice.shuffle(names)
            if self.match in ("superset", "partial") or self.dice.random() < 0.1:
                names = names[:self.dice.randint(1, len(names))]
            if self.match in ("subset", "partial") or self.dice.random() < 0.1:
                names.insert(self.dice.randint(0, len(names)), "extra")
        if self.dice.random() < 0.04:
            names = self.dice.choice([names[::-1], names + ["more"], names[1:] or ["other"], [name.upper() for name in names],
                                      ["other"] + names[1:]])
        return names

    def random_row(self, header):
        by_name = {field.descriptor["name"]: field for field in self.fields}
        row = [by_name[name].text() if name in by_name else self.dice.choice(["", "a", "5", "-"]) for name in header]
        if self.dice.random() < 0.01:
            row.append("surplus")
        return row
