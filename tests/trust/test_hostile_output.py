"""No output lets a name or a string speak to the terminal or to a CI service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hostile import FORMATS, ORDERS, WAYS, one_line, orders
from support import OPTIONS, ORIGINAL, PLAIN, Here, qs_lint

from qs_lint.findings import harmless, harmless_json

pytest_plugins = ["command_project"]

NAMES = [f"{order.replace('/', '-')}.py" for order in ORDERS]
TEXT = """\
from shop.models import Order
from django.views.generic import ListView


class View(ListView):
    queryset = list(Order.objects.filter(**{{"{order}": 1}}).values("{order}"))
    extra_context = {{"{order}": list(Order.objects.all())}}
"""


def quoted(text: str) -> str:
    """A text as it may stand in a string of Python, raw but for quotes and ends of lines."""
    return text.replace("\\", "\\\\").replace('"', "").replace("\n", "\\n").replace("\r", "\\r")


@pytest.fixture
def project(here: Here) -> Here:
    """Files whose names and strings are orders."""
    for order, name in zip(ORDERS, NAMES, strict=True):
        here.write(name, TEXT.format(order=quoted(order)))
        here.write(f"broken {name}", f"x = '{quoted(order)}\n")
    return here


@pytest.mark.parametrize("form", FORMATS)
def test_formats(project: Here, form: str) -> None:
    """In a folder, and each file by its name."""
    ran = project(f"--output-format={form}", ".")
    assert ran.code == 2
    assert orders(ran.out, form) == []
    assert orders(ran.err, "text") == []
    for name in NAMES:
        assert orders(project(f"--output-format={form}", "--", name).out, form) == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_encodings(project: Here, form: str, encoding: str) -> None:
    """Whatever the encoding of standard output, everything is written."""
    project.write("größe.py", ORIGINAL)
    done = subprocess.run(
        [sys.executable, "-m", "qs_lint", "--no-cache", f"--output-format={form}", "größe.py"],
        cwd=project.folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, done.stderr) == (2, b"")
    assert done.stdout.decode(encoding)


@pytest.mark.parametrize("form", ["json", "json2", "sarif", "gitlab", "qs-json"])
def test_json_is_what_it_was(project: Here, form: str) -> None:
    """Programs read the names as they are; those that are valid UTF-8 at least."""
    ran = project(f"--output-format={form}", "--", NAMES[1])
    assert "##[error]x.py" in json.dumps(json.loads(ran.out)) or "%23%23%5Berror%5D" in ran.out


def test_xml_is_what_it_was(project: Here) -> None:
    """The same for JUnit."""
    ran = project("--output-format=junit", "--", NAMES[1])
    assert ET.fromstring(ran.out).find(".//testcase").attrib["file"] == NAMES[1]  # type: ignore[union-attr]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "arguments",
    [
        ["{}"],
        ["--baseline={}", "."],
        ["--rcfile={}", "."],
        ["--disable={}", "."],
        ["--confidence={}", "."],
        ["--output-format={}", "."],
        ["--output=no/{}", "."],
        ["--source-roots={}", "."],
        ["--ignore-paths=({}", "."],
        ["--{}"],
        ["explain", "{}"],
    ],
    ids=lambda value: value[0],
)
def test_errors(here: Here, arguments: list[str], order: str) -> None:
    """What a line on standard error quotes."""
    here.write("views.py", ORIGINAL)
    ran = here.raw(*(argument.format(order) for argument in arguments))
    assert one_line(ran), ran
    assert orders(ran.err, "text") == []


@pytest.mark.parametrize("option", ["--write-baseline=known.jsonl", "--add-disable", "--verbose"])
def test_other_lines(project: Here, option: str) -> None:
    """Nor do the lines about what was done."""
    ran = project(option, ".")
    assert orders(ran.out + ran.err, "text") == []
    if option.startswith("--write"):
        for name in NAMES:
            (project.folder / name).write_text("", encoding="utf-8")
        ran = project("--baseline=known.jsonl", ".")
        assert "stale" in ran.err
        assert orders(ran.err, "text") == []


def test_plugin(project: Here) -> None:
    """The plugin's own formats; pylint's are pylint's."""
    forms = ["full", "concise", "github", "sarif", "gitlab", "junit", "json", "jsonl"]
    out = ",".join(f"qs-{form}:{project.folder.parent / form}" for form in forms)
    done = subprocess.run(
        [sys.executable, "-m", "pylint", *PLAIN, *OPTIONS, f"--output-format={out}", "."],
        cwd=project.folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode & 2
    for form in forms:
        text = (project.folder.parent / form).read_text(encoding="utf-8")
        assert "frozen-class-queryset" in text
        assert orders(text, form) == []


@pytest.mark.parametrize("way", [way for way in WAYS if way != "plugin"])
def test_ways(project: Here, way: str) -> None:
    """By every way into the command."""
    ran = WAYS[way](project, NAMES[0] if way == "standard input" else ".")
    assert orders(ran.out, "text") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", "\\::error::x"),
        ("a\n \t::warning::", "a\n \t\\::warning::"),
        ("\u00a0::x", "\u00a0\\::x"),
        ("a::b", "a::b"),
        ("###[group]", "##\\x23[group]"),
        ("x##VSO[task]", "x#\\x23VSO[task]"),
        ("## heading", "## heading"),
        ("--- a", "\\--- a"),
        ("---", "---"),
        ("travis_fold:start:x", "\\travis_fold:start:x"),
    ],
)
def test_harmless(text: str, shown: str) -> None:
    """What is an order is broken, and nothing else."""
    assert harmless(text) == shown
    assert harmless(shown) == shown


def test_harmless_json() -> None:
    """JSON has the same value."""
    text = json.dumps({"##[x]": '###\\##["'})
    assert "##" not in harmless_json(text)
    assert json.loads(harmless_json(text)) == json.loads(text)


# A difference: a patch for who reads it, and no order where it is shown

HEAD = """\
from django.views.generic import ListView
from shop.models import Order


class OrderList(ListView):
    queryset = list(Order.objects.all())
"""
TAIL = '    """\n ::error::x\n\t##[error]x\n    """\n'
SERVICES = ["CI", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL", "BUILDKITE", "TRAVIS"]


def hostile_file(here: Here, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with orders in the lines around what is repaired, written as ``views.py``."""
    pytest.importorskip("libcst")
    for name in SERVICES:
        monkeypatch.delenv(name, raising=False)
    near = "    #\t\x1b[31mx \x9b31m \u202ex\x0c ##vso[task.setvariable variable=x]y\n"
    text = HEAD + near + TAIL
    here.write("views.py", text)
    return text


def test_patch_is_a_patch(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into a pipe or a file it is the patch, with the characters that the file has."""
    text = hostile_file(here, monkeypatch)
    patch = here("--diff", "views.py").out
    assert orders(patch, "text") != []
    monkeypatch.setenv("CI", "true")
    with (here.folder / "fix.patch").open("wb") as stream:
        subprocess.run(
            [sys.executable, "-m", "qs_lint", "--no-cache", "--diff", "views.py"],
            cwd=here.folder,
            stdout=stream,
            stderr=subprocess.DEVNULL,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
    assert (here.folder / "fix.patch").read_bytes().decode() == patch
    (here.folder / ".git").rmdir()
    for command in (["init", "-q"], ["apply", "--whitespace=nowarn", "fix.patch"]):
        subprocess.run(["git", *command], cwd=here.folder, check=True)
    applied = (here.folder / "views.py").read_bytes()
    here.write("views.py", text)
    assert here("--fix", "views.py").code == 0
    assert (here.folder / "views.py").read_bytes() == applied != text.encode()


@pytest.mark.parametrize("service", SERVICES)
def test_patch_in_a_log(here: Here, monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    """In the log of a CI service nothing of it acts, and the rest is there."""
    hostile_file(here, monkeypatch)
    patch = here("--diff", "views.py").out
    monkeypatch.setenv(service, "1")
    shown = here("--diff", "views.py").out
    assert orders(shown.replace("\t", " "), "text") == []
    assert shown.count("\n") == patch.count("\n")
    assert shown.startswith("--- a/views.py\n+++ b/views.py\n@@")
    assert "#\t\\x1b[31mx \\x9b31m \\u202ex\\x0c #\\x23vso[" in shown


@pytest.mark.skipif(os.name == "nt", reason="pseudo terminals of Unix")
@pytest.mark.parametrize(
    "options", [["--diff", "views.py"], ["--fix", "--stdin-filename=views.py"]]
)
def test_patch_on_a_terminal(
    here: Here, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """On a terminal nothing of it acts either, nor of a text that is repaired."""
    import pty

    text = hostile_file(here, monkeypatch)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "qs_lint", "--no-cache", "--no-progress", *options],
        cwd=here.folder,
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ) as run:
        os.close(theirs)
        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(everything, ours)
            run.communicate(text.encode())
    shown = reader.result().replace("\r\n", "\n")
    assert "\\x1b[31mx" in shown
    assert orders(shown.replace("\t", " "), "text") == []


def everything(handle: int) -> str:
    """What a terminal is given."""
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(handle, 65536)
        except OSError:  # nobody writes any more
            part = b""
        if not part:
            os.close(handle)
            return b"".join(parts).decode()
        parts.append(part)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("option", ["--fix", "--diff"])
@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
def test_repair_says_nothing(here: Here, option: str, where: str) -> None:
    """Where standard error is closed or full, what was repaired is not told elsewhere."""
    pytest.importorskip("libcst")
    here.write("views.py", ORIGINAL)
    run = f"'{sys.executable}' -m qs_lint --no-cache {option} views.py {where}"
    done = subprocess.run(["/bin/sh", "-c", run], cwd=here.folder, capture_output=True, check=False)
    assert done.returncode == (0 if option == "--fix" else 2)
    assert (b"fixed" in done.stdout, b"queryset" in done.stdout) == (False, option == "--diff")


# Outputs that cannot be written


FORMS = ["text", "full", "json2", "parseable", "sarif"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("form", FORMS)
def test_full(here: Here, form: str) -> None:
    """A full disk is one line, and 2."""
    here.write("views.py", ORIGINAL)
    ran = here(f"--output-format={form}:/dev/full", ".")
    assert one_line(ran), ran
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "qs_lint", "--no-cache", f"--output-format={form}", "."],
            cwd=here.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"qs-lint: cannot write standard output: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes it")
@pytest.mark.parametrize("arguments", ["-f text .", "-f full .", "-f json2 .", "rules"])
def test_closed(here: Here, arguments: str) -> None:
    """A closed standard output is one line, and 2; nothing is written elsewhere."""
    here.write("views.py", ORIGINAL)
    run = f"'{sys.executable}' -m qs_lint"
    options = arguments if arguments == "rules" else f"--no-cache {arguments}"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{run} {options} >&-"], cwd=here.folder, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == b"qs-lint: cannot write standard output: it is closed\n"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{run} --no-cache shop >&- 2>&-"], cwd=here.folder, check=False
    )
    assert done.returncode == 0


def test_reader_gone(here: Here) -> None:
    """A reader that goes away ends the run, quietly."""
    here.write("views.py", ORIGINAL)
    run = f"'{sys.executable}' -m qs_lint --no-cache -f full . | true"
    done = subprocess.run(["/bin/sh", "-c", run], cwd=here.folder, capture_output=True, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize(
    "option",
    [
        "--output-format=no.such.Reporter",
        "--output-format=os.path",
        "--output-format=builtins.int",
        "--output-format=qs_lint.command.main",
        "--output-format=..",
        "--output-format=a.",
        "--output-format=text:views.py/x",
        "--output-format=text:.",
        "--output-format=sarif:\0",
        "--output=\0",
        "--output=" + "x" * 5000,
        "--msg-template={",
        "--msg-template={path.nothing}",
        "--msg-template={line:999999999999999999999}",
    ],
)
def test_impossible_output(here: Here, option: str) -> None:
    """One line, and 2."""
    here.write("views.py", ORIGINAL)
    ran = here(option, ".")
    assert one_line(ran), ran


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let go of it")
def test_deleted_directory(tmp_path: Path) -> None:
    """A working directory that is gone is one line, and 2."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"rmdir '{gone}'; exec '{sys.executable}' -c "
    script += "'from qs_lint.command import main; raise SystemExit(main([\".\"]))'"
    done = subprocess.run(["/bin/sh", "-c", script], cwd=gone, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"qs-lint: the working directory: ")


def test_fault_of_ours(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the command itself is one line too; ``--verbose`` says where."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError("::error::")

    monkeypatch.setattr("qs_lint.command.run.discover", fails)
    ran = here(".")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith("qs-lint: internal error: ZeroDivisionError: ::error:: (")
    assert "Traceback" in here("--verbose", ".").err


def test_process(here: Here) -> None:
    """The same names in a process of its own, whose streams are real."""
    here.write(NAMES[0], ORIGINAL)
    ran = qs_lint("--no-cache", "--verbose", ".", cwd=here.folder)
    assert orders(ran.out + ran.err, "text") == []
