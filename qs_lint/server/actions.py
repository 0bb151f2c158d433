"""What an editor may offer at a finding: its certain fix, and the comment that disables it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from qs_lint.command.disables import REASON, with_comments
from qs_lint.server.convert import text_edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pygls.workspace import PositionCodec

    from qs_lint.reports import Report
    from qs_lint.server.session import Session

FIX_ALL = "source.fixAll.qs-lint"


def quick_fixes(
    session: Session,
    path: str,
    uri: str,
    buffers: Mapping[str, str],
    found: Sequence[tuple[Report, types.Diagnostic]],
    codec: PositionCodec,
) -> list[types.CodeAction]:
    """The actions for these findings of the buffer at ``path``."""
    actions = []
    text = buffers[path]
    for report, diagnostic in found:
        if report.finding is None:
            continue
        result = session.fixed(path, buffers, [report])
        if result is not None and result.fixed:
            title = f"qs_lint: {result.fixed[0].what}"
            action = _action(title, text, result.text, uri, codec, [diagnostic], preferred=True)
            actions += [action] if action else []
        new, left = with_comments(text.encode("utf-8", "surrogatepass"), [report], REASON)
        if not left:
            title = f"qs_lint: disable {report.symbol} here"
            decoded = new.decode("utf-8", "surrogatepass")
            action = _action(title, text, decoded, uri, codec, [diagnostic], preferred=False)
            actions += [action] if action else []
    return actions


def fix_all(
    session: Session,
    path: str,
    uri: str,
    buffers: Mapping[str, str],
    reports: Sequence[Report],
    codec: PositionCodec,
) -> list[types.CodeAction]:
    """One action with all certain fixes of the buffer, for fixing on save."""
    result = session.fixed(path, buffers, reports)
    if result is None or not result.fixed:
        return []
    title = "qs_lint: apply all certain fixes"
    action = _action(title, buffers[path], result.text, uri, codec, None, preferred=False)
    if action is None:
        return []
    action.kind = FIX_ALL
    return [action]


def _action(
    title: str,
    old: str,
    new: str,
    uri: str,
    codec: PositionCodec,
    diagnostics: list[types.Diagnostic] | None,
    preferred: bool,
) -> types.CodeAction | None:
    edit = text_edit(old, new, codec)
    if edit is None:
        return None
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=diagnostics,
        is_preferred=preferred or None,
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
    )
