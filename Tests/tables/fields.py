"""Random fields of a Table Schema, and random texts for them.

Most texts are plain values of the field's type, so that most rows are valid. The others come from a pool of texts at the edges
of the type, or are plain texts with one character inserted, replaced or removed. Such texts find differences that nobody has
thought of.
"""
import json
import string

ODD_CHARACTERS = "0159-+.,_ :;TZEe()%$€−٣\u00a0/W\t"
MONTHS = "January February March April May June July August September October November December".split()

# Texts at the edges of each type.
EDGES = {
    "integer": ["0", "-0", "+0", "007", "-007", "+5", "--5", "5.0", "1e3", "9007199254740993", "-9223372036854775809", " 5",
                "5 ",
                "1_000", "٣", "", "-", "0x1f", "5-", "(5)", "−5", "1,000", "1,5", ",5",
                "12345678901234567890123456789012345678"],
    "number": ["0", "-0", "-0.0", ".5", "-.5", "+.5", "5.", "-5.", ".", "-", "1e5", "1E+5", "1e-400", "1e999", "1e", "e5",
               "1e5.5",
               "007.5", "00", "0.1", "00.1", "NaN", "INF", "-INF", "inf", "Infinity", "sNaN", "1_000.5", " 1.5", "1.5 ", "٣.٥",
               "12345678901234567890.10", "0.1000000000000000055511151231257827", "1,5", "1.234,5", "1,234.5", "1,234,567",
               "12,34", "1,,234", "(5)", "5-", "−5", "$.5", "1.5.5"],
    "boolean": ["true", "false", "True", "FALSE", "1", "0", "tRUE", "yes", " true", "", "01", "T"],
    "date": ["2024-02-29", "2023-02-29", "2024-02-30", "1900-02-29", "2000-02-29", "2024-13-01", "2024-00-10", "2024-04-31",
             "0001-01-01", "9999-12-31", "10000-01-01", "2024-1-5", "24-01-05", "20240105", "2024-01-05Z", " 2024-01-05",
             "2024-01-05 ", "٢٠٢٤-01-05", "2024-W01-1", "2024-01-05T00:00:00", "-2024-01-05", ""],
    "time": ["00:00:00", "23:59:59", "24:00:00", "23:60:00", "23:59:60", "1:02:03", "01:02", "010203", "10:20:30Z",
             "10:20:30+02:00", "10:20:30.5", "10:20:30,5", " 10:20:30", "10:20:30 ", ""],
    "datetime": ["2024-01-05T24:00:00", "2024-12-31T24:00:00", "2024-01-05T24:00:01", "2024-01-05T10:20:60",
                 "2024-01-05 10:20:30",
                 "2024-01-05T10:20:30Z", "2024-01-05T10:20:30+02:00", "2024-01-05T10:20:30+0200", "2024-01-05T10:20:30-00:00",
                 "2024-01-05T10:20:30.123456", "2024-01-05T10:20:30,5", "2024-01-05T10:20", "2024-W01-1T10:20:30",
                 "2024-01-05t10:20:30",
                 "2023-02-29T10:20:30", "2024-01-05T10:20:30+24:00", "2024-01-05T10:20:30-14:30", "2024-01-05T10:20:30.", ""],
    "year": ["2024", "0050", "0000", "9999", "10000", "-202", "+202", " 202", "20 4", "2_24", "٢٠٢٤", "2024Z", "24", ""],
    "yearmonth": ["2024-01", "2024-12", "2024-13", "2024-00", "2024-1", "24-01", "02024-01", "0001-01", "2024/01", "2024-01-01",
                  " 2024-01", "2024-01Z", "-2024-01", ""],
    "duration": ["P1Y", "P1M", "P2W", "PT1H", "P1Y2M3DT4H5M6S", "PT1.5S", "PT0S", "P", "PT", "P1DT", "P1Y2W", "P0.5Y", "P1,5D",
                 "-P1D",
                 "+P1D", "PT1S5M", "P1M1Y", "p1d", "P-1D", "P0001-01-01T00:00:00", "PT36H", "P1S", "1Y", "", "PT.5S", "PT1.S"],
    "object": ["{}", '{"a":1}', '{ "a" : [ 1 , { } ] }', '{"a":"x y"}', '{"a":NaN}', '{"a":1,}', "[]", "1", "null", "{",
               '{"a":01}',
               '{"é":"\\u00e9"}', "", '{"a":-0.50}', "{'a':1}", '{"a":"\t"}', " {} "],
    "array": ["[]", "[1,2]", "[ 1 , [ ] ]", "[NaN]", "[1,]", "{}", "null", '["a"]', "[01]", "[", "", "[1e5]",
              "[true,false,null]"],
    "geojson": ['{"type":"Point","coordinates":[1.5,2]}', '{"type": "Point", "coordinates": [1.5, 2, 3]}', "{}", "[]",
                '{"type":"Feature","geometry":null,"properties":{}}', '{"type":"Nowhere"}', ""],
    "list": ["a,b", "a", ",", "a,,b", "a;b", "", "1,2,3", "1, 2", "007,1", "2024-01-05,2024-02-30", "true,false", "true,maybe"],
    "geopoint": ["90.50, 45.50", "90.5,45.5", "-180,-90", "180,90", "180.1,0", "0,90.1", "1", "1,2,3", "a,b", "[90.5, 45.5]",
                 "[1,2,3]",
                 '{"lon": 90.5, "lat": 45.5}', '{"lat": 45.5, "lon": 90.5}', '{"lon": 1}', '{"lon":1,"lat":2,"x":3}', "",
                 "1 , 2",
                 '["1","2"]', "[181,0]"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000", "123e4567e89b12d3a456426614174000",
             "123e4567-e89b-12d3-a456-42661417400", "g23e4567-e89b-12d3-a456-426614174000", ""],
    "email": ["someone@example.org", "some.one+tag@mail.example.org", "someone", "@example.org", "someone@", "a b@example.org",
              "someone@example..org", ""],
    "uri": ["https://example.org/a?b=c#d", "urn:isbn:0451450523", "mailto:someone@example.org", "example.org/a",
            "//example.org", "http:",
            "ftp://example.org:21/x", ""],
    "binary": ["", "aGVsbG8=", "aGVsbG8h", "aGVsbG8", "aGVs bG8=", "a", "====", "aGVs-bG8"],
    "string": ["", "a", "  ", "né", "ÅÄÖ", "日本語", "😀", "e\u0301", "\"quoted\"", "a,b", "NA", "null", "a\tb"],
}
EDGES["any"] = EDGES["string"]


def plain_integer(dice):
    return str(dice.randint(-10 ** dice.randint(1, 12), 10 ** dice.randint(1, 12)))


def plain_number(dice):
    text = plain_integer(dice)
    if dice.random() < 0.6:
        text += "." + "".join(dice.choices(string.digits, k=dice.randint(1, 8)))
    return text + dice.choice(["", "", "", "e5", "E-3"])


def plain_date(dice):
    return f"{dice.randint(1, 9999):04}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def plain_time(dice):
    return f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:{dice.randint(0, 59):02}"


def plain_json(dice, depth=0):
    kind = dice.randrange(6 if depth < 3 else 4)
    if kind == 0:
        return dice.choice([None, True, False])
    if kind == 1:
        return dice.randint(-1000, 1000)
    if kind in (2, 3):
        return plain_string(dice)
    if kind == 4:
        return [plain_json(dice, depth + 1) for _ in range(dice.randint(0, 3))]
    return plain_object(dice, depth + 1)


def plain_object(dice, depth=0):
    return {plain_string(dice): plain_json(dice, depth + 1) for _ in range(dice.randint(0, 3))}


def plain_string(dice):
    return "".join(dice.choices("abcdefgh xyz0123éÅ日😀\"',;", k=dice.randint(1, 10)))


def plain_point(dice, form):
    lon, lat = f"{dice.uniform(-180, 180):.3f}", f"{dice.uniform(-90, 90):.3f}"
    return {"default": f"{lon}, {lat}", "array": f"[{lon}, {lat}]", "object": f'{{"lon": {lon}, "lat": {lat}}}'}[form]


def with_pattern(dice, pattern):
    """Returns a text that a strptime pattern reads."""
    values = {
        "Y": f"{dice.randint(1, 9999):04}", "y": f"{dice.randint(0, 99):02}", "m": f"{dice.randint(1, 12):02}",
        "d": f"{dice.randint(1, 28):02}", "H": f"{dice.randint(0, 23):02}", "I": f"{dice.randint(1, 12):02}",
        "p": dice.choice(["AM", "PM"]), "M": f"{dice.randint(0, 59):02}", "S": f"{dice.randint(0, 59):02}",
        "f": "".join(dice.choices(string.digits, k=dice.randint(1, 6))), "j": f"{dice.randint(1, 366):03}",
        "b": dice.choice(MONTHS)[:3], "B": dice.choice(MONTHS), "z": dice.choice(["+0200", "-05:30", "Z", "+0000"]), "%": "%",
    }
    pieces = pattern.split("%")
    text = pieces[0]
    rest = iter(pieces[1:])
    for piece in rest:
        if piece == "":  # a doubled percent sign
            text += "%" + next(rest)
        else:
            text += values[piece[0]] + piece[1:]
    return text


PATTERNS = {
    "date": ["%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%d %b %Y", "%B %d, %Y", "%Y-%j", "%d%%%m%%%Y"],
    "time": ["%H:%M", "%I:%M %p", "%H%M%S", "%H.%M.%S.%f"],
    "datetime": ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y%m%dT%H%M%S%z", "%Y-%m-%d %H:%M:%S.%f"],
}
ITEMS = ["string", "integer", "number", "boolean", "date", "time", "datetime"]
ITEM_PLAIN = {"string": lambda dice: dice.choice(["a", "b c", "né"]), "integer": plain_integer, "number": plain_number,
              "boolean": lambda dice: dice.choice(["true", "false", "1", "0"]), "date": plain_date, "time": plain_time,
              "datetime": lambda dice: plain_date(dice) + "T" + plain_time(dice)}
TYPES = ["string", "any", None, "integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth", "duration",
         "object", "array", "geojson", "list", "geopoint"]
WEIGHTS = [3, 1, 1, 4, 5, 2, 3, 2, 3, 1, 1, 1, 1, 1, 1, 2, 1]


class RandomField:
    """A field's descriptor, and texts for it."""

    def __init__(self, dice, name):
        self.dice = dice
        self.type = dice.choices(TYPES, WEIGHTS)[0]
        self.descriptor = {"name": name, **({"type": self.type} if self.type else {})}
        self.edges = EDGES[self.type or "any"]
        self.plain = getattr(self, f"_{self.type or 'string'}")()
        if dice.random() < 0.25:
            self.descriptor["missingValues"] = dice.choice([["-"], ["", "NA"], [], ["NaN", "-99"],
                                                            [{"value": "x", "label": "none"}]])
        self.constrain()

    def text(self):
        """Returns a text for the field: plain, at an edge of its type, damaged, or missing."""
        roll = self.dice.random()
        if roll < 0.90:
            return self.plain()
        if roll < 0.95:
            return self.dice.choice(self.edges)
        if roll < 0.97:
            return self.dice.choice(["", "-", "NA", "NaN", "-99", "x"])
        text = self.plain()
        place, character = self.dice.randint(0, len(text)), self.dice.choice(ODD_CHARACTERS)
        return text[:place] + character * self.dice.randint(0, 1) + text[place + self.dice.randint(0, 1):]

    # The kinds of fields: each sets properties of the descriptor, and returns a function that returns a plain text.

    def _string(self):
        form = self.dice.choice(["default"] * 4 + ["uuid", "email", "uri", "binary"])
        if self.type == "string" and form != "default":
            self.descriptor["format"] = form
            self.edges = EDGES[form]
            return lambda: self.dice.choice(EDGES[form][:2 if form != "uri" else 3])
        return lambda: plain_string(self.dice)

    _any = _string

    def _integer(self):
        group = self.dice.choice([None] * 9 + [",", " ", "'"])
        if group:
            self.descriptor["groupChar"] = group
        return self._bare(lambda: f"{self.dice.randint(-10 ** 9, 10 ** 9):,}".replace(",", group or ""))

    def _number(self):
        decimal, group = self.dice.choice([(".", ""), (".", ""), (".", ","), (",", ""), (",", "."), (",", "\u00a0"), ("·", "")])
        if decimal != ".":
            self.descriptor["decimalChar"] = decimal
        if group:
            self.descriptor["groupChar"] = group
            return self._bare(lambda: f"{self.dice.uniform(-10 ** 7, 10 ** 7):,.2f}".translate({44: group, 46: decimal}))
        return self._bare(lambda: plain_number(self.dice).replace(".", decimal))

    def _bare(self, plain):
        if self.dice.random() < 0.7:
            return plain
        self.descriptor["bareNumber"] = False
        before, after = self.dice.choice([("€", ""), ("", "%"), ("EUR ", ""), ("", " kg"), ("~", " m²")])
        return lambda: before + plain() + after

    def _boolean(self):
        if self.dice.random() < 0.5:
            self.descriptor.update(trueValues=["ja", "J"], falseValues=["nein", "N", ""])
            return lambda: self.dice.choice(["ja", "J", "nein", "N"])
        return lambda: self.dice.choice(["true", "false", "True", "False", "TRUE", "FALSE", "1", "0"])

    def _temporal(self, plain):
        if self.dice.random() < 0.5:
            return plain
        pattern = self.descriptor["format"] = self.dice.choice(PATTERNS[self.type])
        self.edges = EDGES[self.type][:5] + {
            "%d.%m.%Y": ["31.02.2024"], "%m/%d/%y": ["02/30/24"], "%d %b %Y": ["31 Feb 2024", "1 feb 2024"],
            "%Y-%j": ["2023-366"],
            "%H:%M": ["12:60", "24:00"], "%I:%M %p": ["13:00 PM", "0:30 AM", "12:00 am"],
        }.get(pattern, []) * 3
        return lambda: with_pattern(self.dice, pattern)

    def _date(self):
        return self._temporal(lambda: plain_date(self.dice))

    def _time(self):
        return self._temporal(lambda: plain_time(self.dice))

    def _datetime(self):
        end = self.dice.choice(["", "", ".25", "Z", "+02:00"])
        return self._temporal(lambda: plain_date(self.dice) + "T" + plain_time(self.dice) + end)

    def _year(self):
        return lambda: f"{self.dice.randint(0, 9999):04}"

    def _yearmonth(self):
        return lambda: plain_date(self.dice)[:7]

    def _duration(self):
        number = self.dice.randrange
        return lambda: f"P{number(100)}Y{number(12)}M{number(31)}DT{number(24)}H"

    def _json(self, make):
        def plain():
            return json.dumps(make(), ensure_ascii=self.dice.random() < 0.5, indent=self.dice.choice([None, None, 1]))
        return plain

    def _object(self):
        return self._json(lambda: plain_object(self.dice))

    def _array(self):
        return self._json(lambda: [plain_json(self.dice) for _ in range(self.dice.randint(0, 3))])

    def _geojson(self):
        return lambda: self.dice.choice(EDGES["geojson"][:2])

    def _list(self):
        item = self.dice.choice(ITEMS)
        delimiter = self.dice.choice([",", ",", ";", "|", " - "])
        if item != "string":
            self.descriptor["itemType"] = item
        if delimiter != ",":
            self.descriptor["delimiter"] = delimiter
        return lambda: delimiter.join(ITEM_PLAIN[item](self.dice) for _ in range(self.dice.randint(1, 4)))

    def _geopoint(self):
        form = self.dice.choice(["default", "array", "object"])
        if form != "default":
            self.descriptor["format"] = form
        return lambda: plain_point(self.dice, form)

    # Constraints

    def constrain(self):
        """Adds constraints that the type has to some fields."""
        constraints = {}
        if self.dice.random() < 0.15:
            constraints["required"] = True
        if self.dice.random() < 0.3:
            constraints.update(self.constraint())
        if constraints:
            self.descriptor["constraints"] = constraints

    def constraint(self):
        kind = self.type or "string"
        if kind in ("integer", "number", "date", "time", "year", "yearmonth") and not ("format" in self.descriptor
                                                                                       and self.dice.random() < 0.5):
            name = self.dice.choice(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
            return {name: self.bound(kind)}
        if kind == "string" and "format" not in self.descriptor:
            self.edges = self.edges + ["ax", "ab\n", "xb"]
            return self.dice.choice([
                {"minLength": 3}, {"maxLength": 8}, {"pattern": ".*[a-z].*"}, {"pattern": "^[^0-9]*$"}, {"pattern": "a|.*b"},
                {"enum": ["a", "né", "NA", "日本語"]},
            ])
        if kind in ("object", "array", "list"):
            return self.dice.choice([{"minLength": 1}, {"maxLength": 2}])
        if kind == "boolean":
            return {"enum": [self.descriptor.get("trueValues", ["true"])[0]]}
        return {}

    def bound(self, kind):
        """Returns a bound as a text in the field's own form, or as a number."""
        if kind in ("integer", "number") and self.dice.random() < 0.5:
            return self.dice.choice([0, -5, 1000, 2 ** 53, 0.1 if kind == "number" else 1])
        if kind == "integer":
            return str(self.dice.randint(-1000, 1000))
        return self.plain()
