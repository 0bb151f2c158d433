"""The example project does what its README says: the bug freezes, the twin does not."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qs_lint.examination import findings_in
from qs_lint.project.source import Project

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples" / "shop"
BROWSER = """
from django.test import Client
client = Client(enforce_csrf_checks=False)
for page in ("frozen", "fresh"):
    client.get(f"/{page}/")
for page in ("frozen", "fresh"):
    answer = client.post("/change/", {"page": page}, follow=True)
    print(page, answer.redirect_chain, "1003" in answer.content.decode().partition("<ul>")[2])
print(client.get("/change/").status_code)
"""


def manage(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Run the example's manage.py, which must succeed, and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(folder / "manage.py"), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy, since the commands write a database beside the sources."""
    ignored = shutil.ignore_patterns("db.sqlite3", "__pycache__")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "shop", ignore=ignored))


def lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_see_it_freeze(example: Path) -> None:
    """The story shows what the command prints."""
    printed = manage(example, "see_it_freeze")
    story = (ROOT / "docs" / "story.md").read_text(encoding="utf-8")
    block = re.search(
        r"^```console\n\$ \S+ examples/shop/manage\.py see_it_freeze\n(.*?)^```",
        story,
        re.MULTILINE | re.DOTALL,
    )
    assert block
    assert lines(block[1]) == lines(printed)
    assert not (example / "db.sqlite3").exists()


def test_the_story_in_numbers(example: Path) -> None:
    """Six queries, then three; the twin asks six each time, and only it shows the changes."""
    before, fresh_before, _, after, fresh_after = lines(manage(example, "see_it_freeze"))
    assert re.findall(r"\d queries", before + fresh_before) == ["6 queries", "6 queries"]
    assert re.findall(r"\d queries", after + fresh_after) == ["3 queries", "6 queries"]
    assert before.partition("queries")[2] == after.partition("queries")[2]
    assert all(word in fresh_after for word in ("1003", "Ada Lovelace", "desk lamp"))


def test_see_it_leak(example: Path) -> None:
    """The second visitor of the leaked page is shown the first one's orders, as its README says."""
    printed = manage(example, "see_it_leak")
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    block = re.search(
        r"^```console\n\$ \S+ examples/shop/manage\.py see_it_leak\n(.*?)^```",
        readme,
        re.MULTILINE | re.DOTALL,
    )
    assert block
    assert lines(block[1]) == lines(printed)
    first, second, own, after = (line.split(None, 1)[1] for line in lines(printed))
    assert first == second == own != after
    assert not (example / "db.sqlite3").exists()


def test_migrate_breaks(example: Path) -> None:
    """The class body asks for a table before it is made."""
    with pytest.raises(AssertionError, match="no such table: orders_order"):
        manage(example, "migrate", "--run-syncdb")


def test_browser(example: Path) -> None:
    """The tables are made without the checks; the button writes and returns to its page."""
    manage(example, "begin")
    assert (example / "db.sqlite3").is_file()
    printed = manage(example, "shell", "--verbosity=0", stdin=BROWSER).splitlines()[-3:]
    assert printed == [
        "frozen [('/frozen/', 302)] False",
        "fresh [('/fresh/', 302)] True",
        "405",
    ]


def test_commands(example: Path) -> None:
    """Each command that the example's README names exists, with its options."""
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^python examples/shop/manage\.py (.*)$", readme, re.MULTILINE)
    assert [command.split()[0] for command in named] == [
        "see_it_freeze",
        "begin",
        "runserver",
        "see_it_leak",
    ]
    for command in named:
        manage(example, *shlex.split(command), "--help")


def test_linter() -> None:
    """The linter reports the one line of each bug, and nothing in the twins."""
    project = Project()
    found = [
        (path.name, finding.symbol, path.read_text("utf-8").splitlines()[finding.location.line - 1])
        for path in sorted(EXAMPLE.rglob("*.py"))
        for finding in findings_in(project, str(path))
    ]
    assert found == [
        ("views.py", "frozen-class-queryset", "    queryset = sorted("),
        (
            "views.py",
            "leaked-request-queryset",
            '            self.__class__.queryset = mine.order_by("number")',
        ),
    ]
