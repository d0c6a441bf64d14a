// What a device shows while no line carries anything: the pages that it kept, and at once the files that make them work.
import assert from "node:assert/strict";
import test from "node:test";

const ORIGIN = "https://ward.example.nhs.uk";
const PAGE = "/home/01930000-0000-7000-8000-000000000007/reading";
const FILE = "/static/home/forms.js";

/** @type {Map<string, (event: any) => void>} */
const heard = new Map();
/** @type {Map<string, string>} */
const kept = new Map();
/** What the network answers, by path; what is not in it is never answered. @type {Map<string, string>} */
const network = new Map();

const cache = {
  match: async (/** @type {string} */ path) => (kept.has(path) ? new Response(kept.get(path)) : undefined),
  put: async (/** @type {string} */ path, /** @type {Response} */ response) => kept.set(path, await response.text()),
  keys: async () => [...kept.keys()].map((path) => ({ url: ORIGIN + path })),
  delete: async (/** @type {string} */ path) => kept.delete(path),
};
Object.assign(globalThis, {
  addEventListener: (/** @type {string} */ name, /** @type {any} */ hear) => heard.set(name, hear),
  location: { origin: ORIGIN },
  caches: { open: async () => cache },
  fetch: async (/** @type {{ url: string }} */ { url }) => {
    const body = network.get(new URL(url).pathname);
    if (body === undefined) {
      return new Promise(() => undefined);
    }
    // A browser says of an answer of the same origin that it is one.
    return Object.defineProperty(new Response(body), "type", { value: "basic" });
  },
});
await import("../home/worker.js");

/** @param {string} path @returns {Promise<string>} */
async function shows(path) {
  /** @type {Promise<Response> | undefined} */
  let answer;
  const request = { url: ORIGIN + path, method: "GET", mode: "cors" };
  heard.get("fetch")?.({ request, respondWith: (/** @type {Promise<Response>} */ what) => (answer = what) });
  assert.ok(answer, `${path} is answered by the worker`);
  return (await answer).text();
}

/** Lets all that is ready go on. */
const settle = () => new Promise((done) => setImmediate(done));

/** @param {Promise<string>} answer  whether it has come by now */
async function hasCome(answer) {
  await settle();
  return Promise.race([answer.then(() => true), settle().then(() => false)]);
}

test("the network comes first, and only a page that had to come from here has its files at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  kept.set(PAGE, "old page").set(FILE, "old file");
  network.set(PAGE, "new page").set(FILE, "new file");
  assert.deepEqual([await shows(PAGE), await shows(FILE)], ["new page", "new file"]);
  assert.deepEqual([kept.get(PAGE), kept.get(FILE)], ["new page", "new file"]);

  // The line carries nothing, and nobody is told: a page waits its time, and its files none.
  network.clear();
  const file = shows(FILE);
  assert.equal(await hasCome(file), false);
  const page = shows(PAGE);
  assert.equal(await hasCome(page), false);
  t.mock.timers.tick(6_000);
  assert.deepEqual([await page, await file], ["new page", "new file"]);
  assert.equal(await hasCome(shows(FILE)), true);

  // For so long as it may be the same page; then the network is asked again.
  network.set(FILE, "newest file");
  assert.equal(await shows(FILE), "new file");
  t.mock.timers.tick(30_000);
  assert.equal(await shows(FILE), "newest file");

  // A page that comes from the network has its files from there, however short the line was gone.
  network.clear();
  const again = shows(PAGE);
  await hasCome(again);
  t.mock.timers.tick(6_000);
  assert.equal(await again, "new page");
  network.set(PAGE, "newest page").set(FILE, "a file of the next release");
  assert.deepEqual([await shows(PAGE), await shows(FILE)], ["newest page", "a file of the next release"]);
});

test("what is entered does not pass through the worker", () => {
  let answered = false;
  const request = { url: ORIGIN + PAGE, method: "POST", mode: "cors" };
  heard.get("fetch")?.({ request, respondWith: () => (answered = true) });
  assert.equal(answered, false);
});
