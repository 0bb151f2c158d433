"""Arrays and data frames: they read what they are made of at once."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library

LIBRARY = Library(
    "NumPy, pandas, Polars",
    callables={
        "numpy.array": Callee((0, "object"), returns="list"),
        "numpy.asarray": Callee((0, "a"), returns="list"),
        "numpy.fromiter": Callee((0, "iter"), returns="list"),
        "pandas.DataFrame": Callee((0, "data"), returns="list"),
        "pandas.DataFrame.from_records": Callee((0, "data"), returns="list"),
        "pandas.Series": Callee((0, "data"), returns="list"),
        "polars.DataFrame": Callee((0, "data"), returns="list"),
    },
    unproven={
        "numpy.array": "NumPy is not among the packages of the tests",
        "numpy.asarray": "NumPy is not among the packages of the tests",
        "numpy.fromiter": "NumPy is not among the packages of the tests",
        "pandas.DataFrame": "pandas is not among the packages of the tests",
        "pandas.DataFrame.from_records": "pandas is not among the packages of the tests",
        "pandas.Series": "pandas is not among the packages of the tests",
        "polars.DataFrame": "Polars is not among the packages of the tests",
    },
)
