"""The plot of what ``speed.py`` measured, as SVG: dots on a logarithmic scale.

Text is text, colours follow the reader's light or dark mode, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

import math
import statistics
from typing import Any
from xml.sax.saxutils import escape

#: run -> (text, class of its colour)
LINES = {
    "parse": ("ast.parse alone", "floor"),
    "second run": ("qs-lint, second run", "ours"),
    "cold": ("qs-lint, no cache", "ours"),
    "ruff": ("ruff, one rule", "other"),
    "flake8-django": ("flake8-django", "other"),
    "semgrep": ("semgrep, one rule", "other"),
    "pylint": ("pylint, one trivial message", "other"),
    "pylint with the plugin": ("pylint with the plugin", "other"),
    "pylint-django": ("pylint-django", "other"),
}
WIDTH, LEFT, RIGHT, TOP, STEP, HEAD = 960, 250, 880, 84, 22, 34
STYLE = """\
    :root { --paper: #ffffff; --ink: #1f2430; --soft: #5b6372; --line: #dfe3ea;
            --ours: #1a7f4b; --floor: #5b6372; --other: #8a4b08; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #1b1e26; --ink: #e8eaf0; --soft: #a4abba; --line: #353b48;
              --ours: #6fd39c; --floor: #a4abba; --other: #f0b26b; }
    }
    text { font-family: system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif;
           font-size: 14px; fill: var(--ink); }
    .paper { fill: var(--paper); stroke: var(--line); }
    .title { font-size: 17px; font-weight: 600; }
    .project { font-size: 15px; font-weight: 600; }
    .soft { fill: var(--soft); font-size: 13px; }
    .end { text-anchor: end; }
    .middle { text-anchor: middle; }
    .grid { stroke: var(--line); }
    .stem { stroke-width: 2; stroke-opacity: .45; }
    circle.ours { fill: var(--ours); } line.ours { stroke: var(--ours); }
    circle.floor { fill: var(--floor); } line.floor { stroke: var(--floor); }
    circle.other { fill: var(--other); } line.other { stroke: var(--other); }
    text.ours { fill: var(--ours); font-weight: 600; }"""


def values(project: dict[str, Any]) -> dict[str, float]:
    """Run -> the median of its CPU seconds, in the order of the plot."""
    found = {"parse": statistics.median(project["floor"]["parse"])}
    found |= {name: statistics.median(one["cpu"]) for name, one in project["runs"].items()}
    return {name: found[name] for name in LINES if name in found}


def number(value: float) -> str:
    """Seconds as text, with two figures that count."""
    return f"{value:.3g}" if value >= 10 else f"{value:.2g}"


def plot(result: dict[str, Any]) -> str:
    """The plot as a text."""
    projects = {name: values(one) for name, one in result["projects"].items()}
    all_values = [value for one in projects.values() for value in one.values()]
    low = math.floor(math.log10(min(all_values)))
    high = math.ceil(math.log10(max(all_values)))

    def place(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (math.log10(value) - low) / max(1, high - low)

    body: list[str] = []
    y = TOP
    for name, found in projects.items():
        y += HEAD
        files = f"{result['projects'][name]['files']:,} files"
        body.append(
            f'<text class="project" x="24" y="{y}">{escape(name)}'
            f'<tspan class="soft" dx="8">{files}</tspan></text>'
        )
        for run, value in found.items():
            y += STEP
            text, colour = LINES[run]
            x = place(value)
            body += [
                f'<text class="{colour} end" x="{LEFT - 14}" y="{y + 5}">{escape(text)}</text>',
                f'<line class="stem {colour}" x1="{LEFT}" y1="{y}" x2="{x:.1f}" y2="{y}"/>',
                f'<circle class="{colour}" cx="{x:.1f}" cy="{y}" r="5"/>',
                f'<text class="{colour}" x="{x + 11:.1f}" y="{y + 5}">{number(value)} s</text>',
            ]
    bottom = y + 20
    grid = []
    for power in range(low, high + 1):
        x = place(10.0**power)
        grid += [
            f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>',
            f'<text class="soft middle" x="{x:.1f}" y="{TOP - 8}">{10.0**power:g} s</text>',
        ]
    on = f"{result['machine']['cpu']}, Python {result['versions']['python']}, {result['date']}"
    spoken = "; ".join(
        f"{name}: " + ", ".join(f"{LINES[run][0]} {number(value)}" for run, value in found.items())
        for name, found in projects.items()
    )
    height = bottom + 40
    named = 'role="img" aria-labelledby="title desc"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {named}>',
        '<title id="title">CPU seconds for all files of a project</title>',
        f'<desc id="desc">Medians, on a logarithmic scale. {escape(spoken)}.</desc>',
        f"<style>\n{STYLE}\n</style>",
        f'<rect class="paper" x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="12"/>',
        '<text class="title" x="24" y="36">CPU seconds for all files of a project</text>',
        f'<text class="soft end" x="{WIDTH - 24}" y="36">logarithmic scale</text>',
        *grid,
        *body,
        f'<text class="soft" x="24" y="{height - 16}">{escape(on)}</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
