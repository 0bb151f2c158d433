"""The command: options, exit codes, outputs, pragmas, standard input, bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import OPTIONS, ORIGINAL, PLAIN, Here, command, lint, qs_lint

from qs_lint import __version__
from qs_lint.formats import FORMATS
from qs_lint.rules import all_rules

pytest_plugins = ["command_project"]

FROZEN = "frozen-class-queryset"
BUG = "    queryset = sorted(Order.objects.all(), key=lambda order: order.number)"
MEMO = """\
from functools import cache
from shop.models import Order


@cache
def rows():
    return list(Order.objects.all())
"""
WARNED = "from shop.models import Order\n\nif Order.objects.exists():\n    pass\n"
BROKEN = "from shop.models import Order\nROWS = [list(Order.objects.all())\n"


@pytest.fixture
def bug(here: Here) -> Here:
    """A project with one finding."""
    here.write("views.py", ORIGINAL)
    return here


# Exit codes and what cannot be


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, 0),
        ({"a.py": ORIGINAL}, 2),
        ({"a.py": WARNED}, 4),
        ({"a.py": ORIGINAL, "b.py": WARNED}, 6),
        ({"a.py": BROKEN}, 2),
        ({"a.py": MEMO}, 4),
    ],
    ids=["clean", "error", "warning", "both", "syntax", "memo"],
)
def test_exit_code(here: Here, files: dict[str, str], code: int) -> None:
    """Pylint's bits; nothing on standard output of a clean run; --exit-zero is 0."""
    for name, text in files.items():
        here.write(name, text)
    ran = here(".")
    assert (ran.code, bool(ran.out), ran.err) == (code, bool(code), "")
    again = here("--exit-zero", ".")
    assert (again.code, again.out) == (0, ran.out)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(bug: Here) -> None:
    """A file that cannot be read is fatal."""
    (bug.folder / "views.py").chmod(0)
    assert bug(".").code & 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"],
        ["nowhere.py", "views.py"],
        ["--nonsense"],
        ["--jobs=-1"],
        ["--jobs=many"],
        ["--from-stdin"],
        ["--from-stdin", "a.py", "b.py"],
        ["--from-stdin", "--add-disable", "a.py"],
        ["--stdin-filename", "a.py", "b.py"],
        ["-"],
        ["--fix", "--diff"],
        ["--add-disable", "--write-baseline=x"],
        ["--baseline=x", "--write-baseline=y"],
        ["--baseline=missing.jsonl"],
        ["--reason=because"],
        ["--add-disable", "--reason="],
        ["--add-disable", "--reason=pylint: disable=all"],
        ["--add-disable", "--reason=two\nlines"],
        ["--output-format=nonsense"],
        ["--output-format=no.such.Reporter"],
        ["--output-format=full", "--output-format=sarif"],
        ["--output-format=sarif:views.py/x.sarif"],
        ["--rcfile=missing.toml"],
        ["--rcfile=views.py"],
        ["--disable=frozen-clas-queryset"],
        ["--enable=nonsense"],
        ["--confidence=SURE"],
        ["--ignore-patterns=("],
        ["--ignore-paths=("],
        ["--source-roots=missing"],
        ["--out"],
        ["--baseline=--"],
        ["--disable=--"],
        ["--output-format=--"],
        ["--jobs=--"],
        ["explain"],
        ["explain", "nonsense"],
        ["rules", "extra"],
        ["/dev/null"],
    ],
    ids=" ".join,
)
def test_impossible(bug: Here, arguments: list[str]) -> None:
    """One line on standard error, nothing on standard output, exit code 2."""
    ran = bug(*arguments) if arguments[0] not in ("explain", "rules") else bug.raw(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert re.fullmatch(r"qs-lint: .+\n", ran.err), ran.err
    assert "Traceback" not in ran.err


def test_about(here: Here) -> None:
    """Explanations, the list of rules, the version, the help."""
    listed = here.raw("rules")
    assert listed.code == 0
    for rule in all_rules():
        assert rule.symbol in listed.out
        assert rule.summary.split()[0] in here.raw("explain", rule.symbol).out
    assert here.raw("explain", "E5801").out == here.raw("explain", FROZEN).out
    for option, word in (("--version", __version__), ("--help", "--write-baseline")):
        ran = qs_lint(option, cwd=here.folder)
        assert (ran.code, word in ran.out) == (0, True)


def test_the_program(bug: Here) -> None:
    """The installed script is this command."""
    from importlib.metadata import PackageNotFoundError, entry_points, version

    try:
        version("qs-lint")
    except PackageNotFoundError:
        pytest.skip("qs-lint is not installed here, only on the path")
    (script,) = [
        entry for entry in entry_points(group="console_scripts") if entry.name == "qs-lint"
    ]
    assert script.value == "qs_lint.command:main"


# The same as pylint


def test_text_is_pylints(bug: Here) -> None:
    """The text format is pylint's, byte for byte."""
    bug.write("pkg/__init__.py", "")
    bug.write("pkg/b.py", ORIGINAL + WARNED)
    bug.write("memo.py", MEMO)
    names = ["views.py", "pkg/b.py", "memo.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pylint", *PLAIN, *OPTIONS, "--score=n", *sorted(names)],
        capture_output=True,
        text=True,
        check=False,
    )
    ran = bug("--output-format=text", *names)
    assert ran.out == done.stdout
    assert ran.code == done.returncode


@pytest.mark.parametrize("form", ["json", "json2", "parseable", "colorized", "msvs", "text"])
def test_formats_of_pylint(bug: Here, form: str) -> None:
    """Pylint's formats are pylint's."""
    bug.write("b.py", WARNED)
    names = ["b.py", "views.py"]
    # --fail-on has a colour of its own
    options = [*PLAIN, *OPTIONS[:-1], "--score=n", f"--output-format={form}"]
    done = subprocess.run(
        [sys.executable, "-m", "pylint", *options, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    ran = bug(f"--output-format={form}", *names)
    if form == "json2":
        ours, theirs = json.loads(ran.out), json.loads(done.stdout)
        assert ours["messages"] == theirs["messages"]
        assert ours["statistics"]["messageTypeCount"] == theirs["statistics"]["messageTypeCount"]
    elif form == "parseable":  # pylint announces its deprecation
        assert ran.out.splitlines()[-1] == done.stdout.splitlines()[-1]
    else:
        assert ran.out == done.stdout


def test_template(bug: Here) -> None:
    """Pylint's template for lines."""
    ran = bug("--msg-template={path}|{line}|{symbol}", "views.py")
    assert ran.out.splitlines()[1:] == [f"views.py|11|{FROZEN}"]


@pytest.mark.parametrize("form", [*FORMATS, "qs-sarif", "qs_lint.reporters.SarifReporter"])
def test_own_formats(bug: Here, form: str) -> None:
    """Formats of ours, by all of their names, name the finding."""
    assert FROZEN in bug(f"--output-format={form}", ".").out


def test_several_outputs(bug: Here) -> None:
    """One format to standard output, others to files."""
    ran = bug("-f", "text", "-f", "sarif:a.sarif,json2:b.json", "--", "views.py")
    assert ran.symbols == [FROZEN]
    assert json.loads((bug.folder / "a.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert json.loads((bug.folder / "b.json").read_text("utf-8"))["messages"]
    assert bug("-f", "text", "--output=c.txt", "views.py").out == ""
    assert (bug.folder / "c.txt").read_text("utf-8") == ran.out


def test_concise_is_the_default(bug: Here) -> None:
    """Off a terminal and in a file, one line a finding; nothing if there are none."""
    ran = bug("views.py")
    assert re.fullmatch(
        r"views\.py:11:16: E5801: \S.+ \(frozen-class-queryset\)\n"
        r"Found 1 problem in 1 file\. Checked 1 file\.\n",
        ran.out,
    )
    assert ran.out == bug("--output-format=concise", "views.py").out
    assert bug("--output=c.txt", "views.py").out == ""
    assert (bug.folder / "c.txt").read_text("utf-8") == ran.out
    assert bug("shop").out == ""


def test_statistics(bug: Here) -> None:
    """Counts in place of findings; beside a format that goes elsewhere."""
    ran = bug("--statistics", "-f", "text:a.txt", ".")
    assert ran.out.startswith("1  E5801  frozen-class-queryset\nFound 1 problem in 1 file.")
    assert FROZEN in (bug.folder / "a.txt").read_text("utf-8")
    assert bug("--statistics", "-f", "text", ".").code == 2


def test_mark_fixable(bug: Here) -> None:
    """What --fix repairs is marked, and counted, only where it is asked for."""
    assert "[*]" not in bug("views.py").out
    ran = bug("--mark-fixable", "views.py")
    assert ": E5801: [*] `OrderList.queryset`" in ran.out
    assert "1 fixable with --fix." in ran.out


@pytest.mark.parametrize("name", [FROZEN, "E5801", "qs_lint", "all"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BUG, f"{BUG}  # pylint: disable=NAME"),
        (BUG, f"    # pylint: disable-next=NAME\n{BUG}"),
        (BUG, f"    # pylint: disable=NAME\n{BUG}"),
        ("from django", "# pylint: disable=NAME\nfrom django"),
        ("from django", "# pylint: skip-file\nfrom django"),
    ],
    ids=["line", "next", "block", "module", "skip-file"],
)
def test_pragmas(here: Here, name: str, old: str, new: str) -> None:
    """The usual comments silence a message; further findings are as loud as before."""
    here.write("views.py", ORIGINAL.replace(old, new.replace("NAME", name)))
    assert here(".").code == 0
    here.write("b.py", ORIGINAL)
    assert here(".").symbols == [FROZEN]


def test_enable(here: Here) -> None:
    """A comment switches on what the command line switched off."""
    here.write("a.py", f"# pylint: enable=memoized-queryset\n{MEMO}")
    assert here("--disable=memoized-queryset", ".").symbols == ["memoized-queryset"]
    here.write("a.py", f"# pylint: enable={FROZEN}\n{ORIGINAL}")
    assert here("--disable=all", "--enable=W", ".").symbols == [FROZEN]


@pytest.mark.parametrize("name", [FROZEN, "E5801", "qs_lint", "all", "E"])
def test_disable(bug: Here, name: str) -> None:
    """Messages are disabled by symbol, id, checker, category, or all of them."""
    assert bug(f"--disable={name}", ".").out == ""
    assert bug(f"--disable={name}", f"--enable={FROZEN}", ".").symbols == [FROZEN]


def test_confidence(here: Here) -> None:
    """Only findings of the confidence levels that were asked for."""
    here.write("a.py", ORIGINAL + "    x = list(Order.objects.helper())\n")
    here.write("b.py", "from gone.models import Thing\nROWS = list(Thing.objects.all())\n")
    assert len(here(".").symbols) > len(here("--confidence=HIGH", ".").symbols) > 0
    assert here("--confidence=INFERENCE_FAILURE", "a.py").symbols == []


# Which files


def test_files(bug: Here) -> None:
    """Folders with and without __init__.py, stubs, each file once, in order of their names."""
    for name in ("z/a/deep.py", "pkg/__init__.py", "pkg/inner/mod.py", "stub.pyi", "script"):
        bug.write(name, ORIGINAL)
    bug.write(".hidden/a.py", ORIGINAL)
    bug.write("venv/pyvenv.cfg", "")
    bug.write("venv/lib/a.py", ORIGINAL)
    bug.write("node_modules/a.py", ORIGINAL)
    bug.write("notes.txt", ORIGINAL)

    def paths(*arguments: str) -> list[str]:
        return re.findall(r"^([^*\n]*?):\d+:", bug(*arguments).out, re.MULTILINE)

    everything = ["pkg/__init__.py", "pkg/inner/mod.py", "stub.pyi", "views.py", "z/a/deep.py"]
    assert paths(".") == paths() == [os.path.normpath(name) for name in everything]
    assert paths("views.py", "./views.py", "views.py") == ["views.py"]
    assert paths("z", "views.py", ".") == paths(".")
    assert paths("script") == ["script"]


def test_order(bug: Here) -> None:
    """The order of the names changes nothing, nor does the number of processes."""
    for number in range(60):
        bug.write(f"m{number}.py", ORIGINAL if number % 7 == 0 else "x = 1\nimport os\n")
    names = sorted(path.name for path in bug.folder.glob("*.py"))
    expected = bug(*names)
    assert len(expected.symbols) == 10
    assert bug(*reversed(names)) == expected
    for jobs in (1, 2, 0):
        ran = qs_lint("--no-cache", f"--jobs={jobs}", *names, cwd=bug.folder)
        assert (ran.code, ran.out) == (expected.code, expected.out)


@pytest.mark.parametrize(
    "name", ["-leading.py", "a[b].py", "new\nline.py", "sp ace.py", "ü.py", "a*.py", "%s.py"]
)
def test_names(here: Here, name: str) -> None:
    """Whatever a file is called, it is checked, and its name is no pattern."""
    here.write(name, ORIGINAL)
    here.write("other/b.py", ORIGINAL)
    for paths in (["."], ["--", name]):
        ran = here("--output-format=json2", *paths)
        found = {message["path"] for message in json.loads(ran.out)["messages"]}
        assert any(path.endswith(name) for path in found)
        assert ran.code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_name_that_is_no_text(here: Here) -> None:
    """A file name that is not UTF-8."""
    path = os.path.join(os.fsencode(here.folder), b"\xff.py")
    with open(path, "wb") as stream:
        stream.write(ORIGINAL.encode())
    for form in ("text", "full", "sarif", "gitlab", "junit", "github"):
        ran = qs_lint("--no-cache", "-f", form, ".", cwd=here.folder)
        assert (ran.code, FROZEN in ran.out, ran.err) == (2, True, ""), form


@pytest.mark.parametrize(
    ("data", "symbols"),
    [
        (b"", []),
        (b"\x00", ["syntax-error"]),
        (b"x = (", ["syntax-error"]),
        (b"\xff\xfe", ["syntax-error"]),
        (b"# coding: nonsense\nimport a\n", ["syntax-error"]),
        (b"import a\n" + b"-" * 30_000 + b"1\n", None),
        (b"\xef\xbb\xbf" + ORIGINAL.encode(), [FROZEN]),
        (ORIGINAL.replace("\n", "\r\n").encode(), [FROZEN]),
        (b"# coding: latin-1\n# \xe9\n" + ORIGINAL.encode(), [FROZEN]),
    ],
    ids=["empty", "null", "open", "bytes", "codec", "deep", "bom", "crlf", "latin-1"],
)
def test_contents(here: Here, data: bytes, symbols: list[str] | None) -> None:
    """Whatever is in a file, the other one is checked, and pylint would say the same."""
    path = here.write("a.py", data)
    here.write("b.py", ORIGINAL)
    ran = here("a.py", "b.py")
    assert ran.symbols[-1] == FROZEN
    if symbols is not None:
        assert ran.symbols == [*symbols, FROZEN]
        assert lint(path).symbols == symbols


def test_stdin(bug: Here) -> None:
    """The text comes from standard input, all else from the name; code frames show the text."""
    text = f"# one line more\n{ORIGINAL}".encode()
    for form, place in (("text", "views.py:12:15"), ("full", "views.py:12:16")):
        ran = qs_lint("--from-stdin", "-f", form, "views.py", cwd=bug.folder, stdin=text)
        assert (ran.code, ran.err) == (2, "")
        assert place in ran.out
    assert "12 │     queryset" in ran.out
    assert qs_lint("--from-stdin", "views.py", cwd=bug.folder, stdin=b"x = 1\n").out == ""
    assert qs_lint("--from-stdin", "new.py", cwd=bug.folder, stdin=text).symbols == [FROZEN]
    ran = qs_lint("--from-stdin", "new.py", cwd=bug.folder, stdin=b"x = (")
    assert ran.symbols == ["syntax-error"]
    theirs = command("--from-stdin", "views.py", stdin=text.decode(), cwd=bug.folder)
    assert theirs.symbols == [FROZEN]


def test_broken_pipe(here: Here) -> None:
    """Whoever reads may go away."""
    for number in range(50):
        here.write(f"m{number}.py", ORIGINAL)
    arguments = [sys.executable, "-m", "qs_lint", "--no-cache", "-f", "full", "."]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 2


def test_verbose(here: Here) -> None:
    """What is done, and where a limit was reached, is said on standard error."""
    items = "    Order.objects.filter(number=1),\n" * 9000
    here.write("a.py", f"from shop.models import Order\n\nALL = [\n{items}]\n")
    ran = qs_lint("--no-cache", "--verbose", "a.py", cwd=here.folder)
    assert "qs-lint: configuration: none" in ran.err
    assert "qs-lint: 1 files, 0 of them known from before" in ran.err
    assert "gave up here" in ran.err
    assert qs_lint("--no-cache", "a.py", cwd=here.folder).err == ""


# What a run does not need


def test_clean_run_is_without_pylint(here: Here) -> None:
    """A run without findings imports neither pylint nor astroid, nor what formats need."""
    here.write("a.py", "from shop.models import Order\n\nORDERS = Order.objects.all()\n")
    code = (
        "import sys; from qs_lint.command import main; code = main(sys.argv[1:]); "
        "heavy = {'pylint', 'astroid', 'libcst', 'concurrent.futures'}; "
        "print(code, sorted(heavy & set(sys.modules)))"
    )
    for arguments in (["--no-cache"], ["--cache-dir=c"], ["--cache-dir=c"], ["-f", "full"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, "."],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.splitlines()[-1] == "0 []", done


# A terminal


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals")
@pytest.mark.parametrize(("variables", "colours"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_terminal(bug: Here, variables: dict[str, str], colours: bool) -> None:
    """On a terminal the full format is the default, with colours unless NO_COLOR says no."""
    import pty

    ours, theirs = pty.openpty()
    environ = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    arguments = [sys.executable, "-m", "qs_lint", "--no-cache", "."]
    with subprocess.Popen(
        arguments, stdout=theirs, stderr=theirs, env=environ | {"TERM": "xterm"} | variables
    ) as process:
        os.close(theirs)
        output = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            output += piece
    os.close(ours)
    assert process.returncode == 2
    text = output.decode()
    assert "What to write instead" in text
    assert ("\x1b[" in text) is colours


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals")
def test_progress(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is written on a terminal, and gone at the end; nowhere else."""
    import io

    from qs_lint.command import progress

    class Terminal(io.StringIO):
        """A stream that says it is a terminal."""

        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    for stream, wanted, written in (
        (Terminal(), True, True),
        (Terminal(), False, False),
        (io.StringIO(), True, False),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress.Progress(2, wanted) as shown:
            shown.tell(1)
        assert ("1 of 2 files" in stream.getvalue()) is written
        assert stream.getvalue().endswith("\r\x1b[K") is written


def test_nothing_is_left(bug: Here, tmp_path: Path) -> None:
    """Beside the cache, a run writes nothing."""
    before = sorted(path for path in tmp_path.rglob("*"))
    bug(".")
    qs_lint("--no-cache", ".", cwd=bug.folder)
    assert sorted(path for path in tmp_path.rglob("*")) == before
