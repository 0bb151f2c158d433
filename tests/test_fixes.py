"""The fixer: goldens, bytes, neighbours in the project.

A golden in ``tests/repairs`` is a text, then ``=====``, then the text after the fix, then, for each
finding that is only suggested, ``===== line: reason``.  ``QS_GOLDENS=write`` writes them anew.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support import FIXTURES

from qs_lint.examination import findings_in
from qs_lint.findings import Finding
from qs_lint.project.source import Project

pytest.importorskip("libcst", reason="the fixer needs LibCST")

from qs_lint.fixes import FixerUnavailable, FixResult, fixes_for, unified_diff

GOLDENS = sorted(Path(__file__).with_name("repairs").glob("*.txt"))
MARK = "====="
#: beside the models of the fixtures; the file itself need not exist
PLACE = FIXTURES / "repaired.py"


def found(text: str | bytes, path: Path = PLACE) -> list[Finding]:
    """What the linter says about a text at a place."""
    return findings_in(Project(), str(path), text)


def repaired(text: str, path: Path = PLACE) -> FixResult[str]:
    """The text with all of its findings given to the fixer."""
    return fixes_for(text, path, found(text, path))


def told(before: str) -> str:
    """A golden: before, after, and the reasons."""
    result = repaired(before)
    parts = [before, f"{MARK}\n", result.text]
    parts += [f"{MARK} {each.finding.location.line}: {each.why}\n" for each in result.suggested]
    return "".join(parts)


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
def test_golden(golden: Path) -> None:
    """What is applied, what is only suggested and why; a second run changes nothing."""
    text = golden.read_text(encoding="utf-8")
    before = text.partition(f"{MARK}\n")[0]
    assert found(before)
    now = told(before)
    if os.environ.get("QS_GOLDENS") == "write":
        golden.write_text(now, encoding="utf-8")
    assert now == text
    after = repaired(before).text
    assert repaired(after).text == after


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
def test_name_of_golden(golden: Path) -> None:
    """A golden whose name ends in ``stays`` is left as it is, and no other."""
    before, _, rest = golden.read_text(encoding="utf-8").partition(f"{MARK}\n")
    assert rest.startswith(before) == golden.stem.endswith("_stays")


DEFAULT = '''\
"""Menüs."""
from shop.models import Category


def names(found=list(Category.objects.all())):
\t"""Größe."""
\tif True:
\t\treturn found  # é
'''
FIXED = DEFAULT.replace("list(Category.objects.all())", "None").replace(
    "\tif True", "\tif found is None:\n\t\tfound = list(Category.objects.all())\n\tif True"
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("head", "encoding"),
    [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"# -*- coding: latin-1 -*-\n", "latin-1")],
)
def test_bytes(head: bytes, encoding: str, newline: str) -> None:
    """Newlines, tabs, byte order mark and encoding stay as they are."""
    head = head.replace(b"\n", newline.encode())
    before, after = (
        head + text.replace("\n", newline).encode(encoding) for text in (DEFAULT, FIXED)
    )
    result = fixes_for(before, PLACE, found(before))
    assert result.text == after
    assert len(result.fixed) == 1


def test_no_last_newline() -> None:
    """A file without a newline at its end gets none."""
    text = (
        "from django.views.generic import ListView\nfrom shop.models import Order\n\n\n"
        "class Orders(ListView):\n    queryset = sorted(Order.objects.all(), key=id)"
    )
    after = repaired(text).text
    assert after.endswith(
        "def get_queryset(self):\n        return sorted(Order.objects.all(), key=id)"
    )


def test_columns_in_characters() -> None:
    """Places are found behind characters of several bytes."""
    text = (
        "from django import forms\nfrom shop.models import Category\n\n\n"
        "class Search(forms.Form):\n"
        '    größe = forms.ChoiceField(label="größer 🛒", choices=list(Category.objects.all()))\n'
    )
    after = repaired(text).text
    assert "choices=lambda: list(Category.objects.all()))" in after


def test_only_what_is_asked() -> None:
    """A finding that is not given is not touched."""
    text = (
        "from shop.models import Category\n\n\n"
        "def names(a=list(Category.objects.all()), b=list(Category.objects.all())):\n"
        "    return a, b\n"
    )
    findings = found(text)
    assert len(findings) == 2
    result = fixes_for(text, PLACE, findings[:1])
    assert "def names(a=None, b=list(Category.objects.all())):" in result.text
    assert [fix.finding for fix in result.fixed] == findings[:1]


def test_stale_findings() -> None:
    """Findings of another text do no harm."""
    findings = found(DEFAULT)
    for text in ("", "x = 1\n", "def names(found=None):\n    return found\n" * 3):
        result = fixes_for(text, PLACE, findings)
        assert result.text == text
        assert [each.finding for each in result.suggested] == findings


@pytest.mark.parametrize("text", [b"def (:\n", b"# coding: nonsense\nx = 1\n", b"x = '\xff'\n"])
def test_unreadable(text: bytes) -> None:
    """A file that cannot be read is given back, and its findings are suggestions."""
    result = fixes_for(text, PLACE, found(DEFAULT))
    assert result.text == text
    assert "cannot be" in result.suggested[0].why or "cannot parse" in result.suggested[0].why


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibCST the error says what to install."""
    monkeypatch.setitem(sys.modules, "libcst", None)
    with pytest.raises(FixerUnavailable, match=r"pip install 'qs-lint\[fix\]'"):
        fixes_for(DEFAULT, PLACE, [])


LISTED = """\
from django.views.generic import ListView
from shop.models import Order


class Orders(ListView):
    queryset = sorted(Order.objects.all(), key=lambda order: order.number)
"""
CLOCK = """\
from django.utils import timezone
from django.views.generic import ListView
from shop.models import Post


class News(ListView):
    ordering = "title"
    queryset = Post.objects.filter(published_at__lte=timezone.now())
"""
CONTEXT = """\
from django.views.generic import TemplateView
from shop.models import Category


class Home(TemplateView):
    extra_context = {"menu": Category.objects.all()}
"""


@pytest.mark.parametrize(
    ("text", "other", "why"),
    [
        (LISTED, "Orders.queryset.sort()", "`Orders.queryset` is used in another file"),
        (LISTED, "Orders.as_view(queryset=x)", "as_view() of Orders is given `queryset`"),
        (
            LISTED,
            "class Open(Mixin, views.Orders):\n    queryset = x",
            "a class that inherits from Orders in another file may set `queryset`",
        ),
        (
            LISTED,
            "class Open(Orders):\n    def get(self):\n        return self.queryset",
            "a class that inherits from Orders in another file may use `queryset`",
        ),
        (CLOCK, "USE_TZ = False", "with USE_TZ = False"),
        (CONTEXT, "context['menu']", "Python code may read `menu` from the context"),
        (CONTEXT, "BACKEND = 'django.template.backends.jinja2.Jinja2'", "the project uses Jinja"),
    ],
)
def test_neighbours(tmp_path: Path, text: str, other: str, why: str) -> None:
    """What the rest of the project says can make a cure uncertain."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (tmp_path / "manage.py").touch()
    (shop / "__init__.py").touch()
    (shop / "models.py").write_bytes((FIXTURES / "shop" / "models.py").read_bytes())
    path, neighbour = shop / "views.py", tmp_path / "other.py"
    path.write_text(text, encoding="utf-8")
    neighbour.write_text("x = 1\n", encoding="utf-8")
    assert len(repaired(text, path).fixed) == 1
    neighbour.write_text(f"{other}\n", encoding="utf-8")
    result = repaired(text, path)
    assert result.text == text
    assert why in result.suggested[0].why


def test_diff() -> None:
    """A patch has both names, and says when a last newline is missing."""
    diff = unified_diff("app/views.py", b"a\x0c\nb", b"a\x0c\nc")
    assert diff == (
        "--- a/app/views.py\n+++ b/app/views.py\n@@ -1,2 +1,2 @@\n a\x0c\n"
        "-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
    )
    assert unified_diff("x.py", "same\n", "same\n") == ""
