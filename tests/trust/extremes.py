"""Texts that are extreme in one respect: depth, length, width.

``EXTREMES`` maps a name to a function from a size to a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "from shop.models import Order\nq = Order.objects.all()\n"


def _nested_blocks(size: int, head: str) -> str:
    depth = min(size, 95)  # the tokenizer allows 100 levels of indentation
    return (
        "".join("    " * level + head + "\n" for level in range(depth)) + "    " * depth + "pass\n"
    )


def _nested_functions(size: int) -> str:
    depth = min(size, 95)
    lines = [f"{'    ' * level}def f{level}(a=list(q)):" for level in range(depth)]
    lines.append("    " * depth + "return list(q)")
    lines += [f"{'    ' * level}return f{level}()" for level in range(depth - 1, 0, -1)]
    return HEAD + "\n".join(lines) + "\nf0()\n"


def _calls(size: int) -> str:
    lines = ["def f0(): return list(Order.objects.all())"]
    lines += [f"def f{i}(): return f{i - 1}() or f{i - 1}()" for i in range(1, size)]
    return HEAD + "\n".join(lines) + f"\nX = f{size - 1}()\n"


def _doubling(size: int) -> str:
    """Each value holds the one before twice: 2**size leaves if somebody copies."""
    lines = ["x0 = [q, q]"] + [f"x{i} = [x{i - 1}, x{i - 1}]" for i in range(1, size)]
    return HEAD + "\n".join(lines) + f"\nY = str(x{size - 1})\nfor a in x{size - 1}: list(a)\n"


def _branches(size: int) -> str:
    """2**size paths."""
    lines = [f"if c{i}:\n    q = q.filter(a={i})\nelse:\n    q = [q, {i}]" for i in range(size)]
    return HEAD + "\n".join(lines) + "\nlist(q)\n"


def _inheritance(size: int) -> str:
    lines = ["class C0: queryset = list(q)"]
    lines += [f"class C{i}(C{i - 1}): pass" for i in range(1, size)]
    return HEAD + "\n".join(lines) + f"\nprint(C{size - 1}.queryset)\n"


def _diamonds(size: int) -> str:
    lines = ["class A0: pass"]
    for i in range(1, size):
        lines.append(f"class L{i}(A{i - 1}): pass\nclass R{i}(A{i - 1}): pass")
        lines.append(f"class A{i}(L{i}, R{i}): queryset = Order.objects.all()")
    return HEAD + "\n".join(lines) + f"\nlist(A{size - 1}.queryset)\n"


EXTREMES: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "x = " + "(" * n + "q" + ")" * n + "\n",
    "brackets": lambda n: HEAD + "x = " + "[" * n + "list(q)" + "]" * n + "\n",
    "attributes": lambda n: HEAD + "x = q" + ".a" * n + "\n",
    "calls": lambda n: HEAD + "x = list(q" + ".filter(a=1)" * n + ")\n",
    "bare calls": lambda n: HEAD + "x = q" + "()" * n + "\n",
    "subscripts": lambda n: HEAD + "x = q" + "[0]" * n + "\n",
    "nested calls": lambda n: HEAD + "x = " + "list(" * n + "q" + ")" * n + "\n",
    "sum": lambda n: HEAD + "x = " + "+".join(["q"] * n) + "\n",
    "or": lambda n: HEAD + "x = " + " or ".join(["q"] * n) + "\n",
    "comparison": lambda n: HEAD + "x = " + " < ".join(["q"] * n) + "\n",
    "not": lambda n: HEAD + "x = " + "not " * n + "q\n",
    "minus": lambda n: HEAD + "x = " + "-" * n + "1\n",
    "power": lambda n: HEAD + "x = " + "**".join(["2"] * n) + "\n",
    "shift": lambda n: HEAD + f"x = 1 << {10**n if n < 100 else 10**100}\ny = 'a' * 10 ** {n}\n",
    "ternary": lambda n: HEAD + "x = " + "q if q else " * n + "q\n",
    "lambda": lambda n: HEAD + "x = " + "lambda: " * n + "list(q)\n",
    "await": lambda n: "async def f():\n    return " + "await " * n + "q\n",
    "comprehension": lambda n: HEAD + "x = [a for a in " * n + "q" + "]" * n + "\n",
    "generators": lambda n: HEAD + "x = [a " + "for a in q " * n + "]\n",
    "conditions": lambda n: HEAD + "x = [a for a in q " + "if a " * n + "]\n",
    "walrus": lambda n: HEAD + "x = " + "(y := " * n + "q" + ")" * n + "\n",
    "f-string": lambda n: HEAD + "x = f'" + "{q}" * n + "'\n",
    "strings": lambda n: "x = " + " ".join(["'a'"] * n) + "\n",
    "star": lambda n: HEAD + "x = [" + "*q, " * n + "]\n",
    "arguments": lambda n: HEAD + "x = f(" + ", ".join(f"a{i}=q" for i in range(n)) + ")\n",
    "parameters": lambda n: (
        HEAD + "def f(" + ", ".join(f"a{i}=list(q)" for i in range(n)) + "): pass\n"
    ),
    "decorators": lambda n: HEAD + "@list(q)\n" * n + "def f(): pass\n",
    "targets": lambda n: HEAD + "a = " * n + "list(q)\n",
    "unpacking": lambda n: HEAD + "(" * n + "a," + "),*b," * (n - 1) + ") = q\n",
    "imports": lambda n: "".join(f"import a{i}.b.c as d{i}\n" for i in range(n)),
    "elif": lambda n: HEAD + "if q: pass\n" + "elif q: pass\n" * n,
    "except": lambda n: HEAD + "try: list(q)\n" + "except A: list(q)\n" * n,
    "cases": lambda n: HEAD + "match q:\n" + "    case [a, *_]: list(a)\n" * n,
    "with": lambda n: HEAD + "with " + ", ".join(["q as a"] * n) + ": list(a)\n",
    "semicolons": lambda n: HEAD + "list(q); " * n + "\n",
    "backslashes": lambda n: HEAD + "x = q" + " \\\n" * n + "\n",
    "classes": lambda n: HEAD + "".join(f"class C{i}:\n    queryset = list(q)\n" for i in range(n)),
    "functions": lambda n: HEAD + "".join(f"def f{i}():\n    return list(q)\n" for i in range(n)),
    "lines of a list": lambda n: "x = [\n" + "    1,\n" * n + "]\n",
    "lines of a dict": lambda n: "x = {\n" + "".join(f"    {i}: 'a',\n" for i in range(n)) + "}\n",
    "lines of a string": lambda n: "x = '''\n" + "line\n" * n + "'''\n",
    "lines of calls": lambda n: HEAD + "x = [\n" + "    f(q),\n" * n + "]\n",
    "assignments": lambda n: HEAD + "".join(f"x{i} = q\n" for i in range(n)) + f"list(x{n - 1})\n",
    "aliases": lambda n: (
        HEAD + "x0 = q\n" + "".join(f"x{i} = x{i - 1}.all()\n" for i in range(1, n))
    ),
    "blocks": lambda n: HEAD + _nested_blocks(n, "if q:"),
    "loops": lambda n: HEAD + _nested_blocks(n, "for a in q:"),
    "whiles": lambda n: HEAD + _nested_blocks(n, "while q:"),
    "tries": lambda n: (
        HEAD
        + "".join("    " * i + "try:\n" for i in range(min(n, 19)))
        + "    " * min(n, 19)
        + "list(q)\n"
        + "".join("    " * i + "finally: list(q)\n" for i in range(min(n, 19) - 1, -1, -1))
    ),
    "classes in classes": lambda n: HEAD + _nested_blocks(n, "class A:"),
    "functions in functions": _nested_functions,
    "call chain": _calls,
    "doubling": _doubling,
    "branches": _branches,
    "inheritance": _inheritance,
    "diamonds": _diamonds,
    "long name": lambda n: HEAD + "a" * n + " = list(q)\n",
    "long comment": lambda n: "# " + "a" * n + "\n",
    "long indentation": lambda n: "if 1:\n" + " " * n + "pass\n",
    "digits": lambda n: "x = " + "1" * n + "\n",
    "annotations": lambda n: "x: " + "list[" * n + "int" + "]" * n + " = 1\n",
    "empty lines": lambda n: "\n" * n,
}

#: The sizes that the long run tries, each with all of them.
SIZES = (3, 30, 90, 200, 1_000, 10_000)
#: Texts that are meant to be long.
LONG = ("lines of a list", "lines of a dict", "lines of a string", "lines of calls", "empty lines")
LONG_SIZE = 100_000
