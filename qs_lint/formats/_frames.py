"""Code frames: numbered source lines with a range underlined, for any line and any terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qs_lint.formats._text import acts, visible, width
from qs_lint.records import record
from qs_lint.sources import characters, lines_of, locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.findings import Edit, Step
    from qs_lint.formats import Context

TAB = 4
#: lines shown above and below a range, and how many of a long range
BEFORE, AFTER = 2, 1
HEAD, TAIL = 5, 2
#: how far up the line that opens the block around is looked for
FAR = 200
#: a line longer than this is cut before it is measured
LONGEST = 20_000
_OPENS = re.compile(r"\s*(?:class|def|async\s+def)\b")


@record(frozen=True)
class Boxes:
    """The characters that lines are drawn with."""

    rail: str
    first: str
    further: str
    gap: str
    top: str
    side: str
    bottom: str
    line: str
    cut: str


DRAWN = Boxes("│", "╭─▶", "├─▶", "┆", "╭", "│", "╰", "─", "…")
ASCII = Boxes("|", "-->", "-->", ":", " ", "|", "|", "_", "...")
COLOURS = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "good": "1;32",
    "strong": "1",
    "frame": "34",
}


class Pen:
    """Writes for one output: its colours, its characters, its width."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.boxes = DRAWN if visible("│╭├─▶┆╰…", "", context.encoding) == "│╭├─▶┆╰…" else ASCII

    def paint(self, text: str, colour: str) -> str:
        """A text in a colour, if there are any."""
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self.context.colour and text else text

    def clean(self, text: str) -> str:
        """A text that does nothing to the terminal."""
        return visible(text, "", self.context.encoding)


@record(frozen=True)
class Range:
    """Lines from 1; columns are characters from 0."""

    line: int
    start: int
    end_line: int
    end: int


def range_of(
    lines: list[str], line: int, column: int, end_line: int | None, end_column: int | None
) -> Range | None:
    """The range of a message in these lines, cut to what is there; ``None`` if nothing is."""
    if not 1 <= line <= len(lines):
        return None
    first = lines[line - 1]
    start = characters(first, column)
    if end_line is None or end_column is None or not line <= end_line <= len(lines):
        return Range(line, start, line, max(len(first.rstrip()), start))
    end = characters(lines[end_line - 1], end_column)
    if end_line == line:
        end = max(end, start)
    return Range(line, start, end_line, end)


def step_range(lines: list[str], step: Step) -> Range | None:
    """What a step refers to in its line: the call if it is there once, else the whole line."""
    if not 1 <= step.line <= len(lines):
        return None
    line = lines[step.line - 1]
    if step.text.endswith("()") and len(line) <= LONGEST:
        name = step.text[:-2]
        edge = r"(?<![\w.])" if name[:1].isalpha() or name[:1] == "_" else ""
        places = list(re.finditer(edge + re.escape(name) + r"(?=\s*\()", line))
        if not places and edge:
            places = list(re.finditer(rf"(?<=\.){re.escape(name)}(?=\s*\()", line))
        if len(places) == 1:
            return Range(step.line, places[0].start(), step.line, places[0].end())
    start = len(line) - len(line.lstrip())
    return Range(step.line, start, step.line, len(line.rstrip()))


def edited(edit: Edit, lines: list[str]) -> Range:
    """The range that an edit replaces; behind the last line there is nothing to point at."""
    if edit.end_line <= len(lines):
        return Range(edit.line, 0, edit.end_line, 0)
    last = max(len(lines), 1)
    end = len(lines[-1]) if lines else 0
    return Range(min(edit.line, last), 0 if edit.line <= last else end, last, end)


def is_definition(lines: list[str], step: Step) -> bool:
    """Whether a step's line defines what the step names, rather than calling it."""
    if not 1 <= step.line <= len(lines) or not step.text.endswith("()"):
        return False
    name = re.escape(step.text[:-2])
    return re.match(rf"\s*(?:async\s+)?def\s+{name}\b", lines[step.line - 1]) is not None


def step_file(step: Step, near: str) -> str:
    """The file of a step; what the step says if there is no such file."""
    return locate(step.path, near) or step.path


class Line:
    """One source line as a terminal shows it: tabs expanded, nothing in it acts."""

    def __init__(self, text: str, pen: Pen) -> None:
        self.cells: list[str] = []
        self.widths: list[int] = []
        #: the column in which each cell begins, and behind the last one
        self.columns = [0]
        column = 0
        for character in text[:LONGEST]:
            if character == "\t":
                cell = " " * (TAB - column % TAB)
            elif character.isascii() and not acts(character):
                cell = character
            else:
                cell = pen.clean(character)
            self.cells.append(cell)
            self.widths.append(width(cell))
            column += self.widths[-1]
            self.columns.append(column)

    def view(self, start: int, end: int, room: int, cut: str) -> tuple[str, int, int]:
        """At most ``room`` columns of the line around a range, and the range's columns in it."""
        start, end = min(start, len(self.cells)), min(end, len(self.cells))
        if self.columns[-1] <= room:
            return "".join(self.cells), self.columns[start], self.columns[end]
        room -= 2 * len(cut)
        first, wanted = start, room // 4
        if self.columns[end] <= room:  # the range fits without cutting the line's start
            first = 0
        while first and self.widths[first - 1] <= wanted:
            first -= 1
            wanted -= self.widths[first]
        last, left = first, room
        while last < len(self.cells) and self.widths[last] <= left:
            left -= self.widths[last]
            last += 1
        while first and self.widths[first - 1] <= left:  # the line's end: show more before it
            first -= 1
            left -= self.widths[first]
        before = cut if first else ""
        after = cut if last < len(self.cells) else ""
        offset = len(before) - self.columns[first]
        text = before + "".join(self.cells[first:last]) + after
        stop = max(min(end, last), start)
        return text, self.columns[start] + offset, self.columns[stop] + offset


@lru_cache(maxsize=8)  # the findings of a line follow each other
def _measured(text: str, pen: Pen) -> Line:
    return Line(text, pen)


class Frame:
    """One piece of a file, with a range and a label."""

    def __init__(self, pen: Pen, lines: list[str], where: Range, gutter: int, around: bool) -> None:
        self.pen = pen
        self.lines = lines
        self.where = where
        self.gutter = gutter
        self.around = around
        self.room = max(pen.context.width - gutter - 6, 20)

    def render(self, label: str, colour: str) -> Iterator[str]:
        """The lines of the frame; ``label`` stands beside the underline."""
        several = self.where.end_line > self.where.line
        previous = 0
        for number in self.numbers():
            if previous and number > previous + 1:
                yield self.row(self.pen.boxes.gap, "", number, gap=True)
            previous = number
            inside = several and self.where.line < number <= self.where.end_line
            yield self.source(number, several, inside, colour)
            if number == self.where.line:
                yield from self.opened(colour) if several else self.underlined(label, colour)
            if several and number == self.where.end_line:
                yield from self.closed(label, colour)

    def numbers(self) -> list[int]:
        """Which lines are shown."""
        first, last = self.where.line, self.where.end_line
        shown = set(range(first, last + 1))
        if len(shown) > HEAD + TAIL + 1:
            shown = set(range(first, first + HEAD)) | set(range(last - TAIL + 1, last + 1))
        if self.around:
            above = [n for n in range(first - BEFORE, first) if n > 0]
            below = [n for n in range(last + 1, last + 1 + AFTER) if n <= len(self.lines)]
            while above and not self.lines[above[0] - 1].strip():
                above.pop(0)
            while below and not self.lines[below[-1] - 1].strip():
                below.pop()
            opening = self.opening()
            shown |= {*above, *below, *([opening] if opening else [])}
        return sorted(shown)

    def opening(self) -> int:
        """The line of the class or function around; 0 if there is none near."""
        text = self.lines[self.where.line - 1][:LONGEST]
        indent = len(text) - len(text.lstrip())
        for number in range(self.where.line - 1, max(self.where.line - FAR, 0), -1):
            text = self.lines[number - 1][:LONGEST]
            here = len(text) - len(text.lstrip())
            if text.strip() and here < indent:
                if _OPENS.match(text):
                    return number
                indent = here
            if not indent:
                break
        return 0

    def row(self, mark: str, text: str, number: int = 0, gap: bool = False) -> str:
        """One line: the number's place, the rail, and a text."""
        left = str(number) if number and not gap else ""
        rail = self.pen.paint(f"{left:>{self.gutter}} {mark}", "frame")
        return f"{rail} {text}".rstrip()

    def source(self, number: int, several: bool, inside: bool, colour: str) -> str:
        """A numbered line of the file."""
        start, end = 0, 0
        if number == self.where.line:
            start = self.where.start
            end = self.where.end if not several else start
        elif number == self.where.end_line and several:
            start = end = max(self.where.end - 1, 0)
        text, _, _ = self.view(number, start, end)
        margin = ""
        if several:
            margin = f"{self.pen.boxes.side if inside else ' '} "
            margin = self.pen.paint(margin, colour) if inside else margin
        return self.row(self.pen.boxes.rail, margin + text, number)

    def view(self, number: int, start: int, end: int) -> tuple[str, int, int]:
        """What is shown of a line, and the columns of a range in it."""
        line = _measured(self.lines[number - 1], self.pen)
        return line.view(start, end, self.room, self.pen.boxes.cut)

    def underlined(self, label: str, colour: str) -> Iterator[str]:
        """The range of one line, and the label beside or below it."""
        _, start, end = self.view(self.where.line, self.where.start, self.where.end)
        marks = "^" * max(end - start, 1)
        yield from self.labelled(" " * start, marks, label, colour)

    def opened(self, colour: str) -> Iterator[str]:
        """Under the first line of a long range: a line to its first character."""
        boxes = self.pen.boxes
        _, start, _ = self.view(self.where.line, self.where.start, self.where.start)
        text = f"{boxes.top}{boxes.line * (start + 1)}^"
        yield self.row(boxes.rail, self.pen.paint(text, colour))

    def closed(self, label: str, colour: str) -> Iterator[str]:
        """Under the last line of a long range: a line to its last character."""
        boxes = self.pen.boxes
        last = max(self.where.end - 1, 0)
        _, end, _ = self.view(self.where.end_line, last, last)
        yield from self.labelled("", f"{boxes.bottom}{boxes.line * (end + 1)}^", label, colour)

    def labelled(self, space: str, marks: str, label: str, colour: str) -> Iterator[str]:
        """Marks under a line, with the label behind them, or below where there is no room."""
        rail = self.pen.boxes.rail
        if len(space) + len(marks) + 1 + width(label) <= self.room:
            yield self.row(rail, space + self.pen.paint(f"{marks} {label}".rstrip(), colour))
            return
        yield self.row(rail, space + self.pen.paint(marks, colour))
        indent = " " * max(min(len(space), self.room - width(label)), 0)
        yield self.row(rail, indent + self.pen.paint(label, colour))


class Files:
    """The lines of the files that one output shows, each read once."""

    def __init__(self, context: Context) -> None:
        self._read = context.read
        self._lines: dict[str, list[str]] = {}

    def __call__(self, path: str) -> list[str]:
        """The lines of a file; none if it cannot be read."""
        if path not in self._lines:
            self._lines[path] = lines_of(self._read(path))
        return self._lines[path]
