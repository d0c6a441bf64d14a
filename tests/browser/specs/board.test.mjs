// The board of a real service in a real browser, from the sign-in form to the end of an alert.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { AMBER_HZ, RED_HZ, alertOf, isLive, isSound, listen, openBoard, pulses, reads, rowOf, sounds, startShift, wentWell } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const WALL = { viewport: { width: 1920, height: 1080 } };

test("a low appears on the open board, is acknowledged, worsens, speaks again and is resolved", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await page.goto(ward.address);
      assert.match(page.url(), /\/sign-in/);
      await isSound(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await page.locator("[data-testid=sound][data-sound=off]").waitFor();
      await startShift(page);
      await reads(page.getByTestId("sound"), /Sound on since \d\d:\d\d/);
      await reads(rowOf(page, "WHITTAKER"), /No value yet/);
      await isSound(page);

      const bridge = await Bridge.enrol(ward);
      assert.equal(await bridge.reading(PEOPLE.HUSSAIN, 93.5), "stored");
      const amber = await alertOf(page, "HUSSAIN", "amber", { waiting: true });
      await sounds(page, AMBER_HZ, 0);
      assert.equal(await pulses(page, RED_HZ), 0);
      assert.equal(await page.getByTestId("row").first().getAttribute("data-level"), "amber");
      await reads(rowOf(page, "HUSSAIN").getByTestId("value"), /93\.5 %\s*\*\* Amber/);

      await amber.getByTestId("acknowledge").click();
      await reads((await alertOf(page, "HUSSAIN", "amber", { waiting: false })).getByTestId("owner"), /You have it, since \d\d:\d\d/);

      await bridge.reading(PEOPLE.HUSSAIN, 86);
      const red = await alertOf(page, "HUSSAIN", "red", { waiting: true });
      await sounds(page, RED_HZ, 0);
      await reads(red, /Nobody has it, red since/);
      await reads(page.getByTestId("waiting-reds"), /\*\*\* Red 1 waits for somebody/);
      assert.match(await page.title(), /^\(1 RED\) Pennine/);
      await reads(page.getByTestId("say-now"), /Red: HUSSAIN, Zahra, 86 percent/);
      await isSound(page);
      await picture(page, "board-red");

      await red.getByTestId("acknowledge").click();
      const mine = await alertOf(page, "HUSSAIN", "red", { waiting: false });
      await reads(mine.getByTestId("owner"), /You have it/);
      await reads(page.getByTestId("waiting-reds"), /No red is waiting/);

      await mine.getByTestId("open-resolve").click();
      await isSound(page);
      await page.getByTestId("resolve").click();
      await reads(page.getByTestId("resolve-error"), /Choose an outcome/);
      await page.getByTestId("outcome").selectOption("ambulance_called");
      await page.getByTestId("note").fill("Ringing her daughter now.");
      await page.getByTestId("resolve").click();
      await reads(page.getByTestId("over-item"), /PEN \d+ HUSSAIN, Zahra: red, resolved by you: Ambulance called/);
      assert.equal(await page.getByTestId("alert").count(), 0);
      await reads(rowOf(page, "HUSSAIN").getByTestId("still-low"), /Still low, no open alert\. PEN \d+ resolved \d\d:\d\d: Ambulance called/);
      await isSound(page);

      const before = await pulses(page, RED_HZ);
      await bridge.reading(PEOPLE.HUSSAIN, 86);
      await alertOf(page, "HUSSAIN", "red", { waiting: true });
      await sounds(page, RED_HZ, before);
    }),
  );
});

test("two clinicians and a wall see the same, and the second one is told who was first", async () => {
  await withWard((ward) =>
    withPage((amy) =>
      withPage((ben) =>
        withPage(async (wall) => {
          await openBoard(amy, ward.address, ward.users[0]);
          await openBoard(ben, ward.address, ward.users[1]);
          await openBoard(wall, ward.address, ward.users[2], { wall: true });
          await Promise.all([amy, ben, wall].map((page) => isLive(page)));
          const bridge = await Bridge.enrol(ward);
          await bridge.reading(PEOPLE.WHITTAKER, 88);
          const hers = await alertOf(amy, "WHITTAKER", "red", { waiting: true });
          const his = await alertOf(ben, "WHITTAKER", "red", { waiting: true });
          await alertOf(wall, "WHITTAKER", "red", { waiting: true });

          // Ben presses before his page can have heard that Amy was first.
          let letGo;
          const held = new Promise((resolve) => (letGo = resolve));
          await ben.route("**/acknowledge", async (route) => {
            await held;
            await route.continue();
          });
          await his.getByTestId("acknowledge").click();
          await hers.getByTestId("acknowledge").click();
          await reads(amy.getByTestId("owner"), /You have it, since/);
          letGo();
          await reads(ben.getByTestId("alert-message"), /Nurse Amy Barker was first, at \d\d:\d\d:\d\d/);
          await reads(ben.getByTestId("owner"), /Nurse Amy Barker has it, since/);
          await reads(wall.getByTestId("owner"), /Nurse Amy Barker has it, since/);
          assert.equal(await wall.getByTestId("acknowledge").count(), 0);
          assert.equal(await wall.getByTestId("open-resolve").count(), 0);
          wentWell(amy);
          await isSound(ben, { refusals: /409 \(Conflict\)/ });
          await isSound(wall);

          await bridge.reading(PEOPLE.NOWAK, 90);
          await alertOf(wall, "NOWAK", "red", { waiting: true });
          await picture(wall, "wall");
          for (const page of [amy, wall]) {
            await nothingSticksOut(page);
          }
        }, WALL),
      ),
    ),
  );
});

test("a red that a filter hides is still counted and one press away", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      const bridge = await Bridge.enrol(ward);
      await page.getByTestId("filter").fill("ashworth");
      await page.waitForFunction(() => document.querySelectorAll("[data-testid=row]").length === 1);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await reads(page.getByTestId("hidden-reds"), /\*\*\* Hidden by the filter: 1 red, 1 waiting for somebody/);
      await reads(page.getByTestId("waiting-reds"), /1 waits for somebody/);
      assert.equal(await page.getByTestId("row").count(), 1);
      await isSound(page);
      await page.getByTestId("show-hidden").click();
      await alertOf(page, "HUSSAIN", "red", { waiting: true });
      assert.equal(await page.getByTestId("row").count(), 12);
      assert.equal(await page.getByTestId("hidden-reds").count(), 0);
    }),
  );
});

test("sign-in, start of shift, acknowledge and resolve need no pointer", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await page.goto(`${ward.address}/sign-in`);
      await tabTo(page, "username");
      await page.keyboard.type(ward.users[0].name);
      await tabTo(page, "password");
      await page.keyboard.type(ward.users[0].password);
      await page.keyboard.press("Enter");
      await page.getByTestId("ward").getByRole("heading").getByRole("link").focus();
      await page.keyboard.press("Enter");
      await isLive(page);
      await tabTo(page, "start-shift");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.id === "sound-question");
      await tabTo(page, "heard");
      await page.keyboard.press("Enter");
      await page.locator("[data-testid=sound][data-sound=on]").waitFor();

      const bridge = await Bridge.enrol(ward);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await alertOf(page, "HUSSAIN", "red", { waiting: true });
      await tabTo(page, "acknowledge");
      await page.keyboard.press("Enter");
      await alertOf(page, "HUSSAIN", "red", { waiting: false });
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "open-resolve");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "outcome");
      await page.keyboard.type("Advice");
      await tabTo(page, "resolve");
      await page.keyboard.press("Enter");
      await reads(page.getByTestId("over-item"), /resolved by you: Advice given by phone/);
      wentWell(page);
    }),
  );
});

test("tries without a value, a doubtful normal, other limits and trouble with kit can all be read", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await startShift(page);
      const bridge = await Bridge.enrol(ward);

      await bridge.reading(PEOPLE.ASHWORTH, 89);
      const ashworth = rowOf(page, "ASHWORTH");
      await reads(ashworth.getByTestId("value"), /89 %\s*Green/);
      await reads(ashworth, /Red ≤85 · amber ≤87 · scale 2/);
      await bridge.reading(PEOPLE.NOWAK, 96, { doubts: ["poor_signal"] });
      await reads(rowOf(page, "NOWAK"), /96 %\s*Green\?[^]*Doubtful value/);
      await reads(rowOf(page, "PICKLES"), /No value yet[^]*Nothing measured so far/);

      // Low priority makes no sound, though it is long enough on the board for its age to tick.
      await bridge.reading("00:1C:05:00:00:FE", 97);
      const kit = page.getByTestId("technical").first();
      await reads(kit, /Low priority[^]*oximeter that nobody is known to wear/);
      const age = await kit.getByTestId("owner").innerText();
      await page.waitForFunction((before) => document.querySelector("[data-testid=owner]")?.textContent !== before, age);
      assert.equal((await pulses(page, AMBER_HZ)) + (await pulses(page, RED_HZ)), 0);

      for (let tries = 0; tries < 4; tries += 1) {
        await bridge.attempt(PEOPLE.PICKLES, "no_finger");
      }
      await reads(rowOf(page, "PICKLES"), /No value yet[^]*Tried \d+ s ago, no value/);
      await reads(rowOf(page, "PICKLES"), /\*\* Amber PEN \d+ Kit Poor signal[^]*The last one: no finger[^]*Nobody has it, amber since/);
      await sounds(page, AMBER_HZ, 0);
      const inAnHour = new Date(Date.now() + 3_600_000);
      await bridge.reading(PEOPLE.WHITTAKER, 97, { measuredAt: inAnHour });
      await reads(page.getByTestId("technical"), /Clock is wrong[^]*59 min fast|Clock is wrong[^]*60 min fast/);

      await bridge.reading("00:1C:05:00:00:FE", 84);
      await reads(kit, /Red[^]*oximeter that nobody is known to wear[^]*00:1C:05:00:00:FE[^]*May belong to: [^]*HUSSAIN, Zahra, 01632 960 2\d\d/);
      await sounds(page, RED_HZ, 0);
      await reads(page.getByTestId("waiting-reds"), /1 waits for somebody/);
      await isSound(page);
      await nothingSticksOut(page);
      await picture(page, "board-kit");
      await kit.getByTestId("acknowledge").click();
      await reads(kit.getByTestId("owner"), /You have it/);
    }),
  );
});

test("without a script the board is a table with forms", async () => {
  const plain = { javaScriptEnabled: false };
  await withWard((ward) =>
    withPage(async (page) => {
      const bridge = await Bridge.enrol(ward);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await openBoard(page, ward.address, ward.users[0]);
      const table = page.getByRole("table");
      await reads(table, /HUSSAIN, Zahra[^]*85 % \*\*\* Red[^]*Nobody has it/);
      assert.equal(await table.getByRole("row").nth(1).getByRole("rowheader").innerText(), "HUSSAIN, Zahra");
      await page.locator("noscript p", { hasText: "JavaScript is off" }).waitFor({ state: "attached" });
      // axe is a script itself and cannot run here: below it judges the same table, whose script never arrives.
      assert.deepEqual(page.problems, []);

      await withPage(async (ben) => {
        await openBoard(ben, ward.address, ward.users[1]);
        await ben.getByRole("button", { name: /^Acknowledge PEN/ }).waitFor();
        await page.getByRole("button", { name: /^Acknowledge PEN/ }).click();
        await reads(table, /Nurse Amy Barker has it, since/);
        assert.equal(await page.getByRole("button", { name: /^Acknowledge/ }).count(), 0);
        await ben.getByRole("button", { name: /^Acknowledge PEN/ }).click();
        await reads(ben.getByTestId("said"), /^A colleague has already acknowledged this alert: Nurse Amy Barker\.$/);
        await picture(ben, "plain");
      }, plain);

      await withPage(async (held) => {
        await bridge.reading(PEOPLE.WHITTAKER, 85);
        await held.route("**/static/board.js", (route) => route.abort());
        await openBoard(held, ward.address, ward.users[0]);
        await held.getByRole("button", { name: /^Acknowledge PEN/ }).waitFor();
        await isSound(held, { lineWasDown: true });
      });
    }, plain),
  );
});

/** @param {import("playwright-core").Page} page */
async function nothingSticksOut(page) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= room, `the page is ${wide} wide in a window of ${room}`);
  const top = await page.getByTestId("waiting-reds").boundingBox();
  assert.ok(top && top.y >= 0 && top.y < 150, "the count of reds is at the top");
}

/**
 * Goes on with the Tab key until the thing has the focus.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} testId
 */
async function tabTo(page, testId) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((id) => document.activeElement?.getAttribute("data-testid") === id, testId)) {
      return;
    }
  }
  assert.fail(`${testId} is not reached with the Tab key`);
}
