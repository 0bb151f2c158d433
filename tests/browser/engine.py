"""Run in Pyodide by ``test_pyodide.py``: the engine's tests, under Python 3.14."""

from __future__ import annotations

import ast
import os
import sys

import pytest

#: What starts no process.
FILES = ("messages", "semantics", "engine", "fixtures", "lifetimes", "rules", "versions")

if __name__ == "__main__":
    print("Python", sys.version.partition(" ")[0])
    ast.unparse(ast.parse("1"))  # imports a module on first use
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # some need native modules
    arguments = ["-q", "-p", "no:cacheprovider", *sys.argv[1:]]
    sys.exit(pytest.main([*arguments, *(f"tests/test_{name}.py" for name in FILES)]))
