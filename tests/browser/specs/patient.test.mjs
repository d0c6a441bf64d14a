// The page of one patient: what a nurse sees there, does there, and is refused there.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { isSound, reads, wentWell } from "../lib/console.mjs";
import { signIn, stayOf } from "../lib/patient.mjs";
import { withWard } from "../lib/ward.mjs";

/** A form that is refused is answered with a status, which the browser notes. */
const REFUSED = { refusals: /status of 4\d\d/ };
const PHONE = { width: 390, height: 844 };
const CONSOLE = { width: 1366, height: 768 };

/** @param {import("playwright-core").Page} page @param {string} name */
async function pictures(page, name) {
  await isSound(page, REFUSED);
  await picture(page, `patient-${name}-1366`);
  await page.setViewportSize(PHONE);
  await isSound(page, REFUSED);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than a telephone`);
  await picture(page, `patient-${name}-390`);
  await page.setViewportSize(CONSOLE);
}

test("a nurse reads the trend, takes and ends an alert, strikes out a reading, and copies a summary", async () => {
  await withWard(
    (ward) =>
      withPage(async (page) => {
        const bridge = await Bridge.enrol(ward);
        await bridge.reading(PEOPLE.HUSSAIN, 96);
        await bridge.reading(PEOPLE.HUSSAIN, 89, { doubts: ["motion"] });
        await bridge.reading(PEOPLE.HUSSAIN, 78);
        const wards = await signIn(page, ward.address, ward.users[0]);
        const hussain = ward.address + (await stayOf(page, wards, "hussain"));
        await page.goto(hussain);
        await reads(page.getByTestId("newest"), /78\s*% SpO₂/);
        const chart = page.getByTestId("spo2-chart").locator("svg.wl-chart--wide");
        assert.match((await chart.locator("desc").textContent()) ?? "", /3 values .* Lowest 78 %/);
        assert.deepEqual((await chart.locator(".wl-chart__value").allTextContents()).sort(), ["78", "89", "96"]);
        assert.equal(await chart.locator("circle.wl-chart__dot--hollow").count(), 1);
        assert.deepEqual((await chart.locator(".wl-chart__points").allTextContents()).sort(), ["0", "1", "2", "3"]);
        await pictures(page, "overview");

        await page.getByTestId("open-alerts").getByRole("button", { name: /^Acknowledge PEN \d+/ }).click();
        await reads(page.getByTestId("said"), /You have PEN \d+/);
        await page.getByRole("link", { name: /^Story and resolve of PEN/ }).click();
        await reads(page.getByTestId("alert"), /Raised: Red/);
        await reads(page.getByTestId("alert"), /Nurse Amy Barker took it/);
        await page.getByTestId("resolve").click();
        await reads(page.getByTestId("error-summary"), /Choose what the alert led to/);
        await pictures(page, "alerts-refused");
        await page.getByTestId("outcome").selectOption("advice_given");
        await page.getByTestId("note").fill("Sat up, warm hand, 95 on repeat.");
        await page.getByTestId("resolve").click();
        await reads(page.getByTestId("said"), /is over/);

        await page.getByRole("link", { name: /^Correct/ }).first().click();
        await page.getByTestId("strike").click();
        await reads(page.getByTestId("error-summary"), /Choose why/);
        await pictures(page, "correct-refused");
        await page.getByLabel(/Wrong value/).check();
        await page.getByTestId("strike").click();
        await reads(page.getByTestId("said"), /struck out/);
        await reads(page.getByTestId("readings"), /Struck out by Nurse Amy Barker/);
        await page.goto(hussain);
        assert.equal(await chart.locator(".wl-chart__through").count(), 1, "what is struck out stays on the chart");

        await page.goto(`${hussain}/summary`);
        assert.match(await page.getByTestId("summary").inputValue(), /HUSSAIN, Zahra {2}born 11-Feb-1947[\s\S]*Oxygen at home: None[\s\S]*ALERTS/);
        await page.getByTestId("copy").click();
        await reads(page.getByTestId("copied"), /Copied|marked/);
        await pictures(page, "summary");
        for (const [name, rest] of [["print", "/print"], ["readings", "/readings"], ["kit", "/kit"], ["messages", "/messages"], ["move", "/move"]]) {
          await page.goto(hussain + rest);
          await pictures(page, name);
        }
        wentWell(page, REFUSED);
      }),
  );
});

test("what was missed stays open on the chart, and a plan outside the safe range waits for a second person", async () => {
  await withWard(
    (ward) =>
      withPage(async (page) => {
        const user = (name) => ward.users.find((user) => user.name === name);
        const wards = await signIn(page, ward.address, user("nurse.a"));
        const haworth = ward.address + (await stayOf(page, wards, "haworth"));
        await page.goto(haworth);
        const chart = page.getByTestId("spo2-chart").locator("svg.wl-chart--wide");
        assert.ok((await chart.locator(".wl-chart__slot--missed").count()) >= 2);
        assert.ok((await chart.locator("rect.wl-chart__dot").count()) >= 4, "typed values are square");
        await reads(page.getByTestId("missed"), /\d of \d+ readings missed/);
        await pictures(page, "silent");
        const ormerod = ward.address + (await stayOf(page, wards, "ormerod"));
        for (const [name, rest] of [["diary", "/diary"], ["contacts", "/contacts"], ["person", "/person"], ["plan", "/plan"]]) {
          await page.goto(ormerod + rest);
          await pictures(page, name);
        }

        await page.getByTestId("edit").click();
        await page.getByTestId("red").fill("88");
        await page.getByTestId("what-if-ask").click();
        await reads(page.getByTestId("what-if"), /Nothing has been set/);
        assert.equal(await page.getByTestId("red").inputValue(), "88", "what was typed is kept");
        await pictures(page, "plan-what-if");
        await page.getByTestId("times").fill("8 o'clock");
        await page.getByTestId("set-plan").click();
        await reads(page.getByTestId("error-summary"), /Reading times: enter times/);
        assert.equal(await page.getByTestId("times").inputValue(), "8 o'clock", "what was typed is kept");
        await pictures(page, "plan-refused");
        await page.getByTestId("times").fill("08:00, 18:00");
        await page.getByTestId("reason").fill("Usually at 90 at rest");
        await page.getByTestId("set-plan").click();
        await reads(page.getByTestId("said"), /Waits for a second clinician. Red at or below 88/);
        assert.equal(await page.getByTestId("approve").count(), 0, "nobody approves their own proposal");
        await pictures(page, "plan-waiting");
        await page.context().clearCookies();
        await signIn(page, ward.address, user("nurse.b"));
        await page.goto(`${ormerod}/plan`);
        await page.getByTestId("approve").click();
        await reads(page.getByTestId("said"), /version 3 is in force/);
        await reads(page.getByTestId("who"), /ORMEROD/);

        await page.goto(`${ormerod}/person`);
        await page.getByTestId("nhs_number").fill("999 000 0001");
        await page.getByTestId("phone").fill("01632 960 777");
        await page.getByTestId("save-person").click();
        await reads(page.getByTestId("error-summary"), /check digit/);
        assert.equal(await page.getByTestId("phone").inputValue(), "01632 960 777");
        await page.goto(`${ormerod}/messages`);
        await page.getByLabel("Somebody who cares for them, by name").check();
        await page.getByTestId("carer").fill("Ruth Ormerod");
        await page.getByTestId("give-code").click();
        await reads(page.getByTestId("code"), /Code for Ruth Ormerod/);
        assert.ok(!page.url().includes("code="), "the code is in no address");
        await pictures(page, "code");
        await page.goto(`${haworth}/move`);
        await page.locator("summary").filter({ hasText: /^Discharge$/ }).click();
        await page.getByLabel("Home, to the GP’s care").check();
        await page.getByLabel("As well as before").check();
        await page.getByTestId("summary").fill("Well again");
        await page.getByTestId("discharge").click();
        await reads(page.getByTestId("error-summary"), /open: resolve what is open first/);
        assert.equal(await page.getByTestId("summary").inputValue(), "Well again");
        await pictures(page, "discharge-refused");
        wentWell(page, REFUSED);
      }),
    { daysBefore: 3 },
  );
});
