"""The pages of trust say what was measured, and say so where nothing was."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import tables
import trust
from expectations import Entry, Expectation

ENTRY = Entry("views.py", 7, "shared-queryset-cache", "HIGH", "Page.get", "self.queryset")
EXPECTED = {
    "shop": Expectation(
        "1.0",
        [
            *(
                Entry("views.py", n, "frozen-class-queryset", "HIGH", "", "f()", "true", "x")
                for n in (1, 2)
            ),
            Entry("urls.py", 1, "frozen-class-queryset", "HIGH", "", "g()", "false", "No query."),
            Entry("apps.py", 1, "memoized-queryset", "HIGH", "", "h()", "by design", "Wanted."),
            Entry("new.py", 1, "import-time-query", "HIGH", "", "h()"),
        ],
    )
}
FUZZ: dict[str, Any] = {
    "what": "fuzz",
    "date": "2026-11-22",
    "versions": {"python": "3.12.1"},
    "limit": {"seconds": 10.0},
    "inputs": 1200,
    "kinds": {
        "grammar": {
            "inputs": 1200,
            "parsed": 1000,
            "findings": 7,
            "again": 240,
            "crashes": 1,
            "hangs": 2,
            "disagreements": 3,
        }
    },
    "crashes": 1,
    "hangs": 2,
    "disagreements": 3,
    "faults": [
        {"fault": "crashes", "kind": "grammar", "name": "x", "number": 1, "what": "KeyError"}
    ],
    "worst": {"seconds": 4.5, "name": "slow.py"},
    "slowest": [[4.5, "slow.py"], [0.5, "other.py"]],
    "memory": {"peak_mb": 204, "name": "slow.py"},
}
MUTATION = {
    "what": "mutation",
    "date": "2026-11-23",
    "tool": "mutmut",
    "version": "3.0",
    "modules": {
        "rules": {"mutants": 300, "sampled": 110, "killed": 99, "survived": 1, "excused": 10},
        "semantics": {"mutants": 900, "sampled": 100, "killed": 100, "survived": 0, "excused": 0},
    },
}

REFACTORING: dict[str, Any] = {
    "what": "refactoring",
    "date": "2026-11-25",
    "versions": {"python": "3.12.1"},
    "one": {
        "walrus": {"bad": {"survived": 8, "lost": 1, "false": 1}, "good": {"survived": 5}},
        "ternary to `if`": {"bad": {"survived": 9, "lost": 1}, "good": {"false": 1}},
    },
    "pairs": {"bad": {"survived": 3}, "good": {"survived": 1, "false": 1}},
    "played": {"walrus": {"same": 4, "other": 1}, "ternary to `if`": {"same": 2}},
    "failures": [
        *({"fixture": "x/bad_y", "steps": ["walrus"], "reason": "Too deep."} for _ in range(2)),
        {"fixture": "x/good_y", "steps": ["walrus"], "reason": ""},
    ],
}


def written(folder: Path, *data: dict[str, Any]) -> str:
    """The page, with these results."""
    for number, one in enumerate(data):
        (folder / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
    return trust.trust(trust.results(folder), EXPECTED)


def test_not_stale() -> None:
    """docs/trust.md and docs/corpus.md are what benchmarks/trust.py writes."""
    assert trust.stale() == []


def test_stale_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that says something else, or is not there, is named."""
    (tmp_path / "trust.md").write_text("100 %", encoding="utf-8")
    pages = {name: tmp_path / f"{name}.md" for name in trust.PAGES}
    monkeypatch.setattr(trust, "PAGES", pages)
    assert trust.stale() == ["trust.md", "corpus.md"]


def test_missing_is_said(tmp_path: Path) -> None:
    """Without a result there is no figure: at a glance, and in the section."""
    text = written(tmp_path)
    for script in trust.SCRIPTS.values():
        assert f"Not measured yet: `{script}` has left no result." in text
    assert "crashes: 0" not in text
    assert "0 of 0" not in text


def test_fuzz(tmp_path: Path) -> None:
    """Sums over all runs; faults are not hidden."""
    text = written(tmp_path, FUZZ, FUZZ)
    assert "| Does it crash? | crashes: 2, in 2,400 inputs |" in text
    assert "| Does it hang? | over 10 s: 4; the slowest of the others: 4.5 s |" in text
    assert "| Is the answer the same again? | other answers: 6, in 480 inputs asked twice |" in text
    assert "| **sum** | 2,400 | 2,000 | 14 | 480 | 2 | 4 | 6 |" in text
    assert "| crashes | grammar | 2 |" in text
    assert "Measured on 2026-11-22 (python 3.12.1)." in text


def test_refactoring(tmp_path: Path) -> None:
    """What was lost and what is false is in the matrix, with the reasons that are known."""
    text = written(tmp_path, REFACTORING)
    assert "| And after refactoring? | 85 % of the reports, 83.3 % of the silence survive |" in text
    assert "| walrus | 10 | 1 | 1 | 80 % | 5 | 0 | 100 % |" in text
    assert "| ternary to `if` | 10 | 1 | 0 | 90 % | 1 | 1 | 0 % |" in text
    assert "| **one refactoring** | 20 | 2 | 1 | 85 % | 6 | 1 | 83.3 % |" in text
    assert "| **two, a sample** | 3 | 0 | 0 | 100 % | 2 | 1 | 50 % |" in text
    assert "about 7 products, chosen by chance: 6 show what their fixtures show, 1 do not" in text
    assert "| Too deep. | 2 |\n| not known | 1 |" in text


COMMAND: dict[str, Any] = {
    "what": "fuzz-command",
    "date": "2026-11-25",
    "versions": {"python": "3.12.1"},
    "limit": {"seconds": 10, "kilobytes": 2_000_000},
    "inputs": 1500,
    "started": 8,
    "checked": 1000,
    **dict.fromkeys(trust.FAULTS, 0),
    "limits": 1,
    "codes": {"0": 500, "2": 990, "10": 10},
    "faults": [{"fault": "limits", "number": 17, "what": "exit code -24"}],
    "worst": {"seconds": 9.5, "number": 3},
}


def test_fuzz_of_the_command(tmp_path: Path) -> None:
    """What was tried and found, in sum; faults are not hidden."""
    text = written(tmp_path, COMMAND, COMMAND)
    glance = (
        "| And the command, in a hostile folder? | faults: 2, in 3,000 folders and command lines |"
    )
    assert glance in text
    assert "2,000 of them came to check files, 16 were the installed script." in text
    assert f"| {trust.FAULTS['limits']} | 2 |" in text
    assert f"| {trust.FAULTS['crashes']} | 0 |" in text
    assert "| 2 | 1,980 |\n| 10 | 20 |" in text
    assert "| `17` | limits |" in text


def test_precision(tmp_path: Path) -> None:
    """By message and confidence; the default apart from what is off; unread ones do not count."""
    text = written(tmp_path)
    assert "| on by default | `HIGH` | 3 | 2 | 0 | 1 | 66.6 % | 2 |" in text
    assert "| all messages | `HIGH` | 4 | 2 | 1 | 1 | 75 % | 3 |" in text
    assert "| `memoized-queryset` | `HIGH` | 1 | 0 | 1 | 0 | 100 % | 1 |" in text
    assert "| shop | `urls.py:1` | `frozen-class-queryset` | `HIGH` | No query. |" in text
    assert "Not reviewed, and not counted above: 1 reports." in text


def test_mutation(tmp_path: Path) -> None:
    """The score leaves out what is excused."""
    text = written(tmp_path, MUTATION)
    assert "| `rules` | 300 | 110 | 99 | 1 | 10 | 99 % |" in text
    assert "| **sum** | 1,200 | 210 | 199 | 1 | 10 | 99.5 % |" in text
    assert "| Would a test notice? | 99.5 % of the sampled mutants are killed |" in text


def test_reproduction_that_failed(tmp_path: Path) -> None:
    """A scenario that is not stale is not shown as one."""
    scenario = {
        "what": "Ask.",
        "first": ["a"],
        "second": [],
        "renewed": [1, 2],
        "new": ["a|b"],
        "stale": False,
    }
    package = {
        "how": "As it is.",
        "versions": {"shop": "1.0", "Django": "6.1", "python": "3.12"},
        "scenarios": [scenario],
    }
    run = {"what": "reproduce", "date": "2026-11-22", "packages": {"shop": package}}
    text = written(tmp_path, run)
    assert "| Do the reported bugs happen? | 0 of 1 scenarios with 1 packages |" in text
    assert "| Ask. | a | (nothing) | 1, 2 | a\\|b | **not stale** |" in text


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100 %"), (0.9999, "99.9 %"), (0.5, "50 %"), (0.0, "0 %"), (None, "")]
)
def test_percent(share: float | None, text: str) -> None:
    """Nothing but all is 100 %."""
    assert tables.percent(share) == text
