"""The cache: no stranger's, and never older than what it speaks of."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support import ORIGINAL, Here, qs_lint

from qs_lint.command import cache, direct, engine, through_pylint, vault

pytest_plugins = ["command_project"]
FROZEN = "frozen-class-queryset"
CACHE = "--cache-dir=.cache"
links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


@pytest.fixture
def bug(here: Here) -> Here:
    """A project with one finding."""
    here.write("views.py", ORIGINAL)
    return here


def no_cache(reason: str, where: Path, *arguments: str, user: Path | None = None) -> bool:
    """Whether a verbose run finds what there is, and says why it has no cache."""
    environment = {} if user is None else {"XDG_CACHE_HOME": str(user), "LOCALAPPDATA": str(user)}
    ran = qs_lint("--verbose", *arguments, cwd=where, environment=environment)
    told = [line for line in ran.err.splitlines() if line.startswith("qs-lint: no cache: ")]
    return FROZEN in ran.out and any(reason in line for line in told)


# Nobody else's


def forged(folder: Path, entries_of: Path, key: bytes) -> None:
    """A cache as a stranger would make it: right in everything, nothing found, another secret."""
    data = json.loads((entries_of / cache.FILE).read_bytes().partition(b"\n")[2])
    for entry in data["entries"].values():
        entry["outcome"] = {}
        entry.pop("reports", None)
    folder.mkdir(exist_ok=True)
    (folder / vault.TAG).write_bytes(vault.TAG_TEXT)
    text = json.dumps(data).encode()
    (folder / cache.FILE).write_bytes(vault.Vault(str(folder), key).signed(text))


def test_forged_cache(bug: Here) -> None:
    """A cache that came with the checkout hides nothing, wherever the cache is said to be."""
    assert bug(CACHE, ".").symbols == [FROZEN]
    own = vault.open_vault(".cache")
    assert own is not None
    forged(bug.folder / ".cache", bug.folder / ".cache", own.secret)
    assert bug(CACHE, ".").symbols == []  # so it is the secret alone that protects
    shutil.rmtree(bug.folder / ".cache")
    bug(CACHE, ".")
    forged(bug.folder / ".cache", bug.folder / ".cache", b"x" * 32)
    assert bug(CACHE, ".").symbols == [FROZEN]


@pytest.mark.parametrize("brought", [".qs_lint_cache", ".cache"])
def test_unsigned_cache(bug: Here, brought: str) -> None:
    """The form that older versions wrote, with the right version in it."""
    bug(CACHE, ".")
    text = (bug.folder / ".cache" / cache.FILE).read_bytes().partition(b"\n")[2]
    data = json.loads(text)
    for entry in data["entries"].values():
        entry["outcome"] = {}
    (bug.folder / brought).mkdir(exist_ok=True)
    (bug.folder / brought / cache.FILE).write_text(json.dumps(data), encoding="utf-8")
    assert bug(f"--cache-dir={brought}", ".").symbols == [FROZEN]


@pytest.mark.skipif(sys.platform == "darwin", reason="the user's folder is not to be chosen")
def test_secret_in_the_checkout(bug: Here) -> None:
    """Where the user's cache folder is part of the checkout, a stranger may have made it."""
    user = bug.folder / "sub"
    assert no_cache("in the checkout", bug.folder, ".", user=user)
    assert not user.exists()
    (bug.folder / "inner").mkdir()
    assert no_cache("in the checkout", bug.folder / "inner", "..", user=user)


@links
def test_folder_is_a_link(bug: Here) -> None:
    """Nothing is written through a link, the last one or one on the way."""
    elsewhere = bug.folder.parent / "elsewhere"
    (elsewhere / "inner").mkdir(parents=True)
    (elsewhere / "findings.json").write_text("mine", encoding="utf-8")
    (bug.folder / "link").symlink_to(elsewhere)
    for asked in ("link", "link/inner", "link/new", str(bug.folder / "link" / "new")):
        assert no_cache("link", bug.folder, f"--cache-dir={asked}", ".")
    names = sorted(path.name for path in elsewhere.rglob("*"))
    assert names == ["findings.json", "inner"]
    assert (elsewhere / "findings.json").read_text("utf-8") == "mine"


@links
@pytest.mark.skipif(sys.platform == "darwin", reason="the user's folder is not to be chosen")
def test_links_of_the_user(bug: Here) -> None:
    """A home folder that is a link itself is the user's business."""
    (bug.folder.parent / "disk").mkdir()
    home = bug.folder.parent / "home"
    home.symlink_to("disk")
    assert not no_cache("", bug.folder, ".", user=home)
    assert list((bug.folder.parent / "disk").rglob(cache.FILE))


def test_folder_of_something_else(bug: Here) -> None:
    """A folder that we did not make is not written to."""
    assert no_cache("something else", bug.folder, "--cache-dir=shop", ".")
    assert not list((bug.folder / "shop").glob("*.json"))
    assert not (bug.folder / "shop" / ".gitignore").exists()


@pytest.mark.skipif(not hasattr(os, "chmod") or os.name == "nt", reason="permissions of Unix")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_secret_of_others(bug: Here, mode: int) -> None:
    """A secret that others may read or write is none."""
    user = bug.folder.parent / "user"
    assert not no_cache("", bug.folder, ".", user=user)
    (secret,) = user.rglob(vault.SECRET)
    assert stat_mode(secret) == 0o600
    assert stat_mode(secret.parent) == 0o700
    secret.chmod(mode)
    assert no_cache("not the user's alone", bug.folder, ".", user=user)


def stat_mode(path: Path) -> int:
    """The permissions of a file."""
    return path.stat().st_mode & 0o777


# Never older


GOOD = "from shop.models import Order\n\n\ndef rows():\n    return Order.objects.all()\n"
BAD = GOOD.replace("Order.objects.all()", "list(Order.objects.all())")
USER = "from helper import rows\n\n\nROWS = rows()\n"
PAGE = """\
from django.views.generic import TemplateView

from shop.models import Order


class Page(TemplateView):
    template_name = "page.{}"
    extra_context = {{"orders": Order.objects.all()}}
"""
LAZY, EAGER = "{{ orders.count }}", "{% for order in orders %}{{ order }}{% endfor %}"
QUIET = "# pylint: disable=all\n" + ORIGINAL

#: (file, what it holds first, what it holds then)
SAVED = {
    "helper": ("lib/helper.py", GOOD, BAD),
    "helper repaired": ("lib/helper.py", BAD, GOOD),
    "helper appears": ("lib/helper.py", None, BAD),
    "helper goes": ("lib/helper.py", BAD, None),
    "template": ("templates/page.txt", LAZY, EAGER),
    "template repaired": ("templates/page.txt", EAGER, LAZY),
    "checked": ("views.py", "x = 1\n", ORIGINAL),
    "checked repaired": ("views.py", ORIGINAL, "x = 1\n"),
    "checked comment": ("views.py", ORIGINAL, QUIET),
    "checked comment goes": ("views.py", QUIET, ORIGINAL),
}
#: where in a run a file is saved: a module, and the function before or after which it is
MOMENTS = {
    "before the engine": (engine, "examine_all", "before"),
    "between two files": (engine, "_outcome", "after"),
    "after the engine": (engine, "examine_all", "after"),
    "before pylint": (through_pylint, "reports_for", "before"),
    "after pylint": (through_pylint, "reports_for", "after"),
    "after the messages": (direct, "possible", "before"),
}


def put(path: Path, text: str | None) -> None:
    """Let a file hold a text, or be gone."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("saved", SAVED)
def test_saved_during_a_run(
    here: Here, monkeypatch: pytest.MonkeyPatch, saved: str, moment: str, jobs: int
) -> None:
    """Whenever a file is saved, the next run is right, and so is the one after it was undone."""
    if jobs == 2 and moment == "between two files":
        pytest.skip("happens in another process")
    monkeypatch.setattr(engine, "MANY", 2)
    name, old, new = SAVED[saved]
    for number in range(3):
        here.write(f"a{number}.py", USER)
    here.write("views.py", ORIGINAL)
    here.write("page.py", PAGE.format("txt"))
    here.write(".pylintrc", "[MAIN]\nsource-roots=lib\n")
    put(here.folder / "lib" / "__init__.py", "")
    for undone in (False, True):
        saved_once(here, name, old, new, MOMENTS[moment], jobs, undone)


def saved_once(
    here: Here,
    name: str,
    old: str | None,
    new: str | None,
    moment: tuple[ModuleType, str, str],
    jobs: int,
    undone: bool,
) -> None:
    """Save a file at some moment of a run, undo that before or after the next one."""
    checked = ("a0.py", "a1.py", "a2.py", "views.py", "page.py")
    module, function, when = moment
    shutil.rmtree(here.folder / ".cache", ignore_errors=True)
    put(here.folder / name, old)
    once = [True]

    def save() -> None:
        if once:
            once.clear()
            put(here.folder / name, new)

    with pytest.MonkeyPatch.context() as patch:
        plain: Callable[..., object] = getattr(module, function)

        def patched(*arguments: object, **named: object) -> object:
            if when == "before":
                save()
            try:
                return plain(*arguments, **named)
            finally:
                if when == "after":
                    save()

        patch.setattr(module, function, patched)
        here(CACHE, f"--jobs={jobs}", *checked)
    save()  # if that moment never came
    if not undone:
        cold = here(*checked)
        assert here(CACHE, *checked) == cold
    put(here.folder / name, old)
    cold = here(*checked)
    assert here(CACHE, *checked) == cold


@pytest.mark.parametrize("kind", ["html", "txt", "xml", "jinja2", "html.j2", "", "py"])
def test_template_appears(here: Here, kind: str) -> None:
    """A template of any name appears, changes and goes."""
    here.write("page.py", PAGE.format(kind))
    here.write("templates/other.html", "")
    path = here.folder / "templates" / f"page.{kind}"
    for text in (None, EAGER, LAZY, EAGER, None, EAGER):
        put(path, text)
        cold = here("page.py")
        assert here(CACHE, "page.py") == cold
        assert here(CACHE, "page.py") == cold


def test_template_in_front(here: Here) -> None:
    """One appears in a folder that is looked in earlier."""
    here.write("pages/__init__.py", "")
    here.write("pages/page.py", PAGE.format("txt"))
    here.write("pages/templates/page.html", "")
    here.write("templates/page.txt", LAZY)
    before = here(CACHE, "pages")
    here.write("pages/templates/page.txt", EAGER)
    after = here("pages")
    assert after != before
    assert here(CACHE, "pages") == after


def test_unreadable(bug: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read any more is not answered from the cache."""
    assert bug(CACHE, "views.py").symbols == [FROZEN]
    plain = os.open

    def denied(path: Any, *rest: Any, **named: Any) -> int:
        if str(path).endswith("views.py"):
            raise PermissionError(13, "Permission denied", path)
        return plain(path, *rest, **named)

    monkeypatch.setattr(os, "open", denied)
    ran = bug(CACHE, "views.py")
    assert (ran.code, ran.symbols) == (1, ["parse-error"])
    assert "Permission denied" in ran.out


# Workers


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end(here: Here, how: signal.Signals) -> None:
    """Whatever ends the command ends its workers, and nobody holds its output."""
    for number in range(400):
        body = "\n".join(f"    q{i} = list(Order.objects.all())" for i in range(150))
        here.write(f"m{number}.py", f"from shop.models import Order\n\n\nclass A:\n{body}\n")
    with subprocess.Popen(
        [sys.executable, "-m", "qs_lint", "--no-cache", "--jobs=2", "."],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as run:
        workers: list[int] = []
        until = time.monotonic() + 30
        while len(workers) < 2 and time.monotonic() < until:
            time.sleep(0.05)
            workers = children(run.pid)
        assert len(workers) >= 2
        time.sleep(0.3)
        assert run.poll() is None
        run.send_signal(how)
        run.communicate(timeout=10)  # ends when nobody holds the pipe any more
    until = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [worker for worker in workers if alive(worker)]


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [
        int(found.parent.name)
        for found in Path("/proc").glob("[0-9]*/stat")
        if _parent(found) == pid
    ]


def _parent(path: Path) -> int:
    try:
        return int(path.read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def alive(pid: int) -> bool:
    """Whether a process runs, and is not only waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_no_home(bug: Here) -> None:
    """Without a place for a cache, all else goes on."""
    nothing = str(bug.folder / "views.py" / "x")
    ran = qs_lint("views.py", cwd=bug.folder, environment={"XDG_CACHE_HOME": nothing})
    assert (ran.code, ran.symbols) == (2, [FROZEN])
