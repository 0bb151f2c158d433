"""Write the pages of ``docs/rules/`` and the generated parts of ``README.md`` from the rules.

python docs/generate.py            # write
python docs/generate.py --check    # fail if something written is not what it should be
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from qs_lint.findings import Finding, Rule
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.rules import all_rules, judge

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = ROOT / "docs" / "rules"
SHOP = ROOT / "tests" / "fixtures" / "shop"
INDEX = """\
# Rules

<!-- Written by docs/generate.py from qs_lint/rules/. Do not edit. -->

A rule is a message of pylint. Each page shows a bad example, what pylint says about it, and what to
write instead; both examples are run, by the linter and under Django.

{table}

Three questions tell them apart. *When* does the query run: while a module is imported, or with a
request? *What* is kept: rows, or a lazy queryset? *Who* keeps it: something that lives as long as
the process, or as long as a request? [The design](../design.md) says more.
"""
MARKUP = re.compile(r"[*<>\[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
PAGE = """\
# {rule.symbol} ({rule.msgid})

<!-- Written by docs/generate.py from qs_lint/rules/{module}.py. Do not edit. -->

{facts}

## What it does

{summary}

## Why is this bad

{why}

## Example

```python
{bad}
```

pylint says:

{says}

## Use instead

```python
{good}
```

## References

{references}
"""


def pages() -> dict[Path, str]:
    """The text of every page of a rule."""
    return {PAGES / f"{rule.symbol}.md": page(rule) for rule in all_rules()}


def index() -> str:
    """The text of the page that lists the rules."""
    return INDEX.format(table=table(""))


def page(rule: Rule) -> str:
    """The text of one page, with what the linter says about the rule's own example."""
    return PAGE.format(
        rule=rule,
        module=rule.symbol.replace("-", "_"),
        facts=facts(rule),
        summary=quoted(rule.summary),
        why=quoted(rule.why),
        bad=rule.bad.strip(),
        good=rule.good.strip(),
        says="\n".join(f"> Line {f.location.line}: {quoted(f.message)}" for f in example(rule)),
        references="\n".join(f"- <{address}>" for address in rule.references),
    )


def facts(rule: Rule) -> str:
    """What one asks of a rule beside its meaning, as a table."""
    rows = {
        "Id": rule.msgid,
        "Default": "on" if rule.enabled else f"off; `--enable={rule.symbol}` turns it on",
        "Since": rule.since,
        "Fix": "[certain](../fix.md) for some code, otherwise suggested"
        if rule.fixable
        else "none; the message says what to write instead",
        "Confidence": "each finding has [a level](../configuration.md#confidence)",
        "Disable": f"`# pylint: disable-next={rule.symbol}` on the line before, or "
        f'`ignore = ["{rule.symbol}"]` in [`[tool.qs-lint]`](../configuration.md)',
        "Related": ", ".join(f"[`{symbol}`]({symbol}.md)" for symbol in rule.related),
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items() if value]
    return "\n".join(["| | |", "| --- | --- |", *lines])


def quoted(text: str) -> str:
    """A text as Markdown: nothing in it but code spans is markup."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(MARKUP, r"\\\g<0>", part) for part in parts
    )


def example(rule: Rule) -> list[Finding]:
    """What the rule finds in its own bad example, beside the models of the test shop."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SHOP, Path(folder, "shop"))
        path = str(Path(folder, "example.py"))
        analysis = analyse(Project(), path, rule.bad.strip())
        observed = analysis.observed if analysis else []
        return [found for found in judge(path, observed) if found.symbol == rule.symbol]


def table(folder: str = "docs/rules/") -> str:
    """The table of the rules; ``folder`` leads to their pages."""
    lines = ["| message | id | what is wrong | on by default |", "| --- | --- | --- | --- |"]
    for rule in all_rules():
        name = f"[`{rule.symbol}`]({folder}{rule.symbol}.md)"
        default = "yes" if rule.enabled else "no"
        lines.append(f"| {name} | {rule.msgid} | {quoted(rule.summary)} | {default} |")
    return "\n".join(lines)


def output(text: str, name: str) -> str:
    """What the command between the markers of a name prints, run by this very interpreter."""
    begin = text.partition(f"<!-- {name}: written by docs/generate.py -->")[2]
    command = re.search(r"^\$ (?:\.venv/bin/)?qs-lint (.*)$", begin, re.MULTILINE)
    if command is None:
        raise SystemExit(f"README.md shows no qs-lint command between the markers of {name!r}")
    done = subprocess.run(
        [sys.executable, "-m", "qs_lint", "--no-cache", *shlex.split(command[1])],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    printed = re.sub(r" in [\d.]+ s\.$", ".", done.stdout.strip())  # another time, another figure
    return f"```console\n{command[0]}\n{printed}\n```"


def filled(text: str, name: str, content: str) -> str:
    """A text with a new content between the markers of that name."""
    begin, end = f"<!-- {name}: written by docs/generate.py -->", f"<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"README.md lacks the markers of {name!r}")
    return f"{before}{begin}\n{content}\n{end}{after}"


def readme() -> str:
    """The README with its generated parts renewed."""
    text = README.read_text(encoding="utf-8")
    for name in ("full output", "output"):
        text = filled(text, name, output(text, name))
    return filled(text, "rules", table())


def wanted() -> dict[Path, str]:
    """Every generated file and its text."""
    return {**pages(), PAGES / "index.md": index(), README: readme()}


def stale() -> list[str]:
    """What is not as it should be, in words."""
    found = []
    files = wanted()
    for path, text in files.items():
        if not path.is_file():
            found.append(f"{path.relative_to(ROOT)} is missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path.relative_to(ROOT)} is stale")
    for path in sorted(PAGES.glob("*.md")):
        if path not in files:
            found.append(f"{path.relative_to(ROOT)} has no rule")
    return found


def main() -> int:
    """Write the files, or with ``--check`` say which ones are stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    if parser.parse_args().check:
        found = stale()
        for line in found:
            print(f"{line}: run `python docs/generate.py`")
        return 1 if found else 0
    files = wanted()
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in PAGES.glob("*.md"):
        if path not in files:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
