// The linter in a thread of its own: Pyodide, the wheel, and the bridge of data.json.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = new URL(".", import.meta.url).href;
const packages = "/lib/python3.14/site-packages";

async function bytes(name) {
  const answer = await fetch(here + name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function start() {
  const [python, wheel, libcst, data] = await Promise.all([
    loadPyodide({ indexURL: here + "pyodide/" }),
    bytes("qs_lint.zip"),
    bytes("libcst.zip"),
    bytes("data.json"),
  ]);
  python.unpackArchive(wheel, "zip", { extractDir: packages });
  python.unpackArchive(libcst, "zip", { extractDir: packages });
  const { bridge } = JSON.parse(new TextDecoder().decode(data));
  python.FS.writeFile(packages + "/playground_bridge.py", bridge);
  const module = python.pyimport("playground_bridge");
  module.install_parser();
  return module;
}

const started = start();

onmessage = async ({ data: { id, name, request } }) => {
  try {
    const module = await started;
    postMessage({ id, answer: name === "start" ? null : JSON.parse(module[name](JSON.stringify(request))) });
  } catch (error) {
    postMessage({ id, error: String(error.message || error).trim().split("\n").pop() });
  }
};
