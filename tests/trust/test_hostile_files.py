"""What a checkout can hold that is no file, or no small one: nothing hangs, and all is told."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ORIGINAL, Here, command
from ways import PACKAGE

from qs_lint import files

pytest_plugins = ["command_project"]
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")

#: bytes of address space: far less than the large files below
MEMORY = 700_000_000
LARGE = 900_000_000
SECONDS = 30
FROZEN = "frozen-class-queryset"


def ask(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with little memory and little time."""

    def bounds() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    return subprocess.run(
        [sys.executable, "-m", "qs_lint", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": PACKAGE, **environment},
        preexec_fn=bounds,
    )


def pipe(path: Path) -> None:
    """A named pipe that nobody writes to."""
    os.mkfifo(path)


def device(path: Path) -> None:
    """A link to a file without an end."""
    path.symlink_to("/dev/zero")


def sparse(path: Path) -> None:
    """A file that is large and takes no room."""
    with path.open("wb") as stream:
        stream.truncate(LARGE)


def folder(path: Path) -> None:
    """A folder in the place of a file."""
    path.mkdir()


def dangling(path: Path) -> None:
    """A link to nothing."""
    path.symlink_to("nowhere")


def loop(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path.name)


TRAPS = (pipe, device, sparse, folder, dangling, loop)
Trap = Callable[[Path], None]
traps = pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)


@pytest.fixture
def bug(here: Here) -> Here:
    """A project with one finding."""
    here.write("views.py", ORIGINAL)
    return here


# The opening itself


@traps
def test_opening(tmp_path: Path, trap: Trap) -> None:
    """Only regular files are opened, and nothing waits."""
    trap(tmp_path / "it")
    with pytest.raises(OSError, match=r"."):
        files.read_file(tmp_path / "it", 1000)
    assert files.read_or_none(str(tmp_path / "it"), 1000) is None


def test_no_end_despite_size(tmp_path: Path) -> None:
    """A size of 0 is no promise: such files are read up to the limit, not until memory ends."""
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc")
    assert b"Name" in files.read_file("/proc/self/status", 100_000)
    with pytest.raises(files.TooLargeError, match="larger than 10 bytes"):
        files.read_file("/proc/self/status", 10)
    with pytest.raises(OSError, match="null"):
        files.read_file("a\0b", 10)


#: calls that open a file, and where else than in ``qs_lint/files.py`` one may stand: what is
#: written, a folder, the null device, a file of an installed package
OPENING = frozenset(
    "open fdopen read_bytes read_text write_bytes write_text mkstemp fromfile loadtxt".split()
)
ELSEWHERE = {
    "command/baseline.py": 1,
    "command/console.py": 1,
    "command/files.py": 2,
    "command/versions.py": 1,
}
#: our own, which open nothing themselves
OTHERS = re.compile(r"(self|world|project|ctx|file)\.(\w+\.)*open$")


def test_one_way_to_open() -> None:
    """Nothing in the package opens a file by itself, but for what is listed."""
    package = Path(files.__file__).parent
    found: Counter[str] = Counter()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called.rpartition(".")[2] in OPENING and not OTHERS.match(called):
                found[path.relative_to(package).as_posix()] += 1
    assert found.pop("files.py") == 1
    assert found == ELSEWHERE


# Checked files


@traps
def test_checked(bug: Here, trap: Trap) -> None:
    """A checked file that is none: the others are checked, and what is not read is told."""
    trap(bug.folder / "trap.py")
    ran = ask(bug.folder, "--no-cache", ".")
    assert FROZEN in ran.stdout
    assert "Traceback" not in ran.stderr
    if trap is sparse:
        assert "trap.py:1:1: F0010: error while code parsing: it is larger than 20 MB" in ran.stdout
        assert ran.returncode == 3
    if trap is not folder:
        named = ask(bug.folder, "--no-cache", "trap.py")
        assert named.returncode in (1, 2)
        assert len((named.stdout + named.stderr).splitlines()) <= 2


def test_large_source_is_told(bug: Here) -> None:
    """More than can be analysed: told, and not silenced by what the checkout configures."""
    bug.write("large.py", "from shop.models import Order\n" + "x = 1\n" * 700_000)
    bug.write(".pylintrc", "[MAIN]\ndisable=all,parse-error,F\n")
    for _ in range(2):  # the second time from the cache
        ran = bug("--cache-dir=.cache", "large.py")
        assert ran.code == 1
        assert "F0010: error while code parsing: it is larger than 4 MB" in ran.out
    assert bug("--disable=F0010", "large.py").code == 0


# What is read because of a checked file


@traps
@pytest.mark.parametrize("cold", [True, False])
def test_imported(bug: Here, trap: Trap, cold: bool) -> None:
    """A module that is imported: unknown, and --verbose says why."""
    trap(bug.folder / "helper.py")
    bug.write("rows.py", "from helper import rows\n\nROWS = rows()\n")
    cache = "--no-cache" if cold else "--cache-dir=.cache"
    ran = ask(bug.folder, cache, "--verbose", "rows.py")
    assert (ran.returncode, ran.stdout) == (0, "")
    if trap in (pipe, device, sparse):
        assert "helper.py: not read: it is " in ran.stderr


@traps
def test_template(bug: Here, trap: Trap) -> None:
    """A template."""
    bug.write("templates/base.txt", "")
    trap(bug.folder / "templates" / "page.html")
    bug.write("page.py", PAGE)
    ran = ask(bug.folder, "--no-cache", "page.py")
    assert "Traceback" not in ran.stderr
    assert ran.returncode in (0, 2)


PAGE = """\
from django.views.generic import TemplateView

from shop.models import Order


class Page(TemplateView):
    template_name = "page.html"
    extra_context = {"orders": Order.objects.all()}
"""


@traps
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_beside_a_fix(bug: Here, trap: Trap, option: str) -> None:
    """The fixer looks at the neighbours."""
    trap(bug.folder / "neighbour.py")
    bug.write(
        "base.py", ORIGINAL.replace("ListView", "Base").replace("django.views.generic", "neighbour")
    )
    ran = ask(bug.folder, "--no-cache", option, "views.py", "base.py")
    assert "Traceback" not in ran.stderr
    assert "views.py:" in ran.stderr


@traps
def test_reported_file_is_replaced(bug: Here, trap: Trap) -> None:
    """Whoever shows the code opens the file again."""
    from qs_lint import sources

    trap(bug.folder / "later.py")
    assert sources.read(str(bug.folder / "later.py")) is None


# Configuration, facts, what git ignores


@traps
@pytest.mark.parametrize(
    "name",
    ["pyproject.toml", "setup.cfg", "tox.ini", "pylintrc", ".pylintrc", ".pylintrc.toml"],
)
def test_configuration(bug: Here, trap: Trap, name: str) -> None:
    """A configuration that is no file is none; one that is too large is a line, and 2."""
    (bug.folder / name).unlink(missing_ok=True)
    trap(bug.folder / name)
    ran = ask(bug.folder, "--no-cache", "views.py")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    if trap is sparse and not name.endswith((".cfg", ".ini")):
        assert ran.stdout == ""
        assert f"{name}: it is larger than 2 MB" in ran.stderr
    else:
        assert FROZEN in ran.stdout
    named = ask(bug.folder, "--no-cache", f"--rcfile={name}", "views.py")
    assert (named.returncode, named.stdout) == (2, "")
    assert named.stderr.startswith("qs-lint: ")
    assert named.stderr.count("\n") == 1


@traps
@pytest.mark.parametrize("how", ["--facts", "table", "qs-facts"])
def test_facts(bug: Here, trap: Trap, how: str) -> None:
    """A file of facts that is none is a line, and 2."""
    trap(bug.folder / "facts.toml")
    if how == "table":
        bug.write("pyproject.toml", '[tool.qs-lint]\nfacts = "facts.toml"\n')
    elif how == "qs-facts":
        bug.write(".pylintrc", "[MAIN]\nqs-facts=facts.toml\n")
    options = ["--facts=facts.toml"] if how == "--facts" else []
    ran = ask(bug.folder, "--no-cache", *options, "views.py")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "facts.toml: " in ran.stderr
    assert ran.stderr.count("\n") == 1


@traps
@pytest.mark.parametrize("where", ["", "sub/"])
def test_gitignore(bug: Here, trap: Trap, where: str) -> None:
    """What git ignores, where the file that says so is none."""
    bug.write("sub/views.py", ORIGINAL)
    trap(bug.folder / f"{where}.gitignore")
    ran = ask(bug.folder, "--no-cache", ".")
    assert (ran.returncode, ran.stderr) == (2, "")
    assert ran.stdout.count(FROZEN) == 2


def test_plugin_and_a_large_file(bug: Here) -> None:
    """The plugin tells of a file that is too large for the engine, and the others are checked."""
    bug.write("large.py", f"import shop\nTEXT = '{'x' * 4_100_000}'\n")
    done = command("large.py", "views.py", cwd=bug.folder)
    assert done.symbols == [FROZEN]
    assert "large.py: qs_lint did not check it: it is larger than 4 MB" in done.stderr


# The list of known findings


@traps
@pytest.mark.parametrize("option", ["--baseline", "--write-baseline"])
def test_baseline(bug: Here, trap: Trap, option: str) -> None:
    """A list that is no file is one line and 2, and is left as it is."""
    trap(bug.folder / "known.jsonl")
    before = os.lstat(bug.folder / "known.jsonl")
    ran = ask(bug.folder, "--no-cache", f"{option}=known.jsonl", "views.py")
    if (option, trap) == ("--write-baseline", dangling):
        assert ran.returncode == 0
        return
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1
    assert stat.S_IFMT(os.lstat(bug.folder / "known.jsonl").st_mode) == stat.S_IFMT(before.st_mode)


# The cache's own files


@traps
@pytest.mark.parametrize("name", ["findings.json", "CACHEDIR.TAG", ".gitignore"])
def test_cache_file(bug: Here, trap: Trap, name: str) -> None:
    """The files in the cache's folder: as if there were none, and never written through."""
    (bug.folder / ".cache").mkdir()
    bug.write(".cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")
    (bug.folder / ".cache" / name).unlink(missing_ok=True)
    trap(bug.folder / ".cache" / name)
    for _ in range(2):
        ran = ask(bug.folder, "--cache-dir=.cache", "views.py")
        assert (ran.returncode, FROZEN in ran.stdout) == (2, True)
        assert "Traceback" not in ran.stderr


@traps
def test_secret(bug: Here, trap: Trap) -> None:
    """The user's secret: what is no file of the user's is no secret."""
    user = bug.folder.parent / "user"
    ask(bug.folder, "views.py", XDG_CACHE_HOME=str(user))
    secret = user / "qs-lint" / "secret"
    secret.unlink()
    trap(secret)
    ran = ask(bug.folder, "--verbose", "views.py", XDG_CACHE_HOME=str(user))
    assert (ran.returncode, FROZEN in ran.stdout) == (2, True)
    assert "qs-lint: no cache: " in ran.stderr
