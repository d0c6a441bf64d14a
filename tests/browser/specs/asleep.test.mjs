// A laptop that was shut for a while: its steady clock stood still, the time of day went on, and its line is dead without knowing it.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { withPage } from "../lib/browser.mjs";
import { withCable } from "../lib/cable.mjs";
import { alertOf, isLive, isSound, openBoard } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const ASLEEP_MS = 2 * 3600 * 1000;

/** The time of day as the page reads it runs ahead by `globalThis.slept`. @param {import("playwright-core").Page} page */
const withMovedClock = (page) =>
  page.addInitScript(() => {
    globalThis.slept = 0;
    const now = Date.now.bind(Date);
    Date.now = () => now() + globalThis.slept;
  });

test("a laptop that slept does not wake to a board that looks live: it finds what happened meanwhile by itself", async () => {
  await withWard((ward) =>
    withCable(ward.address, (cable) =>
      withPage(async (page) => {
        await withMovedClock(page);
        const bridge = await Bridge.enrol(ward);
        await bridge.reading(PEOPLE.WHITTAKER, 97);
        await openBoard(page, cable.address, ward.users[0]);
        await isLive(page);

        cable.deaden();
        await bridge.reading(PEOPLE.HUSSAIN, 84);
        assert.equal(await page.getByTestId("alert").count(), 0, "the line is dead");
        // What is on the screen at each moment from the waking on: live, and whether the red is there.
        await page.evaluate((asleep) => {
          globalThis.moments = [];
          const began = performance.now();
          const look = () => {
            const live = document.querySelector("#board")?.getAttribute("data-live") === "true";
            const red = document.querySelector("[data-testid=alert][data-severity=red]") !== null;
            globalThis.moments.push({ at: performance.now() - began, live, red });
            requestAnimationFrame(look);
          };
          globalThis.slept = asleep;
          look();
        }, ASLEEP_MS);
        await alertOf(page, "HUSSAIN", "red", { waiting: true });
        await isLive(page);
        const moments = await page.evaluate(() => globalThis.moments);
        const lied = moments.filter((moment) => moment.live && !moment.red).map((moment) => moment.at);
        // Its next tick sees that it slept.
        assert.ok(Math.max(0, ...lied) < 3000, `it looked live without the red for ${Math.max(0, ...lied)} ms`);
        assert.ok(moments.some((moment) => !moment.live), "it said that it was not live");
        await isSound(page, { lineWasDown: true });
      }),
    ),
  );
});
