"""The language server: buffers in, diagnostics, hovers and code actions out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

import qs_lint
from qs_lint.explain import UnknownRuleError, markdown
from qs_lint.server.actions import FIX_ALL, fix_all, quick_fixes
from qs_lint.server.convert import around, diagnostic
from qs_lint.server.session import Checked

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from qs_lint.reports import Report
    from qs_lint.server.session import Session

    Result = TypeVar("Result")

LOGGER = logging.getLogger(__name__)
#: Seconds without a key stroke before a buffer is checked.
PAUSE = 0.2


class Server(LanguageServer):
    """The state of one editor's session: what is open, and what was said about it last."""

    def __init__(self, session: Session) -> None:
        super().__init__("qs-lint", qs_lint.__version__)
        self.session = session
        #: one at a time: pylint's streams are those of the process
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._checked: dict[str, Checked] = {}
        self._shown: dict[str, list[tuple[Report, types.Diagnostic]]] = {}

    def buffers(self) -> dict[str, str]:
        """The texts of all open files, by absolute path."""
        found = {}
        for document in self.workspace.text_documents.values():
            path = uris.to_fs_path(document.uri)
            if path is not None:
                found[os.path.abspath(path)] = document.source
        return found

    async def in_worker(self, work: Callable[[], Result]) -> Result:
        """Run what takes long beside the loop that talks to the editor."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def schedule(self, uri: str, wait: float = PAUSE) -> None:
        """Check a buffer soon; what was still to be checked of it is given up."""
        running = self._pending.pop(uri, None)
        if running is not None:
            running.cancel()
        self._pending[uri] = asyncio.ensure_future(self._check(uri, wait))

    def schedule_dependents(self, path: str) -> None:
        """Check the open buffers whose answer depends on a file."""
        for uri, checked in list(self._checked.items()):
            if path in checked.files:
                self.schedule(uri)

    async def _check(self, uri: str, wait: float) -> None:
        await asyncio.sleep(wait)
        path = uris.to_fs_path(uri)
        document = self.workspace.text_documents.get(uri)
        if path is None or document is None:
            return
        path, version, buffers = os.path.abspath(path), document.version, self.buffers()
        try:
            checked = await self.in_worker(lambda: self.session.check(path, buffers))
        except Exception as error:  # a fault, or a broken configuration: said, never fatal
            LOGGER.debug("check of %s failed", path, exc_info=error)
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, str(error)))
            return
        now = self.workspace.text_documents.get(uri)
        if now is None or now.version != version:
            return  # the text has changed since: another check is on its way
        codec, folders = self.workspace.position_codec, around(path)
        shown = [
            (report, diagnostic(report, document.lines, codec, folders))
            for report in checked.reports
        ]
        self._checked[uri], self._shown[uri] = checked, shown
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, [item for _, item in shown], version)
        )

    def close(self, uri: str) -> None:
        """Forget a buffer, and take its diagnostics back."""
        running = self._pending.pop(uri, None)
        if running is not None:
            running.cancel()
        self._checked.pop(uri, None)
        self._shown.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def shown(self, uri: str) -> list[tuple[Report, types.Diagnostic]]:
        """What is shown in a buffer."""
        return self._shown.get(uri, [])


def make_server(session: Session) -> Server:
    """A server with all features, not started yet."""
    server = Server(session)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.schedule(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.schedule(uri)
        _dependents(server, uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        _dependents(server, params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)
        _dependents(server, params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            _dependents(server, change.uri)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        for report, item in server.shown(params.text_document.uri):
            if _contains(item.range, params.position):
                with contextlib.suppress(UnknownRuleError):
                    text = f"**{report.symbol}** ({report.msgid})\n\n{markdown(report.symbol)}"
                    content = types.MarkupContent(types.MarkupKind.Markdown, text)
                    return types.Hover(content, item.range)
        return None

    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        path = uris.to_fs_path(uri)
        if path is None or not server.shown(uri):
            return []
        path, buffers, codec = (
            os.path.abspath(path),
            server.buffers(),
            server.workspace.position_codec,
        )
        only = params.context.only or []
        everything = server.shown(uri)
        if any(FIX_ALL.startswith(kind) and kind for kind in only):
            reports = [report for report, _ in everything]
            return await server.in_worker(
                lambda: fix_all(session, path, uri, buffers, reports, codec)
            )
        here = [pair for pair in everything if _overlap(pair[1].range, params.range)]
        return await server.in_worker(lambda: quick_fixes(session, path, uri, buffers, here, codec))

    return server


def _dependents(server: Server, uri: str) -> None:
    path = uris.to_fs_path(uri)
    if path is not None:
        server.schedule_dependents(os.path.abspath(path))


def _contains(where: types.Range, position: types.Position) -> bool:
    return where.start <= position <= where.end


def _overlap(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
