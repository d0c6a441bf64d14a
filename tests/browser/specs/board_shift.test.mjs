// A shift on the board: who is on duty, alerts from hand to hand, quiet that everybody sees, filters that hide no red.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { alertOf, isLive, isSound, listen, offered, openBoard, pulses, RED_HZ, reads, rowOf, sounds, startShift, wentWell } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1366, height: 768 };
const WALL = { viewport: { width: 1920, height: 1080 } };
const REFUSED = { refusals: /Failed to load resource: the server responded with a status of (409|422)/ };

/** One ward for the whole file: its day goes on from story to story. */
let ward;
let bridge;
let end = () => {};

before(async () => {
  const ready = new Promise((resolve, reject) => {
    withWard(async (opened) => {
      ward = opened;
      bridge = await Bridge.enrol(ward);
      resolve();
      await new Promise((done) => (end = done));
    }).catch(reject);
  });
  await ready;
});

after(() => end());

/** @param {import("playwright-core").Page} page @param {number} user */
async function atTheBoard(page, user) {
  await openBoard(page, ward.address, ward.users[user]);
  await isLive(page);
}

/** Somebody watches round the clock, whatever the hour of this test. @param {import("playwright-core").Page} page */
async function isStaffedAlways(page) {
  const status = await page.evaluate(async () => {
    const { ward, csrf } = /** @type {HTMLElement} */ (document.getElementById("board")).dataset;
    const day = { from: "00:00:00", until: "00:00:00" };
    const answer = await fetch(`/api/wards/${ward}/staffed-hours`, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-csrf-token": csrf ?? "" },
      body: JSON.stringify({ days: Array(7).fill(day) }),
    });
    return answer.status;
  });
  assert.equal(status, 200);
}

test("a ward that nobody watches says so until somebody takes duty and starts the sound", async () => {
  await withPage(async (page) => {
    await atTheBoard(page, 0);
    await isStaffedAlways(page);
    await page.reload();
    await isLive(page);
    await reads(page.getByTestId("nobody-watches"), /Nobody is watching this ward with sound on/);
    await isSound(page);
    await picture(page, "board-nobody-1366");
    await startShift(page);
    await reads(page.getByTestId("nobody-watches"), /Nobody is on duty on this ward/);
    await reads(page.getByTestId("on-duty"), /Nobody is on duty/);

    await page.getByRole("link", { name: "Take duty" }).click();
    await page.getByTestId("nobody-on-duty").waitFor();
    await page.getByTestId("accept-duty").click();
    await reads(page.getByTestId("error-summary"), /Choose what you are on this shift/);
    await isSound(page, REFUSED);
    await page.getByRole("link", { name: "Choose what you are on this shift" }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "post");
    await page.getByRole("radio", { name: "Lead" }).check();
    await page.getByTestId("accept-duty").click();
    await reads(page.getByTestId("said"), /You are on duty: lead\./);
    await page.getByRole("link", { name: "Board" }).click();
    await isLive(page);
    await reads(page.getByTestId("on-duty"), /On duty: Nurse Amy Barker \(lead\)/);
    await startShift(page);
    await page.getByTestId("nobody-watches").waitFor({ state: "detached" });
    wentWell(page, REFUSED);
  });
});

test("an alert is given to a colleague, who is told and says that they have it; and is taken over", async () => {
  await withPage((amy) =>
    withPage(async (ben) => {
      await listen(ben);
      await atTheBoard(amy, 0);
      await atTheBoard(ben, 1);
      await startShift(ben);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      const red = await alertOf(amy, "HUSSAIN", "red", { waiting: true });
      await reads(red, /\*\*\* Red PEN \d+ Clinical/);
      await red.getByTestId("acknowledge").click();
      const hers = await alertOf(amy, "HUSSAIN", "red", { waiting: false });
      // What is needed to act stays beside a red that somebody has: they are the one who acts.
      await reads(rowOf(amy, "HUSSAIN").locator("[data-testid=to-act][open]"), /Address 14 Weavers Row/);

      await hers.getByTestId("open-give").click();
      await amy.getByTestId("give").click();
      await reads(amy.getByTestId("give-error"), /Choose who takes it/);
      await isSound(amy);
      const already = await pulses(ben, RED_HZ);
      await amy.getByTestId("give-to").selectOption({ label: await offered(amy.getByTestId("give-to"), /Ben/) });
      await picture(amy, "board-give-1366");
      await amy.getByTestId("give").click();
      await reads(hers.getByTestId("owner"), /You have given it to Nurse Ben .*, who has not said so yet/);
      const his = await alertOf(ben, "HUSSAIN", "red", { waiting: false });
      await reads(his.getByTestId("owner"), /Nurse Amy Barker has given it to you, since/);
      await reads(ben.getByTestId("say-now"), /Nurse Amy Barker has given you PEN \d+: HUSSAIN, Zahra/);
      await sounds(ben, RED_HZ, already);
      await isSound(ben);
      await picture(ben, "board-given-1366");
      await his.getByTestId("acknowledge").click();
      await reads(his.getByTestId("owner"), /^You have it, since/);
      await reads(hers.getByTestId("owner"), /^Nurse Ben .* has it, since/);

      await hers.getByTestId("take-over").click();
      await reads(hers.getByTestId("owner"), /^You have it, since/);
      await reads(his.getByTestId("owner"), /^Nurse Amy Barker has it, since/);
      wentWell(amy);
      wentWell(ben);
    }),
  );
});

test("quiet is for all boards, says who asked for it, and the next red ends it", async () => {
  await withPage((amy) =>
    withPage(async (ben) => {
      await atTheBoard(amy, 0);
      await atTheBoard(ben, 1);
      await startShift(amy);
      await amy.getByTestId("pause-sound").click();
      await reads(amy.getByTestId("audio-pause"), /All boards are quiet until \d\d:\d\d:\d\d: paused by you/);
      await reads(ben.getByTestId("audio-pause"), /paused by Nurse Amy Barker/);
      await isSound(ben);
      await picture(ben, "board-quiet-1366");
      await ben.getByTestId("end-pause").click();
      await amy.getByTestId("audio-pause").waitFor({ state: "detached" });

      // A press by a hand that has not moved since the button came back would be taken for a slip.
      await amy.mouse.move(5, 5);
      await amy.getByTestId("pause-sound").click();
      await amy.getByTestId("audio-pause").waitFor();
      await bridge.reading(PEOPLE.NOWAK, 84);
      await alertOf(amy, "NOWAK", "red", { waiting: true });
      for (const page of [amy, ben]) {
        await page.getByTestId("audio-pause").waitFor({ state: "detached" });
        wentWell(page);
      }
    }),
  );
});

test("a filter is remembered, says that it is on, and hides no red unsaid", async () => {
  await withPage(async (page) => {
    await bridge.reading(PEOPLE.WHITTAKER, 93);
    await atTheBoard(page, 1);
    await alertOf(page, "WHITTAKER", "amber", { waiting: true });
    await page.getByTestId("state-mine").waitFor({ state: "detached" });
    await page.getByTestId("state-nobody").click();
    await rowOf(page, "HUSSAIN").waitFor({ state: "detached" });
    await reads(page.getByTestId("hidden-reds"), /Hidden by the filter: 1 red/);
    assert.equal(await page.getByTestId("state-nobody").getAttribute("aria-pressed"), "true");
    await isSound(page);
    await picture(page, "board-filter-1366");
    await page.setViewportSize(PHONE);
    await picture(page, "board-filter-390");
    await page.setViewportSize(DESK);

    await page.reload();
    await isLive(page);
    await reads(page.getByTestId("hidden-reds"), /Hidden by the filter: 1 red/);
    await page.getByTestId("show-all").click();
    await rowOf(page, "HUSSAIN").waitFor();
    const languages = page.getByTestId("filter-language");
    if (await languages.isVisible()) {
      const other = (await languages.locator("option").allInnerTexts()).find((one) => !/All|English/.test(one)) ?? "";
      await languages.selectOption(other);
      await reads(page.getByTestId("needs").first(), new RegExp(other));
      await page.getByTestId("show-all").click();
    }
    wentWell(page);
  });
});

test("who has somebody's page open is named on the boards of the others", async () => {
  await withPage((amy) =>
    withPage(async (ben) => {
      await atTheBoard(amy, 0);
      await atTheBoard(ben, 1);
      const stay = await rowOf(amy, "IQBAL").getAttribute("data-stay");
      const look = await amy.evaluate(async (stay) => {
        const { ward, csrf } = /** @type {HTMLElement} */ (document.getElementById("board")).dataset;
        const answer = await fetch(`/api/wards/${ward}/presence`, {
          method: "PUT",
          headers: { "content-type": "application/json", "x-csrf-token": csrf ?? "" },
          body: JSON.stringify({ stay }),
        });
        return answer.status;
      }, stay);
      assert.equal(look, 200);
      await reads(rowOf(ben, "IQBAL").getByTestId("looking"), /Nurse Amy Barker is looking at this/);
      assert.equal(await rowOf(amy, "IQBAL").getByTestId("looking").count(), 0);
      await isSound(ben);
    }),
  );
});

test("a shift is handed over with its notes and alerts, also without a script", async () => {
  await withPage(
    async (page) => {
      await bridge.reading(PEOPLE.PICKLES, 93);
      await openBoard(page, ward.address, ward.users[0]);
      await page.getByRole("row", { name: /PICKLES/ }).getByRole("button", { name: /^Acknowledge PEN/ }).click();
      await page.getByRole("link", { name: "Handover" }).click();
      await reads(page.getByTestId("open-alerts"), /PICKLES, Harold/);
      await page.getByTestId("write-note").click();
      await reads(page.getByTestId("error-summary"), /Write what is to be handed over/);
      await page.getByTestId("about").selectOption({ label: "HUSSAIN, Zahra" });
      await page.getByTestId("note").fill("Ring her daughter at 16:00.");
      await page.getByTestId("write-note").click();
      const note = page.locator(".wl-note", { hasText: "Ring her daughter" });
      await reads(note, /HUSSAIN, Zahra[^]*Nurse Amy Barker, \d\d:\d\d/);

      // Amy still has an alert, or two when no recheck has come yet: she does not go before somebody takes them.
      await page.getByTestId("leave-duty").click();
      await reads(page.getByTestId("error-summary"), /You still have \d alerts?: say who takes them, then leave/);
      await page.getByTestId("hand_to").selectOption({ label: await offered(page.getByTestId("hand_to"), /Ben/) });
      await page.getByTestId("leave-duty").click();
      await reads(page.getByTestId("said"), /You have left duty\./);
      await reads(page.getByTestId("open-alerts"), /Nurse Amy Barker has given it to Nurse Ben .*, who has not said so yet/);
      await note.getByTestId("note-done").click();
      await reads(page.getByTestId("done-note"), /Done by Nurse Amy Barker/);
      assert.deepEqual(page.problems.filter((one) => !REFUSED.refusals.test(one)), []);
    },
    { javaScriptEnabled: false },
  );
  await withPage(async (page) => {
    await openBoard(page, ward.address, ward.users[1]);
    await page.getByRole("link", { name: "Handover" }).click();
    await page.getByTestId("open-alerts").waitFor();
    await isSound(page);
    await picture(page, "board-handover-1366");
    await page.setViewportSize(PHONE);
    await isSound(page);
    await picture(page, "board-handover-390");
  });
});

test("a wall shows what must be read from three metres, large, and nothing to press that it may not", async () => {
  await withPage(async (wall) => {
    await openBoard(wall, ward.address, ward.users[2], { wall: true });
    await isLive(wall);
    const size = (/** @type {import("playwright-core").Locator} */ place) => place.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    const row = rowOf(wall, "NOWAK");
    // A capital letter of 32 px type on a screen of a metre and a half is 16 minutes of arc at three metres.
    assert.ok((await size(row.getByRole("heading"))) >= 32);
    assert.ok((await size(row.locator(".wl-value__number"))) >= 32);
    assert.ok((await size(row.locator(".wl-alert__number"))) >= 32);
    assert.equal(await wall.getByTestId("call").count(), 0);
    assert.equal(await wall.getByTestId("states").isVisible(), false);
    await isSound(wall);
    await picture(wall, "board-wall-1920");
  }, WALL);
});
