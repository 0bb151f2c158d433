"""The output formats: what they say about real findings, and what hostile input does to them."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import FIXTURES, ROOT, SHOP

from qs_lint import fingerprints as prints
from qs_lint import formats, sources
from qs_lint.examination import findings_in
from qs_lint.explain import rules_table
from qs_lint.findings import Confidence, Edit, Finding, Fix, Location, Step
from qs_lint.fixes import edit_between, fixes_for
from qs_lint.formats import Context, _text, terminal
from qs_lint.formats._frames import Line, Pen
from qs_lint.formats._line_hashes import line_hashes
from qs_lint.formats.full import LABELS
from qs_lint.project.source import Project
from qs_lint.reports import Report
from qs_lint.rules import all_rules

GOLDEN = ROOT / "tests" / "data" / "formats"
SCHEMA = json.loads((ROOT / "tests/data/sarif-2.1.0.json").read_text(encoding="utf-8"))
IDS = {rule.symbol: rule.msgid for rule in all_rules()}
SUFFIX = {
    "full": "txt",
    "concise": "txt",
    "statistics": "txt",
    "github": "txt",
    "azure": "txt",
    "sarif": "json",
    "gitlab": "json",
    "junit": "xml",
    "rdjson": "json",
    "qs-json": "json",
    "qs-jsonl": "jsonl",
}
#: a new line that starts a command, a carriage return, an escape sequence, a bidi override, a
#: noncharacter, markup, what GitHub and URIs escape
HOSTILE = "a\n::error::b\r\x1b[31m\u202e\u2066%0A,:]]>&<\"'\ufffe?#é"


def found_in(*paths: Path, base: Path) -> list[Report]:
    """The reports of the engine about some files, as a run in ``base`` would have them."""
    project = Project()
    found = []
    for path in paths:
        for finding in findings_in(project, str(path)):
            where = finding.location
            found.append(
                Report(
                    path=os.path.relpath(path, base),
                    abspath=str(path),
                    module=path.stem,
                    obj="",
                    line=where.line,
                    column=where.column,
                    end_line=where.end_line,
                    end_column=where.end_column,
                    symbol=finding.symbol,
                    msgid=IDS[finding.symbol],
                    text=finding.message,
                    confidence=finding.confidence.name,
                    finding=finding,
                )
            )
    return found


def other(path: Path, symbol: str, msgid: str, text: str, line: int = 1, column: int = 0) -> Report:
    """A message of somebody else."""
    return Report(
        path.name, str(path), "m", "", line, column, None, None, symbol, msgid, text, "UNDEFINED"
    )


def made(
    path: Path,
    line: int,
    column: int,
    end_line: int,
    end_column: int,
    symbol: str = "frozen-class-queryset",
    steps: tuple[Step, ...] = (),
    happens: str = "It happens.",
    obj: str = "",
) -> Report:
    """A report of ours about any place."""
    location = Location(str(path), line, column, end_line, end_column)
    finding = Finding(
        symbol, location, happens, "It is wrong.", "Write this.", Confidence.HIGH, steps
    )
    return Report(
        path.name,
        str(path),
        "m",
        obj,
        line,
        column,
        end_line,
        end_column,
        symbol,
        IDS[symbol],
        finding.message,
        "HIGH",
        finding,
    )


def fixes_of(*reports: Report) -> dict[Report, Fix]:
    """A fix of each report, which replaces its lines."""
    return {
        each: Fix(
            each.finding, "it is mended", Edit(each.line, (each.end_line or 1) + 1, "mended\n")
        )
        for each in reports
        if each.finding is not None
    }


def context(base: Path, **changes: Any) -> Context:
    """A context that depends on nothing around."""
    given: dict[str, Any] = {"version": "1.2.3", "files": 2, "width": 88}
    return Context(**given | {"cwd": str(base), "root": str(base)} | changes)


def sarif(reports: list[Report], where: Context) -> Any:
    """The run of a SARIF log, which is valid."""
    log = json.loads(formats.render("sarif", reports, where))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    return run


# Whole outputs


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("case", ["original", "multifile", "leaks", "nothing"])
def test_golden(name: str, case: str) -> None:
    """The outputs of real findings are those that were looked at.

    ``QS_LINT_GOLDEN=write pytest tests/test_formats.py`` writes them anew, to be looked at.
    """
    base = FIXTURES / {"nothing": "multifile", "leaks": ""}.get(case, case)
    paths = {
        "original": [base / "orders/views.py"],
        "multifile": [base / "navigation/urls.py", base / "library/urls.py"],
        "leaks": [
            base / "leaked-request-queryset/bad_class_of_self.py",
            base / "leaked-request-state/bad_admin_request.py",
            base / "multifile/couriers/urls.py",
        ],
        "nothing": [],
    }[case]
    given = context(base, files=2 + len(paths))
    got = formats.render(name, found_in(*paths, base=base), given)
    if name == "sarif":  # the rules' own texts are compared elsewhere
        log = json.loads(got)
        for rule in log["runs"][0]["tool"]["driver"]["rules"]:
            for part in ("shortDescription", "fullDescription", "help"):
                assert rule.pop(part)["text"]
        got = json.dumps(log, indent=2) + "\n"
    path = GOLDEN / f"{case}.{name}.{SUFFIX[name]}"
    if os.environ.get("QS_LINT_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(got, encoding="utf-8")
    assert got == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", formats.FORMATS)
def test_order_of_reports_does_not_matter(name: str) -> None:
    """The same reports give the same text in any order."""
    base = FIXTURES / "multifile"
    reports = found_in(base / "library/urls.py", base / "navigation/urls.py", base=base)
    assert len(reports) > 2
    given = context(base)
    turned = formats.render(name, reports[::-1], given)
    assert turned == formats.render(name, reports, given)


def test_unknown_format() -> None:
    """An unknown name says which ones there are."""
    with pytest.raises(formats.UnknownFormatError, match=r"'xml'; there are: full, concise"):
        formats.renderer("xml")


# Full


def test_labels_name_rules() -> None:
    """No label for a rule that does not exist."""
    assert set(LABELS) <= set(IDS)


def full(path: Path, report: Report, **changes: Any) -> list[str]:
    """The lines of the full format about one report."""
    return formats.render("full", [report], context(path.parent, **changes)).splitlines()


def underline(lines: list[str], code: str) -> tuple[int, int, str]:
    """Where the code and the underline below it begin, and the underlined text."""
    number = next(i for i, line in enumerate(lines) if code in line and "│" in line)
    marks = re.search(r"\^+", lines[number + 1])
    assert marks
    before = marks.start()
    # columns of the terminal -> characters of the line
    column, text = 0, ""
    for character in lines[number]:
        if before <= column < marks.end():
            text += character
        column += _text.width(character)
    return lines[number].index(code), before, text


@pytest.mark.parametrize(
    "line",
    [
        "x = list(q)",
        "\tx = list(q)",
        "    \tx =\tlist(q)",
        "x = 'äöü', list(q)",
        "x = '日本語', list(q)",
        "x = '🦀 e\u0301', list(q)",
        "x = '" + "ab" * 400 + "', list(q), '" + "cd" * 400 + "'",
        "x = '" + "日本" * 400 + "', list(q), '" + "語" * 400 + "'",
        "x = '\x1b[31m\u202e', list(q)",
        "x = '\x0c', list(q)",
    ],
    ids=["plain", "tab", "tabs", "umlauts", "wide", "combining", "long", "long-wide", "esc", "ff"],
)
def test_underline(tmp_path: Path, line: str) -> None:
    """The underline stands below the expression, whatever stands before it."""
    path = tmp_path / "a.py"
    path.write_bytes(f"a = 1\n{line}\nb = 2\n".encode())
    start = len(line[: line.index("list(q)")].encode())
    lines = full(path, made(path, 2, start, 2, start + len("list(q)")))
    _, _, text = underline(lines, "list(q)")
    assert text == "list(q)"
    assert all(_text.width(shown) <= 88 for shown in lines)
    assert not any(character in "".join(lines) for character in "\x1b\u202e\x0c\t")


@pytest.mark.parametrize("cut", ["…", "..."])
@pytest.mark.parametrize("columns", [20, 33, 60])
def test_clipped(columns: int, cut: str) -> None:
    """However a line is cut, it fits, is marked where it is cut, and shows the range."""
    pen = Pen(Context("1"))
    for wide in ("a", "日", "é"):
        for before, after in [(0, 99), (5, 99), (18, 99), (19, 0), (99, 99), (99, 0), (99, 3)]:
            line = wide * before + "list(q)" + wide * after
            text, start, end = Line(line, pen).view(before, before + 7, columns, cut)
            assert _text.width(text) <= columns
            cells = [c for c in text for _ in range(_text.width(c))]
            assert "".join(cells[start:end]) == "list(q)"
            assert text.endswith(cut) is (not text.endswith(line[-1:]))
            assert text.startswith(cut) is (not text.startswith(line[:1]))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "shift_jis", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """A file is read in the encoding it declares; one that lies is shown all the same."""
    path = tmp_path / "a.py"
    text = f"# -*- coding: {encoding} -*-\nx = 'é', list(q)\n"
    if encoding == "shift_jis":
        text = text.replace("é", "日")
    path.write_bytes(text.encode(encoding))
    start = len(text.splitlines()[1].split("list")[0].encode())
    lines = full(path, made(path, 2, start, 2, start + 7))
    if encoding == "utf-16":  # no Python file
        assert "Found 1 problem in 1 file. Checked 2 files." in lines
        return
    assert underline(lines, "list(q)")[2] == "list(q)"


@pytest.mark.parametrize("data", [None, b"", b"\xff\xfe\x00", b"# coding: nonsense\n\xff = 1\n"])
@pytest.mark.parametrize("name", formats.FORMATS)
def test_files_that_are_no_text(tmp_path: Path, data: bytes | None, name: str) -> None:
    """A missing, an empty, and a broken file are reported about as any other."""
    path = tmp_path / "a.py"
    if data is not None:
        path.write_bytes(data)
    steps = (Step("a.py", 9, "f()"), Step("gone.py", 3, "list()"))
    text = formats.render(name, [made(path, 7, 40, 9, 50, steps=steps)], context(tmp_path))
    assert "frozen-class-queryset" in text
    if name == "full":
        assert "gone.py:3: list() here" in text


def test_several_lines(tmp_path: Path) -> None:
    """A long range is shown from its first to its last line, the middle left out."""
    path = tmp_path / "a.py"
    body = "".join(f"    {number},\n" for number in range(20))
    path.write_text(f"class A:\n    x = list([\n{body}    ])\n", encoding="utf-8")
    lines = full(path, made(path, 2, 8, 23, 6))
    assert " 1 │   class A:" in lines
    assert " 2 │       x = list([" in lines
    assert "   │ ╭─────────^" in lines
    assert " 3 │ │     0," in lines
    assert "   ┆" in lines
    assert not any("10," in line for line in lines)
    assert "22 │ │     19," in lines
    assert lines[lines.index("23 │ │     ])") + 1].startswith("   │ ╰──────^ runs once")


def test_steps_have_frames() -> None:
    """The way to the query is shown file by file, each call underlined."""
    base = FIXTURES / "multifile"
    reports = found_in(base / "navigation/urls.py", base=base)
    lines = formats.render("full", reports, context(base)).splitlines()
    places = [line.split()[1] for line in lines if "─▶" in line]
    assert places == ["navigation/urls.py:13:13", *[f"navigation/services.py:{n}" for n in (14, 8)]]
    assert underline(lines, "menu()")[2] == "menu()"
    assert underline(lines, "return tuple(entries(")[2] == "entries"


def test_narrow(tmp_path: Path) -> None:
    """Everything fits a narrow terminal."""
    base = FIXTURES / "original"
    reports = found_in(base / "orders/views.py", base=base)
    for columns in (55, 70, 100):
        text = formats.render("full", reports, context(base, width=columns))
        assert max(map(len, text.splitlines())) <= columns


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_stream_encodings(tmp_path: Path, encoding: str) -> None:
    """What is written can be written: no character that the stream does not have."""
    path = tmp_path / "日.py"
    path.write_text("class A:\n    é = '日' + list(q)\n", encoding="utf-8")
    text = "\n".join(full(path, made(path, 2, 4, 2, 10), encoding=encoding))
    text.encode(encoding)
    assert ("│" in text) is (encoding == "utf-8")
    assert ("日" in text) is (encoding == "utf-8")
    assert ("\\u65e5" in text) is (encoding != "utf-8")


def test_colours() -> None:
    """Colours are the only difference that they make."""
    base = FIXTURES / "multifile"
    reports = found_in(base / "navigation/urls.py", base=base)
    plain = formats.render("full", reports, context(base))
    coloured = formats.render("full", reports, context(base, colour=True))
    assert coloured.startswith("\x1b[1;31merror\x1b[0m")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b" not in plain


def test_summary(tmp_path: Path) -> None:
    """Singular and plural, other messages, files that were not checked, time."""
    one, two = tmp_path / "a.py", tmp_path / "b.py"
    ours = made(one, 1, 0, 1, 1)
    syntax = other(two, "syntax-error", "E0001", "Parsing failed")
    plugin = other(Path("Command line"), "bad-plugin-value", "E0013", "impossible to load")

    def summary(*reports: Report, **changes: Any) -> str:
        return formats.render("full", reports, context(tmp_path, **changes)).splitlines()[-1]

    assert summary() == "All checks passed! Checked 2 files."
    assert summary(files=None) == "All checks passed!"
    assert summary(files=1, elapsed=1.26) == "All checks passed! Checked 1 file in 1.3 s."
    assert summary(files=0) == "No problems found. Checked no file."
    assert summary(ours) == "Found 1 problem in 1 file. Checked 2 files."
    assert summary(ours, replace(ours, line=2)) == "Found 2 problems in 1 file. Checked 2 files."
    assert summary(ours, syntax, files=1) == (
        "Found 1 problem and 1 other message in 2 files, 1 file could not be checked. "
        "Checked 1 file."
    )
    assert summary(plugin, files=0) == "Found 1 other message. Checked no file."
    fixes = fixes_of(ours)
    assert summary(ours, replace(ours, line=2), fixes=fixes) == (
        "Found 2 problems in 1 file, 1 fixable with --fix. Checked 2 files."
    )
    assert summary(replace(ours, line=2), fixes=fixes) == (
        "Found 1 problem in 1 file, none fixable with --fix. Checked 2 files."
    )
    assert summary(fixes=fixes) == "All checks passed! Checked 2 files."


def test_report_without_finding(tmp_path: Path) -> None:
    """Where the file has changed meanwhile, the message is shown whole."""
    path = tmp_path / "a.py"
    path.write_text("x = 1\n", encoding="utf-8")
    report = replace(made(path, 1, 0, 1, 1), finding=None)
    assert "    It happens. It is wrong. Write this." in full(path, report)


def test_a_rule_is_explained_once(tmp_path: Path) -> None:
    """Other reports of the rule have their code, and what none before them has said."""
    path = tmp_path / "a.py"
    path.write_text("x = list(a)\ny = list(b)\nz = list(c)\n", encoding="utf-8")
    one, two, three = (made(path, number, 4, number, 11) for number in (1, 2, 3))
    assert two.finding is not None
    assert three.finding is not None
    two = replace(two, finding=replace(two.finding, brief="`y` keeps what `list()` loaded"))
    other = replace(three.finding, cure="Write that.", confidence=Confidence.INFERENCE)
    three = replace(three, finding=other)
    text = formats.render("full", [one, two, three], context(tmp_path))
    assert text.count("Why it is wrong") == text.count("Write this.") == 1
    assert "error: `y` keeps what `list()` loaded\n  frozen-class-queryset (E5801)\n" in text
    assert text.index("z = list(c)") < text.index("Write that.") < text.index("good (through")


# Concise


def test_concise_lines_are_short() -> None:
    """At most 140 columns for every fixture; place, id, symbol, and the start of the sentence."""
    for base in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        reports = found_in(*sorted(base.glob("*.py"))[:8], base=FIXTURES)
        lines = formats.render("concise", reports, context(FIXTURES)).splitlines()
        assert len(lines) == (len(reports) + 1 if reports else 0)
        for line in lines[:-1]:
            assert _text.width(line) <= 140, line
            assert re.fullmatch(r"[^:]+\.py:\d+:\d+: [EW]58\d\d: \S.{20,} \([a-z-]+\)", line), line


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_concise_line(tmp_path: Path, encoding: str) -> None:
    """A mark where a fix is known; a cut where the text is long; columns are characters."""
    path = tmp_path / "a.py"
    path.write_text("é = list(q)\n", encoding="utf-8")
    report = made(path, 1, 5, 1, 12)
    assert report.finding is not None
    report = replace(report, finding=replace(report.finding, brief="w" * 200))
    marked = context(tmp_path, fixes=fixes_of(report), encoding=encoding)
    line, last = formats.render("concise", [report], marked).splitlines()
    cut = "…" if encoding == "utf-8" else "..."
    assert line.startswith("a.py:1:5: E5801: [*] www")
    assert line.endswith(f"w{cut} (frozen-class-queryset)")
    assert len(line) == 140
    assert last == "Found 1 problem in 1 file, 1 fixable with --fix. Checked 2 files."
    unmarked = replace(marked, fixes=None)
    assert "[*]" not in formats.render("concise", [report], unmarked)
    assert formats.render("concise", [], marked) == ""


def test_concise_with_long_paths(tmp_path: Path) -> None:
    """A path is never cut, and neither are id and symbol."""
    path = tmp_path / ("long/" * 40) / "a.py"
    shown = "long/" * 40 + "a.py"
    report = replace(made(path, 1, 0, 1, 1), path=shown)
    line = formats.render("concise", [report], context(tmp_path)).splitlines()[0]
    assert line.startswith(f"{shown}:1:1: E5801: ")
    assert line.endswith(" (frozen-class-queryset)")


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("ab def", 4, "ab…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_cut(text: str, columns: int, expected: str) -> None:
    """A text fits, measured in columns."""
    assert _text.cut(text, columns, "…") == expected
    assert _text.width(expected) <= columns


# Statistics


def test_statistics(tmp_path: Path) -> None:
    """The most frequent first, then by id."""
    path = tmp_path / "a.py"
    reports = [made(path, line, 0, line, 1) for line in range(1, 11)]
    reports.append(made(path, 11, 0, 11, 1, symbol="import-time-query"))
    reports.append(made(path, 12, 0, 12, 1, symbol="shared-queryset-cache"))
    assert formats.render("statistics", reports, context(tmp_path)) == (
        "10  E5801  frozen-class-queryset\n"
        " 1  E5804  shared-queryset-cache\n"
        " 1  W5808  import-time-query\n"
        "Found 12 problems in 1 file. Checked 2 files.\n"
    )


# JSON of our own


def test_json(tmp_path: Path) -> None:
    """Ranges are characters from 1, steps name files from the root, nothing is lost."""
    base = FIXTURES / "multifile"
    reports = found_in(base / "navigation/urls.py", base=base)
    data = json.loads(formats.render("qs-json", reports, context(base)))
    (found,) = data["findings"]
    assert data["complete"] is True
    assert data["messages"] == []
    assert found["path"] == "navigation/urls.py"
    assert found["range"] == {
        "start": {"line": 13, "column": 13},
        "end": {"line": 13, "column": 19},
    }
    assert [step["path"] for step in found["steps"]] == [
        "navigation/urls.py",
        "navigation/services.py",
        "navigation/services.py",
    ]
    assert found["fixable"] is None
    lines = formats.render("qs-jsonl", reports, context(base)).splitlines()
    assert [json.loads(line) for line in lines] == data["findings"]
    assert found["fix"] is None
    marked = context(base, fixes=fixes_of(*reports))
    (found,) = json.loads(formats.render("qs-json", reports, marked))["findings"]
    assert found["fixable"] is True
    assert found["fix"] == {
        "description": "it is mended",
        "edits": [
            {
                "range": {"start": {"line": 13, "column": 1}, "end": {"line": 14, "column": 1}},
                "text": "mended\n",
            }
        ],
    }


def test_json_of_others(tmp_path: Path) -> None:
    """Messages of others stand apart; a file that was not checked makes a run incomplete."""
    syntax = other(tmp_path / "b.py", "syntax-error", "E0001", "Parsing failed", line=3)
    data = json.loads(formats.render("qs-json", [syntax], context(tmp_path)))
    assert data["complete"] is False
    assert data["findings"] == []
    (found,) = data["messages"]
    assert (found["symbol"], found["unchecked"], found["steps"]) == ("syntax-error", True, [])
    assert found["range"]["start"] == {"line": 3, "column": 1}
    blind = json.loads(formats.render("qs-json", [], context(tmp_path, files=0)))
    assert blind["complete"] is False


# What a stream wants


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "stream", "expected"),
    [
        ({}, Terminal(), True),
        ({}, io.StringIO(), False),
        ({"TERM": "dumb"}, Terminal(), False),
        ({"TERM": "xterm"}, Terminal(), True),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"NO_COLOR": ""}, Terminal(), True),
        ({"FORCE_COLOR": "1"}, io.StringIO(), True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, io.StringIO(), True),
        ({"FORCE_COLOR": "0"}, Terminal(), False),
        ({"FORCE_COLOR": ""}, io.StringIO(), False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(), False),
    ],
)
def test_wants_colour(environ: dict[str, str], stream: io.StringIO, expected: bool) -> None:
    """NO_COLOR before FORCE_COLOR before TERM and what the stream is."""
    assert terminal.wants_colour(stream, environ) is expected


def test_closed_stream() -> None:
    """A closed stream is no terminal."""
    stream = Terminal()
    stream.close()
    assert terminal.columns(io.StringIO(), {}) == 100
    assert terminal.columns(io.StringIO(), {"COLUMNS": "72"}) == 72
    closed = io.StringIO()
    closed.close()
    assert not terminal.is_terminal(closed)


@pytest.mark.parametrize("name", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_root(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths for a CI service start at its checkout, wherever in it the linter runs."""
    inside = tmp_path / "repo" / "backend"
    inside.mkdir(parents=True)
    checkout = str(tmp_path / "repo")
    assert formats.root_of(str(inside), {name: checkout}) == checkout
    assert formats.root_of(checkout, {name: checkout}) == checkout
    assert formats.root_of(str(tmp_path), {name: checkout}) == str(tmp_path)
    assert formats.root_of(checkout, {name: str(inside)}) == checkout
    monkeypatch.chdir(tmp_path)
    assert formats.root_of(str(inside), {name: "repo"}) == str(inside)
    assert formats.root_of(checkout, {}) == checkout


# Hostile names, texts and sources


@pytest.fixture
def hostile(tmp_path: Path) -> Report:
    """A report in which everything that comes from the project is hostile."""
    path = tmp_path / f"{HOSTILE}.py".replace("/", "")
    path.write_text("class A:\n    x = list(q)  # \x1b[31m \u202e\n", encoding="utf-8")
    steps = (Step(path.name, 2, f"{HOSTILE}()"), Step(f"{HOSTILE}2.py", 3, HOSTILE))
    return made(path, 2, 8, 2, 15, steps=steps, happens=f"`{HOSTILE}` happens.", obj=HOSTILE)


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("with_finding", [True, False])
def test_nothing_acts(hostile: Report, name: str, with_finding: bool) -> None:
    """No control character reaches the output, and no line is begun by the project's text."""
    if not with_finding:
        hostile = replace(hostile, finding=None, text=HOSTILE, symbol="x", msgid="E9999")
    base = Path(hostile.abspath).parent
    text = formats.render(name, [hostile], context(base))
    assert not [c for c in text if c != "\n" and _text.acts(c)]
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert len(commands) == (name == "github")


def test_github_properties(hostile: Report) -> None:
    """The runner reads back the file name as it is, and the message whole."""
    base = Path(hostile.abspath).parent
    line = formats.render("github", [hostile], context(base)).removesuffix("\n")
    match = re.fullmatch(r"::error ([^:]*)::(.*)", line)
    assert match, "a colon in a property ends it"
    given = dict(item.split("=", 1) for item in match[1].split(","))
    for code, character in {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        given = {name: value.replace(code, character) for name, value in given.items()}
    assert (
        given["file"]
        == HOSTILE.replace("\x1b", "\\x1b")
        .replace("\u202e", "\\u202e")
        .replace("\u2066", "\\u2066")
        .replace("\ufffe", "\\ufffe")
        + ".py"
    )
    assert given["line"] == "2"
    assert (given["col"], given["endColumn"]) == ("9", "16")
    assert "%0A" in match[2]


def test_sarif_uri(hostile: Report) -> None:
    """A URI is percent-encoded; decoded it is the path."""
    from urllib.parse import unquote, urlsplit

    base = Path(hostile.abspath).parent
    (result,) = sarif([hostile], context(base))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", artifact["uri"])
    assert urlsplit(artifact["uri"]).path == artifact["uri"]
    assert unquote(artifact["uri"]) == f"{HOSTILE}.py"
    assert artifact["uriBaseId"] == "%SRCROOT%"


def test_gitlab_path(hostile: Report) -> None:
    """A path is the path itself, so that GitLab finds the file."""
    base = Path(hostile.abspath).parent
    (issue,) = json.loads(formats.render("gitlab", [hostile], context(base)))
    assert issue["location"]["path"] == f"{HOSTILE}.py"


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """File names with bytes that are no UTF-8 are shown, and written, in every format."""
    path = tmp_path / os.fsdecode(b"a\xff.py")
    try:
        path.write_text("x = 1\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    report = made(path, 1, 0, 1, 1)
    for name in formats.FORMATS:
        formats.render(name, [report], context(tmp_path)).encode()
    assert "a\\xff.py:1:1" in formats.render("full", [report], context(tmp_path))
    (result,) = sarif([report], context(tmp_path))["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%FF.py"


# Azure Pipelines and reviewdog


def test_azure(hostile: Report) -> None:
    """The agent reads back the file name as it is, and one command a report."""
    base = Path(hostile.abspath).parent
    (line,) = formats.render("azure", [hostile], context(base)).splitlines()
    match = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line)
    assert match, "a bracket in a property ends it"
    assert "##" not in match[2]
    given = dict(item.split("=", 1) for item in match[1].removesuffix(";").split(";"))
    for code, character in {
        "%3B": ";",
        "%5D": "]",
        "%0D": "\r",
        "%0A": "\n",
        "%AZP25": "%",
    }.items():
        given = {name: value.replace(code, character) for name, value in given.items()}
    assert (given["type"], given["code"]) == ("error", "E5801")
    assert (given["linenumber"], given["columnnumber"]) == ("2", "9")
    assert given["sourcepath"].startswith("a\n\\::error::b\r\\x1b[31m")
    assert "%0A" in match[2]


def test_rdjson(tmp_path: Path) -> None:
    """Columns count bytes from 1; a fix is a suggestion; steps are related locations."""
    path = tmp_path / "a.py"
    line = "x = 'é日🦀', list(q)"
    path.write_text(f"{line}\n", encoding="utf-8")
    start = len(line[: line.index("list")].encode())
    report = made(path, 1, start, 1, start + 7, steps=(Step("a.py", 1, "list()"),))
    data = json.loads(formats.render("rdjson", [report], context(tmp_path)))
    assert set(data) == {"source", "diagnostics"}
    (found,) = data["diagnostics"]
    assert found["location"] == {
        "path": "a.py",
        "range": {
            "start": {"line": 1, "column": start + 1},
            "end": {"line": 1, "column": start + 8},
        },
    }
    assert (found["severity"], found["code"]["value"]) == ("ERROR", "E5801")
    assert found["code"]["url"].endswith("/frozen-class-queryset/")
    (related,) = found["relatedLocations"]
    assert related["location"]["range"]["start"]["column"] == start + 1
    assert "suggestions" not in found
    fixed = context(tmp_path, fixes=fixes_of(report))
    (found,) = json.loads(formats.render("rdjson", [report], fixed))["diagnostics"]
    assert found["suggestions"] == [
        {
            "range": {"start": {"line": 1, "column": 1}, "end": {"line": 2, "column": 1}},
            "text": "mended\n",
        }
    ]


# SARIF


def test_sarif_columns(tmp_path: Path) -> None:
    """Columns count from 1 in UTF-16 code units; the end is behind the last one."""
    path = tmp_path / "a.py"
    line = "x = 'é日🦀', list(q)"
    path.write_text(f"{line}\n", encoding="utf-8")
    start = len(line[: line.index("list")].encode())
    report = made(path, 1, start, 1, start + 7)
    run = sarif([report], context(tmp_path))
    assert run["columnKind"] == "utf16CodeUnits"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    units = line.encode("utf-16-le")
    cut = units[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)]
    assert cut.decode("utf-16-le") == "list(q)"
    command = formats.render("github", [report], context(tmp_path))
    assert f"col={line.index('list') + 1},endColumn={len(line) + 1}" in command


def test_sarif_flow() -> None:
    """The way to the query is a code flow, and related locations."""
    base = FIXTURES / "multifile"
    run = sarif(found_in(base / "navigation/urls.py", base=base), context(base))
    (result,) = run["results"]
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    places = [step["location"]["physicalLocation"] for step in flow]
    found = [(p["artifactLocation"]["uri"], p["region"]["startLine"]) for p in places]
    services = "navigation/services.py"
    assert found == [("navigation/urls.py", 13), (services, 14), (services, 8)]
    assert [item["id"] for item in result["relatedLocations"]] == [1, 2, 3]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["name"]) == ("E5801", "frozen-class-queryset")
    assert result["properties"] == {"confidence": "INFERENCE", "precision": "high"}


def test_sarif_run(tmp_path: Path) -> None:
    """What tells this run from others, for services and for Microsoft's validator."""
    run = sarif([], context(tmp_path))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["fullName"]) == ("qs-lint", "qs-lint 1.2.3")
    assert run["automationDetails"]["id"] == "qs-lint/"
    inside = sarif([], context(tmp_path, cwd=str(tmp_path / "back" / "end")))
    assert inside["automationDetails"]["id"] == "qs-lint/back/end/"
    outside = sarif([], context(tmp_path, cwd=str(tmp_path.parent)))
    assert outside["automationDetails"]["id"] == "qs-lint/"


def test_sarif_as_the_validator_wants_it() -> None:
    """Rules of Microsoft's multitool that need no network, by their ids."""
    base = FIXTURES / "multifile"
    run = sarif(found_in(base / "navigation/urls.py", base=base), context(base))
    driver = run["tool"]["driver"]
    for rule in driver["rules"]:
        assert re.fullmatch(r"[EW]\d{4}", rule["id"])  # SARIF2009: opaque, stable ids
        assert rule["helpUri"].startswith("https://")  # SARIF2012
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert text.endswith("."), text  # SARIF2001
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])  # SARIF2005
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]  # SARIF1001
        assert result["message"]["text"].endswith(".")  # SARIF2001
        assert "'" in result["message"]["text"] or "`" in result["message"]["text"]  # SARIF2014
        for location in (*result["locations"], *result["relatedLocations"]):
            artifact = location["physicalLocation"]["artifactLocation"]
            assert artifact["uriBaseId"] in run["originalUriBaseIds"]  # SARIF1004
            assert not artifact["uri"].startswith(("/", "file:"))  # SARIF1002
            region = location["physicalLocation"]["region"]
            assert region["startLine"] <= region["endLine"]  # SARIF1007


def test_sarif_fix() -> None:
    """A fix is the edit that the fixer makes: whoever applies it has what --fix writes."""
    pytest.importorskip("libcst")
    base = FIXTURES / "original"
    path = base / "orders/views.py"
    text = path.read_text(encoding="utf-8")
    reports = found_in(path, base=base)
    result = fixes_for(text, path, [each.finding for each in reports if each.finding])
    (fix,) = result.fixed
    (found,) = sarif(reports, context(base, fixes={reports[0]: fix}))["results"]
    (given,) = found["fixes"]
    assert given["description"]["text"].endswith(".")
    (change,) = given["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "orders/views.py"
    (replacement,) = change["replacements"]
    region, lines = replacement["deletedRegion"], text.splitlines(keepends=True)
    assert (region["startColumn"], region["endColumn"]) == (1, 1)
    lines[region["startLine"] - 1 : region["endLine"] - 1] = [
        replacement["insertedContent"]["text"]
    ]
    assert "".join(lines) == result.text != text
    (plain,) = sarif(reports, context(base))["results"]
    assert "fixes" not in plain


@pytest.mark.parametrize("text", ["x", "", "x\r", "x\ny", "x\n", "\x0c\nx\u2028y"])
@pytest.mark.parametrize("new", ["y", "", "x\ny\n", "a\nb\nc"])
def test_edit_between(text: str, new: str) -> None:
    """An edit of the lines that editors count, at the end of a file, too."""
    edit = edit_between(text, new)
    if edit is None:
        assert text == new
        return
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    lines[edit.line - 1 : edit.end_line - 1] = [edit.text]
    assert "".join(lines) == new


LOREM = "a7f2ff13bc495cf2"


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
            [
                "e9496ae3ebfced30:1",
                "fb7c023a8b9ccb3f:1",
                "ce8ba1a563dcdaca:1",
                "e20e36e16fcb0cc8:1",
                "b3edc88f2938467e:1",
                "c8e28b0b4002a3a0:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"{LOREM}:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_line_hashes(text: str, hashes: list[str]) -> None:
    """The hashes are those that GitHub's own action computes for these texts."""
    assert list(line_hashes(text, range(1, 100)).values()) == hashes
    assert line_hashes(text, {2}) == ({2: hashes[1]} if len(hashes) > 1 else {})


def test_sarif_line_hash(tmp_path: Path) -> None:
    """A result has GitHub's hash of its first line."""
    path = tmp_path / "a.py"
    path.write_text(" a\nb\n  \t\tc\n d", encoding="utf-8")
    (result,) = sarif([made(path, 3, 0, 4, 1)], context(tmp_path))["results"]
    assert result["partialFingerprints"]["primaryLocationLineHash"] == "180aee12dab6264:1"
    missing = made(tmp_path / "b.py", 3, 0, 4, 1)
    (result,) = sarif([missing], context(tmp_path))["results"]
    assert set(result["partialFingerprints"]) == {"qsLintFinding/v2"}


def test_sarif_rules(tmp_path: Path) -> None:
    """Every rule has its texts, its page, its level, and whether it is on."""
    rules = sarif([], context(tmp_path))["tool"]["driver"]["rules"]
    assert [rule["name"] for rule in rules] == [rule.symbol for rule in all_rules()]
    for data, rule in zip(rules, all_rules(), strict=True):
        assert data["shortDescription"]["text"] == rule.summary
        assert rule.good.strip() in data["help"]["markdown"]
        assert data["helpUri"].endswith(f"/{rule.symbol}/")
        assert data["defaultConfiguration"]["enabled"] is rule.enabled
        level = {"E": "error", "W": "warning"}[rule.msgid[0]]
        assert data["defaultConfiguration"]["level"] == level


def test_sarif_notifications(tmp_path: Path) -> None:
    """What was not checked is no result, and the run is no success."""
    path = tmp_path / "a.py"
    path.write_text("x = (\n", encoding="utf-8")
    foreign = other(path, "unused-import", "W0611", "Unused import", 1, 0)
    assert sarif([foreign], context(tmp_path))["invocations"][0]["executionSuccessful"]
    reports = [
        other(path, "syntax-error", "E0001", "Parsing failed"),
        other(path, "qs-lint-fault", "E5809", "failed"),
        other(Path("Command line"), "bad-plugin-value", "E0013", "impossible to load"),
        foreign,
    ]
    run = sarif(reports, context(tmp_path))
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    ids = [note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]]
    assert ids == ["E0001", "E5809"]
    (note,) = invocation["toolConfigurationNotifications"]
    assert "locations" not in note
    (result,) = run["results"]
    assert result["level"] == "warning"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["name"] == "unused-import"


def test_sarif_outside_the_root(tmp_path: Path) -> None:
    """A file outside the root has its whole URI."""
    path = tmp_path / "a b.py"
    path.write_text("x = 1\n", encoding="utf-8")
    (result,) = sarif([made(path, 1, 0, 1, 1)], context(tmp_path / "sub"))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": path.as_uri()}


# GitLab and JUnit


def test_gitlab(tmp_path: Path) -> None:
    """What GitLab asks for, with fingerprints that differ."""
    path = tmp_path / "a.py"
    path.write_text("x = list(q)\nx = list(q)\n", encoding="utf-8")
    reports = [made(path, 1, 4, 1, 11), made(path, 2, 4, 2, 11, symbol="import-time-query")]
    reports.append(replace(reports[0], line=2))
    issues = json.loads(formats.render("gitlab", reports, context(tmp_path)))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3
    assert {issue["severity"] for issue in issues} == {"major", "minor"}
    assert issues[0]["location"] == {"path": "a.py", "lines": {"begin": 1, "end": 1}}
    assert issues[0]["check_name"] == "frozen-class-queryset"


def test_junit(tmp_path: Path) -> None:
    """A file is a test case: one failure, an error if it was not checked, or a pass."""
    one, two, three = (tmp_path / f"{name}.py" for name in "abc")
    reports = [
        made(one, 1, 0, 1, 1),
        made(one, 2, 0, 2, 1),
        other(two, "syntax-error", "E0001", "Parsing failed"),
        other(three, "useless-suppression", "I0021", "Useless suppression"),
    ]
    suites = ET.fromstring(formats.render("junit", reports, context(tmp_path)))
    (suite,) = suites
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert [[child.tag for child in case] for case in suite] == [
        ["failure"],
        ["error"],
        ["system-out"],
    ]
    assert (suite[0][0].text or "").count("frozen-class-queryset") == 2
    (passed,) = ET.fromstring(formats.render("junit", [], context(tmp_path)))
    assert (passed.get("tests"), passed.get("failures")) == ("1", "0")
    assert not list(passed[0])


# Fingerprints


SOURCE = """\
class A:
    x = list(q)
    y = list(q)

    def f(self):
        return sorted(q, key=lambda o: o.n)
"""


def fingerprinted(text: str, base: Path) -> list[str]:
    """The fingerprints of every call of list() and sorted() in a text."""
    import ast

    path = base / "a.py"
    calls = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("list", "sorted")
    ]
    reports = [
        made(path, c.lineno, c.col_offset, c.end_lineno or 0, c.end_col_offset or 0)
        for c in sorted(calls, key=lambda call: call.lineno)
    ]
    return prints.fingerprints(reports, read=lambda _: text, root=str(base))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class A", "import os\n\n\nclass A"),
        ("    def", "    z = 'é'; w = 1\n\n    def"),
        ("sorted(q, key=lambda o: o.n)", "sorted(  # why\n    q,\n    key=lambda o: o.n,\n)"),
        ("list(q)", "list( q )"),
        ("\n", "\r\n"),
    ],
    ids=["line", "column", "layout", "blanks", "line-ends"],
)
def test_fingerprints_stay(tmp_path: Path, old: str, new: str) -> None:
    """Lines above, layout, comments and line ends make no difference."""
    changed = SOURCE.replace(old, new)
    assert changed != SOURCE
    before = fingerprinted(SOURCE, tmp_path)
    assert len(set(before)) == 3
    assert fingerprinted(changed, tmp_path) == before


def test_fingerprints_change(tmp_path: Path) -> None:
    """Another expression, string, symbol, file, or place in the file's tree is another report."""
    path = tmp_path / "a.py"
    report = made(path, 1, 0, 1, 11, obj="A")

    def one(given: Report, text: str = "list('a b')") -> str:
        (found,) = prints.fingerprints([given], read=lambda _: text, root=str(tmp_path))
        return found

    others = [
        one(report, "list('a  b')"),
        one(report, "sort('a b')"),
        one(replace(report, symbol="import-time-query")),
        one(replace(report, abspath=str(tmp_path / "b.py"))),
    ]
    assert len({one(report), *others}) == 5
    assert one(replace(report, line=1, text="worded better", module="x")) == one(report)
    given = prints.fingerprints([report], read=lambda _: None, root=str(tmp_path))
    assert given != [one(report)]


def test_fingerprints_count_from_the_top(tmp_path: Path) -> None:
    """Equal reports are told apart by their order in the file, not in the list."""
    path = tmp_path / "a.py"
    reports = [made(path, 1, 0, 1, 7), made(path, 2, 0, 2, 7)]

    def given(reports: list[Report]) -> list[str]:
        return prints.fingerprints(reports, read=lambda _: "list(q)\nlist(q)", root=str(tmp_path))

    assert given(reports) == given(reports[::-1])[::-1]
    assert len(set(given(reports))) == 2


def test_fingerprints_move_with_the_checkout(tmp_path: Path) -> None:
    """The same project elsewhere has the same fingerprints."""
    found = []
    for name in ("one", "two"):
        base = tmp_path / name
        shutil.copytree(FIXTURES / "original", base)
        found.append(
            prints.fingerprints(found_in(base / "orders/views.py", base=base), root=str(base))
        )
    assert found[0] == found[1] != []


# Sources


def test_locate() -> None:
    """A step's file is found from the reported file, and nothing else is."""
    near = str(FIXTURES / "frozen-class-queryset" / "bad_get.py")
    shop = sources.locate("shop/models.py", near)
    assert shop == str(SHOP / "models.py")
    assert sources.locate("no/such.py", near) is None
    assert sources.locate("a\0b.py", near) is None


def test_characters() -> None:
    """Bytes to characters, within the line."""
    assert [sources.characters("é日x", n) for n in (-1, 0, 2, 3, 5, 6, 99)] == [0, 0, 1, 1, 2, 3, 3]
    assert sources.characters("abc", 99) == 3


def test_lines() -> None:
    """Lines end where Python's parser ends them."""
    assert sources.lines_of("a\x0cb\u2028c\r\nd\re\nf") == ["a\x0cb\u2028c", "d", "e", "f"]


def test_rules_in_table() -> None:
    """The table of rules names each."""
    assert all(rule.symbol in rules_table() for rule in all_rules())


@pytest.mark.parametrize("name", ["full", "concise", "junit"])
def test_no_line_is_a_command(tmp_path: Path, name: str) -> None:
    """Wherever a paragraph is wrapped, no line of it is a command to GitHub's runner."""
    path = tmp_path / "a.py"
    path.write_text("x = 1\n", encoding="utf-8")
    report = made(path, 1, 0, 1, 1, happens="::error::x " + "word ::warning::y " * 50)
    foreign = other(path, "x", "C9999", "::error::x\n  ::error::y")
    text = formats.render(name, [report, foreign], context(tmp_path))
    assert "\\::error::x" in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_steps_at_definitions(tmp_path: Path) -> None:
    """A step that stands at a definition is where the way begins, not a call."""
    path = tmp_path / "a.py"
    path.write_text("x = q\n\n\nasync def f(y):\n    g()\n    list(y)\n", encoding="utf-8")
    steps = (Step("a.py", 4, "f()"), Step("a.py", 5, "g()"), Step("a.py", 6, "list()"))
    text = "\n".join(full(path, made(path, 1, 4, 1, 5, steps=steps)))
    assert "^ f() begins here" in text
    assert "^ calls g()" in text
    assert "^^^^ list() here" in text
