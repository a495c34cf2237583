"""Where Sluice differs from frictionless on purpose.

Each difference is a function of a field's descriptor and a text. It returns None where the difference does not apply, the code
of the error that Sluice gives, the value in a list, or `Read(text)`: Sluice reads the cell as frictionless reads that text. The
name says what Sluice does and the documentation string why. Each has an example, which is tested: an entry must not outlive
what it describes. Differences that concern more than one cell are in tables.py.
"""
import json
import re

from judge import exact

TYPE, CONSTRAINT = "typeMismatch", "constraint"


class Read(str):
    """A text that frictionless reads as Sluice reads the cell."""


DIFFERENCES = []


def difference(*kinds, example):
    """Registers a difference for fields of some types, and for lists of them. The example is a field and a text."""
    def register(function):
        function.kinds = kinds
        function.example = example
        DIFFERENCES.append(function)
        return function
    return register


def applied(field, text):
    """Returns the differences that apply to a cell, as pairs (difference, what it returned)."""
    kind, found = field.get("type", "any"), []
    for each in DIFFERENCES:
        if kind in each.kinds or not each.kinds:
            result = each(field, text)
        elif kind == "list" and text and field.get("itemType", "string") in each.kinds:
            items = text.split(field.get("delimiter", ","))
            results = [each({"type": field.get("itemType", "string")}, item) for item in items]
            result = (TYPE if TYPE in results else
                      Read(field.get("delimiter", ",").join(new or item for new, item in zip(results, items)))
                      if any(results) else None)
        else:
            continue
        if result is not None:
            found.append((each, result))
    return found


# Numbers

def bare(field, text):
    """Returns the part of a text that Sluice reads as a number: without what `bareNumber: false` allows around it."""
    if field.get("bareNumber", True):
        return text
    return re.fullmatch(r"(?s)[^0-9()\-\u2212]*?([+-]?(?:[0-9].*[0-9]|[0-9])?)[^0-9()\-\u2212]*|.*", text).group(1) or text


def grouped(field, text):
    """Returns a number's sign, whole part and the rest, where the whole part ends before the decimal character or exponent."""
    return re.fullmatch(r"(?s)([+-]?)(.*?)((?:%s|[eE]).*)?" % re.escape(field.get("decimalChar", ".")),
                        bare(field, text)).groups("")


@difference("integer", "number", example=({"type": "integer"}, "007"))
def leading_zeros_are_refused(field, text):
    """A number with leading zeros is mostly a code: its zeros would be lost."""
    _, whole, _ = grouped(field, text)
    return TYPE if re.match("0[0-9]", whole) else None


@difference("integer", "number", example=({"type": "number"}, " 5"))
def white_space_around_a_number_is_refused(field, text):
    """Nothing is trimmed without `--trim`."""
    return TYPE if field.get("bareNumber", True) and text != text.strip() and text.strip() else None


@difference("integer", "number", example=({"type": "integer"}, "1_0"))
def digits_are_those_of_ascii(field, text):
    """JSON has no others. Python also reads `1_000` and the digits of all scripts."""
    return TYPE if re.search(r"(?![0-9])\d|" + ("_" if field.get("bareNumber", True) else "[0-9]_[0-9]"), text) else None


@difference("number", example=({"type": "number"}, "NaN"))
def nan_and_infinity_are_refused(field, text):
    """JSON has no such numbers."""
    return TYPE if re.fullmatch(r"[+-]?(s?nan\d*|inf(inity)?)", text.strip(), re.IGNORECASE) else None


@difference("number", example=({"type": "number", "groupChar": ","}, "1,5"))
def groups_have_three_digits(field, text):
    """`1,5` with `,` for groups is rather a decimal comma than 15."""
    group = field.get("groupChar")
    if not group or group not in text:
        return None
    _, whole, rest = grouped(field, text)
    first, *others = whole.split(group)
    is_right = first and all(len(other) == 3 for other in others) and group not in rest
    return None if is_right else TYPE


@difference("integer", example=({"type": "integer", "groupChar": ","}, "1,000"))
def integers_may_have_groups(field, text):
    """The standard gives integers a `groupChar`; frictionless ignores it."""
    group = field.get("groupChar")
    sign, whole, rest = grouped(field, text)
    if not group or rest or not re.fullmatch(r"[0-9]+(%s[0-9]{3})+" % re.escape(group), whole):
        return None
    return Read(sign + whole.replace(group, ""))


@difference("integer", "number", example=({"type": "integer", "bareNumber": False}, "(5)"))
def a_sign_that_is_stripped_is_refused(field, text):
    """`(5)`, `5-` and `−5` mean -5 where they come from; frictionless makes 5 of them."""
    if field.get("bareNumber", True) or not re.search("[0-9]", text):
        return None
    before, after = re.fullmatch(r"(?s)([^0-9]*)[0-9].*?([^0-9]*)", text).groups()
    return TYPE if re.search(r"[()\u2212]|-.*-|-[^0-9.]", before) or re.search(r"[()\-\u2212]", after) else None


@difference("integer", "number", example=({"type": "number", "bareNumber": False}, "$.50"))
def a_point_before_the_first_digit_is_not_stripped(field, text):
    """`$.50` and `Rs.500` look alike. frictionless drops the point."""
    point = field.get("decimalChar", ".") if field["type"] == "number" else "."
    before = re.match("[^0-9]*", text).group()
    if field.get("bareNumber", True) or not before.removesuffix("-").endswith(point) or len(before) == len(text):
        return None
    is_number = field["type"] == "number" and before in (point, "-" + point, "+" + point)
    return Read(text.replace(point, "0" + point, 1)) if is_number else TYPE


# Dates and times

@difference("date", "time", "datetime", example=({"type": "date"}, "2024-1-5"))
def only_the_standards_form_is_read(field, text):
    """The default forms are `yyyy-mm-dd`, `hh:mm:ss`, and for datetime that of XML Schema, with fraction and offset.
    frictionless also reads `2024-1-5`, weeks, a space for the `T`, a comma before fractions, offsets without a colon, and times
    of 24:00:00 or with an offset."""
    if "format" in field:
        return None
    date, time, zone = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}", r"(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
    form = {"date": date, "time": f"(?!24){time}", "datetime": f"{date}T{time}{zone}"}[field["type"]]
    return None if re.fullmatch(form, text) else TYPE


@difference("datetime", example=({"type": "datetime"}, "2024-01-05T10:20:30+14:30"))
def offsets_reach_14_hours(field, text):
    """As in XML Schema. frictionless reads up to 23:59."""
    found = re.search("[+-]([0-9]{2}):([0-9]{2})$", text)
    return TYPE if "format" not in field and found and int(found[1]) * 60 + int(found[2]) > 14 * 60 else None


@difference("date", example=({"type": "date", "format": "%Y-%j"}, "2023-366"))
def a_day_of_the_year_exists(field, text):
    """`2023-366` is no day; Python makes it the first of the next year."""
    found = re.fullmatch(r"(\d{4})-366", text)
    return TYPE if found and "%j" in field.get("format", "") and int(found[1]) % 4 else None


@difference("date", "time", "datetime", example=({"type": "date", "format": "%d.%m.%Y"}, "3.1.٢٠٢٤"))
def digits_of_patterns_are_those_of_ascii(field, text):
    """As in C. Python's strptime reads the digits of all scripts."""
    return TYPE if re.search(r"(?![0-9])\d", text) else None


@difference("year", example=({"type": "year"}, "+202"))
def a_year_has_four_digits(field, text):
    """frictionless also reads `+202`, ` 202` and the digits of all scripts."""
    return None if re.fullmatch("[0-9]{4}", text) else TYPE


@difference("yearmonth", example=({"type": "yearmonth"}, "2024-1"))
def a_month_has_two_digits_and_its_year_four(field, text):
    """frictionless also reads `2024-1` and `24-01`."""
    return None if re.fullmatch("[0-9]{4}-[0-9]{2}", text) else TYPE


@difference("duration", example=({"type": "duration"}, "P2W"))
def durations_are_those_of_xml_schema(field, text):
    """frictionless also reads weeks, fractions of all parts, a plus sign, an empty time and `P0001-01-01T00:00:00`."""
    form = r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
    return None if re.fullmatch(form, text) else TYPE


# JSON

@difference("object", "array", "geojson", example=({"type": "array"}, "[NaN]"))
def json_is_that_of_its_standard(field, text):
    """Python reads NaN and Infinity, which no JSON reader has to."""
    try:
        json.loads(text, parse_constant=lambda name: {}["no such value"])
    except KeyError:
        return TYPE
    except ValueError:
        pass
    return None


@difference("geojson", example=({"type": "geojson"}, '{"type":"Point","coordinates":[1,2,3]}'))
def points_may_have_an_altitude(field, text):
    """As in RFC 7946. frictionless has an older JSON Schema, with two coordinates."""
    form = r'\{"type":\s*"Point",\s*"coordinates":\s*\[[0-9.]+(,\s*[0-9.]+){2}\]\}'
    return [exact(text)] if re.fullmatch(form, text) else None


@difference("list", example=({"type": "list", "missingValues": []}, ""))
def an_empty_text_is_a_list_without_items(field, text):
    """frictionless makes it a list of one empty string, and refuses it for all other types of items."""
    if text:
        return None
    return CONSTRAINT if field.get("constraints", {}).get("minLength") else [[]]


@difference("geopoint", example=({"type": "geopoint"}, "1 ,2"))
def the_numbers_of_a_point_are_numbers(field, text):
    """frictionless also reads white space around each, strings in JSON, and what Python's Decimal reads."""
    number = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
    if field.get("format", "default") == "default":
        return None if re.fullmatch(f"{number}, *{number}", text) else TYPE
    return TYPE if '"' in re.sub('"(lon|lat)"', "", text) or "null" in text else None


# Strings and constraints

@difference("string", example=({"type": "string", "format": "uri"}, "https://example.org/a b"))
def a_uri_has_only_the_characters_of_uris(field, text):
    """RFC 3986 has no white space, nothing beyond ASCII, and two digits after `%`. frictionless tests only a URI's parts."""
    return TYPE if field.get("format") == "uri" and re.search(r"[^!-~]|%(?![0-9A-Fa-f]{2})", text) else None


@difference("extra", example=(None, "-"))
def columns_without_a_field_have_the_schemas_missing_values(field, text):
    """The standard's list is for the whole table; frictionless takes its default for these columns."""
    return [None if text in field["missing"] else text]


@difference("string", example=({"type": "string", "format": "uuid"}, "123e4567e89b12d3a456426614174000"))
def a_uuid_has_five_groups(field, text):
    """As in RFC 9562. frictionless also reads it without hyphens, and other signs for some digits."""
    form = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    return TYPE if field.get("format") == "uuid" and not re.fullmatch(form, text) else None


@difference("string", example=({"type": "string", "format": "email"}, "someone@exämple.org"))
def an_email_address_is_what_html_defines(field, text):
    """In HTML's forms a domain of one part is allowed, and a dot in any place of the name, but nothing beyond ASCII."""
    if field.get("format") != "email":
        return None
    label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return [text] if re.fullmatch(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{label}(\.{label})*", text) else TYPE


@difference("string", example=({"type": "string", "format": "binary"}, "-"))
def base64_has_only_its_characters(field, text):
    """frictionless ignores all other characters, so `-` is binary data."""
    form = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
    return TYPE if field.get("format") == "binary" and not re.fullmatch(form, text) else None


@difference("string", "any", example=({"type": "string", "constraints": {"pattern": "a|b"}}, "ax"))
def a_pattern_matches_the_whole_value(field, text):
    """frictionless puts `^` and `$` around the pattern, which then hold for one alternative each, and `$` allows a line end."""
    pattern = field.get("constraints", {}).get("pattern")
    if pattern is None or re.fullmatch(pattern.removeprefix("^").removesuffix("$"), text):
        return None
    return CONSTRAINT
