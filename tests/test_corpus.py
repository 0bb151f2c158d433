"""What is expected on real projects: the files, the check, the update, the reproductions."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from support import ORIGINAL, ROOT

from qs_lint.rules import all_rules

sys.path.insert(0, str(ROOT / "benchmarks"))

import corpus
import expectations
import reproduce
from expectations import Cause, Entry, Expectation

PINS: dict[str, corpus.Pin] = {
    pin["name"]: pin
    for pin in json.loads((ROOT / "benchmarks" / "projects.json").read_text("utf-8"))
}
EXPECTED = expectations.everything()
ENTRY = Entry("a/views.py", 7, "frozen-class-queryset", "HIGH", "Page", "list(Order.objects.all())")
READ = replace(ENTRY, verdict="true", reason="Orders of start-up.")
PIN = corpus.Pin(name="shop", version="1.0", archive="shop.whl", sha256="0" * 64)
PACKAGES = sorted(path.parent for path in reproduce.PACKAGES.glob("*/package.toml"))


def outcome(*entries: Entry, faults: tuple[str, ...] = ()) -> dict[str, corpus.Outcome]:
    """What a run gave."""
    found = [asdict(entry) for entry in entries]
    one = corpus.Outcome(
        key="", files=1, unread=0, limited=0, faults=[*faults], seconds=0.1, findings=found
    )
    return {"shop": one}


def write(
    folder: Path, *entries: Entry, version: str = "1.0", causes: dict[str, Cause] | None = None
) -> Path:
    """A file of expectations."""
    path = folder / "shop.toml"
    whole = Expectation(version, [*entries], causes or {})
    path.write_text(expectations.written("shop", whole), encoding="utf-8")
    return path


# --- the files


def test_projects() -> None:
    """At least 35 projects are pinned; each file is about one of them, at its version."""
    assert len(PINS) >= 35
    assert EXPECTED
    for name, expectation in EXPECTED.items():
        assert expectation.version == PINS[name]["version"]
    assert set(corpus.SMALL) <= set(PINS)
    assert all(re.fullmatch("[0-9a-f]{64}", pin["sha256"]) for pin in PINS.values())


@pytest.mark.parametrize("name", EXPECTED)
def test_reviewed(name: str) -> None:
    """Each finding has been read; the message is one of ours; the file is as it is written."""
    symbols = {rule.symbol for rule in all_rules()}
    for entry in EXPECTED[name].entries:
        assert entry.verdict in expectations.VERDICTS, entry
        assert entry.message in symbols
    text = (expectations.EXPECTED / f"{name}.toml").read_text(encoding="utf-8")
    assert text == expectations.written(name, EXPECTED[name])


def test_bugs_are_described() -> None:
    """The field notes have a paragraph on each project with a true finding, and the message."""
    notes = (ROOT / "docs" / "field-notes.md").read_text(encoding="utf-8")
    section = notes.partition("## The bugs, in words")[2].partition("\n## ")[0]
    paragraphs = [text.lower() for text in section.split("\n\n")]
    bugs = {
        (name, entry.message)
        for name, one in EXPECTED.items()
        for entry in one.entries
        if entry.verdict == "true"
    }
    assert bugs
    for name, message in sorted(bugs):
        assert any(name.lower() in text and f"`{message}`" in text for text in paragraphs), name


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('verdict = "true"', 'verdict = "maybe"', "unknown verdict 'maybe'"),
        ('reason = "Orders of start-up."', 'reason = ""', "a verdict without a reason"),
        ('verdict = "true"\n', 'opinion = "true"\n', "opinion"),
        ('code = "list(Order.objects.all())"\n', "", "code"),
        ('verdict = "true"\nreason = "Orders of start-up."', 'cause = "x"', r"no \[causes.x\]"),
        ('version = "1.0"', "", "version"),
        (
            "[[findings]]",
            '[causes.c]\nabout = ""\nverdict = "true"\nreason = "r"\n[[findings]]',
            "c",
        ),
    ],
)
def test_wrong_files(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """A file that cannot be meant is refused, with the reason."""
    path = write(tmp_path, READ)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=f"^shop.toml: .*{problem}"):
        expectations.read(path)


def test_written_and_read(tmp_path: Path) -> None:
    """Whatever a finding says comes back, a shared cause too."""
    odd = replace(READ, code="f(\"\\n\t\", 'é…')", within="", reason='Says "no" \\ and more.')
    shared = replace(ENTRY, line=9, verdict="by design", reason="Wanted.", cause="icons")
    causes = {"icons": Cause("`static()`", "by design", "Wanted.")}
    path = write(tmp_path, odd, shared, causes=causes)
    assert expectations.read(path) == Expectation("1.0", [odd, shared], causes)
    assert path.read_text(encoding="utf-8").count("Wanted.") == 1


# --- the check and the update


def test_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines do not count: another line is the same finding."""
    write(tmp_path, READ)
    assert corpus.check([PIN], outcome(replace(ENTRY, line=70)), tmp_path) == 0
    assert capsys.readouterr().out == "No difference.\n"


def test_readable_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Gone, new and changed findings are told apart, in the order of their places."""
    gone, changed = replace(READ, code="gone()"), replace(READ, line=3, code="same()")
    write(tmp_path, gone, changed)
    now = replace(changed, confidence="INFERENCE", verdict="unreviewed", reason="")
    new = replace(ENTRY, line=9, within="", code="new()")
    assert corpus.check([PIN], outcome(now, new), tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "shop 1.0",
        "~ HIGH before: a/views.py:3 frozen-class-queryset INFERENCE in Page: same()",
        "- a/views.py:7 frozen-class-queryset HIGH in Page: gone()",
        "+ a/views.py:9 frozen-class-queryset HIGH: new()",
        "3 differences.",
    ]


def test_equal_findings_are_counted(tmp_path: Path) -> None:
    """One of two findings that read alike is missed when it is gone."""
    write(tmp_path, READ, replace(READ, line=8))
    assert corpus.check([PIN], outcome(ENTRY, replace(ENTRY, line=8)), tmp_path) == 0
    assert corpus.check([PIN], outcome(ENTRY), tmp_path) == 1


@pytest.mark.parametrize(
    "new",
    [
        replace(ENTRY, path="b.py"),
        replace(ENTRY, message="import-time-query"),
        replace(ENTRY, within="Other"),
        replace(ENTRY, code="rows()"),
    ],
    ids=str,
)
def test_what_makes_it_another(tmp_path: Path, new: Entry) -> None:
    """Path, message, what is around and the expression: each makes it another finding."""
    write(tmp_path, READ)
    assert corpus.check([PIN], outcome(new), tmp_path) == 1
    corpus.update([PIN], outcome(new), tmp_path)
    assert expectations.read(tmp_path / "shop.toml").entries == [new]


@pytest.mark.parametrize("wrong", ["fault", "version", "unreviewed"])
def test_other_reasons_to_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    """A file that made the engine fail, another version, a finding that nobody has read."""
    entry = ENTRY if wrong == "unreviewed" else READ
    write(tmp_path, entry, version="0.9" if wrong == "version" else "1.0")
    faults = ("a/urls.py: KeyError: 1 fault",) if wrong == "fault" else ()
    assert corpus.check([PIN], outcome(ENTRY, faults=faults), tmp_path) == 1
    assert {"fault": "! a/urls.py", "version": "0.9, not 1.0", "unreviewed": "? unreviewed: a/"}[
        wrong
    ] in capsys.readouterr().out


def test_update(tmp_path: Path) -> None:
    """What is known keeps its verdict, what is new has none, what is gone goes."""
    shared = replace(ENTRY, line=9, code="icon()", verdict="by design", reason="W.", cause="icons")
    cause = {"icons": Cause("icons", "by design", "W.")}
    path = write(tmp_path, READ, replace(READ, code="gone()"), shared, causes=cause)
    moved, new = replace(ENTRY, line=12, confidence="INFERENCE"), replace(ENTRY, code="new()")
    corpus.update([PIN], outcome(moved, new, replace(shared, verdict="unreviewed")), tmp_path)
    found = expectations.read(path)
    assert found.causes == cause
    assert found.entries == [
        new,
        shared,
        replace(READ, line=12, confidence="INFERENCE"),
    ]
    corpus.update([PIN], outcome(), tmp_path)
    assert not path.exists()


def test_a_cause_without_findings_goes(tmp_path: Path) -> None:
    """An update leaves no file behind that cannot be read."""
    shared = replace(ENTRY, verdict="by design", reason="W.", cause="icons")
    path = write(tmp_path, READ, shared, causes={"icons": Cause("icons", "by design", "W.")})
    corpus.update([PIN], outcome(replace(ENTRY, code="new()")), tmp_path)
    assert not expectations.read(path).causes


# --- a run


def test_run_and_resume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project is analysed once, and again when it, the engine or Python is another one."""
    root = tmp_path / "shop-1.0"
    root.mkdir()
    (root / "views.py").write_text(ORIGINAL, encoding="utf-8")
    (root / "broken.py").write_text("def", encoding="utf-8")
    found = corpus.outcome(PIN, tmp_path)
    assert (found["files"], found["unread"], found["faults"]) == (2, 1, [])
    assert [Entry(**data) for data in found["findings"]] == [
        Entry(
            "views.py",
            11,
            "frozen-class-queryset",
            found["findings"][0]["confidence"],
            "OrderList",
            "sorted(Order.objects.all(), key=lambda order: order.number)",
        )
    ]
    (root / "views.py").unlink()
    assert corpus.outcome(PIN, tmp_path) == found
    assert corpus.outcome(PIN, tmp_path, fresh=True)["findings"] == []
    (root / "views.py").write_text(ORIGINAL, encoding="utf-8")
    other = corpus.Pin(name="shop", version="1.0", archive="shop.whl", sha256="1" * 64)
    assert len(corpus.outcome(other, tmp_path)["findings"]) == 1
    key = corpus.run_key(PIN)
    monkeypatch.setattr(sys, "version", "4.0")
    assert corpus.run_key(PIN) != key


def test_engine_is_in_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sources of the package decide, and nothing beside them."""
    import qs_lint

    monkeypatch.setattr(qs_lint, "__file__", str(tmp_path / "__init__.py"))
    keys = set()
    for text in ("", "x = 1\n"):
        (tmp_path / "rules.py").write_text(text, encoding="utf-8")
        keys.add(corpus.run_key(PIN))
    assert len(keys) == 2


def test_fault_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that makes the engine fail does not end the run."""

    def fail(*_: Any) -> None:
        raise KeyError("broken")

    (tmp_path / "views.py").write_text(ORIGINAL, encoding="utf-8")
    monkeypatch.setattr("qs_lint.phases.analysis.analyse", fail)
    assert corpus.analysed(tmp_path)["faults"] == ["views.py: KeyError: 'broken'"]


def test_vendored_files_are_left_out(tmp_path: Path) -> None:
    """The folder of others is not the project's."""
    for name in ("shop/dist", "shop/distance"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "views.py").write_text(ORIGINAL, encoding="utf-8")
    assert corpus.analysed(tmp_path, "shop/dist")["files"] == 1


def test_wrong_archive(tmp_path: Path) -> None:
    """An archive that is not the pinned one is not unpacked."""
    (tmp_path / "shop.whl").write_bytes(b"something else")
    with pytest.raises(ValueError, match="not the file that projects"):
        corpus.sources(PIN, tmp_path)
    assert not (tmp_path / "shop-1.0").exists()


def test_long_expressions_are_cut(tmp_path: Path) -> None:
    """The expression is one line of bounded length, however it is written."""
    text = ORIGINAL.replace("order.number", "(order.number,\n  " + "order.number, " * 20 + ")")
    (tmp_path / "views.py").write_text(text, encoding="utf-8")
    (found,) = corpus.analysed(tmp_path)["findings"]
    assert len(found["code"]) == corpus.LONGEST
    assert re.fullmatch(r"sorted\(Order.objects.all\(\), .* \(order.number, .*…", found["code"])


def test_small_projects() -> None:
    """What .ci/run checks has findings of nearly all messages."""
    found = {entry.message for name in corpus.SMALL for entry in EXPECTED[name].entries}
    assert {rule.symbol for rule in all_rules()} - found == {"shared-context-queryset"}


def test_around() -> None:
    """The qualified name of what is around a place; a decorator is outside."""
    import ast

    tree = ast.parse(
        "@d(1)\nclass A:\n    x = 1\n    async def f(self, y=2):\n        if y:\n            g()\n"
    )
    places = {(1, 1): "", (3, 8): "A", (4, 24): "A.f", (6, 12): "A.f"}
    assert {place: corpus.around(tree, *place) for place in places} == places


def test_precision() -> None:
    """True and by design are right; what nobody has read does not count."""
    from collections import Counter

    assert expectations.precision(Counter({"true": 2, "by design": 1, "false": 1})) == 0.75
    assert expectations.precision(Counter({"unreviewed": 5})) is None


# --- the reproductions


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda path: path.name)
def test_reproduction(folder: Path) -> None:
    """It is of a pinned project and of a true finding, and the kept answers are stale."""
    data = tomlkit.parse((folder / "package.toml").read_text(encoding="utf-8")).unwrap()
    name = data["package"]
    wanted = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert f"{name}=={PINS[name]['version']}".lower() in [line.lower() for line in wanted]
    assert all("==" in line or line.startswith("#") for line in wanted)
    kept = json.loads(reproduce.RESULT.read_text(encoding="utf-8"))["packages"][name]
    assert kept["versions"][name] == PINS[name]["version"]
    true = {
        (entry.path, entry.message, entry.within)
        for entry in EXPECTED[name].entries
        if entry.verdict == "true"
    }
    assert len(kept["scenarios"]) == len(data["scenarios"])
    for scenario, answered in zip(data["scenarios"], kept["scenarios"], strict=True):
        assert (scenario["path"], scenario["message"], scenario["within"]) in true
        assert {key: answered[key] for key in scenario} == scenario
        assert answered["stale"]
        assert reproduce.is_stale(answered)


def test_three_projects() -> None:
    """The freezing is shown with three real packages at least."""
    assert len(PACKAGES) >= 3


@pytest.mark.parametrize(
    ("second", "renewed", "new", "stale"),
    [
        ("a", "ab", "ab", True),
        ("ab", "ab", "ab", False),
        ("a", "a", "a", False),
        ("a", "a", "ab", False),
    ],
)
def test_stale(second: str, renewed: str, new: str, stale: bool) -> None:
    """The process gives its answer again, a new one does not, and the reported object is why."""
    found = {"first": "a", "second": second, "renewed": renewed, "new": new}
    assert reproduce.is_stale(found) is stale
