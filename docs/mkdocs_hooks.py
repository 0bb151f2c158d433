"""What mkdocs cannot know: the order of the pages, and the pages that lie outside ``docs/``.

Pages are written for readers of the repository first, so their links go to files. Here they are
turned into links of the site; a link to a file that the site does not have leads to the repository.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

from qs_lint import links

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent

#: The groups of the navigation. A page that is not there yet is left out, one that is named
#: nowhere comes last; ``rules/*`` are the rules in the order of their ids.
NAV: dict[str, tuple[str, ...]] = {
    "": ("index.md", "try.md", "story.md", "leaks.md", "example.md"),
    "Rules": ("rules/index.md", "rules/*"),
    "Use": (
        "usage.md",
        "configuration.md",
        "fix.md",
        "ci.md",
        "editors.md",
        "baseline.md",
        "facts.md",
        "prove-it.md",
    ),
    "Can I trust it?": (
        "scope.md",
        "comparison.md",
        "safety.md",
        "limits.md",
        "field-notes.md",
        "corpus.md",
        "oracle.md",
        "rescues.md",
        "trust.md",
        "performance.md",
        "design.md",
    ),
    "Project": ("contributing.md", "releasing.md", "security.md", "changelog.md"),
}
MORE = "More"
#: Titles in the navigation, where a page's own heading is too long.
TITLES = {"index.md": "Home", "rules/index.md": "All rules"}

#: Files outside docs/ -> their pages.
OUTSIDE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "examples/shop/README.md": "example.md",
}

FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[((?:[^\[\]])*)\]\(([^)\s]+)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made of files outside docs/, and order all of them."""
    for page, text in outside_pages().items():
        files.append(File.generated(config, page, content=text))
    config.nav = navigation({file.src_uri for file in files.documentation_pages()})
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links to files into links of the site."""
    pages = {file.src_uri for file in files}
    return relinked(markdown, page.file.src_uri, pages, links.REPOSITORY)


def outside_pages() -> dict[str, str]:
    """The pages that are made of files outside docs/, and their texts."""
    return {
        page: (ROOT / name).read_text(encoding="utf-8")
        for name, page in OUTSIDE.items()
        if (ROOT / name).is_file()
    }


def navigation(pages: set[str]) -> list[Any]:
    """The navigation over these pages, in the form that it has in mkdocs.yml."""
    left = set(pages)
    nav: list[Any] = []
    for group, names in NAV.items():
        found: list[Any] = []
        for name in names:
            for page in rules(left) if name == "rules/*" else [name]:
                if page in left:
                    left.discard(page)
                    found.append({TITLES[page]: page} if page in TITLES else page)
        if not group:
            nav += found
        elif found:
            nav.append({group: found})
    if left:
        nav.append({MORE: sorted(left)})
    return nav


def rules(pages: set[str]) -> list[str]:
    """The pages of the rules in the order of their ids, which their headings name."""

    def number(page: str) -> str:
        heading = (ROOT / "docs" / page).read_text(encoding="utf-8").partition("\n")[0]
        return heading.rpartition("(")[2][1:]

    return sorted((page for page in pages if page.startswith("rules/")), key=number)


def relinked(markdown: str, page: str, pages: set[str], repository: str = "") -> str:
    """The text of a page with links of the site in place of links to files."""
    folder = source_folder(page)

    def link(match: re.Match[str]) -> str:
        mark, text, target = match.groups()
        if re.match(r"[a-z]+:", target):
            return match[0]
        name, hash_sign, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(folder, name)) if name else ""
        place = page_of(path) if name else page
        if place in pages:
            if place == page and anchor:
                return f"{mark}[{text}](#{anchor})"
            relative = posixpath.relpath(place, posixpath.dirname(page) or ".")
            return f"{mark}[{text}]({relative}{hash_sign}{anchor})"
        if (ROOT / path).exists() and not mark:
            return f"[{text}]({repository}/blob/main/{path})" if repository else text
        return match[0]

    parts = FENCE.split(markdown)
    parts[::2] = [LINK.sub(link, part) for part in parts[::2]]
    return "".join(parts)


def source_folder(page: str) -> str:
    """The folder, from the repository's top, that a page's links start from."""
    for name, made in OUTSIDE.items():
        if page == made:
            return posixpath.dirname(name)
    return posixpath.join("docs", posixpath.dirname(page))


def page_of(path: str) -> str:
    """The page that a file of the repository is on, or ""."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return OUTSIDE.get(path, "")
