"""Manual pages in mdoc, from what `sluice --experimental-dump-help` prints: a page for the command and one for each subcommand.

An option of the dump, and its lines in a page:

    {"kind": "option", "names": [{"kind": "long", "name": "output"}, {"kind": "short", "name": "o"}],
     "valueName": "output", "abstract": "Write to this file."}

    .It Fl o Ar output , Fl -output Ar output
    Write to this file.
"""
import datetime
import textwrap

STATUS = "Exit status: "


def text(words):
    """Returns running text as lines of mdoc, in ASCII: `-` and `\\` print as such, and no line starts with a control character."""
    lines = []
    for paragraph in words.split("\n\n"):
        escaped = "".join(
            {"\\": "\\e", "-": "\\-"}.get(letter, letter) if letter.isascii() else f"\\[u{ord(letter):04X}]"
            for letter in " ".join(paragraph.split()))
        # A line per sentence, as mdoc wants it. `textwrap` breaks at no hyphen, so that options stay whole.
        wrapped = [line for sentence in escaped.replace(". ", ".\n").split("\n")
                   for line in textwrap.wrap(sentence, 79, break_long_words=False, break_on_hyphens=False)]
        lines.append("\n".join("\\&" + line if line[0] in ".'" else line for line in wrapped))
    return "\n.Pp\n".join(lines)


def argument(word):
    """Returns a word as an argument of a macro: quoted, so that it is no macro itself."""
    return '"' + text(word).replace('"', '\\(dq') + '"'


def flags(option):
    """Returns the names of an option with its value, short ones first: `Fl j Ar n`."""
    names = sorted(option["names"], key=lambda name: name["kind"] != "short")
    value = "" if option["kind"] == "flag" else f" Ar {argument(option['valueName'])}"
    return " , ".join(f"Fl {'-' * (name['kind'] == 'long')}{name['name']}{value}" for name in names)


def description(option):
    """Returns what an option does. Words that the parser knows, and a default, follow as in `--help`."""
    notes = []
    if option.get("allValues"):
        notes.append("values: " + ", ".join(option["allValues"]))
    if option.get("defaultValue"):
        notes.append("default: " + option["defaultValue"])
    return text(option.get("abstract", "") + (f" ({'; '.join(notes)})" if notes else ""))


def synopsis(command, name):
    shown = [one for one in command.get("arguments", []) if one["shouldDisplay"]]
    lines = [f".Nm {name}"]
    for option in shown:
        if option["kind"] == "option" and not option["isOptional"]:
            lines.append("." + flags(option))
    lines.append(".Op Ar options")
    if command.get("subcommands"):
        lines.append(".Ar command ...")
    for value in shown:
        if value["kind"] == "positional":
            word = value["valueName"].removesuffix("s") if value["isRepeating"] else value["valueName"]
            word = argument(word) + " ..." * value["isRepeating"]
            lines.append(f".Op Ar {word}" if value["isOptional"] else f".Ar {word}")
    return lines


def items(arguments):
    """Returns a list of arguments, divided as `--help` divides them."""
    sections = {}
    for one in arguments:
        if one["shouldDisplay"]:
            title = "Inputs" if one["kind"] == "positional" else one.get("sectionTitle") or "Options"
            sections.setdefault(title, []).append(one)
    lines = []
    for title, ones in sections.items():
        lines += [f".Ss {title}", ".Bl -tag -width Ds"]
        for one in ones:
            tag = f"Ar {argument(one['valueName'])}" if one["kind"] == "positional" else flags(one)
            lines += [f".It {tag}", description(one)]
        lines.append(".El")
    return lines


def page(command, parents, day, others):
    """Returns the name of a command's page, and the page. A paragraph about the exit status becomes a section of its own."""
    names = [*parents, command["commandName"]]
    name, file = " ".join(names), "-".join(names)
    paragraphs = [command["abstract"], *command.get("discussion", "").split("\n\n")]
    statuses = [one.removeprefix(STATUS) for one in paragraphs if one.startswith(STATUS)]
    about = "\n\n".join(one for one in paragraphs if one and not one.startswith(STATUS))
    lines = [f".Dd {day:%B} {day.day}, {day.year}", f".Dt {file.upper()} 1", ".Os", ".Sh NAME", f".Nm {file}",
             f".Nd {text(command['abstract']).removesuffix('.').replace(chr(10), ' ')}",
             ".Sh SYNOPSIS", *synopsis(command, name), ".Sh DESCRIPTION", text(about)]
    children = [one for one in command.get("subcommands", []) if one["commandName"] != "help"]
    if children:
        lines += [".Ss Commands", ".Bl -tag -width Ds"]
        for child in children:
            lines += [f".It Xr {file}-{child['commandName']} 1", text(child["abstract"])]
        lines.append(".El")
    lines += items(command.get("arguments", []))
    if statuses:
        lines += [".Sh EXIT STATUS", text("\n\n".join(statuses))]
    related = sorted(other for other in others if other != file)
    lines += [".Sh SEE ALSO", " ,\n".join(f".Xr {other} 1" for other in related)]
    return file, "\n".join(lines) + "\n"


def pages(dump, seconds):
    """Returns {file name: text} for all commands. `seconds` is the time that the pages state, since 1970."""
    root, day = dump["command"], datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    children = [one for one in root["subcommands"] if one["commandName"] != "help"]
    names = [root["commandName"], *(f"{root['commandName']}-{one['commandName']}" for one in children)]
    made = [page(root, [], day, names)]
    made += [page(one, [root["commandName"]], day, names) for one in children]
    return {f"{name}.1": content for name, content in made}
