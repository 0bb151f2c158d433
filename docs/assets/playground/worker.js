// The linter in a thread of its own: Pyodide, the wheel, and the bridge of data.json.
const here = new URL(".", import.meta.url).href;
const packages = "/lib/python3.14/site-packages";

let fail;
const failed = new Promise((_, reject) => { fail = reject; });
failed.catch(() => {});

// Pyodide neither says how far it is, nor always that something could not be loaded: whatever is
// fetched here is counted, and what goes wrong ends the start.
const plainFetch = fetch;
let loaded = 0;
self.fetch = async (...request) => {
  const name = new URL(request[0].url || request[0], here).pathname.split("/").pop();
  function wrong(why) {
    const error = new Error(`${name} cannot be loaded: ${why}`);
    fail(error);
    throw error;
  }
  const answer = await plainFetch(...request).catch(() => wrong("is there a network?"));
  if (!answer.ok) wrong(`the server says ${answer.status}`);
  const counted = answer.body.pipeThrough(new TransformStream({
    transform(part, out) {
      loaded += part.length;
      postMessage({ loaded });
      out.enqueue(part);
    },
  }));
  const type = name.endsWith(".wasm") ? "application/wasm" : answer.headers.get("Content-Type") || "";
  return new Response(counted, { headers: { "Content-Type": type } });
};
const plainInstantiate = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = (...given) => plainInstantiate(...given).catch((error) => {
  fail(new Error(`Python cannot be started: ${error.message}`));
  throw error;
});

async function bytes(name) {
  return new Uint8Array(await (await fetch(here + name)).arrayBuffer());
}

async function python() {
  const { loadPyodide } = await import("./pyodide/pyodide.mjs").catch(() => {
    throw new Error("pyodide.mjs cannot be loaded: is there a network?");
  });
  return loadPyodide({ indexURL: `${here}pyodide/` });
}

async function start() {
  const everything = Promise.all([python(), bytes("qs_lint.zip"), bytes("libcst.zip"), bytes("data.json")]);
  const [pyodide, wheel, libcst, data] = await Promise.race([everything, failed]);
  pyodide.unpackArchive(wheel, "zip", { extractDir: packages });
  pyodide.unpackArchive(libcst, "zip", { extractDir: packages });
  const { bridge } = JSON.parse(new TextDecoder().decode(data));
  pyodide.FS.writeFile(`${packages}/playground_bridge.py`, bridge);
  const module = pyodide.pyimport("playground_bridge");
  module.start();
  return { module, PythonError: pyodide.ffi.PythonError };
}

const started = start();
started.catch(() => {});

onmessage = async ({ data: { id, name, request } }) => {
  try {
    const { module, PythonError } = await started;
    try {
      postMessage({ id, answer: name === "start" ? null : JSON.parse(module[name](JSON.stringify(request))) });
    } catch (error) {
      // whatever Python did not raise, such as the end of the browser's stack, leaves it broken
      const broken = !(error instanceof PythonError);
      postMessage({ id, broken, error: String(error.message || error).trim().split("\n").pop() });
    }
  } catch (error) {
    postMessage({ id, error: error.message });
  }
};
