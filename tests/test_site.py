"""The documentation as a site: it builds without a warning, and fetches nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support import ROOT

from qs_lint.links import RULES
from qs_lint.rules import all_rules

pytest.importorskip("material", reason="pip install '.[docs]'")
sys.path.insert(0, str(ROOT / "docs"))

import mkdocs_hooks
from mkdocs.config import load_config

SVG = "{http://www.w3.org/2000/svg}"
PAGES = {"index.md", "rules/index.md", "rules/memoized-queryset.md"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


class Addresses(HTMLParser):
    """What a browser loads for a page, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the addresses of one tag."""
        values = dict(attrs)
        if tag == "a":
            self.links.append(values.get("href") or "")
        elif tag != "link" or values.get("rel") not in ("canonical", "next", "prev"):
            self.loaded += [values[name] or "" for name in ("href", "src") if values.get(name)]


def test_nothing_from_elsewhere(site: Path) -> None:
    """No font, script, style or picture comes from another host."""
    outside = re.compile(r"(https?:)?//")
    for page in site.rglob("*.html"):
        found = Addresses(page.read_text(encoding="utf-8")).loaded
        assert found
        assert not [address for address in found if outside.match(address)], page
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", text), style


def test_every_rule_is_where_pylint_says(site: Path) -> None:
    """The address in the help text of a message is a page of the site, under its address."""
    address = load_config(str(ROOT / "mkdocs.yml")).site_url
    assert f"{address}rules/" == RULES
    for rule in all_rules():
        text = (site / "rules" / rule.symbol / "index.html").read_text(encoding="utf-8")
        assert rule.msgid in text


def test_every_page_is_in_the_navigation(site: Path) -> None:
    """From the first page a reader gets everywhere."""
    first = Addresses((site / "index.html").read_text(encoding="utf-8"))
    for page in site.rglob("index.html"):
        place = page.parent.relative_to(site).as_posix()
        assert f"{place}/" in first.links or place == ".", place


def test_no_source_is_published(site: Path) -> None:
    """The scripts beside the pages stay where they are."""
    assert not list(site.rglob("*.py*"))


def test_navigation() -> None:
    """Groups without a page are left out, what is named nowhere comes last."""
    nav = mkdocs_hooks.navigation({*PAGES, "new.md"})
    assert nav == [
        {"Home": "index.md"},
        {"Rules": [{"All rules": "rules/index.md"}, "rules/memoized-queryset.md"]},
        {"More": ["new.md"]},
    ]


@pytest.mark.parametrize(
    ("page", "text", "expected"),
    [
        ("index.md", "[`a`](docs/rules/index.md)", "[`a`](rules/index.md)"),
        ("rules/memoized-queryset.md", "[a](../../README.md)", "[a](../index.md)"),
        ("rules/memoized-queryset.md", "[a](index.md#b)", "[a](index.md#b)"),
        ("index.md", "[a](pyproject.toml)", "a"),
        ("index.md", "[a](docs/absent.md)", "[a](docs/absent.md)"),
        ("index.md", "[a](https://example.org/b)", "[a](https://example.org/b)"),
        ("index.md", "```\n[a](pyproject.toml)\n```", "```\n[a](pyproject.toml)\n```"),
    ],
)
def test_links(page: str, text: str, expected: str) -> None:
    """A link to a file becomes one to its page; where there is no page, its text stays."""
    assert mkdocs_hooks.relinked(text, page, PAGES) == expected


def test_links_to_the_repository() -> None:
    """With an address of the repository, other files are linked there."""
    text = mkdocs_hooks.relinked("[a](../setup.cfg)", "design.md", PAGES, "https://example.org/q")
    assert text == "[a](https://example.org/q/blob/main/setup.cfg)"


def test_time_line() -> None:
    """The picture says what it shows, in text that can be read aloud, and loads nothing."""
    path = ROOT / "docs" / "assets" / "timeline.svg"
    root = ET.parse(path).getroot()
    named = {root.find(f"{SVG}{name}") for name in ("title", "desc")}
    assert all(element is not None and (element.text or "").strip() for element in named)
    ids = {element.get("id") for element in named if element is not None}
    assert root.get("role") == "img"
    assert set((root.get("aria-labelledby") or "").split()) == ids
    assert root.findall(f".//{SVG}text")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg\")", path.read_text(encoding="utf-8"))
    assert "prefers-color-scheme: dark" in path.read_text(encoding="utf-8")
