"""What an editor may offer at a finding: its certain fix, and the comment that disables it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from qs_lint.command.disables import REASON, with_comments
from qs_lint.server.convert import text_edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pygls.workspace import PositionCodec

    from qs_lint.fixes import FixResult
    from qs_lint.reports import Report
    from qs_lint.server.session import Session

FIX_ALL = "source.fixAll.qs-lint"


@dataclass(frozen=True)
class Buffer:
    """An open file: its absolute path, its address, and what else is open.

    ``folder``: the workspace folder that it lies in; ``codec``: how the editor counts columns.
    """

    path: str
    uri: str
    buffers: Mapping[str, str]
    folder: str | None
    codec: PositionCodec

    @property
    def text(self) -> str:
        """What it holds."""
        return self.buffers[self.path]

    def fixed(self, session: Session, reports: Sequence[Report]) -> FixResult[str] | None:
        """The text with the certain fixes of these reports."""
        return session.fixed(self.path, self.buffers, reports, self.folder)


def quick_fixes(
    session: Session, buffer: Buffer, found: Sequence[tuple[Report, types.Diagnostic]]
) -> list[types.CodeAction]:
    """The actions for these findings of a buffer."""
    actions = []
    for report, diagnostic in found:
        if report.finding is None:
            continue
        result = buffer.fixed(session, [report])
        if result is not None and result.fixed:
            title = f"qs_lint: {result.fixed[0].what}"
            action = _action(title, buffer, result.text, [diagnostic], preferred=True)
            actions += [action] if action else []
        new, left = with_comments(buffer.text.encode("utf-8", "surrogatepass"), [report], REASON)
        if not left:
            title = f"qs_lint: disable {report.symbol} here"
            decoded = new.decode("utf-8", "surrogatepass")
            action = _action(title, buffer, decoded, [diagnostic], preferred=False)
            actions += [action] if action else []
    return actions


def fix_all(session: Session, buffer: Buffer, reports: Sequence[Report]) -> list[types.CodeAction]:
    """One action with all certain fixes of the buffer, for fixing on save."""
    result = buffer.fixed(session, reports)
    if result is None or not result.fixed:
        return []
    title = "qs_lint: apply all certain fixes"
    action = _action(title, buffer, result.text, None, preferred=False)
    if action is None:
        return []
    action.kind = FIX_ALL
    return [action]


def _action(
    title: str,
    buffer: Buffer,
    new: str,
    diagnostics: list[types.Diagnostic] | None,
    preferred: bool,
) -> types.CodeAction | None:
    edit = text_edit(buffer.text, new, buffer.codec)
    if edit is None:
        return None
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=diagnostics,
        is_preferred=preferred or None,
        edit=types.WorkspaceEdit(changes={buffer.uri: [edit]}),
    )
