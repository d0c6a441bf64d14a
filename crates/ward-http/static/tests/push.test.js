// What a browser shows of a push, and where a press leads.
import assert from "node:assert/strict";
import test from "node:test";

const NOTICE = {
  id: "01930000-0000-7000-8000-000000000007",
  tag: "a",
  severity: "red",
  title: "Red alert PEN 4711",
  text: "Look at the board.",
  link: "https://ward.example.nhs.uk/wards/1",
};
const ORIGIN = "https://ward.example.nhs.uk";

/** A worker as a browser has it. */
function worker() {
  /** @type {Map<string, (event: any) => void>} */
  const heard = new Map();
  /** @type {any[]} */
  const did = [];
  Object.assign(globalThis, {
    registration: { showNotification: async (/** @type {string} */ title, /** @type {any} */ how) => did.push(["shows", title, how]) },
    addEventListener: (/** @type {string} */ name, /** @type {any} */ hear) => heard.set(name, hear),
    skipWaiting: async () => did.push(["begins"]),
    location: { origin: ORIGIN },
    clients: {
      windows: [],
      async matchAll() {
        return this.windows;
      },
      openWindow: async (/** @type {string} */ to) => did.push(["opens", to]),
    },
  });
  return { heard, did };
}

const { heard, did } = worker();
await import("../push.js");

/** @param {string} name @param {object} event */
async function happens(name, event) {
  did.length = 0;
  /** @type {Promise<unknown> | undefined} */
  let until;
  heard.get(name)?.({ ...event, waitUntil: (/** @type {Promise<unknown>} */ what) => (until = what) });
  assert.ok(until, "a browser stops a worker that it is not asked to wait for");
  await until;
  return did;
}

test("a push is shown with its title and text, and a red one stays", async () => {
  const [[what, title, how]] = await happens("push", { data: { json: () => NOTICE } });
  assert.deepEqual([what, title, how.body, how.tag], ["shows", NOTICE.title, NOTICE.text, "a"]);
  assert.equal(how.requireInteraction, true);
  const [[, , low]] = await happens("push", { data: { json: () => ({ ...NOTICE, severity: "low" }) } });
  assert.equal(low.requireInteraction, false);
  assert.deepEqual(await happens("install", {}), [["begins"]]);
});

test("a push that cannot be read shows something all the same", async () => {
  const unreadable = () => {
    throw new SyntaxError("no JSON");
  };
  for (const data of [null, undefined, { json: unreadable }, { json: () => null }, { json: () => 7 }, { json: () => ({ title: 1, text: [] }) }]) {
    const [[what, title, how]] = await happens("push", { data });
    assert.deepEqual([what, title, how.tag], ["shows", "Wardlight", "wardlight"]);
    assert.match(how.body, /Look at the board/);
    assert.equal(how.requireInteraction, true);
  }
});

test("a press opens the link, or comes back to the page that shows it", async () => {
  let closed = 0;
  const notification = { data: { link: NOTICE.link }, close: () => (closed += 1) };
  assert.deepEqual(await happens("notificationclick", { notification }), [["opens", NOTICE.link]]);
  const page = { url: NOTICE.link, focus: async () => did.push(["comes back"]) };
  /** @type {any} */ (globalThis).clients.windows = [{ url: `${ORIGIN}/other` }, page];
  assert.deepEqual(await happens("notificationclick", { notification }), [["comes back"]]);
  assert.equal(closed, 2);
});

test("a press leads nowhere but into this service", async () => {
  /** @type {any} */ (globalThis).clients.windows = [];
  for (const [link, to] of [
    ["/wards/1", `${ORIGIN}/wards/1`],
    [`${ORIGIN}/wards/1?a=b`, `${ORIGIN}/wards/1?a=b`],
    ["https://example.org/", `${ORIGIN}/`],
    ["//example.org/", `${ORIGIN}/`],
    ["javascript:alert(1)", `${ORIGIN}/`],
    ["http://[", `${ORIGIN}/`],
    [null, `${ORIGIN}/`],
    [undefined, `${ORIGIN}/`],
    [7, `${ORIGIN}/`],
  ]) {
    const notification = { data: { link }, close: () => {} };
    assert.deepEqual(await happens("notificationclick", { notification }), [["opens", to]], String(link));
  }
  const none = { data: null, close: () => {} };
  assert.deepEqual(await happens("notificationclick", { notification: none }), [["opens", `${ORIGIN}/`]]);
});
