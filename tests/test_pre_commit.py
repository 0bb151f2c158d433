"""The hooks, in the real pre-commit: installed from a clone of this repository, with commits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from support import ORIGINAL, ROOT, SHOP, UNWANTED

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
#: The pages that show how to configure pre-commit.
PAGES = [(ROOT / name).read_text(encoding="utf-8") for name in ("docs/usage.md", "README.md")]
CLEAN = ORIGINAL.replace("sorted(Order.objects.all(), key=lambda order: order.number)", "None")
#: What pip needs of a checkout to build the package.
PACKAGE = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
NAMES = ("a", "b", "c", "d", "e")


def run(
    arguments: Sequence[object], cwd: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Nobody's configuration of git or pre-commit."""
    home = tmp_path_factory.mktemp("home")
    found = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") and k not in UNWANTED}
    path = f"{Path(sys.executable).parent}{os.pathsep}{found.get('PATH', '')}"
    return found | {
        "PATH": path,
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    """Git and pre-commit are there."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    pytest.importorskip("pre_commit", reason="pre-commit is not installed (extra test)")


def committed(folder: Path, environ: dict[str, str]) -> str:
    """Make a repository of a folder; the commit."""
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        done = run(["git", *arguments], folder, environ)
        assert done.returncode == 0, done.stderr
    return run(["git", "rev-parse", "HEAD"], folder, environ).stdout.strip()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> tuple[Path, str]:
    """A repository with this package, and its commit."""
    import qs_lint

    folder = tmp_path_factory.mktemp("source")
    for name in PACKAGE:
        shutil.copy(ROOT / name, folder / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(qs_lint.__file__).parent, folder / "qs_lint", ignore=ignored)
    return folder, committed(folder, environ)


class Project:
    """A repository with hooks."""

    def __init__(self, folder: Path, environ: dict[str, str], configuration: str) -> None:
        self.folder, self._environ = folder, environ
        shutil.copytree(SHOP, folder / "shop")
        (folder / ".pre-commit-config.yaml").write_text(configuration, encoding="utf-8")
        committed(folder, environ)
        done = self.run("pre-commit", "install", "--install-hooks")
        if done.returncode and re.search(
            r"No matching distribution|Could not find a version|Connection|Temporary failure",
            done.stdout + done.stderr,
        ):
            pytest.skip(f"no package index can be reached: {done.stdout[-300:]}")
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program here."""
        return run(arguments, self.folder, self._environ)

    def write(self, name: str, text: str) -> None:
        """Write a file and stage it."""
        (self.folder / name).write_text(text, encoding="utf-8")
        self.run("git", "add", name)

    def commit(self) -> subprocess.CompletedProcess[str]:
        """Commit what is staged."""
        return self.run("git", "commit", "-m", "change")


def from_clone(source: tuple[Path, str], hook: str) -> str:
    """The configuration that the pages show, for the clone."""
    block, *_ = [text for text in yaml_blocks() if f"id: {hook}\n" in text and "rev:" in text]
    block = re.sub(r"repo: .*", f"repo: {source[0].as_uri()}", block)
    return re.sub(r"rev: .*", f"rev: {source[1]}", block)


def yaml_blocks() -> list[str]:
    """The YAML of the pages that configures pre-commit."""
    found = re.findall(r"^```yaml\n(.*?)^```", "".join(PAGES), re.MULTILINE | re.DOTALL)
    return [text for text in found if text.startswith("repos:")]


def test_ids() -> None:
    """The pages name the hooks that there are, and no others."""
    ids = {hook["id"] for hook in HOOKS}
    assert ids == {"qs-lint", "qs-lint-fix", "qs-lint-pylint"}
    named = {
        hook["id"]
        for text in yaml_blocks()
        for repo in yaml.safe_load(text)["repos"]
        if repo["repo"] != "local"
        for hook in repo["hooks"]
    }
    assert named == ids
    assert all(hook["language"] == "python" and hook["require_serial"] for hook in HOOKS)


@pytest.mark.parametrize("hook", ["qs-lint", "qs-lint-pylint"])
def test_commits(
    hook: str, tmp_path: Path, environ: dict[str, str], source: tuple[Path, str]
) -> None:
    """The bug is refused, the repaired file accepted; some files are judged as all of them are."""
    project = Project(tmp_path, environ, from_clone(source, hook))
    project.write("views.py", ORIGINAL)
    project.write(
        "memo.py",
        "from functools import cache\nfrom shop.models import Order\n\n\n"
        "@cache\ndef rows():\n    return list(Order.objects.all())\n",
    )
    done = project.commit()
    assert done.returncode == 1, done.stderr
    assert "(frozen-class-queryset)" in done.stdout + done.stderr
    assert "memoized-queryset" not in done.stdout + done.stderr
    project.write("views.py", CLEAN)
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    # a helper in another file decides what three of five files are told
    helper = (
        "from shop.models import Order\n\n\ndef rows():\n    return list(Order.objects.all())\n"
    )
    project.write("helper.py", helper)
    assert project.commit().returncode == 0
    for name in NAMES:
        text = "from helper import rows\n\nROWS = rows()\n" if name in "abd" else "X = 1\n"
        (project.folder / f"{name}.py").write_text(text, encoding="utf-8")
    three = [f"{name}.py" for name in "abc"]
    project.run("git", "add", *three)
    refused = project.commit()
    assert refused.returncode == 1
    project.run("git", "add", "-A")
    everything = project.run("pre-commit", "run", "--all-files")

    def lines(text: str) -> list[str]:
        return sorted(line for line in text.splitlines() if re.match(r"[abc]\.py:", line))

    assert lines(refused.stdout + refused.stderr) == lines(everything.stdout)
    assert len(lines(everything.stdout)) == 2
    assert "d.py:" in everything.stdout


def test_fix_hook(tmp_path: Path, environ: dict[str, str], source: tuple[Path, str]) -> None:
    """The bug is mended, which pre-commit takes for a failure; staged again, it is committed."""
    project = Project(tmp_path, environ, from_clone(source, "qs-lint-fix"))
    project.write("views.py", ORIGINAL)
    project.write("rows.py", "from shop.models import Order\n\nROWS = list(Order.objects.all())\n")
    done = project.commit()
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "views.py:11: frozen-class-queryset: fixed" in said
    assert "rows.py:3: frozen-module-queryset: not fixed" in said
    text = (project.folder / "views.py").read_text(encoding="utf-8")
    assert "def get_queryset(self):" in text
    project.write("views.py", text)
    project.write("rows.py", "ROWS = []\n")
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr


def test_local_hook(tmp_path: Path, environ: dict[str, str]) -> None:
    """The recipe beside a pylint that a project has: its own environment, only our messages."""
    (block,) = [text for text in yaml_blocks() if "repo: local" in text]
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "qs-lint"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m qs_lint \"$@\"\n", encoding="utf-8")
    program.chmod(0o755)
    environ = environ | {
        "PATH": f"{bin_folder}{os.pathsep}{environ['PATH']}",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    folder = tmp_path / "project"
    folder.mkdir()
    project = Project(folder, environ, block)
    (project.folder / "pyproject.toml").write_text(
        "[tool.pylint.main]\nload-plugins = ['pylint.extensions.mccabe']\ndisable = ['all']\n"
        "enable = ['unused-import']\n",
        encoding="utf-8",
    )
    project.write("views.py", ORIGINAL + "import os\n")
    done = project.commit()
    assert done.returncode == 1
    assert "(frozen-class-queryset)" in done.stdout + done.stderr
    assert "unused-import" not in done.stdout + done.stderr
    project.write("views.py", CLEAN)
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
