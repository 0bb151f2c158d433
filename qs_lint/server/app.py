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
from qs_lint.command.configuration import CONFIG_NAMES
from qs_lint.explain import UnknownRuleError, markdown
from qs_lint.server.actions import FIX_ALL, Buffer, fix_all, quick_fixes
from qs_lint.server.convert import around, diagnostic
from qs_lint.server.session import Checked
from qs_lint.sources import lines_of

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
        #: what was said about configurations since the last check that went well
        self._complained: set[str] = set()

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
        """Check the open buffers whose answer depends on a file, which may be new or gone."""
        own, folder = os.path.abspath(path), os.path.dirname(path)
        for uri in list(self.workspace.text_documents):
            checked = self._checked.get(uri)
            if checked is None:  # not answered yet: perhaps that file has been read already
                running = self._pending.get(uri)
                if running is not None and not running.done() and uris.to_fs_path(uri) != own:
                    self.schedule(uri)
            elif own in checked.files or folder in checked.folders:
                self.schedule(uri)

    def schedule_all(self) -> None:
        """Check all open buffers, e.g. because a configuration has changed."""
        for uri in list(self.workspace.text_documents):
            self.schedule(uri)

    def folder_of(self, path: str) -> str | None:
        """The innermost workspace folder that a file lies in."""
        found = [uris.to_fs_path(uri) for uri in self.workspace.folders]
        if not found and self.workspace.root_path:
            found = [self.workspace.root_path]
        folders = [os.path.abspath(folder) for folder in found if folder]
        inside = [folder for folder in folders if path.startswith(os.path.join(folder, ""))]
        return max(inside, key=len, default=None)

    def complain(self, text: str, kind: types.MessageType) -> None:
        """Show a message, once until a check goes well: it would come with every key stroke."""
        if text not in self._complained:
            self._complained.add(text)
            self.window_show_message(types.ShowMessageParams(kind, f"qs-lint: {text}"))

    async def _check(self, uri: str, wait: float) -> None:
        await asyncio.sleep(wait)
        path = uris.to_fs_path(uri)
        document = self.workspace.text_documents.get(uri)
        if path is None or document is None:
            return
        path, version, buffers = os.path.abspath(path), document.version, self.buffers()
        folder = self.folder_of(path)
        try:
            checked = await self.in_worker(lambda: self.session.check(path, buffers, folder))
        except Exception as error:  # a fault, or a broken configuration: said, never fatal
            LOGGER.debug("check of %s failed", path, exc_info=error)
            self.complain("; ".join(map(str, error.args)), types.MessageType.Error)
            return
        self._complained &= set(checked.warnings)
        for warning in checked.warnings:
            self.complain(warning, types.MessageType.Warning)
        now = self.workspace.text_documents.get(uri)
        if now is None or now.version != version:
            return  # the text has changed since: another check is on its way
        codec, folders = self.workspace.position_codec, around(path)
        # the protocol ends lines where Python does; ``document.lines`` does so at form feeds, too
        lines = lines_of(document.source)
        shown = [(report, diagnostic(report, lines, codec, folders)) for report in checked.reports]
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
    _follow(server)
    _answer(server, session)
    return server


def _follow(server: Server) -> None:
    """Check what is opened, changed and closed, here and on disk."""

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watched = workspace and workspace.did_change_watched_files
        if watched and watched.dynamic_registration:
            server.client_register_capability(_watching())

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.schedule_all()

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
        names = {os.path.basename(uris.to_fs_path(change.uri) or "") for change in params.changes}
        if not names.isdisjoint(CONFIG_NAMES):
            server.schedule_all()
        for change in params.changes:
            _dependents(server, change.uri)


def _answer(server: Server, session: Session) -> None:
    """Explain and repair what is shown."""

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
        path = os.path.abspath(path)
        codec = server.workspace.position_codec
        buffer = Buffer(path, uri, server.buffers(), server.folder_of(path), codec)
        only = params.context.only or []
        everything = server.shown(uri)
        if any(FIX_ALL.startswith(kind) and kind for kind in only):
            reports = [report for report, _ in everything]
            return await server.in_worker(lambda: fix_all(session, buffer, reports))
        here = [pair for pair in everything if _overlap(pair[1].range, params.range)]
        return await server.in_worker(lambda: quick_fixes(session, buffer, here))


def _watching() -> types.RegistrationParams:
    """The files whose changes on disk the editor is asked to tell."""
    watchers = [types.FileSystemWatcher(f"**/{name}") for name in ("*.py", *CONFIG_NAMES)]
    return types.RegistrationParams(
        [
            types.Registration(
                "qs-lint-files",
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(watchers),
            )
        ]
    )


def _dependents(server: Server, uri: str) -> None:
    path = uris.to_fs_path(uri)
    if path is not None:
        server.schedule_dependents(os.path.abspath(path))


def _contains(where: types.Range, position: types.Position) -> bool:
    return where.start <= position <= where.end


def _overlap(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
