"""For people: where, what happens, why that is wrong, what to write instead.

Nothing but the standard library is needed.  The order is that of reading: a headline; the code
with the expression underlined; the way from there to the query, file by file; three paragraphs; and
at the end of all, how much was found and how much was checked.  The paragraphs stand at the first
report of a rule; the others have the code, and the cure if it is another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.findings import Confidence, harmless
from qs_lint.formats._frames import (
    Files,
    Frame,
    Pen,
    Range,
    is_definition,
    range_of,
    step_file,
    step_range,
)
from qs_lint.formats._locations import file_of
from qs_lint.formats._summary import summary
from qs_lint.formats._text import width, wrapped
from qs_lint.reports import in_order
from qs_lint.rules import all_rules
from qs_lint.sources import relative

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qs_lint.findings import Finding
    from qs_lint.formats import Context
    from qs_lint.reports import Report

#: what stands beside the underlined expression; a rule that is not here has its headline only
LABELS = {
    "frozen-class-queryset": "runs once, at import; its rows are kept",
    "frozen-module-queryset": "runs once, at import; its rows are kept",
    "frozen-default-queryset": "runs once, at import; its rows are kept",
    "frozen-queryset-argument": "uses a value that was computed once, at import",
    "import-time-query": "runs at every start of the process",
    "memoized-queryset": "kept for the lifetime of the process",
    "leaked-request-queryset": "another request reads what this one stores",
    "leaked-request-state": "another request reads what this one stores",
    "shared-context-queryset": "one object for all requests",
    "shared-queryset-cache": "one object for all requests, with one result cache",
}
SURE = {
    Confidence.HIGH: "high (every name involved was resolved in the sources)",
    Confidence.INFERENCE: "good (through a helper, or a rule of Django that settings may change)",
    Confidence.INFERENCE_FAILURE: "fair (by Django's naming conventions; the model was not read)",
}
COLOUR = {"fatal": "error", "error": "error", "warning": "warning"}


def render(reports: Sequence[Report], context: Context) -> str:
    """The reports for a reader, ordered, and a summary; it ends with a line break."""
    page = _Page(context)
    lines: list[str] = []
    for report in in_order(reports):
        lines += page.report(report)
        lines.append("")
    lines.append(page.summary(reports))
    return harmless("\n".join(lines) + "\n")


class _Page:
    """All reports of one output."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pen = Pen(context)
        self.files = Files(context)
        self.rules = {rule.symbol: rule for rule in all_rules()}
        #: symbol -> the cures and confidences that were shown
        self.told: dict[str, set[str | Confidence]] = {}

    def report(self, report: Report) -> Iterator[str]:
        """One report."""
        colour = COLOUR.get(report.category, "note")
        yield from self.headline(report, colour)
        yield from self.frames(report, colour)
        if report.finding is not None and report.symbol in self.told:
            yield from self.again(report.finding)
        elif report.finding is not None:
            yield from self.paragraphs(report.finding)
        elif report.symbol in self.rules:
            yield from self.paragraph("What happens", report.text, "strong")
            yield from self.more(report.symbol)

    def headline(self, report: Report, colour: str) -> Iterator[str]:
        """The kind and name of the message, and what it says in general."""
        rule = self.rules.get(report.symbol)
        text = rule.summary if rule else report.text
        if report.finding is not None and report.symbol in self.told:
            text = report.finding.brief or text
        kind, name = report.category, f"{report.symbol} ({report.msgid})"
        first, *more = text.strip().splitlines() or [""]
        first, *others = wrapped(self.pen.clean(f"{kind}: {first}"), self.context.width)
        yield self.pen.paint(kind, colour) + self.pen.paint(first[len(kind) :], "strong")
        for line in others:
            yield self.pen.paint(line, "strong")
        for line in more:  # some messages of pylint's are several lines, e.g. duplicate code
            yield f"    {self.pen.clean(line)}".rstrip()
        mark = self.context.fixes is not None and report in self.context.fixes
        yield f"  {self.pen.clean(name)}{' [*]' if mark else ''}"

    def frames(self, report: Report, colour: str) -> Iterator[str]:
        """The reported code, and the code of each step away from it."""
        lines = self.files(file_of(report))
        where = range_of(lines, report.line, report.column, report.end_line, report.end_column)
        steps = report.finding.steps if report.finding else ()
        label = LABELS.get(report.symbol, "") if report.finding else ""
        if steps and self.is_there(report, 0):
            label, steps = f"calls {steps[0].text}", steps[1:]
        pieces = []
        for number, step in enumerate(steps, 1):
            path = step_file(step, file_of(report))
            lines_there = self.files(path)
            if number == len(steps):
                what = f"{step.text} here"
            elif is_definition(lines_there, step):
                what = f"{step.text} begins here"
            else:
                what = f"calls {step.text}"
            pieces.append((path, step.line, step_range(lines_there, step), what))
        last = max([report.line, report.end_line or 0, *(line for _, line, _, _ in pieces)])
        gutter = len(str(last + 1))
        place = self.shown(report.path)
        if where:
            place += f":{report.line}:{where.start + 1}"
        elif report.line > 1:
            place += f":{report.line}"
        around = f", in {self.pen.clean(report.obj)}" if report.obj else ""
        boxes = self.pen.boxes
        yield self.arrow(gutter, boxes.first, place + around)
        if where:
            yield from self.frame(file_of(report), where, gutter, label, colour, around=True)
        for path, line, there, what in pieces:
            place = f"{self.shown(path)}:{line}"
            if there is None:
                yield self.arrow(gutter, boxes.further, f"{place}: {self.pen.clean(what)}")
                continue
            yield self.arrow(gutter, boxes.further, place)
            yield from self.frame(path, there, gutter, what, "note", around=False)

    def is_there(self, report: Report, number: int) -> bool:
        """Whether a step is the reported place itself."""
        assert report.finding is not None
        step = report.finding.steps[number]
        last = report.end_line or report.line
        path = step_file(step, file_of(report))
        return path == file_of(report) and report.line <= step.line <= last

    def shown(self, path: str) -> str:
        """A path for a reader."""
        return self.pen.clean(relative(path, self.context.cwd))

    def arrow(self, gutter: int, arrow: str, text: str) -> str:
        """The line that names a place."""
        return f"{self.pen.paint(f'{arrow:>{gutter + 1 + len(arrow)}}', 'frame')} {text}"

    def frame(
        self, path: str, where: Range, gutter: int, label: str, colour: str, around: bool
    ) -> Iterator[str]:
        """One piece of code."""
        frame = Frame(self.pen, self.files(path), where, gutter, around)
        yield from frame.render(self.pen.clean(label), colour)

    def paragraphs(self, finding: Finding) -> Iterator[str]:
        """What happens, why that is wrong, what to write instead."""
        yield from self.paragraph("What happens", finding.happens, "strong")
        yield from self.paragraph("Why it is wrong", finding.wrong, "strong")
        yield from self.paragraph("What to write instead", finding.cure, "good")
        yield from self.more(finding.symbol, finding.confidence)
        self.told[finding.symbol] = {finding.cure, finding.confidence}

    def again(self, finding: Finding) -> Iterator[str]:
        """What another report of the same rule says that none before it has said."""
        told = self.told[finding.symbol]
        if finding.cure not in told:
            yield from self.paragraph("What to write instead", finding.cure, "good")
        if finding.confidence not in told:
            yield ""
            yield from self.hanging("Confidence: ", SURE[finding.confidence])
        told |= {finding.cure, finding.confidence}

    def paragraph(self, label: str, text: str, colour: str) -> Iterator[str]:
        """A label, and a text indented below it; nothing if the text is empty."""
        if not text:
            return
        yield ""
        yield f"  {self.pen.paint(label, colour)}"
        for line in wrapped(self.pen.clean(text), self.context.width - 4):
            yield f"    {line}"

    def more(self, symbol: str, confidence: Confidence | None = None) -> Iterator[str]:
        """How sure it is, and where to read on."""
        yield ""
        if confidence is not None:
            yield from self.hanging("Confidence: ", SURE[confidence])
        yield f"  Read more:  qs-lint explain {symbol}"

    def hanging(self, label: str, text: str) -> Iterator[str]:
        """A label with a text behind it, wrapped beside it."""
        for number, line in enumerate(wrapped(text, self.context.width - 2 - width(label))):
            yield f"  {label if not number else ' ' * width(label)}{line}"

    def summary(self, reports: Sequence[Report]) -> str:
        """How much was found, how much was checked."""
        worst = "note" if reports else "good"
        if self.context.files == 0 and not reports:
            worst = "warning"
        for colour in ("warning", "error"):
            if any(COLOUR.get(report.category) == colour for report in reports):
                worst = colour
        return self.pen.paint(summary(reports, self.context), worst)
