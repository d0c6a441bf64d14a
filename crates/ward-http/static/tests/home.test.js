// What a phone says and keeps by itself when it cannot reach the ward.
import assert from "node:assert/strict";
import test from "node:test";
import { send } from "../home/send.js";
import { band, number } from "../home/told.js";

const USUAL = { red: 92, amber: 94 };
const OF_88_TO_92 = { red: 85, amber: 87 };

test("a number is read as it is typed, in the digits of any keyboard", () => {
  for (const [text, value] of [
    ["96", 96],
    [" 96 % ", 96],
    ["96,5", 96.5],
    ["٩٦", 96],
    ["۹۶٫۵", 96.5],
    ["", Number.NaN],
    ["ninety", Number.NaN],
    ["9-6", Number.NaN],
    ["1e3", Number.NaN],
  ]) {
    assert.equal(number(String(text)), value, String(text));
  }
});

test("every whole percent has the band of the person's own plan, and its tenths are cut off", () => {
  for (const limits of [USUAL, OF_88_TO_92]) {
    for (let tenths = 10; tenths <= 1000; tenths += 1) {
      const whole = Math.floor(tenths / 10);
      const expected = whole <= limits.red ? "red" : whole <= limits.amber ? "amber" : "green";
      assert.equal(band({ oxygen: tenths / 10, pulse: Number.NaN }, limits), expected, String(tenths));
    }
  }
});

test("what looks swapped counts as the low that it may be, and what no oximeter shows has no band", () => {
  assert.equal(band({ oxygen: 72, pulse: 95 }, USUAL), "red");
  assert.equal(band({ oxygen: 104, pulse: 91 }, USUAL), "red");
  assert.equal(band({ oxygen: 104, pulse: 130 }, USUAL), undefined);
  for (const oxygen of [0, -3, 101, Number.NaN]) {
    assert.equal(band({ oxygen, pulse: Number.NaN }, USUAL), undefined);
  }
});

/** @param {number} made */
const waiting = (made) => ({
  id: "an-id",
  url: "/home/somebody/reading",
  kind: "reading",
  made,
  fields: /** @type {[string, string][]} */ ([["id", "an-id"], ["oxygen", "96"]]),
});

/** @param {number} status @param {unknown} [body] */
const answering = (status, body) => async () => new Response(body === undefined ? null : JSON.stringify(body), { status });

test("only what is certainly stored leaves the phone", async () => {
  const stored = answering(200, { next: "/home/somebody/result/an-id" });
  assert.deepEqual(await send(waiting(0), stored, 0), { came: "stored", next: "/home/somebody/result/an-id" });
  for (const [status, came] of /** @type {const} */ ([
    [401, "signed-out"],
    [403, "refused"],
    [422, "refused"],
    [429, "no-line"],
    [500, "no-line"],
    [503, "no-line"],
  ])) {
    assert.deepEqual(await send(waiting(0), answering(status), 0), { came }, String(status));
  }
  const nobody = async () => Promise.reject(new TypeError("no network"));
  assert.deepEqual(await send(waiting(0), nobody, 0), { came: "no-line" });
  // An answer that is none, as a hotel's sign-in page gives it.
  const hotel = async () => new Response("<html>Welcome</html>", { status: 200 });
  assert.deepEqual(await send(waiting(0), hotel, 0), { came: "no-line" });
});

test("how long something waited is told, whatever the phone's clock says", async () => {
  /** @type {URLSearchParams[]} */
  const bodies = [];
  const ask = async (/** @type {any} */ _url, /** @type {any} */ options) => {
    bodies.push(options.body);
    return new Response(JSON.stringify({ next: "/home" }), { status: 200 });
  };
  const wrongYear = Date.UTC(1999, 0, 1);
  await send(waiting(wrongYear), ask, wrongYear);
  await send(waiting(wrongYear), ask, wrongYear + 3_600_000);
  await send(waiting(wrongYear), ask, wrongYear - 3_600_000);
  assert.deepEqual(bodies.map((body) => body.get("waited_seconds")), [null, "3600", null]);
});
