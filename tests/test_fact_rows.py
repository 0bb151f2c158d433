"""The tables of libraries: each row has the form of the schema, whoever wrote it."""

from __future__ import annotations

import dataclasses
import pickle
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, get_args

import pytest
from support import ROOT

import qs_lint
from qs_lint.facts import Facts, built_in, facts_with, tables
from qs_lint.facts.describe import describe, guess
from qs_lint.facts.project import BEHAVIOURS, as_toml, parse
from qs_lint.facts.schema import (
    Behaviour,
    Callee,
    Class,
    Does,
    Kind,
    Library,
    Lifetime,
    Method,
    MethodReturns,
    Returns,
    Volatility,
)

#: What a field of a row holds, where its type is a list of words.
WORDS: dict[tuple[type, str], tuple[str, ...]] = {
    (Callee, "returns"): get_args(Returns),
    (Callee, "volatile"): get_args(Volatility),
    (Callee, "behaves"): get_args(Behaviour),
    (Callee, "memoises"): ("", "process", "while"),
    (Class, "lifetime"): get_args(Lifetime),
    (Method, "does"): get_args(Does),
    (Method, "returns"): get_args(MethodReturns),
    (Method, "volatile"): get_args(Volatility),
}
LIBRARIES = sorted(tables())
ROWS = [
    pytest.param(name, row, id=f"{module.rpartition('.')[2]}: {name}")
    for module, library in tables().items()
    for rows in (library.callables, library.classes, library.endings)
    for name, row in rows.items()
]


def problems(row: Callee | Class | Method) -> list[str]:
    """What is wrong with the values of one row."""
    found = []
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        words = WORDS.get((type(row), field.name))
        if words is not None and value not in words:
            found.append(f"{field.name}: {value!r}")
        if field.name in ("iterates", "peeks", "later", "invokes", "shows"):
            found += [f"{field.name}: {a!r}" for a in value if not is_argument(a)]
        if field.name == "kinds":
            found += [f"kinds: {kind}" for kind in value - set(get_args(Kind))]
        if field.name == "methods":
            found += [text for method in value.values() for text in problems(method)]
    return found


def is_argument(value: Any) -> bool:
    """Whether a value names an argument of a call."""
    return (type(value) is int and 0 <= value < 12) or (
        isinstance(value, str) and value.isidentifier()
    )


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_form(name: str, row: Callee | Class) -> None:
    """A row is a row of the schema, says something, and can be written in a project's file."""
    assert isinstance(row, (Callee, Class))
    assert problems(row) == []
    if isinstance(row, Callee) and (row.behaves not in ("", *BEHAVIOURS) or row.below):
        return  # models of the engine that are for the standard library and Django alone
    section = "callables" if isinstance(row, Callee) else "classes"
    name = name if "." in name else f"some.{name}"
    text = "\n".join([f'[{section}."{name}"]', *as_toml(row), *methods(row)])
    assert getattr(parse(text.encode(), "facts.toml"), section) == {name: row}


def methods(row: Callee | Class) -> list[str]:
    """The methods of a class as lines of a facts file."""
    rows = row.methods.items() if isinstance(row, Class) else ()
    return [f"methods.{name} = {{ {', '.join(as_toml(method))} }}" for name, method in rows]


def test_a_wrong_row_is_noticed() -> None:
    """The test of the form can fail."""
    wrong: Any = Callee(iterates=(-1,), returns="lists")  # type: ignore[arg-type]
    assert problems(wrong) == ["iterates: -1", "returns: 'lists'"]
    wrong = Class(frozenset({"vieww"}), methods={"a": Method("lazily")})  # type: ignore[arg-type]
    assert problems(wrong) == ["kinds: vieww", "does: 'lazily'"]


@pytest.mark.parametrize("module", LIBRARIES)
def test_names(module: str) -> None:
    """Rows stand under the one name of a thing, and no other library has them."""
    library, facts = tables()[module], built_in()
    for section in ("callables", "classes"):
        for name in getattr(library, section):
            assert facts.canonical(name) == name
            others = [t for m, t in tables().items() if m != module and name in getattr(t, section)]
            assert not others, name
    for name, there in library.aliases.items():
        assert facts.canonical(name) == there
    for row in library.classes.values():
        for cls in row.managers.values():
            assert "manager" in facts.kinds[cls]


@pytest.mark.parametrize("module", LIBRARIES)
def test_unproven_rows_exist(module: str) -> None:
    """A reason why something is not proven is of a row that there is."""
    library = tables()[module]
    names = {*library.callables, *library.classes, *library.volatile, *library.aliases}
    names |= {*library.moved}
    for pattern, reason in library.unproven.items():
        assert reason
        assert any(name == pattern or name.startswith(pattern.rstrip("*")) for name in names)


def test_workers_get_them() -> None:
    """A project's rows go to other processes as they are."""
    library = parse(b'[classes."acme.V"]\nkinds = ["view"]\n', "facts.toml")
    assert pickle.loads(pickle.dumps(library)) == library
    assert facts_with(library).kinds["acme.V"] == {"view"}


def test_like() -> None:
    """A row is what another one is, and what it says itself; a circle ends."""
    text = b"""
        [classes."acme.List"]
        like = "acme.Base"
        lifetime = "process"
        [classes."acme.Base"]
        like = "django.views.generic.list.ListView"
        [classes."acme.Round"]
        like = "acme.Round"
        [classes."acme.Nothing"]
        like = "acme.Unknown"
        [callables."acme.rows"]
        like = "builtins.list"
    """
    facts = facts_with(parse(text, "facts.toml"))
    assert facts.kinds["acme.Base"] == facts.kinds["django.views.generic.ListView"]
    assert facts.kinds["acme.List"] == facts.kinds["acme.Base"] - {"per-request"} | {"singleton"}
    assert facts.kinds["acme.Round"] == facts.kinds["acme.Nothing"] == frozenset()
    assert facts.callees["acme.rows"] == facts.callees["builtins.list"]


def test_own_rows_come_first() -> None:
    """A row of a project takes the place of a built-in one, under whatever name it is written."""
    text = b'[classes."django.views.generic.list.ListView"]\nkinds = ["form"]\n'
    facts = facts_with(parse(text, "facts.toml"))
    assert facts.kinds["django.views.generic.ListView"] == {"form"}
    assert "view" in built_in().kinds["django.views.generic.ListView"]


def test_names_of_one_thing() -> None:
    """Packages that are flat, packages that were moved, other names."""
    library = Library(
        "acme",
        aliases={"acme.View": "acme.views.Report"},
        moved={"acme.old.": "acme."},
        flat=("acme.forms",),
        flat_modules={"acme.forms": frozenset({"helpers"})},
    )
    canonical = Facts([library]).canonical
    assert canonical("acme.View") == "acme.views.Report"
    assert canonical("acme.old.a.b") == "acme.a.b"
    assert canonical("acme.forms.deep.inside.Form.Meta") == "acme.forms.Form.Meta"
    assert canonical("acme.forms.helpers.make") == "acme.forms.make"
    assert canonical("acme.forms.others.make") == "acme.forms.others.make"
    assert canonical("acme.formsets.X") == "acme.formsets.X"


def test_a_new_library_is_one_file(tmp_path: Path) -> None:
    """The table that CONTRIBUTING.md shows is found where the page says, and is right in form."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (path,) = re.findall(r"Write `(qs_lint/facts/libraries/\w+\.py)`", page)
    (shown,) = re.findall(r"^    ```python\n(.*?)^    ```", page, re.MULTILINE | re.DOTALL)
    shutil.copytree(Path(qs_lint.__file__).parent, tmp_path / "qs_lint")
    (tmp_path / path).write_text(textwrap.dedent(shown), encoding="utf-8")
    name = "waffles.managers.WaffleManager"
    ask = f"from qs_lint.facts import built_in; print(built_in().classes[{name!r}])"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("Class(kinds=frozenset({'manager'})"), done.stderr
    namespace: dict[str, Any] = {}
    exec(compile(textwrap.dedent(shown), path, "exec"), namespace)  # noqa: S102  # pylint: disable=exec-used
    assert [problems(row) for row in namespace["LIBRARY"].classes.values()] == [[]]


def test_the_page_lists_the_packages() -> None:
    """Each package that is asked has a table, and is named in the documentation and in nox."""
    page = " ".join((ROOT / "docs" / "facts.md").read_text(encoding="utf-8").split())
    session = (ROOT / "noxfile.py").read_text(encoding="utf-8").lower()
    probes = sorted((ROOT / "tests" / "oracle" / "packages" / "probes").glob("[a-z]*.py"))
    assert len(probes) > 20
    for probe in probes:
        name = tables()[f"qs_lint.facts.libraries.{probe.stem}"].name
        assert name in page
        assert name.lower().replace(" ", "-") in session


def test_describe() -> None:
    """What is known of a name can be read, and where it comes from."""
    told = describe(built_in(), "django.utils.functional.cached_property")
    assert told is not None
    assert told.splitlines()[0] == "# another name of functools.cached_property"
    assert 'behaves = "cached-property"' in told
    assert "qs_lint/facts/libraries/python.py" in told
    told = describe(built_in(), "crum.get_current_user")
    assert told is not None
    assert "not proven: not installed for the tests" in told.splitlines()[0]
    told = describe(built_in(), "constance.config")
    assert told is not None
    assert '"constance.config" = "context"' in told
    assert describe(built_in(), "acme.views.OrderView") is None
    assert "per-request, view" in guess(built_in(), "acme.views.OrderView")
    assert "django.views.generic.ListView" in guess(built_in(), "django.view.generic.ListView")
