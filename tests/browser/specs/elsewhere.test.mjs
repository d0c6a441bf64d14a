// What waits on the board, told on the pages beside it.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { alertOf, isLive, isSound, listen, openBoard, pulses, RED_HZ, reads, rowOf, sounds, startShift } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

/** @typedef {import("playwright-core").Page & { problems: string[], strangers: string[] }} Page */

/** The line on a page beside the board. @param {Page} page */
const line = (page) => page.getByTestId("elsewhere");

/** @param {Page} page @param {string} state */
const stands = (page, state) => page.locator(`[data-testid=elsewhere][data-state=${state}]`).waitFor();

/** Whom the reds are about, so often as they were said at once. @param {Page} page */
async function hearReds(page) {
  await page.addInitScript(() => {
    globalThis.reds = [];
    document.addEventListener("DOMContentLoaded", () => {
      const place = document.getElementById("elsewhere-now");
      if (place) new MutationObserver(() => place.textContent && globalThis.reds.push(place.textContent)).observe(place, { childList: true });
    });
  });
}

test("whoever reads one patient's page hears of another's red there, and the board sounds again without being asked", async () => {
  await withWard(
    (ward) =>
      withPage(async (page) => {
        const bridge = await Bridge.enrol(ward);
        await listen(page);
        await hearReds(page);
        await openBoard(page, ward.address, ward.users[0]);
        await isLive(page);
        await startShift(page);
        await rowOf(page, "ORMEROD").getByTestId("patient-page").click();
        await reads(line(page), /Live view/);
        await stands(page, "amber");
        await isSound(page);
        assert.equal(await pulses(page, RED_HZ), 0, "it was heard when the shift began");

        await bridge.reading(PEOPLE.HUSSAIN, 84);
        await stands(page, "red");
        await reads(line(page), /Red\s+1 waits: HUSSAIN, Zahra \(PEN \d+\)\./);
        await page.waitForFunction(() => globalThis.reds.length > 0);
        assert.deepEqual(await page.evaluate(() => globalThis.reds.map((one) => one.replace(/\d+/, "n"))), ["Red: HUSSAIN, Zahra (PEN n)."]);
        await sounds(page, RED_HZ, 0);
        await isSound(page);
        await picture(page, "beside-the-board-red-1366x768");
        await page.setViewportSize({ width: 390, height: 844 });
        await picture(page, "beside-the-board-red-390x844");
        await page.setViewportSize({ width: 1366, height: 768 });

        // It is quiet here and everywhere when somebody asks for it, and what was said once is not said on the next page.
        await page.getByTestId("elsewhere-pause").click();
        await reads(line(page), /Sound is paused/);
        await page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name: "Call list" }).click();
        await stands(page, "red");
        await reads(line(page), /Sound is paused/);
        assert.equal(await pulses(page, RED_HZ), 0);

        // The next red is said, that one alone, and ends the quiet.
        await bridge.reading(PEOPLE.WHITTAKER, 85);
        await reads(line(page), /Red\s+2 wait: /);
        await page.waitForFunction(() => globalThis.reds.length > 0);
        assert.deepEqual(await page.evaluate(() => globalThis.reds.map((one) => one.replace(/\d+/, "n"))), ["Red: WHITTAKER, George (PEN n)."]);
        await sounds(page, RED_HZ, 0);

        await line(page).getByRole("link", { name: "Live view" }).click();
        await isLive(page);
        await page.locator("[data-testid=sound][data-sound=on]").waitFor();
        for (const name of ["HUSSAIN", "WHITTAKER"]) {
          const red = await alertOf(page, name, "red", { waiting: true });
          await page.mouse.move(5, 5);
          await red.getByTestId("acknowledge").click();
          await alertOf(page, name, "red", { waiting: false });
        }
        await rowOf(page, "HUSSAIN").getByTestId("patient-page").click();
        await stands(page, "amber");
        await isSound(page);
      }),
    { daysBefore: 3 },
  );
});

test("who has not started the shift in this tab hears nothing beside the board either, and reads it all the same", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const bridge = await Bridge.enrol(ward);
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await rowOf(page, "WHITTAKER").getByTestId("patient-page").click();
      await reads(line(page), /Nothing waits for somebody/);
      await stands(page, "quiet");
      await bridge.reading(PEOPLE.HUSSAIN, 84);
      await stands(page, "red");
      await reads(page.locator("#elsewhere-now"), /Red: HUSSAIN/);
      assert.equal(await pulses(page, RED_HZ), 0);
      assert.equal(await page.getByTestId("elsewhere-pause").isVisible(), false);
    }),
  );
});

test("a page beside the board says when it hears nothing any more, with its own sound, and when it does again", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const NOT_LIVE_HZ = 622;
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await startShift(page);
      await rowOf(page, "WHITTAKER").getByTestId("patient-page").click();
      await reads(line(page), /Nothing waits for somebody/);
      await ward.signal("SIGSTOP");
      await page.locator("[data-testid=elsewhere][data-state=deaf]").waitFor({ timeout: 25_000 });
      await reads(line(page), /NOT LIVE: nothing heard of new alerts since \d\d:\d\d\./);
      await sounds(page, NOT_LIVE_HZ, 0);
      await picture(page, "beside-the-board-not-live-1366x768");
      await ward.signal("SIGCONT");
      await stands(page, "quiet");
      await reads(line(page), /Nothing waits for somebody/);
    }),
  );
});

test("back at the board the sound is on by itself for who started the shift, and off for the next who signs in", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await startShift(page);
      await rowOf(page, "WHITTAKER").getByTestId("patient-page").click();
      await reads(line(page), /Nothing waits/);
      await page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name: "Board" }).click();
      await isLive(page);
      await page.locator("[data-testid=sound][data-sound=on]").waitFor();
      await reads(page.getByTestId("sound"), /Sound on since \d\d:\d\d/);
      assert.equal(await pulses(page, RED_HZ), 0);
      await page.getByTestId("sign-out").click();
      await openBoard(page, ward.address, ward.users[1]);
      await isLive(page);
      await page.locator("[data-testid=sound][data-sound=off]").waitFor();
    }),
  );
});
