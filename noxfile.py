"""The matrix of versions.

nox                       all of it, then docs/oracle.md
nox -s "oracle(4.2)"      one Django
nox -s "linter(3.3)"      one pylint
nox -s table              docs/oracle.md, from the answers of earlier runs
nox -s editors            python-lsp-server shows findings, and takes them back
nox -s browser            the page "Try it" in headless Chromium; Node's npm is needed
nox -s pyodide            the engine's tests under Python 3.14, in Pyodide; Node is needed
nox -s packages           the tables of packages, with the packages themselves
"""

from __future__ import annotations

import os
from pathlib import Path

import nox

#: Each Django, and a Python that it supports; Django REST framework and django-filter are new.
DJANGO = [("3.10", "4.2"), ("3.12", "5.2"), ("3.13", "newest")]
PYLINT = [("3.10", "3.3"), ("3.13", "newest")]
ANSWERS = Path(__file__).parent / ".nox" / "answers"

nox.options.sessions = ["oracle", "linter", "table"]


def requirement(package: str, version: str) -> str:
    """What to ask pip for."""
    return package if version == "newest" else f"{package}=={version}.*"


@nox.session
@nox.parametrize(("python", "django"), DJANGO, ids=[django for _, django in DJANGO])
def oracle(session: nox.Session, django: str) -> None:
    """Let one Django judge fixtures and facts, and keep its answers for the table."""
    session.install(
        ".",
        requirement("django", django),
        "djangorestframework",
        "django-filter",
        "django-model-utils",
        "django-simple-history",
        "pytest",
        "pytest-xdist",
        "time-machine",
    )
    session.run("pytest", "-q", "-n", "2", "tests/oracle")
    ANSWERS.mkdir(parents=True, exist_ok=True)
    for script, suffix in (("measure", "facts.json"), ("run_case", "verdicts.jsonl")):
        with (ANSWERS / f"{django}.{suffix}").open("w", encoding="utf-8") as stream:
            session.run("python", f"tests/oracle/{script}.py", stdout=stream, stderr=None)


@nox.session
@nox.parametrize(("python", "pylint"), PYLINT, ids=[pylint for _, pylint in PYLINT])
def linter(session: nox.Session, pylint: str) -> None:
    """Run all tests but the oracle under one pylint."""
    session.install(".[test]", requirement("pylint", pylint))
    session.run("pytest", "-q", "-n", "2", "tests", "--ignore=tests/oracle")


@nox.session(python="3.13")
def table(session: nox.Session) -> None:
    """Mutate annotations and facts, then write docs/oracle.md."""
    session.install(".", "django", "djangorestframework", "django-filter", "pytest", "time-machine")
    facts, verdicts = ANSWERS / "newest.facts.json", ANSWERS / "newest.verdicts.jsonl"
    with (ANSWERS / "mutation.json").open("w", encoding="utf-8") as stream:
        session.run(
            "python",
            "tests/oracle/mutate.py",
            f"--facts={facts}",
            f"--verdicts={verdicts}",
            stdout=stream,
            stderr=None,
            success_codes=[0, 1],
        )
    runs = [
        argument
        for _, django in DJANGO
        for argument in (
            "--run",
            str(ANSWERS / f"{django}.facts.json"),
            str(ANSWERS / f"{django}.verdicts.jsonl"),
        )
    ]
    mutation = f"--mutation={ANSWERS / 'mutation.json'}"
    session.run("python", "tests/oracle/table.py", *runs, mutation)


#: What the tables in qs_lint/facts/libraries are measured with.
PACKAGES = (
    "celery channels django-autocomplete-light django-cms django-constance django-guardian "
    "django-import-export django-model-utils django-modeltranslation django-mptt django-ninja "
    "django-parler django-polymorphic django-safedelete django-simple-history django-solo "
    "django-tables2 django-taggit django-treebeard factory_boy strawberry-graphql wagtail"
).split()
GRAPHENE = "tests/oracle/packages/test_packages.py::test_table[graphene]"


@nox.session(python="3.12")
def packages(session: nox.Session) -> None:
    """Ask packages whether their tables are right."""
    session.install(".", "django>=5.2,<5.3", "pytest", *PACKAGES)
    everything = {"QS_LINT_PACKAGES": "all"}
    session.run("pytest", "-q", "tests/oracle/packages", "--deselect", GRAPHENE, env=everything)
    # it needs another version of a library that Strawberry needs, too
    session.run("pip", "uninstall", "-q", "-y", "strawberry-graphql")
    session.install("graphene-django")
    session.run("pytest", "-q", GRAPHENE, env=everything)


@nox.session(python="3.13")
def editors(session: nox.Session) -> None:
    """Speak with a language server in an environment of its own, without Django."""
    session.install(".[editors]", "pytest")
    session.run("pytest", "-q", "tests/editors")


@nox.session(python="3.13")
def browser(session: nox.Session) -> None:
    """Build the site with the page "Try it", and use that; a wheel may be given to put on it."""
    session.install(".[browser]")
    site = Path(session.create_tmp(), "site").resolve()
    wheel = [f"--wheel={path}" for path in session.posargs]
    session.run("mkdocs", "build", "--strict", "--quiet", f"--site-dir={site}")
    session.run("python", "docs/playground.py", str(site), *wheel)
    environment = {"QS_LINT_SITE": str(site)}
    if "QS_LINT_CHROMIUM" not in os.environ:
        # said, since the tests have a cache folder of their own
        environment["PLAYWRIGHT_BROWSERS_PATH"] = str(ANSWERS.parent / "browsers")
        session.run("playwright", "install", "chromium", env=environment)
    session.run("pytest", "-q", "-rs", "tests/browser", env=environment)


@nox.session(python="3.13")
def pyodide(session: nox.Session) -> None:
    """Run the engine's tests in Pyodide, with what is pure Python of this environment."""
    session.install(".[test]")
    folder = Path(session.create_tmp(), "pyodide").resolve()
    session.run("python", "docs/playground.py", f"--fetch={folder}")
    environment = {"QS_LINT_PYODIDE": str(folder)}
    session.run("pytest", "-q", "-rs", "-s", "tests/browser/test_pyodide.py", env=environment)
