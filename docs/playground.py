"""Put the files that the page "Try it" loads into a built site.

python docs/playground.py site                     # after `mkdocs build`
python docs/playground.py site --pyodide FOLDER    # an unpacked npm package `pyodide`
python docs/playground.py site --wheel FILE        # not built here
python docs/playground.py --fetch FOLDER           # Pyodide alone, for the tests under it

They are Pyodide (from the npm package, whose digest is checked), this package's wheel, LibCST
without its native part, and ``data.json``: the examples and the shop's models. The page loads
them when its button is pressed, from the site itself.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from qs_lint import __version__
from qs_lint.rules import all_rules

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "tests" / "fixtures" / "shop"
BRIDGE = ROOT / "docs" / "playground_bridge.py"
#: where the page looks for it, below the site
FOLDER = "assets/playground"
PYODIDE = "314.0.7"
#: SHA-256 of the package from the registry
DIGEST = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"
#: of its files, those that a browser needs; the first holds the licence's name
FILES = (
    "package.json",
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
#: the file of an example that is shown first
MAIN = "example.py"
TWO_FILES = {
    MAIN: """\
from django.views.generic import ListView

from listing import by_number
from shop.models import Order


class OrderList(ListView):
    queryset = by_number(Order.objects.all())
""",
    "listing.py": """\
def by_number(orders):
    return sorted(orders, key=lambda order: order.number)
""",
}
#: of Pyodide's files, those that are large
LOADED = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
SIZE = re.compile(r'(<span id="qs-lint-size">)[^<]*(</span>)')


def pyodide(folder: Path, package: Path | None) -> None:
    """Copy Pyodide's files from an unpacked package, or from the registry."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        if package is None:
            npm = shutil.which("npm")
            if npm is None:
                raise SystemExit("npm is needed, or --pyodide with an unpacked package")
            name = f"pyodide@{PYODIDE}"
            subprocess.run([npm, "pack", "--silent", name], cwd=temp, check=True)
            packed = next(Path(temp).glob("*.tgz"))
            if hashlib.sha256(packed.read_bytes()).hexdigest() != DIGEST:
                raise SystemExit(f"{packed.name} is not what it was when its digest was written")
            with tarfile.open(packed) as archive:
                for name in FILES:
                    found = archive.extractfile(f"package/{name}")
                    if found is None:
                        raise SystemExit(f"{packed.name} has no {name}")
                    Path(temp, name).write_bytes(found.read())
            package = Path(temp)
        for name in FILES:
            shutil.copyfile(package / name, folder / name)


def built_wheel(folder: Path) -> Path:
    """Build this package's wheel."""
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


def libcst(target: Path) -> None:
    """LibCST as installed here, without what is native and without its tests."""
    files = importlib.metadata.files("libcst") or []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            if {"tests", "__pycache__", ".."} & set(file.parts):
                continue
            if file.suffix == ".py" or ".dist-info" in file.parts[0]:
                archive.write(str(file.locate()), file.as_posix())


def data() -> dict[str, object]:
    """What the page shows first: the examples, and the models that they use."""
    story = re.search(
        r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    if story is None:
        raise SystemExit("README.md shows no bug")
    bug = (
        "from django.views.generic import ListView\n\nfrom shop.models import Order\n\n\n"
        + story[1].replace("OrderListView", "OrderList")
    )
    examples = [
        {"name": "The bug of the first page", "files": {MAIN: bug}},
        {"name": "The same through a helper in another file", "files": TWO_FILES},
    ]
    for rule in all_rules():
        name = f"{rule.msgid} {rule.symbol}"
        examples.append({"name": name, "files": {MAIN: rule.bad.strip() + "\n"}})
        good = rule.good.strip() + "\n"
        examples.append({"name": f"{name}: what to write instead", "files": {MAIN: good}})
    return {
        "version": __version__,
        "pyodide": PYODIDE,
        "bridge": BRIDGE.read_text("utf-8"),
        "examples": examples,
        "shop": {
            f"shop/{path.name}": path.read_text("utf-8") for path in sorted(SHOP.glob("*.py"))
        },
    }


def main() -> int:
    """Write everything below the built site."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", type=Path, nargs="?", help="the built site")
    parser.add_argument("--fetch", type=Path, metavar="FOLDER", help="put Pyodide there, no more")
    parser.add_argument("--pyodide", type=Path, help="an unpacked npm package pyodide")
    parser.add_argument("--wheel", type=Path, help="the wheel of this package")
    options = parser.parse_args()
    if options.fetch is not None:
        pyodide(options.fetch, options.pyodide)
        return 0
    if options.site is None:
        parser.error("which site?")
    folder = options.site / FOLDER
    if not (folder / "worker.js").is_file():
        raise SystemExit(f"{options.site} has no page to try it: run `mkdocs build` first")
    pyodide(folder / "pyodide", options.pyodide)
    with tempfile.TemporaryDirectory() as temp:
        shutil.copyfile(options.wheel or built_wheel(Path(temp)), folder / "qs_lint.zip")
    libcst(folder / "libcst.zip")
    loaded = [folder / "qs_lint.zip", folder / "libcst.zip"]
    loaded += [folder / "pyodide" / name for name in LOADED]
    plain = sum(path.stat().st_size for path in loaded)
    # scripts are not fetched but imported, which nobody can count
    counted = sum(path.stat().st_size for path in loaded if path.suffix != ".mjs")
    (folder / "data.json").write_text(json.dumps({**data(), "bytes": counted}), "utf-8")
    packed = sum(len(gzip.compress(path.read_bytes())) for path in loaded)
    tell(options.site / "try" / "index.html", packed, plain)
    return 0


def tell(page: Path, packed: int, plain: int) -> None:
    """Say on the page what it loads, with compression by the server and without."""
    said = f"{packed / 1e6:.1f} MB ({plain / 1e6:.1f} MB if the server does not compress)"
    text, count = SIZE.subn(rf"\g<1>{said}\g<2>", page.read_text("utf-8"))
    if count != 1:
        raise SystemExit(f"{page} has no place for the size")
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
