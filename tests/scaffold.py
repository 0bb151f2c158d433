"""For contributors: see what the engine sees in a file, and make a rule of it.

python tests/scaffold.py observe bad.py     what a rule could be about, line by line
python tests/scaffold.py rule --help        write the rule, its fixtures, and its places

Nothing is written unless the rule works: it reports the annotated lines of the bad file and
nothing else, nowhere in the fixtures either. CONTRIBUTING.md goes through it step by step.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import re
import shutil
import sys
import tempfile
import textwrap
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import FIXTURES, ROOT, SHOP, annotated

from qs_lint.checker import QsLintChecker
from qs_lint.domain import observations as seen_by_engine
from qs_lint.findings import Rule
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.rules import judge

if TYPE_CHECKING:
    from collections.abc import Iterable

RULES = ROOT / "qs_lint" / "rules"
CASES = ROOT / "tests" / "oracle" / "oracle_cases.py"
EXAMPLES = ROOT / "tests" / "oracle" / "examples.py"
CHANGES = ROOT / "CHANGELOG.md"
#: Where a new symbol is entered: file -> (what stands there, what stands there afterwards).
PLACES = {
    CASES: ("}\nWASTED = ", ', "{symbol}"}}\nWASTED = '),
    EXAMPLES: ("}\n\n\ndef main()", '    "{symbol}": "",\n}}\n\n\ndef main()'),
    CHANGES: ("### Added\n\n", "### Added\n\n- The message `{symbol}` ({msgid}): {summary}\n"),
}
#: What a message says, in this order, each in whole sentences.
SENTENCES = ("happens", "wrong", "cure")

MODULE = '''\
"""{title}"""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.findings import Finding, Rule
from qs_lint.rules import location
from qs_lint.rules._uses import told
from qs_lint.domain.observations import {imports}

SYMBOL = {symbol}


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """{title}"""
    if isinstance(seen, {observes}){condition}:
        yield Finding(
            SYMBOL,
            location(path, seen.node),
            {happens},
            {wrong},
            {cure},
            seen.confidence,
            told(seen.steps),
        )


RULE = Rule(
    symbol=SYMBOL,
    msgid={msgid},
    summary={summary},
    why={why},
    bad={bad},
    good={good},
    check=check,
    references=({references}),
)
'''


@dataclass(frozen=True)
class Plan:
    """What the contributor says about the rule."""

    symbol: str
    msgid: str
    observes: str
    when: str
    summary: str
    why: str
    happens: str
    wrong: str
    cure: str
    bad: str
    good: str
    references: tuple[str, ...]

    @property
    def module(self) -> str:
        """The name of the rule's module."""
        return self.symbol.replace("-", "_")


def observations() -> dict[str, type[seen_by_engine.Observation]]:
    """The kinds of observation that a rule can be about, by name."""
    found = vars(seen_by_engine)
    base = seen_by_engine.Observation
    return {
        name: kind
        for name, kind in found.items()
        if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    }


def observed(text: str) -> list[seen_by_engine.Observation]:
    """What the engine sees in a text that lies beside the test shop."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SHOP, Path(folder, "shop"))
        path = str(Path(folder, "example.py"))
        analysis = analyse(Project(), path, text)
    if analysis is None:
        raise SystemExit("that text cannot be parsed")
    return list(analysis.observed)


def told(seen: seen_by_engine.Observation) -> str:
    """One observation in a line; what is at its default value is left out."""
    shown = []
    for item in fields(seen):
        value = getattr(seen, item.name)
        if item.name not in ("node", "steps", "context") and value not in (item.default, None):
            shown.append(f"{item.name}={value!r}")
    around = {item.name: getattr(seen.context, item.name) for item in fields(seen.context)}
    context = [f"{name}={value!r}" for name, value in around.items() if value]
    line = getattr(seen.node, "lineno", 1)
    return f"line {line}: {type(seen).__name__}({', '.join(shown)}) in ({', '.join(context)})"


def literal(text: str, indent: int) -> str:
    """A text as an expression whose lines are short enough."""
    whole = json.dumps(text, ensure_ascii=False)
    if len(whole) + indent < 90:
        return whole
    lines = textwrap.wrap(text, 92 - indent, drop_whitespace=False, break_long_words=False)
    pad = " " * indent
    quoted = "".join(f"{pad}    {json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    return f"(\n{quoted}{pad})"


def block(text: str) -> str:
    """An example as a string literal of several lines."""
    escaped = text.strip().replace("\\", "\\\\")
    quotes = "'''" if '"""' in escaped else '"""'
    return f"{quotes}\n{escaped}\n{quotes}"


def addresses(references: Iterable[str]) -> str:
    """What stands between the parentheses of a tuple of addresses."""
    first, *more = map(json.dumps, references)
    if not more:
        return f"{first},"
    return "\n" + "".join(f"        {address},\n" for address in (first, *more)) + "    "


def condition(when: str) -> str:
    """What follows the question for the observation's kind."""
    if not when:
        return ""
    return f" and ({when})" if isinstance(parsed(when), ast.BoolOp) else f" and {when}"


def parsed(when: str) -> ast.expr | None:
    """A condition as a tree; None if it is not one."""
    try:
        return ast.parse(when, mode="eval").body
    except SyntaxError:
        return None


def rendered(plan: Plan) -> str:
    """The source of the rule's module."""
    return MODULE.format(
        title=plan.summary,
        imports=", ".join(sorted(("Observation", plan.observes))),
        observes=plan.observes,
        condition=condition(plan.when),
        symbol=json.dumps(plan.symbol),
        msgid=json.dumps(plan.msgid),
        summary=literal(plan.summary, 4),
        why=literal(plan.why, 4),
        bad=block(plan.bad),
        good=block(plan.good),
        references=addresses(plan.references),
        **{name: literal(getattr(plan, name), 12) for name in SENTENCES},
    )


def loaded(source: str, name: str) -> Rule:
    """The rule of a module that is not yet in the package."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.py")
        path.write_text(source, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(f"scaffolded_{name}", path)
        if spec is None or spec.loader is None:
            raise SystemExit(f"cannot load {path}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    rule = module.RULE
    if not isinstance(rule, Rule):
        raise SystemExit("the module has no RULE")
    return rule


def form_problems(plan: Plan) -> Iterable[str]:
    """What is wrong with the names and texts."""
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", plan.symbol):
        yield f"{plan.symbol}: lower case words with hyphens between them, please"
    if not re.fullmatch(r"[EW]58\d\d", plan.msgid):
        yield f"{plan.msgid}: E58.. or W58.., please"
    for msgid, message in QsLintChecker.msgs.items():
        if plan.symbol == message[1]:
            yield f"{plan.symbol} exists already"
        if plan.msgid[1:] == msgid[1:]:
            yield f"{plan.msgid[1:]} is the number of {message[1]}"
    for name in ("summary", "why", *SENTENCES):
        if not re.fullmatch(r"[A-Z`][^\n]*\.", getattr(plan, name)):
            yield f"--{name} is not a whole sentence on one line"
    if plan.when and parsed(plan.when) is None:
        yield f"--when is not an expression: {plan.when}"
    if len(plan.summary) > 88:
        yield "--summary has more than 88 characters"
    if not all(address.startswith("https://") for address in plan.references):
        yield "--reference is not an https address"


def problems(plan: Plan) -> Iterable[str]:
    """Why the rule cannot be written; nothing if it can."""
    if found := list(form_problems(plan)):
        yield from found
        return
    rule = loaded(rendered(plan), plan.module)
    announced = {report.line for report in annotated(Path("bad"), plan.bad)}
    if {report.symbol for report in annotated(Path("bad"), plan.bad)} != {plan.symbol}:
        yield f"the bad file needs `# [{plan.symbol}]`, and no other, at the lines to report"
    if annotated(Path("good"), plan.good):
        yield "the good file has an annotation"
    for name, text in (("bad", plan.bad), ("good", plan.good)):
        seen = observed(text)
        lines = {found.location.line for each in seen for found in rule.check(each, name)}
        wanted = announced if name == "bad" else set()
        if lines != wanted:
            yield f"the {name} file: reported lines {sorted(lines)}, annotated {sorted(wanted)}"
            yield from (f"  {told(each)}" for each in seen)
        for other in judge(name, seen):
            line = other.location.line
            yield f"the {name} file: line {line} is reported by {other.symbol} already; one cause,"
            yield "  one report: narrow that rule first"
    project = Project()
    for path in sorted(FIXTURES.rglob("*.py")):
        analysis = analyse(project, str(path), path.read_text(encoding="utf-8"))
        for each in analysis.observed if analysis else ():
            for finding in rule.check(each, str(path)):
                where = f"{path.relative_to(ROOT)}:{finding.location.line}"
                yield f"{where} would be reported as well: narrow --when"


def write(plan: Plan, name: str) -> list[Path]:
    """Write the rule, its fixtures and the places that name it; the files that were written."""
    module = RULES / f"{plan.module}.py"
    folder = FIXTURES / plan.symbol
    texts = {
        module: rendered(plan),
        folder / f"bad_{name}.py": plan.bad,
        folder / f"good_{name}.py": plan.good,
    }
    for path, (before, after) in PLACES.items():
        text = path.read_text(encoding="utf-8")
        if before not in text:
            raise SystemExit(f"{path.relative_to(ROOT)} has no {before!r}: nothing is written")
        entry = after.format(symbol=plan.symbol, msgid=plan.msgid, summary=plan.summary)
        texts[path] = text.replace(before, entry, 1)
    folder.mkdir(exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def next_number() -> str:
    """The first number behind those in use."""
    # the last number of the block is that of a file of facts which cannot be read
    taken = {int(msgid[1:]) for msgid in QsLintChecker.msgs}
    return str(max(number for number in taken if number % 100 != 99) + 1)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = found.add_subparsers(dest="command", required=True)
    observe = commands.add_parser("observe", help="what the engine sees in a file")
    observe.add_argument("file", type=Path)
    rule = commands.add_parser("rule", help="write a rule")
    rule.add_argument("symbol", help="e.g. frozen-class-queryset: names the bad pattern")
    rule.add_argument("--severity", choices=["E", "W"], default="E")
    rule.add_argument("--observes", required=True, choices=sorted(observations()))
    rule.add_argument(
        "--when", default="", help="a condition on `seen`, e.g. seen.kind.name == 'RAW'"
    )
    rule.add_argument("--summary", required=True, help="what is wrong, in one sentence")
    rule.add_argument("--why", required=True, help="why that is bad, for the rule's page")
    rule.add_argument("--happens", required=True, help="the message: what happens, and when")
    rule.add_argument("--wrong", required=True, help="the message: why that is wrong")
    rule.add_argument("--cure", required=True, help="the message: what to write instead")
    rule.add_argument("--bad", type=Path, required=True, help="a page with the bug, annotated")
    rule.add_argument("--good", type=Path, required=True, help="the same page, repaired")
    rule.add_argument("--name", default="example", help="of the fixtures: bad_NAME.py")
    rule.add_argument("--reference", action="append", required=True, help="where to read more")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; 1 if the rule would not work."""
    options = parser().parse_args(arguments)
    if options.command == "observe":
        seen = observed(options.file.read_text(encoding="utf-8"))
        print("\n".join(map(told, seen)) or "nothing that a rule could be about")
        return 0
    plan = Plan(
        symbol=options.symbol,
        msgid=options.severity + next_number(),
        observes=options.observes,
        when=options.when,
        bad=options.bad.read_text(encoding="utf-8"),
        good=options.good.read_text(encoding="utf-8"),
        references=tuple(options.reference),
        **{name: getattr(options, name) for name in ("summary", "why", *SENTENCES)},
    )
    if found := list(problems(plan)):
        print("\n".join(found), file=sys.stderr)
        return 1
    for path in write(plan, options.name):
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
