"""Run in Pyodide (``nox -s pyodide``): the engine's tests, on the only Python 3.14 at hand."""

from __future__ import annotations

import ast
import sys

import pytest

#: What starts no process.
FILES = ("messages", "semantics", "engine", "fixtures", "lifetimes", "rules")

if __name__ == "__main__":
    print("Python", sys.version.partition(" ")[0])
    ast.unparse(ast.parse("1"))  # imports a module on first use
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *sys.argv[1:]]
    sys.exit(pytest.main([*arguments, *(f"tests/test_{name}.py" for name in FILES)]))
