"""Changes of a text that must not change its findings, and changes that must.

A change takes a text and gives a text (or ``None`` where it changes nothing).  Two texts are
compared by :func:`facts`: symbol, the code at the reported place, the class and function around it,
confidence and message, without lines and columns.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from mutations import parsed, unparsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qs_lint.findings import Finding

Fact = tuple[str, str, str, str, str]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
RENAMED = "renamed_"
#: Calls that see local names by their strings.
SEES_LOCALS = {"locals", "vars", "exec", "eval", "globals", "dir"}


def facts(text: str, findings: list[Finding]) -> Counter[Fact]:
    """The findings of a text, without the places."""
    tree = parsed(text)
    assert tree is not None
    index: dict[tuple[int, int, int | None, int | None], str] = {}
    around: list[tuple[int, int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt)):
            place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
            if place not in index:
                index[place] = code(node)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            around.append((node.lineno, node.end_lineno or node.lineno, node.name))
    found: Counter[Fact] = Counter()
    for one in findings:
        where = one.location
        place = (where.line, where.column, where.end_line, where.end_column)
        names = [name for first, last, name in sorted(around) if first <= where.line <= last]
        message = re.sub(r"\.py:\d+", ".py", one.message)
        message = re.sub(r"\bline \d+", "line", message)
        message = re.sub(rf"\b{RENAMED}(\w+)", r"\1", message)
        shown = index.get(place, f"no node at {place}")
        found[(one.symbol, shown, ".".join(names), one.confidence.name, message)] += 1
    return found


def code(node: ast.AST) -> str:
    """The text of an expression; of what has a body, its first line."""
    shown = unparsed(node) or ast.dump(node)
    if isinstance(node, ast.stmt):
        shown = next((line for line in shown.splitlines() if not line.startswith("@")), shown)
        shown = re.sub(r"\b(def|class) (\w+).*", r"\1 \2", shown)
    return re.sub(rf"\b{RENAMED}(\w+)", r"\1", shown)


# changes of form


def reformatted(text: str) -> str | None:
    """Every statement written anew, without comments."""
    tree = parsed(text)
    return unparsed(tree) if tree is not None else None


def commented(text: str) -> str | None:
    """A comment and blank lines before every statement, a comment behind the last line."""
    tree = parsed(text)
    if tree is None:
        return None
    lines = text.splitlines(keepends=True)
    first = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            decorators = getattr(node, "decorator_list", [])
            first.add(min([node.lineno, *(decorator.lineno for decorator in decorators)]))
    changed = []
    for number, line in enumerate(lines, 1):
        continues = number > 1 and lines[number - 2].rstrip("\r\n").endswith("\\")
        if number in first and not continues and _begins(tree, number, line):
            indent = line[: len(line) - len(line.lstrip())]
            changed.append(f"{indent}# Order.objects.all() [list]\n\n{indent}#\n")
        changed.append(line)
    return "".join(changed) + "\n\n\n# the end\n"


def _begins(tree: ast.AST, number: int, line: str) -> bool:
    """Whether the first statement of a line has nothing but white space before it."""
    column = len(line) - len(line.lstrip())
    return any(
        isinstance(node, ast.stmt) and node.lineno == number and node.col_offset <= column
        for node in ast.walk(tree)
    ) or line.lstrip().startswith("@")


def windows(text: str) -> str | None:
    """Lines that end as on Windows."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def joined(text: str) -> str | None:
    """Neighbouring simple statements on one line, by semicolons."""
    written = reformatted(text)
    tree = parsed(written) if written else None
    if written is None or tree is None:
        return None
    lines = written.splitlines()
    simple = (ast.Assign, ast.AugAssign, ast.Expr, ast.Import, ast.ImportFrom, ast.Return, ast.Pass)
    join = set()
    for node in ast.walk(tree):
        for body in _bodies(node):
            for first, second in pairwise(body):
                if (
                    isinstance(first, simple)
                    and isinstance(second, simple)
                    and first.lineno == first.end_lineno == second.lineno - 1
                    and second.lineno == second.end_lineno
                ):
                    join.add(second.lineno)
    parts: list[str] = []
    for number, line in enumerate(lines, 1):
        if number in join:
            parts[-1] += f"; {line.strip()}"
        else:
            parts.append(line)
    return "\n".join(parts) + "\n"


# changes of the tree


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list):
            yield body


def _changed(text: str, change: Callable[[ast.Module], object]) -> str | None:
    tree = parsed(text)
    if tree is None:
        return None
    change(tree)
    return unparsed(tree)


def split(text: str) -> str | None:
    """One import a statement, one ``with`` item a statement, unpacked tuples one by one."""

    def pieces(statement: ast.stmt) -> list[ast.stmt]:
        if isinstance(statement, ast.Import):
            return [ast.Import([alias]) for alias in statement.names]
        if isinstance(statement, ast.ImportFrom) and statement.module != "__future__":
            return [
                ast.ImportFrom(statement.module, [alias], statement.level)
                for alias in statement.names
            ]
        if isinstance(statement, ast.With) and len(statement.items) > 1:
            inner: list[ast.stmt] = statement.body
            for item in reversed(statement.items):
                inner = [ast.With([item], inner)]
            return inner
        if isinstance(statement, ast.Assign) and _unpacks(statement):
            target, value = statement.targets[0], statement.value
            assert isinstance(target, ast.Tuple)
            assert isinstance(value, ast.Tuple)
            return [
                ast.Assign([one], other) for one, other in zip(target.elts, value.elts, strict=True)
            ]
        return [statement]

    def change(tree: ast.Module) -> None:
        for node in ast.walk(tree):
            for body in _bodies(node):
                body[:] = [piece for statement in body for piece in pieces(statement)]

    return _changed(text, change)


def _unpacks(statement: ast.Assign) -> bool:
    """Whether names are assigned values that do not depend on each other."""
    target, value = statement.targets[0], statement.value
    if not (len(statement.targets) == 1 and isinstance(target, ast.Tuple)):
        return False
    if not (isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)):
        return False
    names = {node.id for node in target.elts if isinstance(node, ast.Name)}
    read = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    starred = any(isinstance(node, ast.Starred) for node in value.elts)
    return len(names) == len(target.elts) and not names & read and not starred


UNRELATED_BEFORE = """
import sys as _unrelated_sys
from collections import OrderedDict as _UnrelatedDict
_UNRELATED = {"all": [1, 2, 3], "count": len("abc")}
try:
    import _no_such_module_anywhere
except ImportError:
    _no_such_module_anywhere = None
"""
UNRELATED_AFTER = """
def _unrelated(items, *args, key=None, **kwargs):
    total = [item for item in items if item]
    return sorted(total, key=key)
async def _unrelated_too():
    return [x async for x in _unrelated([])]
class _Unrelated:
    limit = len(_UNRELATED)
    def total(self):
        return sum(self.items)
    @property
    def items(self):
        return list(_unrelated([1]))
class _UnrelatedError(Exception):
    pass
_UNRELATED["more"] = _unrelated([3, 1])
"""


def unrelated(text: str) -> str | None:
    """Imports, statements, functions and classes of another concern around the module's code."""

    def change(tree: ast.Module) -> None:
        start = 0
        for index, statement in enumerate(tree.body):
            docstring = (
                index == 0
                and isinstance(statement, ast.Expr)
                and isinstance(statement.value, ast.Constant)
            )
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            if not (docstring or future):
                break
            start = index + 1
        tree.body[start:start] = ast.parse(UNRELATED_BEFORE).body
        tree.body += ast.parse(UNRELATED_AFTER).body

    return _changed(text, change)


def wrapped(text: str) -> str | None:
    """Every class of the module within ``if True:``."""

    def change(tree: ast.Module) -> None:
        tree.body = [
            ast.If(ast.Constant(True), [s], []) if isinstance(s, ast.ClassDef) else s
            for s in tree.body
        ]

    return _changed(text, change)


def annotated(text: str) -> str | None:
    """Annotations on parameters, results and the simple assignments of module and functions."""

    def change(tree: ast.Module) -> None:
        _annotate(tree.body, set())
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                node.returns = node.returns or ast.Name("object", ast.Load())
                for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs][
                    1:
                ]:
                    argument.annotation = argument.annotation or ast.Name("object", ast.Load())
                declared = {
                    name
                    for inner in ast.walk(node)
                    if isinstance(inner, (ast.Global, ast.Nonlocal))
                    for name in inner.names
                }
                _annotate(node.body, declared)

    return _changed(text, change)


def _annotate(body: list[ast.stmt], declared: set[str]) -> None:
    for index, statement in enumerate(body):
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and target.id not in declared:
                annotation = ast.Name("object", ast.Load())
                body[index] = ast.AnnAssign(target, annotation, statement.value, 1)


def reordered(text: str) -> str | None:
    """Neighbouring methods of a class in the opposite order."""

    def plain(statement: ast.stmt) -> bool:
        return isinstance(statement, FUNCTIONS) and not statement.decorator_list

    def change(tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            body, start = node.body, 0
            while start < len(body):
                end = start
                while end < len(body) and plain(body[end]):
                    end += 1
                names = [getattr(statement, "name", "") for statement in body[start:end]]
                if len(set(names)) == len(names):
                    body[start:end] = body[start:end][::-1]
                start = max(end, start + 1)

    return _changed(text, change)


def renamed(text: str) -> str | None:
    """Every local name of a function that nobody can see from outside called otherwise."""

    def change(tree: ast.Module) -> None:
        strings = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                local = _own_locals(node) - strings
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Name) and inner.id in local:
                        inner.id = f"{RENAMED}{inner.id}"

    return _changed(text, change)


def _own_locals(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that a function binds, and that can be renamed throughout it."""
    bound: set[str] = set()
    taken: set[str] = set()
    stack: list[ast.AST] = list(function.body)
    scopes = (*FUNCTIONS, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp)
    while stack:  # its own scope
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        if not isinstance(node, (*scopes, ast.GeneratorExp)):
            stack.extend(ast.iter_child_nodes(node))
    for node in ast.walk(function):  # with everything inside
        if isinstance(node, ast.arg):
            taken.add(node.arg)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            taken.update(node.names)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node is not function:
            taken.add(node.name)
            if isinstance(node, ast.ClassDef):
                taken.update(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        elif isinstance(node, ast.alias):
            taken.add((node.asname or node.name).partition(".")[0])
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
        ):
            taken.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            taken.add(node.rest)
        elif isinstance(node, ast.Name) and node.id in SEES_LOCALS:
            return set()
    # in a comprehension or in the decorators and defaults the name may be another's
    header = [*function.decorator_list, function.args]
    outside = {n.id for part in header for n in ast.walk(part) if isinstance(n, ast.Name)}
    return {name for name in bound - taken - outside if not name.startswith(RENAMED)}


#: Changes that must leave the findings alone.
SAME: dict[str, Callable[[str], str | None]] = {
    "reformatting": reformatted,
    "comments and blank lines": commented,
    "line ends of Windows": windows,
    "statements joined by semicolons": joined,
    "statements split": split,
    "unrelated code": unrelated,
    "classes in `if True:`": wrapped,
    "annotations": annotated,
    "methods in another order": reordered,
    "local names": renamed,
}


# changes that must change something

MANAGERS = (".objects.", "._default_manager.", ".all_objects.")
LAZY_ENDS = ("all", "filter", "exclude", "order_by", "select_related", "prefetch_related", "defer")
EVALUATE: dict[str, str] = {
    "list": "list({})",
    "sorted": "sorted({}, key=id)",
    "comprehension": "[_o for _o in {}]",
    "count": "{}.count()",
    "len": "len({})",
}
EVALUATED = {"frozen-class-queryset", "import-time-query"}
CALLS = ("list", "sorted", "tuple")


def sites(text: str) -> Iterator[ast.expr]:
    """The class-level attributes of the module's classes that are plainly a lazy queryset."""
    tree = parsed(text)
    for statement in tree.body if tree is not None else ():
        for inner in statement.body if isinstance(statement, ast.ClassDef) else ():
            value = inner.value if isinstance(inner, (ast.Assign, ast.AnnAssign)) else None
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                shown = ast.unparse(value)
                if value.func.attr in LAZY_ENDS and any(each in shown for each in MANAGERS):
                    yield value


def evaluations(text: str) -> Iterator[tuple[str, ast.expr, str]]:
    """Texts with one class-level queryset evaluated: operation, the queryset, the text."""
    for value in sites(text):
        for name, template in EVALUATE.items():
            yield name, value, replaced(text, value, template.format(f"({ast.unparse(value)})"))


def relaxations(text: str) -> Iterator[tuple[ast.Call, str]]:
    """Texts with one evaluated class-level queryset left lazy: the call, the text."""
    tree = parsed(text)
    for statement in tree.body if tree is not None else ():
        for inner in statement.body if isinstance(statement, ast.ClassDef) else ():
            value = inner.value if isinstance(inner, (ast.Assign, ast.AnnAssign)) else None
            if (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Name)
                and value.func.id in CALLS
                and value.args
                and isinstance(value.args[0], ast.Call)
                and isinstance(value.args[0].func, ast.Attribute)
                and any(each in ast.unparse(value.args[0]) for each in MANAGERS)
            ):
                yield value, replaced(text, value, f"({ast.unparse(value.args[0])})")


def replaced(text: str, node: ast.expr, new: str) -> str:
    """The text with one expression written otherwise; as many lines as before."""
    lines = text.encode().splitlines(keepends=True)
    last = (node.end_lineno or node.lineno) - 1
    head = lines[node.lineno - 1][: node.col_offset]
    tail = lines[last][node.end_col_offset :]
    blank = b" \\\n" * (last - node.lineno + 1)
    middle = head + new.encode() + (blank + tail if tail.strip() else tail)
    if not tail.strip():
        middle += b"\n" * (last - node.lineno + 1)
    return b"".join([*lines[: node.lineno - 1], middle, *lines[last + 1 :]]).decode()
