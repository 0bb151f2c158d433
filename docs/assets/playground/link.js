// A link that carries text: JSON, compressed, in the part of an address that no server sees.
const NAME = /^(?:[A-Za-z_]\w*\/)*[A-Za-z_]\w*\.py$/;
const MAX_TEXT = 300000; // as in the bridge

/** Whether something can be the name of a file of the page. */
export function isName(name) {
  return NAME.test(name);
}

/** A stream's bytes, no more than `most` of them: a few bytes can be unpacked to very many. */
async function through(stream, bytes, most = Infinity) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("too much text");
    }
    parts.push(value);
  }
}

/** The text for an address that carries these files. */
export async function packed(files, active) {
  const bytes = new TextEncoder().encode(JSON.stringify({ files, active }));
  const small = await through(new CompressionStream("deflate-raw"), bytes);
  let text = "";
  for (const byte of small) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The inverse; throws for what is no link of this page. */
export async function unpacked(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  const found = JSON.parse(
    new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes, 4 * MAX_TEXT)));
  const files = Object.entries(found.files);
  if (!files.length || !files.every(([name, content]) => isName(name) && typeof content === "string")) {
    throw new Error("not a link of this page");
  }
  return { files: Object.fromEntries(files), active: String(found.active) };
}
