"""What makes a report the same report after the file around it has changed.

The identity of a finding is made of its rule; who holds the value: the classes and functions
around it, and on the way down from the statement the names that are assigned, the callees, keywords
and keys; the model and the operation, as the engine knows them; and the reported expression as
Python parses it, with imported names for what they stand for.  Places, layout, comments, quotes,
brackets and commas that mean nothing, and the message's words are not in it.  ``docs/baseline.md``
has it for users.

A fingerprint is a hash of the identity and of the file's path; equal ones in one file are numbered.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import warnings
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from qs_lint import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qs_lint.reports import Report

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ASSIGNED = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)
#: Around an expression, these say nothing about who holds it.
_TRANSPARENT = (
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.BinOp,
    ast.Starred,
    ast.Await,
    ast.Expr,
    ast.If,
    ast.Try,
    ast.Module,
)
#: Fields of nodes that are no part of the expression.
_NO_PART = frozenset({"ctx", "kind", "type_comment"})
#: How much of an expression is shown to people.
SHOWN = 100

Range = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a finding is, wherever it stands; ``within`` and ``code`` are shown to people.

    ``digest`` stands for all of it but the file.
    """

    digest: str
    within: str
    code: str


def identities(
    reports: Sequence[Report], read: Callable[[str], str | None] = sources.read
) -> list[Identity]:
    """What each report is, in their order; ``read`` gives the text of a file, or ``None``."""
    wanted: dict[str, set[Range]] = {}
    for report in reports:
        wanted.setdefault(_file(report), set()).add(_range(report))
    outlines = {path: _Outline(read(path), path, ranges) for path, ranges in wanted.items()}
    return [_identity(report, outlines[_file(report)]) for report in reports]


def fingerprints(
    reports: Sequence[Report],
    read: Callable[[str], str | None] = sources.read,
    root: str | None = None,
) -> list[str]:
    """One fingerprint a report, in the order of the reports; all of them differ.

    ``read`` gives the text of a file by its absolute path, or ``None``.  Paths count as seen from
    ``root``, the working directory if it is not given.
    """
    top = os.getcwd() if root is None else root
    known = identities(reports, read)
    counted: dict[tuple[str, str], int] = {}
    found = [""] * len(reports)
    # Equal reports are numbered from the top of a file, whatever order they are given in.
    order = sorted(range(len(reports)), key=lambda i: (reports[i].line, reports[i].column, i))
    for index in order:
        key = (sources.relative(_file(reports[index]), top), known[index].digest)
        number = counted[key] = counted.get(key, 0) + 1
        found[index] = _hashed(*key, str(number))
    return found


def _identity(report: Report, outline: _Outline) -> Identity:
    holders, expression, code = outline.at(_range(report))
    finding = report.finding
    about = () if finding is None or finding.about is None else astuple(finding.about)
    within = ".".join(name for name in holders.shown if name)
    # pylint knows the object even where the text cannot be parsed
    held = holders.exact if outline.parsed else (report.obj,)
    return Identity(_hashed(report.symbol, *about, expression, *held), within or report.obj, code)


def _hashed(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:32]


def _file(report: Report) -> str:
    return report.abspath or report.path


def _range(report: Report) -> Range:
    if report.end_line is None or report.end_column is None:
        return (report.line, report.column, 0, 0)
    return (report.line, report.column, report.end_line, report.end_column)


@dataclass(frozen=True, slots=True)
class _Holders:
    """From the outside in: ``exact`` for the identity, ``shown`` for people."""

    exact: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


class _Outline:
    """The nodes of one file that reports are about, and what is around them; found in one walk."""

    def __init__(self, text: str | None, path: str, wanted: set[Range]) -> None:
        self._lines = sources.lines_of(text)
        self._around: dict[Range, tuple[ast.AST, tuple[ast.AST, ...]]] = {}
        self._imported: dict[str, str] = {}
        tree = None if text is None else _parsed(text)
        self.parsed = tree is not None
        if tree is not None:
            self._imported = _imports(tree, path)
            self._walk(tree, wanted)

    def _walk(self, tree: ast.Module, wanted: set[Range]) -> None:
        above: dict[ast.AST, ast.AST] = {}
        todo: list[ast.AST] = [tree]
        while todo:
            node = todo.pop()
            where = (
                getattr(node, "lineno", 0),
                getattr(node, "col_offset", 0),
                getattr(node, "end_lineno", 0),
                getattr(node, "end_col_offset", 0),
            )
            # of a statement that is an expression, the expression: it comes later
            if where in wanted and where[2]:
                self._around[where] = (node, tuple(_upwards(node, above)))
            for child in ast.iter_child_nodes(node):
                above[child] = node
                todo.append(child)

    def at(self, where: Range) -> tuple[_Holders, str, str]:
        """Who holds what stands at a place, what it is, and what it is for people."""
        if where not in self._around:
            code = sources.segment(self._lines, *where)
            if not code and 1 <= where[0] <= len(self._lines):
                code = self._lines[where[0] - 1]
            line = " ".join(code.split())
            return _Holders(), line, _shortened(line)
        node, around = self._around[where]
        text = " ".join(sources.segment(self._lines, *where).split())
        if isinstance(node, ast.expr):
            with contextlib.suppress(RecursionError, ValueError):  # else as it is written
                text = ast.unparse(node)
        return self._holders(node, around), self._shape(node), _shortened(text)

    def _holders(self, node: ast.AST, around: tuple[ast.AST, ...]) -> _Holders:
        exact: list[str] = []
        shown: list[str] = []
        child = node
        for parent in around:
            exact.extend(self._held(parent, child))
            shown.extend(_names(parent, child))
            child = parent
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            exact.insert(0, node.name)
            shown.insert(0, node.name)
        return _Holders(tuple(reversed(exact)), tuple(reversed(shown)))

    def _held(self, parent: ast.AST, child: ast.AST) -> Iterator[str]:
        """What a node says about who holds its child, the inner things first."""
        if isinstance(parent, _TRANSPARENT):
            return
        if isinstance(parent, _ASSIGNED):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            yield "=".join(self._shape(target) for target in targets)
        elif isinstance(parent, (*_FUNCTIONS, ast.ClassDef)):
            yield f"{_place(parent, child)} {parent.name}"
        elif isinstance(parent, ast.arguments):
            yield f"{_parameter(parent, child)}="
        elif isinstance(parent, ast.keyword):
            yield f"{parent.arg}="
        elif isinstance(parent, ast.Dict):
            yield self._held_by_key(parent, child)
        elif isinstance(parent, ast.Call):
            yield self._held_by_call(parent, child)
        elif isinstance(parent, ast.Attribute):
            yield f".{parent.attr}"
        elif isinstance(parent, ast.Compare):
            yield " ".join(type(operator).__name__ for operator in parent.ops)
        else:
            yield f"{type(parent).__name__} {_place(parent, child)}"

    def _held_by_key(self, parent: ast.Dict, child: ast.AST) -> str:
        for key, value in zip(parent.keys, parent.values, strict=True):
            if value is child and key is not None:
                return f"{self._shape(key)}:"
        return "{}"

    def _held_by_call(self, parent: ast.Call, child: ast.AST) -> str:
        constants = [each for each in parent.args if isinstance(each, ast.Constant)]
        named = [each for each in parent.keywords if isinstance(each.value, ast.Constant)]
        parts = [parent.func] if parent.func is not child else []
        return " ".join(map(self._shape, [*parts, *constants, *named]))

    def _shape(self, node: ast.AST) -> str:
        """A node as text: what Python parses, and nothing else; the same in every version."""
        parts: list[str] = []
        todo: list[object] = [node]
        while todo:
            item = todo.pop()
            if isinstance(item, ast.Constant):
                parts.append(_constant(item.value))
            elif isinstance(item, ast.Name):
                parts.append(self._imported.get(item.id, item.id))
            elif isinstance(item, ast.AST):
                fields = [
                    value
                    for name, value in ast.iter_fields(item)
                    if name not in _NO_PART and not _is_body(value)
                ]
                parts.append(f"{type(item).__name__}/{len(fields)}")
                todo.extend(reversed(fields))
            elif isinstance(item, list):
                parts.append(f"[{len(item)}")
                todo.extend(reversed(item))
            else:
                parts.append(repr(item))
        return " ".join(parts)


def _constant(value: object) -> str:
    # a decimal text of a large number may be longer than Python is willing to make
    shown = hex(value) if isinstance(value, int) else repr(value)
    return f"{type(value).__name__} {shown}"


def _is_body(value: object) -> bool:
    """Whether a field holds the statements below a head: they are not what is reported."""
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], (ast.stmt, ast.ExceptHandler, ast.match_case))
    )


def _upwards(node: ast.AST, above: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in above:
        node = above[node]
        yield node


def _place(parent: ast.AST, child: ast.AST) -> str:
    """The field of a node that another one is in."""
    for name, value in ast.iter_fields(parent):
        if value is child or (isinstance(value, list) and any(each is child for each in value)):
            return "" if _is_body(value) else name
    return ""


def _parameter(arguments: ast.arguments, default: ast.AST) -> str:
    """The name of the parameter that has a default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((parameter.arg for parameter, value in pairs if value is default), "")


def _names(parent: ast.AST, child: ast.AST) -> Iterator[str]:
    """The names that people know a place by, the inner ones first."""
    if isinstance(parent, _ASSIGNED):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id
            elif isinstance(target, ast.Attribute):
                yield target.attr
    elif isinstance(parent, (*_FUNCTIONS, ast.ClassDef)):
        yield parent.name
    elif isinstance(parent, ast.arguments):
        yield _parameter(parent, child)


def _imports(tree: ast.Module, path: str) -> dict[str, str]:
    """What imported names stand for; relative ones as seen from the outermost package."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found.setdefault(alias.asname, set()).add(alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, path)
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add(f"{module}.{alias.name}")
    return {name: "|".join(sorted(meanings)) for name, meanings in found.items()}


def _absolute(node: ast.ImportFrom, path: str) -> str:
    """The module that a ``from`` import names."""
    if not node.level:
        return node.module or ""
    folder = os.path.dirname(path)
    for _ in range(node.level - 1):
        folder = os.path.dirname(folder)
    parts = [node.module] if node.module else []
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        if not name:
            break
        parts.insert(0, name)
    return ".".join(parts)


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _shortened(code: str) -> str:
    return code if len(code) <= SHOWN else f"{code[: SHOWN - 3]}..."
