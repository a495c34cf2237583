"""A few SVG shapes for bars and lines on a log scale. They are readable on light and dark pages: text is grey, and lighter
if the reader prefers dark pages."""
import html
import math

STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #6a737d }
.title { font-size: 14px; font-weight: 600 } .note { font-size: 11px }
.grid { stroke: #8b949e; stroke-opacity: .3; stroke-width: 1 }
.c0 { fill: #0969da } .c1 { fill: #8250df } .c2 { fill: #bc4c00 } .c3 { fill: #1a7f37 } .other { fill: #8b949e }
.pale { fill-opacity: .55 } .faint { fill-opacity: .3 }
.line { fill: none; stroke-width: 2 }
.l0 { stroke: #0969da } .l1 { stroke: #8250df } .l2 { stroke: #bc4c00 } .l3 { stroke: #1a7f37 }
@media (prefers-color-scheme: dark) {
text { fill: #c9d1d9 } .note { fill: #9198a1 }
.c0 { fill: #4493f8 } .c1 { fill: #ab7df8 } .c2 { fill: #f0883e } .c3 { fill: #3fb950 }
.l0 { stroke: #4493f8 } .l1 { stroke: #ab7df8 } .l2 { stroke: #f0883e } .l3 { stroke: #3fb950 }
}
</style>"""


class Scale:
    """Maps values to coordinates by their logarithm, `low` to `start` and `high` to `end`."""

    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, max(high, low * 1.01), start, end

    def __call__(self, value):
        value = min(max(value, self.low), self.high)
        part = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + part * (self.end - self.start)

    def decades(self):
        first = math.ceil(math.log10(self.low) - 1e-9)
        return [10**power for power in range(first, math.floor(math.log10(self.high) + 1e-9) + 1)]


def around(values):
    """Returns the decades around all values."""
    low, high = min(values), max(values)
    return 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high) + 1e-9)


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{html.escape(words)}</text>'


def bar(x, y, width, height, kind):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}" rx="1" class="{kind}"/>'


def grid(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="grid"/>'


def line(points, kind):
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" class="line {kind}"/>'


def document(width, height, title, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img">\n<title>{html.escape(title)}</title>\n{STYLE}\n'
            + "\n".join(parts) + "\n</svg>\n")


def amount(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
