// Run a Python file of this repository in Pyodide, below Node:
//   node pyodide_run.mjs PYODIDE SITE_PACKAGES REPOSITORY FILE [ARGUMENT...]
// The folders are mounted; SITE_PACKAGES is only good for what is pure Python.
import { pathToFileURL } from "node:url";

const [folder, packages, repository, file, ...rest] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/`, args: [], env: { HOME: "/home/pyodide" } });
for (const [place, from] of [["/packages", packages], ["/repository", repository]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: from }, place);
}
python.globals.set("arguments_", python.toPy([file, ...rest]));
process.exitCode = await python.runPythonAsync(`
import os, runpy, sys
os.chdir("/repository")
sys.dont_write_bytecode = True
sys.path[:0] = ["/repository"]
sys.path.append("/packages")
sys.argv = list(arguments_)
code = 0
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    code = int(end.code or 0)
code
`);
