// Findings as elements of the page: the code with the place underlined, the words, the steps.

/** An element; what it has no property for is an attribute. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A text in which `names` stand between backticks. */
function words(text) {
  return text.split("`").map((part, number) =>
    number % 2 ? element("code", { textContent: part }) : part);
}

/** Columns count the bytes of UTF-8, as Python's parser does. */
function characters(text, column) {
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(0, column)).length;
}

function frame(text, found) {
  const lines = text.split("\n");
  const line = lines[found.line - 1] || "";
  const start = characters(line, found.column);
  const end = found.endLine === found.line ? characters(line, found.endColumn) : line.length;
  const last = Math.min(lines.length, found.line + 1);
  const width = String(last).length;
  const shown = [];
  for (let number = Math.max(1, found.line - 1); number <= last; number++) {
    shown.push(`${String(number).padStart(width)} | ${lines[number - 1]}`.trimEnd());
    if (number === found.line) {
      const below = line.slice(0, start).replace(/[^\t]/g, " ");
      shown.push(`${" ".repeat(width)} | ${below}${"^".repeat(Math.max(1, end - start))}`);
    }
  }
  // it may scroll, so the keyboard must get there
  return element(
    "pre", { tabIndex: 0, role: "region", "aria-label": `Code at line ${found.line}` },
    element("code", { textContent: shown.join("\n") }));
}

/** One finding in the file `path`; `go(path, line)` and `fix()` are what its buttons do. */
export function article(path, text, found, rules, go, fix) {
  function place(file, line) {
    const made = element("button", { type: "button", className: "try-place", textContent: `${file}:${line}` });
    made.addEventListener("click", () => go(file, line));
    return made;
  }
  const page = new URL(`${found.symbol}/`, rules).href;
  const made = element(
    "article", {},
    element("h2", {},
      element("a", { href: page, textContent: `${found.msgid} ${found.symbol}` }), " ", place(path, found.line)),
    frame(text, found));
  for (const part of [found.happens, found.wrong, found.cure]) {
    if (part) made.append(element("p", {}, ...words(part)));
  }
  if (found.steps.length) {
    made.append(element("ol", { ariaLabel: "The way there" }, ...found.steps.map((step) =>
      element("li", {}, place(step.path, step.line), " ", ...words(step.text)))));
  }
  const sure = `Confidence: ${found.confidence}.${found.enabled ? "" : " This rule is off by default."}`;
  made.append(element("p", { className: "try-confidence", textContent: sure }));
  if (found.fix) {
    const button = element("button", {
      type: "button", className: "md-button try-fix", textContent: "Apply fix",
      "aria-label": `Apply fix: ${found.symbol} in line ${found.line}`,
    });
    button.addEventListener("click", fix);
    made.append(element("p", {}, button, ` ${found.fix}`));
  } else {
    made.append(element("p", { className: "try-why", textContent: `Not fixed: ${found.why}.` }));
  }
  return made;
}
