// A diary on paper: printed for a patient in their language, and typed in by its code when it comes back.
import assert from "node:assert/strict";
import test from "node:test";
import { picture, withPage } from "../lib/browser.mjs";
import { isSound, openBoard, reads, wentWell } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const PHONE = { width: 390, height: 844 };
const LAPTOP = { width: 1366, height: 768 };
const REFUSED = { refusals: /status of 422/ };
const TWICE = { refusals: /status of 409/ };

/** Both sizes, for a person to look at. @param {any} page @param {string} name */
async function pictures(page, name) {
  await page.setViewportSize(PHONE);
  await isSound(page, REFUSED);
  await picture(page, `paper-${name}-390`);
  await page.setViewportSize(LAPTOP);
  await isSound(page, REFUSED);
  await picture(page, `paper-${name}-1366`);
}

/** The stay of the one whose name begins so. @param {any} page @param {any} ward @param {string} family */
async function stayOf(page, ward, family) {
  const answer = await page.request.get(`${ward.address}/api/wards/${ward.id}/board`);
  return (await answer.json()).rows.find((/** @type {any} */ row) => row.name.startsWith(family)).stay;
}

test("a diary is printed with the patient's own bands, in their language, with the English beside it", async () => {
  await withWard(
    (ward) =>
      withPage(async (page) => {
        await openBoard(page, ward.address, ward.users[0]);
        const diary = async (/** @type {string} */ family, query = "") =>
          page.goto(`${ward.address}/wards/${ward.id}/stays/${await stayOf(page, ward, family)}/paper-diary${query}`);

        await diary("ORMEROD");
        await reads(page.getByTestId("band-red"), /92 or less[^]*999 or go to A&E/);
        assert.equal(await page.getByTestId("paper").getAttribute("lang"), "en-GB");
        assert.equal(await page.locator(".wl-paper__english").count(), 0);
        assert.match((await page.getByTestId("sheet-code").first().textContent()) ?? "", /^\s*[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\s*$/);
        await page.getByTestId("print").waitFor();
        await pictures(page, "diary");
        await page.emulateMedia({ media: "print" });
        await page.setViewportSize({ width: 794, height: 1123 });
        assert.equal(await page.getByTestId("options").isVisible(), false, "what is for the screen is not printed");
        await picture(page, "paper-diary-print");
        await page.emulateMedia({ media: "screen" });

        await diary("ORMEROD", "?large=yes&sheets=2&from=1");
        assert.equal(await page.getByTestId("sheet").count(), 2);
        const codes = await page.getByTestId("sheet-code").allTextContents();
        assert.equal(codes.length, 5, "whoever finds one page knows whose it is");
        assert.deepEqual([codes[0], codes[3]], [codes[1], codes[4]]);
        assert.notEqual(codes[1], codes[3]);
        await pictures(page, "diary-large");

        await diary("BEGUM");
        const sheet = page.getByTestId("paper");
        assert.deepEqual([await sheet.getAttribute("lang"), await sheet.getAttribute("dir")], ["ur", "rtl"]);
        await reads(page.getByTestId("draft"), /We have not checked this translation yet/);
        await reads(page.getByTestId("band-red"), /999[^]*ring 999 or go to A&E/);
        await pictures(page, "diary-urdu");
        await page.emulateMedia({ media: "print" });
        await page.setViewportSize({ width: 794, height: 1123 });
        await picture(page, "paper-diary-urdu-print");
        await page.emulateMedia({ media: "screen" });

        await diary("NOWAK");
        await reads(page.getByTestId("band-red"), /999[^]*A&E/);
        await pictures(page, "diary-polish");

        // In the language of no one, every plain word would be one that no translation can reach.
        await diary("NOWAK", "?language=en-XA");
        assert.deepEqual(await plainWords(page), []);
        await diary("NOWAK", "?language=ar-XB");
        assert.deepEqual(await plainWords(page), []);
        await isSound(page);
      }),
    { daysBefore: 3 },
  );
});

/** Words of the sheet that are in no message file: names, times and codes are nobody's to translate. @param {any} page */
function plainWords(page) {
  return page.getByTestId("paper").evaluate((/** @type {HTMLElement} */ sheet) => {
    const found = [];
    const walk = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const { textContent, parentElement } = walk.currentNode;
      const word = /[A-Za-z]{3,}/.exec(textContent ?? "");
      if (word && !parentElement?.closest("bdi, [lang='en-GB']")) {
        found.push(textContent?.trim());
      }
    }
    return found;
  });
}

test("a sheet that comes back is typed in by its code, day after day, and what is odd is asked about", async () => {
  await withWard(
    (ward) =>
      withPage(async (page) => {
        await openBoard(page, ward.address, ward.users[0]);
        const stay = await stayOf(page, ward, "ORMEROD");
        await page.goto(`${ward.address}/wards/${ward.id}/stays/${stay}/paper-diary?from=1`);
        const code = ((await page.getByTestId("sheet-code").first().textContent()) ?? "").trim();

        await page.goto(`${ward.address}/wards/${ward.id}/transcribe`);
        await pictures(page, "find");
        const slip = `${code[1]}${code[0]}${code.slice(2)}`;
        await page.getByTestId("code").fill(slip === code ? `${code.slice(0, -1)}${code.endsWith("2") ? "3" : "2"}` : slip);
        await page.getByTestId("go").click();
        await reads(page.getByTestId("error-summary"), /has a slip in it/);
        await pictures(page, "find-error");
        await page.getByTestId("code").fill(code.toLowerCase().replaceAll("-", ""));
        await page.getByTestId("go").click();
        await reads(page.getByTestId("who"), /ORMEROD, /);
        await reads(page.getByTestId("day"), /^Day 1, /);

        // Whatever the demo has told of that day already is not asked for again.
        const before = await page.getByTestId("kept-reading").count();
        const last = page.getByTestId("row").last();
        await last.getByLabel("Time").fill("0610");
        await last.getByLabel("Oxygen").fill("ninety");
        await last.getByLabel("Pulse").fill("88");
        await page.getByTestId("save").click();
        await reads(page.getByTestId("error-summary"), /Oxygen must be a number/);
        assert.equal(await page.getByTestId("row").last().getByLabel("Pulse").inputValue(), "88", "what was typed is kept");
        await pictures(page, "day-error");

        await page.getByTestId("row").last().getByLabel("Oxygen").fill("72");
        await page.getByTestId("row").last().getByLabel("Pulse").fill("95");
        await page.getByTestId("save-next").click();
        await reads(page.getByTestId("said"), /Saved for .*1 reading.*odd/);
        await reads(page.getByTestId("asked"), /look swapped/);
        await pictures(page, "day-asked");
        await page.getByTestId("asked").getByRole("button").click();
        await reads(page.getByTestId("error-summary"), /Say what the sheet says/);
        await page.getByTestId("asked").getByLabel("They are swapped").check();
        await page.getByTestId("asked").getByRole("button").click();
        await page.getByTestId("asked").waitFor({ state: "detached" });
        await reads(page.getByTestId("kept-reading").filter({ hasText: "06:10" }), /95 %\s*72\s*Green\s*from paper, entered by/);
        assert.equal(await page.getByTestId("kept-reading").count(), before + 1);

        // By keyboard alone: after a day is saved the next one begins in its first row.
        const extra = page.getByTestId("row").last();
        await extra.getByLabel("Time").fill("7");
        await extra.getByLabel("Oxygen").fill("96");
        await page.keyboard.press("Enter");
        await reads(page.getByTestId("day"), /^Day 2, /);
        await page.locator("input[id^=oxygen-]:focus").waitFor();
        await pictures(page, "day");
        wentWell(page, REFUSED);

        const elsewhere = `${ward.address}/wards/${ward.id}/transcribe/00000000-0000-4000-8000-000000000000/2026-01-01`;
        assert.equal((await page.goto(elsewhere))?.status(), 404);
      }),
    { daysBefore: 3 },
  );
});

test("two who type the same day in store it once; read differently, the second is shown what is there and says what is right", async () => {
  await withWard(
    (ward) =>
      withPage((first) =>
        withPage(async (second) => {
          await openBoard(first, ward.address, ward.users[0]);
          await openBoard(second, ward.address, ward.users[1]);
          const stay = await stayOf(first, ward, "ORMEROD");
          const day = ward.day(1);
          const types = async (/** @type {any} */ page, /** @type {string} */ oxygen) => {
            const last = page.getByTestId("row").last();
            await last.getByLabel("Time").fill("0610");
            await last.getByLabel("Oxygen").fill(oxygen);
            await last.getByLabel("Pulse").fill("88");
          };
          for (const page of [first, second]) {
            await page.goto(`${ward.address}/wards/${ward.id}/transcribe/${stay}/${day}`);
          }
          const kept = (/** @type {any} */ page) => page.getByTestId("kept-reading").filter({ hasText: "06:10" });
          await types(first, "95");
          await first.getByTestId("save").click();
          await reads(first.getByTestId("said"), /Saved for .*1 reading/);

          await types(second, "93");
          await second.getByTestId("save").click();
          await reads(second.getByTestId("twice"), /Typed in before, as 06:10: oxygen 95 %, pulse 88 \(from paper, entered by .*What does the sheet say/);
          assert.equal(await second.getByTestId("row").last().getByLabel("Oxygen").inputValue(), "93", "what was typed is kept");
          await second.setViewportSize(PHONE);
          await isSound(second, TWICE);
          await picture(second, "paper-day-twice-390");
          await second.setViewportSize(LAPTOP);
          await isSound(second, TWICE);
          await picture(second, "paper-day-twice-1366");
          await second.getByTestId("save").click();
          await second.getByTestId("twice").getByLabel(/What I have typed is right/).check();
          await second.getByTestId("save").click();
          await reads(second.getByTestId("said"), /Saved for .*1 reading/);
          assert.equal(await kept(second).count(), 1);
          await reads(kept(second), /93 %/);

          await first.reload();
          await types(first, "93");
          await first.getByTestId("save").click();
          await reads(first.getByTestId("said"), /Saved for/);
          assert.equal(await kept(first).count(), 1, "the same twice is stored once");
          wentWell(first);
          wentWell(second, TWICE);
        }),
      ),
    { daysBefore: 3 },
  );
});
