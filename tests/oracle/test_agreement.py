"""Every annotation of the fixtures, judged by real Django."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import oracle_cases
import pytest
from oracle_cases import ARGUMENT, AT_IMPORT, LEAKED, MEMOIZED, SHARED, STALE, WASTED, Case
from oracle_parameters import parameters

if TYPE_CHECKING:
    from pathlib import Path

CASES = oracle_cases.all_cases()


def claimed(*symbols: str) -> list[Any]:
    """Cases that claim one of these symbols."""
    return parameters([case for case in CASES if case.symbols & set(symbols)])


def decorated(file: Path, line: int) -> range:
    """The lines that belong to an annotated line: those of a function, if it begins one."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        decorators = getattr(node, "decorator_list", [])
        if decorators and line in (node.lineno, *(decorator.lineno for decorator in decorators)):
            return range(line, node.end_lineno + 1)
    return range(line, line + 1)


CLEAN = parameters([case for case in CASES if not case.symbols])


@pytest.mark.parametrize("case", parameters(CASES))
def test_plays(case: Case, verdicts: dict[str, Any]) -> None:
    """Each fixture is imported and answers, unless it is known to raise."""
    verdict = verdicts[case.name]
    assert verdict["import_error"] is None
    for path, route in verdict["paths"].items():
        if path == "/" and case.name in oracle_cases.RAISES:
            assert all(oracle_cases.RAISES[case.name] in text for text in route["raises"])
            assert route["raises"]
        else:
            assert route["raises"] == []
            assert set(route["status"]) <= {200, 302}


@pytest.mark.parametrize("case", claimed(*AT_IMPORT))
def test_frozen_at_import(case: Case, verdicts: dict[str, Any]) -> None:
    """What is called frozen at import queries at import, and is stale."""
    verdict = verdicts[case.name]
    assert verdict["queries_at_import"] > 0
    assert verdict["paths"]["/"]["stale"]


@pytest.mark.parametrize("case", claimed(*(STALE - AT_IMPORT)))
def test_stale(case: Case, verdicts: dict[str, Any]) -> None:
    """What is called shared, memoized or a frozen argument is stale, or refused by a guard."""
    if case.name not in oracle_cases.RAISES:
        assert verdicts[case.name]["paths"]["/"]["stale"]


@pytest.mark.parametrize("case", claimed(WASTED))
def test_wasted(case: Case, verdicts: dict[str, Any]) -> None:
    """What is called wasted queries at import, and yet nothing is stale."""
    verdict = verdicts[case.name]
    assert verdict["queries_at_import"] > 0
    assert not verdict["paths"]["/"]["stale"]


@pytest.mark.parametrize("case", claimed(*AT_IMPORT, WASTED))
def test_line(case: Case, verdicts: dict[str, Any]) -> None:
    """The annotated line is the one that was being executed when the database was asked."""
    seen = set(map(tuple, verdicts[case.name]["import_lines"]))
    for file, line, symbol in case.annotations:
        if symbol in AT_IMPORT or symbol == WASTED:
            places = {(file.name, line)}
            if case.name in oracle_cases.WHILE_MADE:
                places.add((file.name, class_around(file, line)))
            assert places & seen


def class_around(file: Path, line: int) -> int:
    """The line of the innermost class around a line of a file."""
    tree = ast.parse(file.read_text("utf-8"))
    around = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around)


@pytest.mark.parametrize("case", claimed(SHARED, MEMOIZED))
def test_request_line(case: Case, verdicts: dict[str, Any]) -> None:
    """The annotated line, or the function that it decorates, asks within the first request."""
    if case.name in oracle_cases.HANDED_ON:
        return
    seen = set(map(tuple, verdicts[case.name]["paths"]["/"]["request_lines"]))
    for file, line, _ in case.annotations:
        assert {(file.name, each) for each in decorated(file, line)} & seen


@pytest.mark.parametrize("case", claimed(ARGUMENT))
def test_argument(case: Case, verdicts: dict[str, Any]) -> None:
    """A frozen argument is the cause: while the moment stands still, nothing is stale.

    Where the argument is made of rows, the write itself makes it stale.
    """
    verdict = verdicts[case.name]
    assert verdict["still"]["/"]["stale"] == (verdict["queries_at_import"] > 0)


@pytest.mark.parametrize("case", claimed(*LEAKED))
def test_leaked(case: Case, verdicts: dict[str, Any]) -> None:
    """What is called leaked changes what another visitor is shown, afterwards or at once."""
    seen = verdicts[case.name]["visitors"]
    assert seen["left_behind"] or seen["raced"]


@pytest.mark.parametrize("case", CLEAN)
def test_clean(case: Case, verdicts: dict[str, Any]) -> None:
    """What has no annotation neither queries at import nor is stale."""
    verdict = verdicts[case.name]
    if case.name not in oracle_cases.QUERIES_ANYWAY:
        assert verdict["queries_at_import"] == 0
    for route in verdict["paths"].values():
        assert not route["stale"]
    if case.has_visitors:
        assert not verdict["visitors"]["left_behind"]
        assert not verdict["visitors"]["raced"]


@pytest.mark.parametrize("case", parameters(CASES))
def test_sensitive(case: Case, verdicts: dict[str, Any]) -> None:
    """The page would show the write: otherwise "fresh" would say nothing."""
    if case.name in oracle_cases.SHOWS_NO_ROWS or case.name in oracle_cases.RAISES:
        return
    if case.has_visitors:
        assert verdicts[case.name]["visitors"]["differ"]
        return
    routes = verdicts[case.name]["paths"]
    assert routes
    assert all(route["sensitive"] for route in routes.values())


@pytest.mark.parametrize("case", parameters([c for c in CASES if "/good" in c.name]))
def test_twin(case: Case) -> None:
    """A good twin has no annotation, and stands beside a bad one."""
    assert not case.annotations
    assert case.folder.joinpath(f"{case.module.replace('good', 'bad', 1)}.py").exists()


@pytest.mark.parametrize("case", parameters([c for c in CASES if "/bad" in c.name]))
def test_claim(case: Case) -> None:
    """A bad fixture claims the symbol of its folder, and nothing else."""
    assert case.symbols == {case.group}
    assert case.folder.joinpath(f"{case.module.replace('bad', 'good', 1)}.py").exists()


def test_exceptions_exist() -> None:
    """The tables of exceptions name real cases only."""
    names = {case.name for case in CASES}
    tables = (
        oracle_cases.NOT_RUN,
        oracle_cases.RAISES,
        oracle_cases.QUERIES_ANYWAY,
        oracle_cases.SHOWS_NO_ROWS,
        oracle_cases.HANDED_ON,
        oracle_cases.SETTINGS,
    )
    assert {name for table in tables for name in table} <= names
