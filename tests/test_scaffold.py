"""The scaffold, played in a copy: one rule is divided into two, and the copy's tests pass."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

import qs_lint

SYMBOL = "shared-raw-queryset"
WIDE = "if not isinstance(seen, SharedUse):"
NARROW = "if not isinstance(seen, SharedUse) or seen.kind is Shared.RAW:"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project; the package is the one that is tested, be it installed or not."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("docs", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("CHANGELOG.md", "README.md", "pyproject.toml", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(Path(qs_lint.__file__).parent, tmp_path / "qs_lint", ignore=ignored)
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


def scaffold(copy: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Ask for the rule with the command that CONTRIBUTING.md shows."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search(r"^ +python (tests/scaffold\.py rule (?:.*\\\n)+.*)$", text, re.MULTILINE)
    assert command
    return run(copy, *shlex.split(command[1].replace("\\\n", " ")), *more)


def divided(copy: Path) -> None:
    """What the contributor does before: narrow the other rule, and take its fixtures away."""
    rule = copy / "qs_lint" / "rules" / "shared_queryset_cache.py"
    text = rule.read_text(encoding="utf-8")
    assert WIDE in text
    rule.write_text(text.replace(WIDE, NARROW), encoding="utf-8")
    example(copy)
    for name in ("bad_raw", "good_raw", "bad_as_view_raw", "good_as_view_raw"):
        (copy / "tests" / "fixtures" / "shared-queryset-cache" / f"{name}.py").unlink()


def example(copy: Path, annotation: str = SYMBOL) -> None:
    """The two files that the contributor writes."""
    folder = copy / "tests" / "fixtures" / "shared-queryset-cache"
    for kind in ("bad", "good"):
        text = (folder / f"{kind}_raw.py").read_text(encoding="utf-8")
        text = text.replace("[shared-queryset-cache]", f"[{annotation}]")
        (copy / f"{kind}.py").write_text(text, encoding="utf-8")


def state(copy: Path) -> dict[str, bytes]:
    """All files, but compiled ones."""
    files = [path for path in copy.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {str(path.relative_to(copy)): path.read_bytes() for path in files}


def test_a_rule(copy: Path) -> None:
    """The rule is written, its tests pass, its page is made."""
    divided(copy)
    done = scaffold(copy)
    assert done.returncode == 0, done.stderr
    written = done.stdout.split()
    assert f"tests/fixtures/{SYMBOL}/bad_raw_listview.py" in written
    module = copy / "qs_lint" / "rules" / "shared_raw_queryset.py"
    assert max(map(len, module.read_text(encoding="utf-8").splitlines())) <= 100
    tests = [f"tests/test_{name}.py" for name in ("rules", "layers", "fixtures")]
    made = run(copy, "docs/generate.py")
    assert made.returncode == 0, made.stderr
    assert (copy / "docs" / "rules" / f"{SYMBOL}.md").is_file()
    news = "tests/test_docs.py::test_every_rule_is_in_the_changelog"
    # the fixtures through pylint, and elsewhere: what this copy is not about
    quick = ["-k", "not through_pylint and not place_does_not_matter"]
    checked = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *quick, *tests, news)
    assert checked.returncode == 0, checked.stdout
    assert SYMBOL in run(copy, "-m", "pytest", "--collect-only", "-q", *tests).stdout


def test_the_oracle_knows_it(copy: Path) -> None:
    """The oracle's lists have the new symbol: it will be asked to prove it."""
    divided(copy)
    assert scaffold(copy).returncode == 0
    script = "import sys; sys.path.insert(0, 'tests/oracle'); import examples, oracle_cases; "
    script += f"print({SYMBOL!r} in oracle_cases.STALE, {SYMBOL!r} in examples.SERVED)"
    assert run(copy, "-c", script).stdout.split() == ["True", "True"]


def test_one_cause_one_report(copy: Path) -> None:
    """Where another rule reports the line already, nothing is written."""
    example(copy)
    before = state(copy)
    done = scaffold(copy)
    assert done.returncode == 1
    assert "reported by shared-queryset-cache already" in done.stderr
    assert state(copy) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--when", "seen.kind.name == 'NO_SUCH'"], "reported lines [], annotated [13]"),
        (["--when", "seen.kind = 1"], "--when is not an expression"),
        (["--when", "True"], "would be reported as well: narrow --when"),
        (["--summary", "no sentence"], "--summary is not a whole sentence"),
        (["--reference", "http://example.org"], "--reference is not an https address"),
    ],
)
def test_refused(copy: Path, options: list[str], said: str) -> None:
    """What would not work is said, and nothing is written."""
    divided(copy)
    before = state(copy)
    done = scaffold(copy, *options)
    assert done.returncode == 1
    assert said in done.stderr
    assert state(copy) == before


def test_annotations(copy: Path) -> None:
    """The bad file must say which lines are meant."""
    divided(copy)
    (copy / "bad.py").write_text((copy / "good.py").read_text("utf-8"), encoding="utf-8")
    assert f"the bad file needs `# [{SYMBOL}]`" in scaffold(copy).stderr


def test_observe(copy: Path) -> None:
    """The contributor sees what there is to see."""
    example(copy)
    shown = run(copy, "tests/scaffold.py", "observe", "bad.py").stdout
    assert shown.startswith("line 13: SharedUse(")
    assert "Shared.RAW" in shown
    assert run(copy, "tests/scaffold.py", "observe", "good.py").stdout.startswith("nothing")
