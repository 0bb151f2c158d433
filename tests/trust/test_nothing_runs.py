"""Nothing of a checked project runs, whatever its files are called and whatever they would do.

Each run is watched by an audit hook of the interpreter (``launch.py``): no file is opened for
writing, no socket, no process, no code of the project is executed or imported.
"""

from __future__ import annotations

import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ORIGINAL, SHOP
from ways import ENGINE, WAYS, Way, ask

#: What a module would do to whoever imports it; ``{mark}`` is a path.
TRAPS = {
    "writes": "open({mark!r}, 'w').write('run')",
    "connects": "import socket; open({mark!r}, 'w'); socket.socket().connect(('127.0.0.1', 9))",
    "exits": "import os; open({mark!r}, 'w'); os._exit(77)",
    "loops": "open({mark!r}, 'w')\nwhile True: pass",
    "raises": "open({mark!r}, 'w')\nraise SystemExit(77)",
    "spawns": "import subprocess; open({mark!r}, 'w'); subprocess.run(['true'])",
}
#: Files that some tool or interpreter runs by their name.
BY_NAME = """manage settings conftest sitecustomize usercustomize setup noxfile dodo fabfile tasks
 urls wsgi asgi apps admin helpers django __main__ pylint_plugin pylint_django qs_lint_plugin
 tests/conftest project/settings project/__init__ shop_plugin/__init__""".split()
#: Modules that we or pylint import, some of them not before there is something to check.
LIKE_OURS = sorted({*sys.stdlib_module_names} - {"__future__"}) + (
    """astroid pylint qs_lint isort mccabe dill tomlkit platformdirs typing_extensions
    colorama tomli pylint_plugin_utils""".split()
)


def trap(tmp_path: Path, kind: str) -> tuple[str, Path]:
    """A trap's text, and the file that is there once it was run."""
    mark = tmp_path / "mark"
    return TRAPS[kind].format(mark=str(mark)), mark


def project_with(tmp_path: Path, text: str, names: list[str]) -> Path:
    """A project of traps around one file with a finding."""
    project = tmp_path / "checked"
    shutil.copytree(SHOP, project / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    for path in project.rglob("*.py"):
        path.write_text(f"{text}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    for name in names:
        path = project / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (project / "views.py").write_text(f"{ORIGINAL}\n{text}\n", encoding="utf-8")
    return project


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    """Each way in."""
    found: Way = request.param
    return found


@pytest.mark.parametrize("kind", TRAPS)
def test_traps(tmp_path: Path, way: Way, kind: str) -> None:
    """No file of a project runs: not those that tools run by name, not those that are imported."""
    text, mark = trap(tmp_path, kind)
    project = project_with(tmp_path, text, BY_NAME)
    imports = "".join(f"import {n.replace('/', '.')}\n" for n in BY_NAME if "__" not in n)
    views = project / "views.py"
    views.write_text(imports + views.read_text(encoding="utf-8"), encoding="utf-8")
    (project / "evil.pth").write_text("import manage\n", encoding="utf-8")
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    answer = ask(
        way,
        [project],
        project,
        cwd=project,
        log=tmp_path / "log",
        environment={"DJANGO_SETTINGS_MODULE": "settings", "PYTHONSTARTUP": "manage.py"},
    )
    assert "frozen-class-queryset" in answer.symbols, answer.stderr
    assert set(answer.symbols) == {"frozen-class-queryset"}
    assert answer.code in way.ends_well
    assert not answer.events
    assert not mark.exists()


def test_names_of_the_standard_library(tmp_path: Path, way: Way) -> None:
    """A module called like one of the standard library, or of ours, is never taken for it."""
    text, mark = trap(tmp_path, "exits")
    project = project_with(tmp_path, text, LIKE_OURS)
    for cwd in (tmp_path, project):
        answer = ask(way, [project / "views.py"], project, cwd=cwd, log=tmp_path / "log")
        assert answer.symbols == ["frozen-class-queryset"], answer.stderr
        assert not answer.events
        assert not mark.exists()


@pytest.mark.parametrize("name", ["random", "astroid", "pylint", "qs_lint", "ast"])
def test_checking_such_a_file(tmp_path: Path, way: Way, name: str) -> None:
    """The file called like one of ours is itself checked."""
    text, mark = trap(tmp_path, "exits")
    project = project_with(tmp_path, text, [])
    path = project / f"{name}.py"
    (project / "views.py").rename(path)
    answer = ask(way, [path], project, cwd=project, log=tmp_path / "log")
    assert answer.symbols == ["frozen-class-queryset"], answer.stderr
    assert not answer.events
    assert not mark.exists()


def test_byte_code_is_not_read(tmp_path: Path, way: Way) -> None:
    """Compiled files that lie about their source are nothing to us."""
    text, mark = trap(tmp_path, "exits")
    project = project_with(tmp_path, "", ["helpers"])
    evil = tmp_path / "evil.py"
    evil.write_text(text, encoding="utf-8")
    for name in ("helpers", "views", "shop/models"):
        path = project / f"{name}.py"
        cache = path.parent / "__pycache__"
        cache.mkdir(exist_ok=True)
        target = cache / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
        py_compile.compile(
            str(evil), str(target), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
        )
        shutil.copy(target, path.with_suffix(".pyc"))
    answer = ask(way, [project], project, cwd=project, log=tmp_path / "log")
    assert answer.symbols == ["frozen-class-queryset"], answer.stderr
    assert not answer.events
    assert not mark.exists()


def test_a_plugin_of_the_project_is_not_loaded(tmp_path: Path) -> None:
    """Entry points and metadata in the checked folder are files like others."""
    text, mark = trap(tmp_path, "exits")
    project = project_with(tmp_path, text, ["pylint_plugin"])
    metadata = project / "evil-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: evil\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[pylint.plugins]\nx = pylint_plugin\n[qs_lint]\nx = pylint_plugin\n", encoding="utf-8"
    )
    for way in WAYS:
        answer = ask(way, [project], project, cwd=project, log=tmp_path / "log")
        assert answer.symbols == ["frozen-class-queryset"], answer.stderr
        assert not answer.events
    assert not mark.exists()


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("open('written', 'w')", "written"),
        ("import os; os.open('written', os.O_CREAT)", "written"),
        ("import socket; socket.socket()", "socket.__new__"),
        ("import subprocess; subprocess.Popen(['true']).wait()", "subprocess.Popen"),
        ("import os; os.system('true')", "os.system"),
        ("import os; os.mkdir('made')", "os.mkdir"),
        ("import sys; sys.path.insert(0, '.'); import helpers", "run"),
        ("exec(compile(open('helpers.py').read(), 'helpers.py', 'exec'))", "run"),
        ("import pickle; pickle.loads(b'cos\\nsystem\\n.')", "pickle.find_class"),
        ("open('x.pyc').close()", "loaded"),
    ],
)
def test_the_watch(tmp_path: Path, code: str, event: str) -> None:
    """The audit hook does see what it must see."""
    project = tmp_path / "checked"
    project.mkdir()
    (project / "helpers.py").write_text("x = 1\n", encoding="utf-8")
    (project / "x.pyc").write_bytes(b"")
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    spy = Way("spy", str(script), (), ENGINE.read)
    answer = ask(spy, [], project, cwd=project, log=tmp_path / "log")
    assert event in [one["event"] for one in answer.events], answer.stderr


def test_the_working_directory_of_python_m(tmp_path: Path) -> None:
    """``python -m`` looks in the working directory first: that is Python's, and documented.

    With ``-P`` (or the console script, as in the tests above) it does not.
    """
    text, mark = trap(tmp_path, "exits")
    project = project_with(tmp_path, text, ["qs_lint", "pylint", "random"])
    options = ["--load-plugins=qs_lint", "--disable=all", "--enable=qs_lint", "views.py"]
    unsafe = subprocess.run(
        [sys.executable, "-m", "pylint", *options], cwd=project, capture_output=True, check=False
    )
    assert unsafe.returncode == 77
    assert mark.exists()
    mark.unlink()
    if sys.version_info >= (3, 11):
        safe = subprocess.run(
            [sys.executable, "-P", "-m", "pylint", *options],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "(frozen-class-queryset)" in safe.stdout
        assert not mark.exists()
