// Asks the linter in its worker, and starts another worker when one has stopped.
const PATIENCE = 60000; // ms for one answer, after the start
const STOPPED = "the linter stopped; it starts again with the next change";
const here = new URL(".", import.meta.url).href;

export class Linter {
  #worker;
  #waiting = new Map();
  #next = 0;
  #patience;

  constructor(patience = PATIENCE) {
    this.#patience = patience;
  }

  /** Why this browser cannot run it, or "". */
  static missing() {
    if (typeof WebAssembly !== "object") return "this browser has no WebAssembly, or it is turned off";
    if (typeof Worker !== "function") return "this browser has no web workers";
    return "";
  }

  /** Load everything, telling `progress` of the bytes; rejects with the reason if that fails. */
  start(progress = () => {}) {
    this.#worker = new Worker(here + "worker.js", { type: "module" });
    this.#worker.onmessage = ({ data: { id, answer, error, loaded, broken } }) => {
      if (loaded) progress(loaded);
      else if (broken) this.stop(`${STOPPED} (${error})`);
      else this.#settle(id, answer, error);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.stop(STOPPED);
    };
    return this.#send("start");
  }

  /** The answer of one function of the bridge. */
  async ask(name, request) {
    if (!this.#worker) await this.start();
    return this.#send(name, request, this.#patience);
  }

  /** End the worker; whoever waits for an answer is told why. */
  stop(why) {
    if (this.#worker) this.#worker.terminate();
    this.#worker = undefined;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null, why);
  }

  #send(name, request, patience) {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      const clock = patience && setTimeout(() => this.stop("no answer in time"), patience);
      this.#waiting.set(id, { resolve, reject, clock });
      this.#worker.postMessage({ id, name, request });
    });
  }

  #settle(id, answer, error) {
    const entry = this.#waiting.get(id);
    if (!entry) return;
    this.#waiting.delete(id);
    clearTimeout(entry.clock);
    if (error) entry.reject(new Error(error));
    else entry.resolve(answer);
  }
}
