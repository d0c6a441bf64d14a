// How long from a reading to its value on an open board, with two hundred patients and two hundred readings in a second.
// Prints figures for `cargo xtask bench`: one JSON object a line.
import { setTimeout as pause } from "node:timers/promises";
import { Bridge } from "../lib/bridge.mjs";
import { withPage } from "../lib/browser.mjs";
import { isLive, openBoard, rowOf } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const PEOPLE = 200;
const SEEDED = 12;
const BURSTS = 5;
const BURST_MS = 1000;
/** A change is to be visible so soon after the commit. */
const VISIBLE_WITHIN_MS = 300;
/** One in so many of a burst is a red. */
const RED_EACH = 20;

/** Notes when each row first showed a value that is waited for, after it was painted. Runs in the page. */
function watch() {
  globalThis.waited = new Map();
  globalThis.shown = {};
  const look = () => {
    const paint = new MessageChannel();
    const seen = [];
    for (const row of document.querySelectorAll("[data-testid=row]")) {
      const name = row.querySelector("h1, h2, h3")?.textContent?.trim() ?? "";
      const value = globalThis.waited.get(name);
      const text = row.querySelector("[data-testid=value]")?.textContent ?? "";
      if (value !== undefined && Number.parseFloat(text) === value) {
        globalThis.waited.delete(name);
        seen.push(name);
      }
    }
    if (seen.length > 0) {
      requestAnimationFrame(() => {
        // The task after the frame's own: it has been drawn.
        paint.port1.onmessage = () => {
          for (const name of seen) {
            globalThis.shown[name] = performance.timeOrigin + performance.now();
          }
        };
        paint.port2.postMessage(undefined);
      });
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}

/** @param {number[]} times @param {number} percent */
const percentile = (times, percent) => times[Math.ceil(((times.length - 1) * percent) / 100)] ?? NaN;

/** @param {string} what @param {number} measured */
function figure(what, measured) {
  const limit = { limit: VISIBLE_WITHIN_MS, limit_is: "a fixed figure, not measured", target: 1, better: "lower" };
  console.log(JSON.stringify({ what, measured, unit: "ms", ...limit }));
}

const now = () => performance.timeOrigin + performance.now();

await withWard(
  (ward) =>
    withPage(async (page) => {
      const bridge = await Bridge.enrol(ward);
      const oximeters = ward.bridges[0].devices.map((device) => device.address);
      for (const oximeter of oximeters) {
        await bridge.reading(oximeter, 96);
      }
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await rowOf(page, "HUSSAIN").first().waitFor();
      const began = now();
      await page.reload();
      await isLive(page);
      console.log(`A board of ${PEOPLE} is live ${Math.round(now() - began)} ms after it is opened.`);
      const names = ward.bridges[0].devices.map((device) => device.wearer);
      await page.evaluate(watch);
      const line = await page.context().newCDPSession(page);
      await line.send("Performance.enable");
      const worked = async () => {
        const { metrics } = await line.send("Performance.getMetrics");
        return 1000 * (metrics.find((it) => it.name === "TaskDuration")?.value ?? NaN);
      };
      const after = { sent: [], answered: [], reds: [] };
      for (let burst = 0; burst < BURSTS; burst += 1) {
        const targets = oximeters.map((_, place) => (place % RED_EACH === burst ? 86 - burst : 97 + ((burst + 1) % 2)));
        await page.evaluate((all) => (globalThis.waited = new Map(all)), names.map((name, place) => [name, targets[place]]));
        await page.evaluate(() => (globalThis.shown = {}));
        const [start, work] = [now(), await worked()];
        const posts = oximeters.map(async (oximeter, place) => {
          await pause((place * BURST_MS) / oximeters.length);
          const sent = now();
          await bridge.reading(oximeter, targets[place]);
          return { sent, answered: now() };
        });
        const times = await Promise.all(posts);
        const took = now() - start;
        await page.waitForFunction((all) => Object.keys(globalThis.shown).length === all, names.length, { timeout: 30_000 });
        const shown = await page.evaluate(() => globalThis.shown);
        times.forEach(({ sent, answered }, place) => {
          after.sent.push(shown[names[place]] - sent);
          after.answered.push(Math.max(0, shown[names[place]] - answered));
          if (targets[place] < 90) {
            after.reds.push(shown[names[place]] - answered);
          }
        });
        const each = ((await worked()) - work) / names.length;
        console.log(`Burst ${burst + 1}: ${names.length} readings confirmed within ${Math.round(took)} ms; the page works ${each.toFixed(1)} ms for each.`);
        await pause(2000);
      }
      for (const [what, times] of /** @type {[string, number[]][]} */ ([
        ["reading posted to value painted", after.sent],
        ["commit confirmed to value painted", after.answered],
        ["commit confirmed to red painted", after.reds],
      ])) {
        times.sort((a, b) => a - b);
        const words = [0, 50, 90, 99, 100].map((percent) => `p${percent} ${percentile(times, percent).toFixed(0)}`);
        console.log(`${what}, ${PEOPLE} patients, ${times.length} readings: ${words.join(", ")} ms`);
        figure(`${what}, p50, burst of ${PEOPLE} in a second`, percentile(times, 50));
        figure(`${what}, p99, burst of ${PEOPLE} in a second`, percentile(times, 99));
      }
    }),
  { crowd: PEOPLE - SEEDED, environment: { WARDLIGHT_HTTP__BATCHES_PER_SECOND: "1000" } },
);
