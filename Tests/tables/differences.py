"""Where Sluice differs from frictionless on purpose.

Each difference is a function of a field's descriptor and a text. It returns None where the difference does not apply, the code
of the error that Sluice gives, the value in a list, or `Read(text)`: Sluice reads the cell as frictionless reads that text. The
name says what Sluice does and the documentation string why. A run in which a difference is not seen fails: an entry must not
outlive what it describes.
"""
import json
import re

TYPE, CONSTRAINT = "typeMismatch", "constraint"


class Read(str):
    """A text that frictionless reads as Sluice reads the cell."""


DIFFERENCES = []


def difference(*kinds):
    """Registers a difference for fields of some types. For those of numbers and times it also holds for the items of lists."""
    def register(function):
        function.kinds = kinds
        function.seen = 0
        DIFFERENCES.append(function)
        return function
    return register


def applied(field, text):
    """Returns the differences that apply to a cell, as pairs (difference, what it returned)."""
    kind, found = field.get("type", "any"), []
    for each in DIFFERENCES:
        if kind in each.kinds or not each.kinds:
            result = each(field, text)
        elif kind == "list" and field.get("itemType", "string") in each.kinds:
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


@difference("integer", "number")
def leading_zeros_are_refused(field, text):
    """A number with leading zeros is mostly a code: its zeros would be lost."""
    _, whole, _ = grouped(field, text)
    return TYPE if re.match("0[0-9]", whole) else None


@difference("integer", "number")
def white_space_around_a_number_is_refused(field, text):
    """Nothing is trimmed without `--trim`."""
    return TYPE if field.get("bareNumber", True) and text != text.strip() and text.strip() else None


@difference("integer", "number")
def digits_are_those_of_ascii(field, text):
    """JSON has no others. Python also reads `1_000` and the digits of all scripts."""
    return TYPE if re.search(r"(?![0-9])\d|[0-9]_[0-9]", text) else None


@difference("number")
def nan_and_infinity_are_refused(field, text):
    """JSON has no such numbers."""
    return TYPE if re.fullmatch(r"[+-]?(s?nan\d*|inf(inity)?)", text.strip(), re.IGNORECASE) else None


@difference("number")
def groups_have_three_digits(field, text):
    """`1,5` with `,` for groups is rather a decimal comma than 15."""
    group = field.get("groupChar")
    if not group or group not in text:
        return None
    _, whole, rest = grouped(field, text)
    first, *others = whole.split(group)
    is_right = first and all(len(other) == 3 for other in others) and group not in rest
    return None if is_right else TYPE


@difference("integer")
def integers_may_have_groups(field, text):
    """The standard gives integers a `groupChar`; frictionless ignores it."""
    group = field.get("groupChar")
    sign, whole, rest = grouped(field, text)
    if not group or rest or not re.fullmatch(r"[0-9]+(%s[0-9]{3})+" % re.escape(group), whole):
        return None
    return Read(sign + whole.replace(group, ""))


@difference("integer", "number")
def a_sign_that_is_stripped_is_refused(field, text):
    """`(5)`, `5-` and `−5` mean -5 where they come from; frictionless makes 5 of them."""
    if field.get("bareNumber", True) or not re.search("[0-9]", text):
        return None
    before, after = re.fullmatch(r"(?s)([^0-9]*)[0-9].*?([^0-9]*)", text).groups()
    return TYPE if re.search(r"[()\u2212]|-.*-|-[^0-9.]", before) or re.search(r"[()\-\u2212]", after) else None


# Dates and times

@difference("date", "time", "datetime")
def only_the_standards_form_is_read(field, text):
    """The default forms are `yyyy-mm-dd`, `hh:mm:ss`, and for datetime that of XML Schema, with fraction and offset.
    frictionless also reads `2024-1-5`, weeks, a space for the `T`, a comma before fractions, offsets without a colon, and times
    of 24:00:00 or with an offset."""
    if "format" in field:
        return None
    date, time, zone = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}", r"(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
    form = {"date": date, "time": f"(?!24){time}", "datetime": f"{date}T{time}{zone}"}[field["type"]]
    return None if re.fullmatch(form, text) else TYPE


@difference("datetime")
def offsets_reach_14_hours(field, text):
    """As in XML Schema. frictionless reads up to 23:59."""
    found = re.search(r"[+-]([0-9]{2}):?([0-9]{2})$", text)
    return TYPE if found and "%z" not in field.get("format", "%z") and int(found[1]) * 60 + int(found[2]) > 14 * 60 else None


@difference("date")
def a_day_of_the_year_exists(field, text):
    """`2023-366` is no day; Python makes it the first of the next year."""
    found = re.fullmatch(r"(\d{4})-366", text)
    return TYPE if found and "%j" in field.get("format", "") and int(found[1]) % 4 else None


@difference("year")
def a_year_has_four_digits(field, text):
    """frictionless also reads `+202`, ` 202` and the digits of all scripts."""
    return None if re.fullmatch("[0-9]{4}", text) else TYPE


@difference("yearmonth")
def a_month_has_two_digits_and_its_year_four(field, text):
    """frictionless also reads `2024-1` and `24-01`."""
    return None if re.fullmatch("[0-9]{4}-[0-9]{2}", text) else TYPE


@difference("duration")
def durations_are_those_of_xml_schema(field, text):
    """frictionless also reads weeks, fractions of all parts, a plus sign, an empty time and `P0001-01-01T00:00:00`."""
    form = r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
    return None if re.fullmatch(form, text) else TYPE


# JSON

@difference("object", "array", "geojson")
def json_is_that_of_its_standard(field, text):
    """Python reads NaN and Infinity, which no JSON reader has to."""
    try:
        json.loads(text, parse_constant=lambda name: {}["no such value"])
    except KeyError:
        return TYPE
    except ValueError:
        pass
    return None


@difference("list")
def an_empty_text_is_a_list_without_items(field, text):
    """frictionless makes it a list of one empty string, and refuses it for all other types of items."""
    return [[]] if text == "" else None


@difference("geopoint")
def the_numbers_of_a_point_are_numbers(field, text):
    """frictionless also reads white space around each, strings in JSON, and what Python's Decimal reads."""
    number = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
    if field.get("format", "default") == "default":
        return None if re.fullmatch(f"{number}, *{number}", text) else TYPE
    return TYPE if '"' in re.sub('"(lon|lat)"', "", text) or "null" in text else None


# Constraints

@difference("string")
def a_pattern_matches_the_whole_value(field, text):
    """frictionless puts `^` and `$` around the pattern, which then hold for one alternative each, and `$` allows a line end."""
    pattern = field.get("constraints", {}).get("pattern")
    if pattern is None or re.fullmatch(pattern.removeprefix("^").removesuffix("$"), text):
        return None
    return CONSTRAINT
