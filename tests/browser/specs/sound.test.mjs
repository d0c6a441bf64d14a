// A shift starts with the sound of a red and one question: was it heard?
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { alertOf, isLive, isSound, listen, openBoard, pulses, RED_HZ, reads, rowOf, sounds, startShift } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1366, height: 768 };

/** Five and five: what a red sounds like once. */
const RED_PULSES = 10;

/** @param {import("playwright-core").Page} page @param {string} phase */
const stands = (page, phase) => page.locator(`[data-testid=sound-test][data-phase=${phase}]`).waitFor();

/** @param {import("playwright-core").Page} page @param {string} state */
const soundIs = (page, state) => page.locator(`[data-testid=sound][data-sound=${state}]`).waitFor();

/** @param {import("playwright-core").Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("data-testid"));

/** How the page stands at a desk and on a phone: no barriers, nothing sticks out. */
async function look(page, name, but) {
  for (const [size, width] of [[DESK, 1366], [PHONE, 390]]) {
    await page.setViewportSize(size);
    await isSound(page, but);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= room, `${name}: ${wide} wide in a window of ${room}`);
    await picture(page, `${name}-${width}`);
  }
  await page.setViewportSize(DESK);
}

/** What the audit says of sounds, the newest first. @param {any} ward */
async function audited(ward) {
  return withPage(async (page) => {
    await openBoard(page, ward.address, ward.users.find((user) => user.name === "senior.s"));
    await isLive(page);
    await page.goto(`${page.url()}/office/audit`);
    await isSound(page);
    const rows = page.getByRole("row").filter({ hasText: "Tested the sound" });
    return (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, " ").trim());
  });
}

test("a shift starts with the sound of a red: who heard it has the sound on, and it is written down who, where and when", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await soundIs(page, "off");
      await page.getByTestId("start-shift").click();
      await stands(page, "playing");
      await reads(page.getByTestId("sound-test"), /Listen: this is the sound of a red alert/);
      await stands(page, "asking");
      assert.equal(await pulses(page, RED_HZ), RED_PULSES);
      assert.equal(await page.evaluate(() => globalThis.pulses.length), RED_PULSES, "nothing but what a red sounds like");
      await soundIs(page, "asking");
      assert.equal(await focused(page), "sound-question");
      await reads(page.getByTestId("nobody-watches"), /Nobody is watching this ward with sound on\. Answer above/);
      await look(page, "sound-question");
      for (const answer of ["heard", "not-heard"]) {
        const box = await page.getByTestId(answer).boundingBox();
        assert.ok(box && box.height >= 44 && box.width >= 150, `${answer} is large: ${JSON.stringify(box)}`);
      }

      await page.getByTestId("heard").click();
      await soundIs(page, "on");
      await page.getByTestId("sound-test").waitFor({ state: "detached" });
      assert.equal(await focused(page), "sound-on");
      await reads(page.getByTestId("say-politely"), /Sound is on/);
      assert.equal(await page.getByTestId("sound-untold").count(), 0);
      await isSound(page);
      const lines = await audited(ward);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", /Nurse Amy Barker.*Tested the sound of screen [A-Z2-9]{4}: heard it at .*\d\d:\d\d/);

      // In the middle of a shift it may be tried again, and the ward stays watched meanwhile.
      await page.mouse.move(5, 5);
      await page.getByTestId("test-sound").click();
      await stands(page, "asking");
      await soundIs(page, "on");
      await page.getByTestId("heard").click();
      await page.getByTestId("sound-test").waitFor({ state: "detached" });

      // Its other pages need not ask again.
      await rowOf(page, "WHITTAKER").getByTestId("patient-page").click();
      await page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name: "Board" }).click();
      await isLive(page);
      await soundIs(page, "on");
      assert.equal(await pulses(page, RED_HZ), 0);
      assert.equal(await page.getByTestId("sound-test").count(), 0);
    }),
  );
});

test("who did not hear it has the sound off, reads what to try, and sees that the ward is not watched from here", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await page.getByTestId("start-shift").focus();
      await page.keyboard.press("Enter");
      await stands(page, "asking");
      await page.waitForFunction(() => document.activeElement?.id === "sound-question");
      // Escape is no.
      await page.keyboard.press("Escape");
      await stands(page, "unheard");
      await soundIs(page, "off");
      assert.equal(await focused(page), "sound-unheard");
      await reads(page.getByTestId("sound-test"), /does not count as watching the ward[^]*volume[^]*headset[^]*Unmute this tab[^]*another computer/);
      await reads(page.getByTestId("nobody-watches"), /Nobody is watching this ward with sound on/);
      await look(page, "sound-unheard");

      // A red makes no sound, and is seen.
      const bridge = await Bridge.enrol(ward);
      const before = await pulses(page, RED_HZ);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await alertOf(page, "HUSSAIN", "red", { waiting: true });
      await reads(page.getByTestId("waiting-reds"), /1 waits for somebody/);
      assert.equal(await pulses(page, RED_HZ), before);

      // No press on the page brings it back unheard; playing it again does not either, before somebody says yes.
      await page.getByTestId("close-sound-test").click();
      await page.getByTestId("sound-test").waitFor({ state: "detached" });
      assert.equal(await focused(page), "start-shift");
      await soundIs(page, "off");
      await page.getByTestId("start-shift").click();
      await stands(page, "asking");
      await page.getByTestId("not-heard").click();
      await stands(page, "unheard");
      await page.getByTestId("sound-test").getByTestId("arm").click();
      await stands(page, "asking");
      const tried = await pulses(page, RED_HZ);
      await page.getByTestId("heard").click();
      await soundIs(page, "on");
      await sounds(page, RED_HZ, tried);
      await reads(page.getByTestId("strip"), /Sound on since/);

      const lines = await audited(ward);
      assert.deepEqual(lines.map((line) => /: (heard|did not hear) it/.exec(line)?.[1]), ["heard", "did not hear", "did not hear"]);
    }),
  );
});

test("a red that comes while the question stands is seen at once, and sounds without waiting for the answer", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const bridge = await Bridge.enrol(ward);
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      await page.getByTestId("start-shift").click();
      await stands(page, "asking");
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await alertOf(page, "HUSSAIN", "red", { waiting: true });
      await reads(page.getByTestId("waiting-reds"), /1 waits for somebody/);
      await reads(page.getByTestId("say-now"), /Red: HUSSAIN/);
      await stands(page, "asking");
      await sounds(page, RED_HZ, RED_PULSES);
      await stands(page, "asking");
      await picture(page, "sound-question-red-1366");
      await page.getByTestId("heard").click();
      await soundIs(page, "on");
      await page.mouse.move(5, 5);
      await (await alertOf(page, "HUSSAIN", "red", { waiting: true })).getByTestId("acknowledge").click();
      await alertOf(page, "HUSSAIN", "red", { waiting: false });
    }),
  );
});

test("the sound is on though the answer cannot be written down, which is said and tried again until it is", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      await listen(page);
      await openBoard(page, ward.address, ward.users[0]);
      await isLive(page);
      let isAway = true;
      let tries = 0;
      await page.route("**/sound-tests", (route) => {
        tries += 1;
        return isAway ? route.abort() : route.continue();
      });
      await startShift(page);
      await reads(page.getByTestId("sound-untold"), /not written down yet: trying again/);
      await reads(page.getByTestId("say-politely"), /not written down yet/);
      await reads(page.getByTestId("sound"), /Sound on since \d\d:\d\d/);
      await look(page, "sound-untold", { lineWasDown: true });
      const bridge = await Bridge.enrol(ward);
      await bridge.reading(PEOPLE.HUSSAIN, 85);
      await sounds(page, RED_HZ, 0);
      assert.deepEqual(await audited(ward), []);
      isAway = false;
      await page.getByTestId("sound-untold").waitFor({ state: "detached" });
      assert.ok(tries >= 2);
      const lines = await audited(ward);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", /heard it at/);
    }),
  );
});
