// The page "Try it". Nothing is loaded before its button is pressed; the text stays in the browser.
import { Linter } from "./client.js";
import { article, element } from "./findings.js";
import { isName, packed, unpacked } from "./link.js";

const here = new URL(".", import.meta.url).href;
const rules = new URL("../../rules/", here).href;
const root = document.getElementById("qs-lint-try");
const MAX_LINK = 60000;
const PAUSE = 300; // ms after the last key
const MODELS = "shop/models.py";

const linter = new Linter();
let data; // the examples and the shop
let files = {}, active = "", timer, round = 0;

const status = element("p", { className: "try-status", role: "status" });
const tabs = element("div", { className: "try-tabs", role: "tablist", ariaLabel: "Files" });
const editor = element("textarea", {
  id: "try-text", rows: 18, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off",
  "aria-label": "Python code",
});
const panel = element("div", { id: "try-panel", role: "tabpanel" }, editor);
const examples = element("select", { id: "try-example" });
const newName = element("input", { id: "try-name", size: 18, placeholder: "app/views.py", autocomplete: "off" });
const remove = element("button", { type: "button", textContent: "Remove this file" });
const results = element("section", { className: "try-results", ariaLabel: "Findings" });

// ---- files and tabs ----
function show(path) {
  active = path;
  editor.value = files[path];
  tabs.replaceChildren(...Object.keys(files).map(tab));
  panel.setAttribute("aria-labelledby", "try-tab");
  remove.disabled = Object.keys(files).length === 1;
}
function tab(path) {
  const chosen = path === active;
  const made = element("button", {
    type: "button", role: "tab", textContent: path, tabIndex: chosen ? 0 : -1,
    "aria-selected": String(chosen), "aria-controls": "try-panel",
  });
  if (chosen) made.id = "try-tab";
  made.addEventListener("click", () => {
    show(path);
    tabs.querySelector("#try-tab").focus();
  });
  return made;
}
tabs.addEventListener("keydown", (event) => {
  const names = Object.keys(files);
  const now = names.indexOf(active);
  const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  show(names.at(next % names.length));
  tabs.querySelector("#try-tab").focus();
  event.preventDefault();
});
function go(path, line) {
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
function open(found) {
  files = { ...found.files };
  if (!(MODELS in files)) files[MODELS] = data.shop[MODELS];
  show(found.active in files ? found.active : Object.keys(files)[0]);
  lint();
}
function add(event) {
  event.preventDefault();
  const path = newName.value.trim();
  if (!isName(path)) {
    status.textContent = "A name like app/views.py is needed.";
    return;
  }
  if (!(path in files)) files[path] = data.shop[path] || "";
  newName.value = "";
  show(path);
  editor.focus();
  lint();
}
remove.addEventListener("click", () => {
  delete files[active];
  show(Object.keys(files)[0]);
  editor.focus();
  lint();
});
editor.addEventListener("input", () => {
  files[active] = editor.value;
  round++;
  clearTimeout(timer);
  timer = setTimeout(lint, PAUSE);
});

// ---- what the linter says ----
async function lint() {
  const own = ++round;
  clearTimeout(timer);
  status.textContent = "Checking …";
  const checked = { ...files };
  try {
    const answers = await linter.ask("lint", { files: { ...data.shop, ...checked }, check: Object.keys(checked) });
    if (own !== round) return;
    const all = answers.flatMap(({ path, findings }) => findings.map((found, number) =>
      article(path, checked[path], found, rules, go, () => fix(path, number))));
    results.replaceChildren(...all);
    const said = { 0: "No problems found.", 1: "Found 1 problem." }[all.length] || `Found ${all.length} problems.`;
    status.textContent = [said, ...answers.flatMap((answer) => answer.faults)].join(" ");
  } catch (error) {
    if (own !== round) return;
    results.replaceChildren();
    status.textContent = `Not checked: ${error.message}`;
  }
}
async function fix(path, number) {
  round++;
  clearTimeout(timer);
  const before = files[path];
  try {
    const text = await linter.ask("fix", { files: { ...data.shop, ...files }, path, number });
    if (files[path] !== before) return;
    files[path] = text;
    show(path);
    editor.focus();
    await lint();
  } catch (error) {
    status.textContent = `Not fixed: ${error.message}`;
  }
}

// ---- links ----
async function share() {
  const own = Object.fromEntries(Object.entries(files).filter(([name, text]) => data.shop[name] !== text));
  try {
    const text = await packed(own, active);
    if (text.length > MAX_LINK) {
      status.textContent = "That is too much text for a link.";
      return;
    }
    history.replaceState(null, "", `#code=${text}`);
    status.textContent = "The address of this page carries the text now.";
  } catch {
    status.textContent = "This browser cannot make such a link.";
  }
}
/** Open what the address carries; whether there was something. */
async function carried() {
  const match = /^#code=([\w-]+)$/.exec(location.hash);
  if (!match) return false;
  try {
    open(await unpacked(match[1]));
    return true;
  } catch {
    status.textContent = "What this link carries cannot be read.";
    return false;
  }
}
addEventListener("hashchange", () => { if (data) carried(); });

// ---- the start ----
const start = element("button", {
  type: "button", id: "try-start", className: "md-button md-button--primary", textContent: "Load the linter",
});
function refuse(why) {
  data = undefined;
  status.textContent = `Not loaded: ${why}.`;
  start.textContent = "Try again";
  root.replaceChildren(status, start);
  start.focus();
}
async function begin() {
  status.textContent = "";
  const bar = element("progress", { "aria-label": "Loading" });
  root.replaceChildren(status, bar);
  status.textContent = "Loading Python and the linter …";
  const missing = Linter.missing();
  if (missing) return refuse(missing);
  try {
    const answer = await fetch(`${here}data.json`).catch(() => {
      throw new Error("data.json cannot be fetched; is there a network?");
    });
    if (answer.status === 404) throw new Error("this copy of the documentation was built without the linter");
    if (!answer.ok) throw new Error(`data.json: the server says ${answer.status}`);
    data = await answer.json();
    bar.max = data.bytes;
    await linter.start((loaded) => { bar.value = loaded; });
  } catch (error) {
    linter.stop("not loaded");
    return refuse(error.message);
  }
  examples.append(...data.examples.map((example, number) =>
    element("option", { value: number, textContent: example.name })));
  examples.addEventListener("change", () => open(data.examples[examples.value]));
  const form = element("form", {},
    element("label", { htmlFor: "try-name", textContent: "New file " }), newName, " ",
    element("button", { type: "submit", textContent: "Add file" }), " ", remove);
  form.addEventListener("submit", add);
  const link = element("button", { type: "button", textContent: "Link to this text" });
  link.addEventListener("click", share);
  root.replaceChildren(
    element("p", {}, element("label", { htmlFor: "try-example", textContent: "Example " }), examples),
    tabs, panel, form, element("p", {}, link), status, results,
    element("p", { className: "try-version", textContent: `qs_lint ${data.version}, Pyodide ${data.pyodide}` }));
  if (!(await carried())) open(data.examples[0]);
  editor.focus({ preventScroll: true });
}
start.addEventListener("click", begin);
root.replaceChildren(start);
