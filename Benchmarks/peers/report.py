"""Writes the report of `run`: a Markdown page and an SVG chart."""
import dataclasses
import os

from agreement import PROBES
from support import chart as svg

GOAL = 10


@dataclasses.dataclass
class Cell:
    best: float
    median: float
    peak: float
    anonymous: float


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def converters(tools):
    return [tool for tool in tools if tool.does == "convert"]


def span(values):
    low, high = min(values), max(values)
    return svg.amount(low) if svg.amount(low) == svg.amount(high) else f"{svg.amount(low)}–{svg.amount(high)}"


def speeds(tools, kinds, cells):
    rows = []
    for tool in tools:
        if tool.absent:
            rows.append([tool.name, ""] + ["–"] * (len(kinds) + 2) + [tool.absent])
        for threads in () if tool.absent else tool.threads:
            mine = [cells.get((tool.key, threads, kind)) for kind in kinds]
            had = [cell for cell in mine if cell]
            note = ["measured on %g %% of the input" % (tool.share * 100)] if tool.share < 1 else []
            note += [tool.handicap] if tool.handicap else []
            rows.append([f"{tool.name} {tool.version}".strip(), str(threads)]
                        + [f"**{svg.amount(cell.best)}** ({svg.amount(cell.median)})" if cell else "failed" for cell in mine]
                        + [span([cell.anonymous for cell in had]) if had else "–",
                           span([cell.peak for cell in had]) if had else "–", "; ".join(note)])
    return table(["tool", "threads", *kinds, "memory MB", "with files MB", ""], rows)


def ratios(tools, kinds, cells):
    rows = []
    for kind in kinds:
        for threads in (1, 2):
            mine = cells.get(("sluice", threads, kind))
            others = [(cells[tool.key, threads, kind], tool) for tool in tools
                      if tool.key != "sluice" and (tool.key, threads, kind) in cells]
            if not mine or not others:
                continue
            fastest, tool = max(others, key=lambda pair: pair[0].best)
            ratio = mine.best / fastest.best
            rows.append([kind, str(threads), svg.amount(mine.best), f"{tool.name}, {svg.amount(fastest.best)}",
                         f"**{ratio:.1f}**", f"{mine.median / fastest.median:.1f}", "met" if ratio >= GOAL else "**missed**"])
    return table(["input", "threads", "Sluice MB/s", "fastest peer, MB/s", "ratio", "of medians", f"goal {GOAL}"], rows)


def commands(tools, kinds, cells):
    """Compares `messages` and `check` with `convert`, and `check` with `zsv count`."""
    def part(one, other):
        return f"{one.best / other.best:.2f}" if one and other else "–"

    rows = []
    for kind in kinds:
        for threads in (1, 2):
            keys = ("sluice", "messages", "check", "zsv-count")
            convert, messages, check, count = mine = [cells.get((key, threads, kind)) for key in keys]
            if messages or check:
                rows.append([kind, str(threads), *(svg.amount(cell.best) if cell else "–" for cell in mine),
                             part(messages, convert), part(check, convert), part(check, count)])
    return table(["input", "threads", "convert", "messages", "check", "zsv count", "messages / convert", "check / convert",
                  "check / zsv count"], rows)


def markdown(tools, kinds, cells, answers, conditions, options, paths):
    tools = converters(tools)
    there = [tool for tool in tools if tool.key in answers]
    sizes = {kind: max(os.path.getsize(path) for (_, of), path in paths.items() if of == kind) for kind in kinds}
    return "\n".join([
        "# Sluice and its peers\n",
        "Made by `Benchmarks/peers/run`, which also says what is measured and how.\n",
        *conditions,
        f"- {options.rounds} rounds, all tools in turn in each; output to /dev/null, warm cache; inputs of "
        + ", ".join(f"{sizes[kind] / 1e6:.0f} MB ({kind})" for kind in kinds) + "\n",
        "## Ratio to the fastest peer\n",
        ratios(tools, kinds, cells),
        "## Speed\nMegabytes (10^6) of input a second, the best round and in brackets the median. Memory is the peak over all "
        "inputs, first without and then with the pages of files that are mapped (programs, libraries and, in Sluice, the "
        "input), which the system can take back at any time.\n\n![Speed and memory, log scales](peers.svg)\n",
        speeds(tools, kinds, cells),
        "## Other commands\nThe best round, in megabytes (10^6) of input a second. `messages` packs the rows into messages of "
        "at most 256 KiB on /dev/null; `check` and `zsv count` read and write nothing.\n",
        commands(tools, kinds, cells),
        "## Do the outputs agree?\nRow by row as parsed JSON, on inputs of 500 kB, with Python's csv module.\n",
        table(["tool", *kinds], [[tool.name, *answers[tool.key][0].values()] for tool in there]),
        "Probes of one point each. `12\" monitor` breaks RFC 4180: an error is right, and a tool that accepts it must "
        "still find 2 rows.\n",
        table(["tool", *(name for name, _, _ in PROBES)],
              [[tool.name, *answers[tool.key][1].values()] for tool in there]),
    ])


def chart(tools, kinds, cells):
    """Draws a panel for each input, with a line for each tool and bars for one thread (full) and two (pale)."""
    tools = converters(tools)
    cells = {key: cell for key, cell in cells.items() if key[0] in {tool.key for tool in tools}}
    left, middle, right, width = 130, 500, 570, 860
    speed = svg.Scale(*svg.around([cell.best for cell in cells.values()]), left, middle)
    sizes = [max(size, 0.1) for cell in cells.values() for size in (cell.anonymous, cell.peak)]
    memory = svg.Scale(*svg.around(sizes), right, width - 70)
    parts, y = [], 24
    for kind in kinds:
        shown = [(tool, [(threads, cells[tool.key, threads, kind]) for threads in tool.threads
                         if (tool.key, threads, kind) in cells]) for tool in tools]
        shown = sorted(((tool, each) for tool, each in shown if each), key=lambda pair: -pair[1][0][1].best)
        bottom = y + 12 + 26 * len(shown)
        parts += [svg.text(0, y, kind, "title"), svg.text(left, y, "MB/s of input", "note"),
                  svg.text(right, y, "peak memory, MB, and with mapped files", "note")]
        for scale in (speed, memory):
            for mark in scale.decades():
                parts += [svg.grid(scale(mark), y + 6, scale(mark), bottom),
                          svg.text(scale(mark), bottom + 12, f"{mark:,g}", "note", "middle")]
        y += 12
        for tool, each in shown:
            color = "c0" if tool.key == "sluice" else "other"
            parts.append(svg.text(left - 8, y + 14, tool.name, "title" if tool.key == "sluice" else "", "end"))
            for index, (_, cell) in enumerate(each):
                top, kind_of_bar = y + 2 + 11 * index, color if index == 0 else color + " pale"
                parts.append(svg.bar(left, top, speed(cell.best) - left, 10, kind_of_bar))
                parts.append(svg.text(speed(cell.best) + 5, top + 9, svg.amount(cell.best), "note"))
                parts.append(svg.bar(right, top + 3, memory(cell.peak) - right, 4, kind_of_bar + " faint"))
                parts.append(svg.bar(right, top, memory(cell.anonymous) - right, 10, kind_of_bar))
                parts.append(svg.text(memory(cell.peak) + 5, top + 9,
                                      f"{svg.amount(cell.anonymous)} – {svg.amount(cell.peak)}", "note"))
            y += 26
        y = bottom + 40
    parts.append(svg.text(0, y - 10, "Log scales. Full bars: one thread, pale bars: two. Thin bars: with the pages of mapped "
                          "files, which the system can take back.", "note"))
    return svg.document(width, y, "Speed and memory of Sluice and its peers", parts)
