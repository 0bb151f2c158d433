"""pylint's comments: the command reads them as pylint does, in time that grows as the file does."""

from __future__ import annotations

import io
import json
import random
import tokenize
from typing import TYPE_CHECKING

import astroid
import pytest
from pylint.lint import PyLinter
from pylint.utils import FileState
from pylint.utils.pragma_parser import OPTION_PO
from support import Here, lint
from test_linear import FLAT, HEAD, SIZES, assert_proportional, work

from qs_lint.checker import QsLintChecker
from qs_lint.command.pragmas import Pragmas, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astroid import nodes
    from pylint.message import MessageDefinition

pytest_plugins = ["command_project"]

#: heads of blocks, and what may follow them at the same depth
HEADS: tuple[tuple[str, ...], ...] = (
    ("class A:",),
    ("@deco(", "    1,", ")", "class A(", "    B,", "):"),
    ("def f(a=1):",),
    ("@deco", "async def f(", "    a=(", "        1", "    ),", "):"),
    ("if a:",),
    ("if a and (", "    b", "):"),
    ("for a in b:",),
    ("while (", "    a", "):"),
    ("with a as b:",),
    ("try:",),
    ("match a:", "    case 1:"),
)
FOLLOWED: dict[str, tuple[tuple[str, ...], ...]] = {
    "if": ((), ("elif b:",), ("elif b:", "elif c:", "else:"), ("else:",)),
    "for": ((), ("else:",)),
    "while": ((), ("else:",)),
    "try:": (
        ("finally:",),
        ("except A:",),
        ("except A:", "except B:", "except C:"),
        ("except A:", "else:"),
        ("except A:", "except B:", "else:", "finally:"),
    ),
}
SIMPLE: tuple[tuple[str, ...], ...] = (
    ("x = 1",),
    ("x = (", "    1,", "    lambda: [", "        2,", "    ],", ")"),
    ("x = 1; y = [", "    1", "]; z = 2"),
    ('"""A text', "of two lines.", '"""'),
    ("x = a \\", "    + 1"),
    ("def g(): return 1",),
    ("class C: pass",),
    ("if a: x = 1",),
    ("pass",),
)


class Text:
    """A program of nested blocks, with a comment here and there."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lines: list[str] = []
        if self.chance.random() < 0.3:
            self.lines.append('"""A module."""')
        self.blocks(0)
        self.gap(0)

    def gap(self, depth: int) -> None:
        """Empty lines and comments on lines of their own."""
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            self.lines.append(self.chance.choice(("", "    " * depth + "# ?")))

    def put(self, depth: int, lines: tuple[str, ...]) -> None:
        """Lines, with comments behind and between them."""
        for number, line in enumerate(lines):
            open_string = lines[0].startswith('"""') and number < len(lines) - 1
            behind = not open_string and not line.endswith("\\") and self.chance.random() < 0.15
            self.lines.append("    " * depth + line + ("  # ?" if behind else ""))

    def blocks(self, depth: int) -> None:
        """Some statements."""
        for _ in range(self.chance.randint(1, 3)):
            self.gap(depth)
            if depth < 3 and self.chance.random() < 0.5:
                head = self.chance.choice(HEADS)
                inner = depth + (2 if head[0].startswith("match") else 1)
                self.put(depth, head)
                self.blocks(inner)
                follow = self.chance.choice(FOLLOWED.get(head[0].split()[0], ((),)))
                for line in follow:
                    self.gap(depth)
                    self.put(depth, (line,))
                    self.blocks(inner)
            else:
                self.put(depth, self.chance.choice(SIMPLE))


def comments(
    seed: int, lines: int, messages: list[MessageDefinition]
) -> Iterator[tuple[MessageDefinition, int, bool, str]]:
    """Comments on lines in order, as ``disable``, ``enable`` and ``disable-next`` are noted."""
    chance = random.Random(seed)
    for line in sorted(chance.choices(range(1, lines + 3), k=chance.randint(1, 12))):
        for message in chance.sample(messages, chance.randint(1, len(messages))):
            if chance.random() < 0.2:
                yield message, line + 1, False, "line"
            else:
                yield message, line, chance.random() < 0.4, "module"


@pytest.fixture(scope="module")
def linter() -> PyLinter:
    """A linter that knows our messages."""
    found = PyLinter()
    found.register_checker(QsLintChecker(found))
    return found


def parsed(text: str) -> nodes.Module:
    """A tree of astroid."""
    return astroid.parse(text, apply_transforms=False)


@pytest.mark.parametrize("part", range(10))
def test_as_pylint(linter: PyLinter, part: int) -> None:
    """Each message is on and off on the same lines, whatever the blocks and the comments."""
    store = linter.msgs_store
    messages = [
        m for name in ("E5801", "E5899", "E0001") for m in store.get_message_definitions(name)
    ]
    assert len({message.scope for message in messages}) == 2
    for seed in range(part * 100, part * 100 + 100):
        text = "\n".join(Text(seed).lines) + "\n"
        module = parsed(text)
        theirs = FileState("m", store, module)
        ours = Pragmas(theirs, lambda _: True)
        said = list(comments(seed, text.count("\n"), messages))
        for message, line, on, scope in said:
            theirs.set_msg_status(message, line, on, scope)
            ours.set_msg_status(message, line, on, scope)
        assert ours._raw_module_msgs_state == theirs._raw_module_msgs_state
        for message in {m.msgid: m for m, *_ in said}.values():
            expected = theirs._module_msgs_state.get(message.msgid, {})
            found = ours._module_msgs_state[message.msgid]
            for line in range(text.count("\n") + 6):
                assert found.get(line) is expected.get(line), (
                    seed,
                    line,
                    message.msgid,
                    said,
                    text,
                )
                assert (line in found) is (line in expected)


def test_inner_blocks_of_a_try(linter: PyLinter) -> None:
    """Between handlers, in ``else`` and ``finally``: the lines that pylint takes."""
    text = (
        "try:\n    a\n"
        + "except A:\n    b\n# 1\n" * 3
        + "else:\n    c\n# 2\nfinally:\n\n    d\n# 3\n    e\n"
    )
    (message,) = linter.msgs_store.get_message_definitions("E5801")
    for line in range(1, text.count("\n") + 1):
        theirs = FileState("m", linter.msgs_store, parsed(text))
        ours = Pragmas(theirs, lambda _: True)
        for state in (theirs, ours):
            state.set_msg_status(message, line, False, "module")
        expected = theirs._module_msgs_state.get("E5801", {})
        found = ours._module_msgs_state["E5801"]
        assert [found.get(n) for n in range(30)] == [expected.get(n) for n in range(30)]


def test_read_as_pylint_reads() -> None:
    """Of a comment pylint takes the same part, before and after the rest is left out."""
    chance = random.Random(5)
    parts = (
        "#",
        "# ",
        "pylint:",
        "pylint: ",
        " ",
        ";",
        "disable=a",
        "x",
        "skip-file",
        "pylint",
        "\t",
    )
    spoken = 0
    for _ in range(20_000):
        comment = "#" + "".join(chance.choices(parts, k=chance.randint(0, 9)))
        (token,) = plain([tokenize.TokenInfo(tokenize.COMMENT, comment, (1, 0), (1, 9), comment)])
        theirs, ours = OPTION_PO.search(comment), OPTION_PO.search(token.string)
        assert (theirs and theirs[2]) == (ours and ours[2]), comment
        spoken += theirs is not None
    assert spoken > 1000


def test_other_tokens() -> None:
    """What is no comment stays."""
    text = "x = '# pylint: disable=a ###'  # pylint: disable=b ###\n"
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    kept = plain(tokens)
    assert [t for t in kept if t.type != tokenize.COMMENT] == [
        t for t in tokens if t.type != tokenize.COMMENT
    ]
    assert [t.string for t in kept if t.type == tokenize.COMMENT] == ["# pylint: disable=b "]


@pytest.mark.parametrize(
    "text", ["#" * 5_000, "# pylint:" * 2_000, "# pylint: disable=a" + "#" * 5_000]
)
def test_long_comments(here: Here, text: str) -> None:
    """A line of ``#`` takes pylint's own expression time that grows with its third power."""
    here.write("views.py", f"{HEAD}# pylint: disable=line-too-long\n{FLAT.format(1)}\n{text}\n")
    assert here("views.py").symbols == ["frozen-module-queryset"]


ACTIONS = ("disable", "enable", "disable-next", "disable")
NAMES = ("E5802", "frozen-module-queryset", "qs_lint", "E5801", "frozen-class-queryset", "E")
BLOCKS = {
    "own lines": "# pylint: disable=frozen-class-queryset\n" + FLAT,
    "behind": FLAT.rstrip() + "  # pylint: disable=frozen-class-queryset\n",
    "on and off": "# pylint: disable=E5802\n# pylint: enable=E5802\n" + FLAT,
    "next": "# pylint: disable-next=W,W5808,frozen-class-queryset\n" + FLAT,
    "functions": "def f_{0}():\n    # pylint: disable=qs_lint\n    pass\n\n" + FLAT,
    "unknown": "# pylint: disable=nobody-knows-{0}\n" + FLAT,
}


@pytest.mark.parametrize("name", BLOCKS)
def test_linear(here: Here, name: str) -> None:
    """1, 2, 4 and 8 times the comments and findings."""
    works = []
    for size in SIZES:
        here.write("views.py", HEAD + "".join(BLOCKS[name].format(n) for n in range(size)))
        assert len(here("views.py").symbols) == size  # what is read once has been
        works.append(work(lambda: here("views.py")))
    assert_proportional(works)


def test_linear_in_one_statement(here: Here) -> None:
    """Handlers of one ``try``, and a comment below each."""
    works = []
    for size in SIZES:
        body = "except A:\n    pass\n# pylint: disable=E5801\n" * size
        here.write("views.py", f"{HEAD}try:\n    pass\n{body}{FLAT.format(1)}")
        assert len(here("views.py").symbols) == 1
        works.append(work(lambda: here("views.py")))
    assert_proportional(works)


@pytest.mark.parametrize("seed", range(6))
def test_same_messages(here: Here, seed: int) -> None:
    """The command's messages are pylint's, for a file with many comments."""
    chance = random.Random(seed)
    lines = ["from shop.models import Order"]
    for number, line in enumerate(Text(seed).lines):
        said = f"# pylint: {chance.choice(ACTIONS)}={chance.choice(NAMES)}"
        finding = FLAT.format(number).rstrip()
        lines.append(line.replace("# ?", said).replace("x = 1", finding).replace("pass", finding))
    path = here.write("views.py", "\n".join([*lines, FLAT.format("last")]))
    theirs = lint(path)
    found = json.loads(here("-f", "json2", "views.py").out)["messages"]
    assert sorted(message["line"] for message in found) == theirs.lines
