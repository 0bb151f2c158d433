"""Run what a command runs, and write down everything that it must not do.

python launch.py LOG PROJECT TARGET [ARGUMENT ...]

TARGET is a script, or ``module:function`` as console scripts have it.

LOG gets one JSON object a line: ``event`` and ``what``.  PROJECT is the folder whose code must not
run.  Like a console script, this puts nothing of the working directory on ``sys.path``.
"""

import os
import sys
from typing import Any

sys.path.pop(0)
LOG = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT) if sys.argv[1] else -1
PROJECT = os.path.realpath(sys.argv[2]) + os.sep
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
CHANGES = frozenset(
    """os.remove os.rename os.mkdir os.rmdir os.link os.symlink os.chmod os.chown os.truncate
    os.utime
    os.system os.exec os.posix_spawn os.spawn os.startfile os.fork os.forkpty subprocess.Popen
    pty.spawn webbrowser.open pickle.find_class ctypes.dlopen sys.addaudithook code.__new__
    shutil.copyfile shutil.move shutil.rmtree tempfile.mkstemp tempfile.mkdtemp""".split()
)
FAMILIES = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "sqlite3.", "winreg.")
#: Empty while the hook itself writes.
watching = [True]


def note(event: str, what: object) -> None:
    """Write one line; without ``json``, whose import would be an event of its own."""
    watching.clear()
    text = str(what).encode("unicode_escape").decode().replace('"', "'").replace("\\", "/")
    os.write(LOG, f'{{"event": "{event}", "what": "{text[:300]}"}}\n'.encode())
    watching.append(True)


def inside(path: object) -> bool:
    """Whether a path is in the project."""
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    return isinstance(path, str) and path[:1] != "<" and os.path.realpath(path).startswith(PROJECT)


def hook(event: str, arguments: Any) -> None:
    """Note what changes something outside of this process, or runs something of the project."""
    if not watching:
        return
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, int) or path in (os.devnull, None):
            return
        if (flags or 0) & WRITING or set(mode or "r") & set("wax+"):
            note("written", path)
        elif str(path).endswith((".pyc", ".pickle", ".pkl", ".so")) and inside(path):
            note("loaded", path)
    elif event == "exec":
        if inside(arguments[0].co_filename):
            note("run", arguments[0].co_filename)
    elif event == "import":
        if arguments[1] and inside(arguments[1]):
            note("imported", arguments[1])
    elif event in CHANGES or event.startswith(FAMILIES):
        note(event, arguments)


if LOG >= 0:
    sys.addaudithook(hook)

import atexit  # noqa: E402
import importlib  # noqa: E402
import runpy  # noqa: E402


def imported() -> None:
    """Note modules of the project, whatever way they came."""
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        origin = spec.origin if spec is not None and spec.has_location else None
        if LOG >= 0 and inside(origin or getattr(module, "__file__", None)):
            note("imported", name)


atexit.register(imported)
sys.argv[:] = sys.argv[3:]
module, _, function = sys.argv[0].partition(":")
if function:
    sys.exit(getattr(importlib.import_module(module), function)())
runpy.run_path(sys.argv[0], run_name="__main__")
