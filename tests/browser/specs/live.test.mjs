// A board must never look live when it is not, and must miss nothing of what happened meanwhile.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { withCable } from "../lib/cable.mjs";
import { alertOf, isLive, isSound, listen, openBoard, reads, sounds, startShift, wentWell } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const NOT_LIVE_HZ = 311;
const SINCE = /NOT LIVE since \d\d:\d\d:\d\d/;

test("a service that hangs shows as NOT LIVE within twelve seconds by the page's own clock", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await startShift(page);
      // Nothing is closed and nothing is refused: the line just goes silent.
      await page.evaluate(() => {
        globalThis.silentFor = (/** @type {number} */ since) =>
          new Promise((resolve) => {
            const look = () => (document.querySelector("[data-testid=not-live]") ? resolve(performance.now() - since) : setTimeout(look, 20));
            look();
          });
      });
      await ward.signal("SIGSTOP");
      const took = await page.evaluate(() => globalThis.silentFor(performance.now()));
      assert.ok(took <= 12_000, `it took ${took} ms`);
      await reads(page.getByTestId("not-live"), SINCE);
      await reads(page.getByTestId("not-live"), /ward’s phone is 01632 960 100/);
      assert.match(await page.title(), /^NOT LIVE/);
      await page.locator("#board[data-live=false]").waitFor();
      await sounds(page, NOT_LIVE_HZ, 0);
      await reads(page.getByTestId("say-now"), /not live/);
      await isSound(page, { lineWasDown: true });
      await picture(page, "not-live");

      await ward.signal("SIGCONT");
      await isLive(page);
      assert.equal(await page.getByTestId("not-live").count(), 0);
      const bridge = await Bridge.enrol(ward);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await alertOf(page, "HUSSAIN", "red", { waiting: true });
    }),
  );
});

test("a killed service shows as NOT LIVE, and started again the board is live with nothing lost", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      const bridge = await Bridge.enrol(ward);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      const before = await alertOf(page, "HUSSAIN", "red", { waiting: true });
      await before.getByTestId("acknowledge").click();
      await reads(page.getByTestId("owner"), /You have it/);

      await ward.signal("SIGKILL");
      await reads(page.getByTestId("not-live"), SINCE, 12_000);
      await page.getByTestId("open-resolve").click();
      await page.getByTestId("outcome").selectOption("advice_given");
      await page.getByTestId("resolve").click();
      await reads(page.getByTestId("resolve-error"), /Not sent: the service does not answer/);

      await ward.start();
      await bridge.reading(PEOPLE.WHITTAKER, 84);
      await isLive(page);
      await alertOf(page, "WHITTAKER", "red", { waiting: true });
      await reads(page.getByTestId("resolve-form"), /Not sent/);
      await page.getByTestId("resolve").click();
      await reads(page.getByTestId("over-item"), /HUSSAIN, Zahra: red, resolved by you: Advice given by phone/);
      wentWell(page, { lineWasDown: true });
    }),
  );
});

test("what happens while the line is cut is there without a gap when it is mended", async () => {
  await withWard((ward) =>
    withCable(ward.address, (cable) =>
      withPage(async (page) => {
        const bridge = await Bridge.enrol(ward);
        await bridge.reading(PEOPLE.HUSSAIN, 93);
        await openBoard(page, cable.address, ward.users[0]);
        await isLive(page);
        await alertOf(page, "HUSSAIN", "amber", { waiting: true });
        const boards = [];
        page.on("request", (request) => request.url().endsWith("/board") && boards.push(request.url()));

        cable.cut();
        await page.locator("#board[data-live=false]").waitFor();
        await bridge.reading(PEOPLE.HUSSAIN, 84);
        for (const value of [97, 96, 95]) {
          await bridge.reading(PEOPLE.NOWAK, value);
        }
        await reads(page.getByTestId("live"), /Catching up|NOT LIVE/);
        cable.mend();
        await isLive(page);
        await alertOf(page, "HUSSAIN", "red", { waiting: true });
        await reads(page.getByTestId("row").filter({ hasText: "NOWAK" }), /Last 97 → 96 → 95/);
        wentWell(page, { lineWasDown: true });
      }),
    ),
  );
});
