// The page "Try it". Nothing is loaded before its button is pressed; the text stays in the browser.
"use strict";
(() => {
  const root = document.getElementById("qs-lint-try");
  if (!root) return;
  const here = new URL(".", document.currentScript.src).href;
  const PATIENCE = 20000; // ms for one answer, after the start
  const MAX_LINK = 60000;
  const NAME = /^(?:[A-Za-z_]\w*\/)*[A-Za-z_]\w*\.py$/;
  let worker, data, waiting = new Map(), next = 0;
  let files = {}, active = "", timer, round = 0;

  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  // ---- the worker ----
  function fresh() {
    worker = new Worker(here + "worker.js", { type: "module" });
    worker.onmessage = ({ data: { id, answer, error } }) => settle(id, answer, error);
    worker.onerror = (event) => {
      event.preventDefault();
      stop("the linter stopped; it starts again with your next change");
    };
  }
  function stop(why) {
    if (worker) worker.terminate();
    worker = undefined;
    for (const id of [...waiting.keys()]) settle(id, null, why);
  }
  function settle(id, answer, error) {
    const entry = waiting.get(id);
    if (!entry) return;
    waiting.delete(id);
    clearTimeout(entry.clock);
    if (error) entry.reject(new Error(error));
    else entry.resolve(answer);
  }
  function send(name, request, patience) {
    return new Promise((resolve, reject) => {
      const id = next++;
      const clock = patience && setTimeout(() => stop("no answer in time"), patience);
      waiting.set(id, { resolve, reject, clock });
      worker.postMessage({ id, name, request });
    });
  }
  async function ask(name, request) {
    if (!worker) {
      fresh();
      await send("start");
    }
    return send(name, request, PATIENCE);
  }

  // ---- a link that carries the text ----
  async function through(stream, bytes) {
    const piped = new Blob([bytes]).stream().pipeThrough(stream);
    return new Uint8Array(await new Response(piped).arrayBuffer());
  }
  async function packed() {
    const own = Object.fromEntries(
      Object.entries(files).filter(([name, text]) => data.shop[name] !== text));
    const bytes = new TextEncoder().encode(JSON.stringify({ files: own, active }));
    const small = await through(new CompressionStream("deflate-raw"), bytes);
    let text = "";
    for (const byte of small) text += String.fromCharCode(byte);
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  async function unpacked(text) {
    const bytes = Uint8Array.from(
      atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
    const plain = await through(new DecompressionStream("deflate-raw"), bytes);
    const found = JSON.parse(new TextDecoder().decode(plain));
    for (const [name, content] of Object.entries(found.files)) {
      if (!NAME.test(name) || typeof content !== "string") throw new Error("not a link of this page");
    }
    return found;
  }

  // ---- the page ----
  const status = element("p", { className: "try-status", role: "status" });
  const tabs = element("div", { className: "try-tabs", role: "tablist", ariaLabel: "Files" });
  const editor = element("textarea", {
    id: "try-text", rows: 18, spellcheck: false, autocapitalize: "off", autocomplete: "off",
    wrap: "off", "aria-label": "Python code",
  });
  const panel = element("div", { id: "try-panel", role: "tabpanel" }, editor);
  const examples = element("select", { id: "try-example" });
  const name = element("input", { id: "try-name", size: 18, placeholder: "app/views.py" });
  const results = element("section", { className: "try-results", ariaLabel: "Findings" });

  function show(path) {
    active = path;
    editor.value = files[path];
    tabs.replaceChildren(...Object.keys(files).map(tab));
    panel.setAttribute("aria-label", path);
  }
  function tab(path) {
    const made = element("button", { type: "button", role: "tab", textContent: path });
    const chosen = path === active;
    made.setAttribute("aria-selected", String(chosen));
    made.setAttribute("aria-controls", "try-panel");
    made.tabIndex = chosen ? 0 : -1;
    made.addEventListener("click", () => show(path));
    return made;
  }
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = Object.keys(files);
    show(names[(names.indexOf(active) + step + names.length) % names.length]);
    tabs.querySelector("[aria-selected=true]").focus();
    event.preventDefault();
  });
  function goto(path, line) {
    if (!(path in files)) {
      if (!(path in data.shop)) return;
      files[path] = data.shop[path];
    }
    show(path);
    const lines = files[path].split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    editor.focus();
    editor.setSelectionRange(start, start + (lines[line - 1] || "").length);
    editor.scrollTop = (line - 4) * (editor.scrollHeight / lines.length);
  }
  function place(path, line) {
    const made = element("button", { type: "button", className: "try-place", textContent: `${path}:${line}` });
    made.addEventListener("click", () => goto(path, line));
    return made;
  }
  // columns count the bytes of UTF-8, as Python's parser does
  function characters(text, column) {
    return new TextDecoder().decode(new TextEncoder().encode(text).slice(0, column)).length;
  }
  function frame(path, found) {
    const lines = files[path].split("\n");
    const line = lines[found.line - 1] || "";
    const start = characters(line, found.column);
    const end = found.endLine === found.line ? characters(line, found.endColumn) : line.length;
    const width = String(found.line + 1).length;
    const shown = [];
    for (let number = Math.max(1, found.line - 1); number <= Math.min(lines.length, found.line + 1); number++) {
      shown.push(`${String(number).padStart(width)} | ${lines[number - 1]}`);
      if (number === found.line) {
        shown.push(`${" ".repeat(width)} | ${" ".repeat(start)}${"^".repeat(Math.max(1, end - start))}`);
      }
    }
    return element("pre", { tabIndex: 0 }, element("code", { textContent: shown.join("\n") }));
  }
  function article(path, found, number) {
    const link = element("a", { href: new URL(`../../rules/${found.symbol}/`, here).href,
      textContent: `${found.msgid} ${found.symbol}` });
    const made = element("article", {},
      element("h3", {}, link, " ", place(path, found.line)),
      element("p", { className: "try-confidence", textContent: `Confidence: ${found.confidence}` +
        (found.enabled ? "" : "; this rule is off by default") }),
      frame(path, found),
      element("p", { textContent: [found.happens, found.wrong, found.cure].filter(Boolean).join(" ") }));
    if (found.steps.length) {
      made.append(element("ol", {}, ...found.steps.map((step) =>
        element("li", {}, place(step.path, step.line), " ", step.text))));
    }
    if (found.fix) {
      const button = element("button", { type: "button", className: "md-button try-fix", textContent: "Apply fix" });
      button.addEventListener("click", () => apply(path, number));
      made.append(element("p", {}, button, ` ${found.fix}`));
    } else {
      made.append(element("p", { className: "try-why", textContent: `No certain fix: ${found.why}` }));
    }
    return made;
  }
  async function lint() {
    const own = ++round;
    status.textContent = "Checking …";
    try {
      const answers = await ask("lint", { files: { ...data.shop, ...files }, check: Object.keys(files) });
      if (own !== round) return;
      const all = answers.flatMap(({ path, findings }) => findings.map((found, number) => article(path, found, number)));
      results.replaceChildren(...all);
      const broken = answers.filter((answer) => !answer.readable).map((answer) => `${answer.path}: Python cannot parse it`);
      const faults = answers.flatMap((answer) => answer.faults);
      const count = all.length === 0 ? "No problems found" : all.length === 1 ? "Found 1 problem" : `Found ${all.length} problems`;
      status.textContent = [`${count}.`, ...broken, ...faults].join(" ");
    } catch (error) {
      if (own === round) status.textContent = `Not checked: ${error.message}`;
    }
  }
  async function apply(path, number) {
    round++;
    clearTimeout(timer);
    try {
      const before = files[path];
      const text = await ask("fix", { files: { ...data.shop, ...files }, path, number });
      if (files[path] !== before) return lint();
      files[path] = text;
      show(path);
      editor.focus();
      await lint();
    } catch (error) {
      status.textContent = `Not fixed: ${error.message}`;
    }
  }
  function open(found) {
    files = { ...found.files };
    if (!("shop/models.py" in files)) files["shop/models.py"] = data.shop["shop/models.py"];
    show(found.active in files ? found.active : Object.keys(files)[0]);
    lint();
  }
  editor.addEventListener("input", () => {
    files[active] = editor.value;
    round++;
    clearTimeout(timer);
    timer = setTimeout(lint, 300);
  });

  async function begin() {
    root.replaceChildren(status);
    status.textContent = "Loading Python and the linter (about 7 MB) …";
    try {
      const answer = await fetch(here + "data.json");
      if (!answer.ok) throw new Error("this copy of the documentation was built without them");
      data = await answer.json();
      fresh();
      await send("start");
    } catch (error) {
      stop("not loaded");
      status.textContent = `Not loaded: ${error.message}`;
      return;
    }
    examples.append(...data.examples.map((example, number) => element("option", { value: number, textContent: example.name })));
    examples.addEventListener("change", () =>
      open({ files: { "example.py": data.examples[examples.value].text }, active: "example.py" }));
    const add = element("button", { type: "submit", textContent: "Add file" });
    const form = element("form", {}, element("label", { htmlFor: "try-name", textContent: "New file " }), name, " ", add);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const path = name.value.trim();
      if (!NAME.test(path)) {
        status.textContent = "A name like app/views.py is needed.";
        return;
      }
      if (!(path in files)) files[path] = data.shop[path] || "";
      name.value = "";
      show(path);
      editor.focus();
      lint();
    });
    const share = element("button", { type: "button", textContent: "Link to this text" });
    share.addEventListener("click", async () => {
      const text = await packed();
      if (text.length > MAX_LINK) {
        status.textContent = "That is too much text for a link.";
        return;
      }
      history.replaceState(null, "", `#code=${text}`);
      status.textContent = "The address of this page carries the text now.";
    });
    root.replaceChildren(
      element("p", {}, element("label", { htmlFor: "try-example", textContent: "Example " }), examples),
      tabs, panel, form, element("p", {}, share), status, results);
    await carried(true);
    editor.focus({ preventScroll: true });
  }
  async function carried(first) {
    const match = /^#code=([\w-]+)$/.exec(location.hash);
    if (match) {
      try {
        return open(await unpacked(match[1]));
      } catch {
        status.textContent = "The link of this page cannot be read.";
        if (!first) return;
      }
    }
    if (first) open({ files: { "example.py": data.examples[0].text }, active: "example.py" });
  }
  addEventListener("hashchange", () => { if (data) carried(false); });

  const button = element("button", { type: "button", id: "try-start", className: "md-button md-button--primary",
    textContent: "Load the linter" });
  button.addEventListener("click", begin);
  root.replaceChildren(button);
})();
