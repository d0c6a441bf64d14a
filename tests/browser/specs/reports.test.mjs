// Does it help? A clinician reads the ward's report, asks for other days, and takes the files.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { isSound, openBoard, reads } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1366, height: 768 };

/** What the browser logs itself when a question comes back with what is wrong. */
const REFUSALS = { refusals: /the server responded with a status of 4(03|04|22)/ };

async function enter(page, ward, name) {
  const user = ward.users.find((one) => one.name === name);
  await openBoard(page, ward.address, user);
  await page.waitForURL(/\/wards\/[0-9a-f-]+$/);
  return page.url();
}

/** Nothing in the way of anybody, and nothing wider than a phone but what scrolls by itself. */
async function look(page, name) {
  await isSound(page, REFUSALS);
  await picture(page, `reports-${name}-1366`);
  await page.setViewportSize(PHONE);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(sideways, false, `${name} scrolls sideways on a phone`);
  await picture(page, `reports-${name}-390`);
  await page.setViewportSize(DESK);
}

test("a clinician reads whether alerts help, figure by figure with what it means", async () => {
  await withWard(
    async (ward) => {
      const bridge = await Bridge.enrol(ward);
      await bridge.reading(PEOPLE.HUSSAIN, 86);
      await withPage(async (page) => {
        const home = await enter(page, ward, "nurse.a");
        await page.goto(`${home}/office`);
        await page.getByRole("link", { name: "Reports", exact: true }).click();
        await page.waitForURL(/\/reports$/);
        await reads(page.getByTestId("days"), / to .*own days and hours/);
        await reads(page.getByTestId("part-alerts"), /Alerts per patient-day/);
        await look(page, "usual");
        // Each drawing has its table, and says in words what it shows.
        const drawings = page.locator("svg.wl-plot");
        assert.ok((await drawings.count()) >= 5);
        for (const told of await drawings.locator("desc").allTextContents()) {
          assert.match(told, /[0-9A-Z].*\.$/);
        }
        for (const summary of await page.locator(".of-fold > summary").all()) {
          await summary.click();
        }
        await reads(page.getByText("alerts_per_patient_day"), /./);
        await look(page, "unfolded");
        // Who makes the most noise has a name here, and none in a file.
        const noisy = await page.getByTestId("noisy").first().getByRole("link").innerText();
        assert.match(noisy, /^[A-Z' -]+, /);
        const href = async (id) => new URL((await page.getByTestId(id).getAttribute("href")) ?? "", home).href;
        const csv = await (await page.request.get(await href("report-csv"))).text();
        assert.match(csv, /^"figure","breakdown","group","value","unit","n","note"\r\n/);
        const json = await (await page.request.get(await href("report-json"))).text();
        const family = noisy.split(",")[0];
        assert.doesNotMatch(csv.toUpperCase() + json.toUpperCase(), new RegExp(family));
        assert.doesNotMatch(page.url(), /[?&](name|patient)/);
      });
    },
    { daysBefore: 5 },
  );
});

test("without a script the days are asked for by a plain form, and what cannot be is said at its field", async () => {
  await withWard((ward) =>
    withPage(
      async (page) => {
        const home = await enter(page, ward, "senior.s");
        await page.goto(`${home}/reports`);
        await page.getByLabel("First day").fill("the first");
        await page.getByTestId("ask").click();
        await reads(page.getByTestId("error-summary"), /Enter a day/);
        assert.equal(await page.getByLabel("First day").inputValue(), "the first", "what was typed is kept");
        await page.getByLabel("First day").fill("1/1/2020");
        await page.getByTestId("ask").click();
        await reads(page.getByTestId("error-summary"), /400 days at most/);
        const today = ward.day();
        await page.getByLabel("First day").fill(today);
        await page.getByLabel("Last day").fill(today);
        await page.getByTestId("ask").click();
        await reads(page.getByTestId("part-occupancy"), /Patients at 08:00/);
        await page.goto(`${home}/office/settings`);
        await page.getByLabel("Patients at once").fill("none");
        await page.getByTestId("save-capacity").click();
        await reads(page.getByTestId("error-summary"), /room for 1 to/);
        await page.getByLabel("Patients at once").fill("12");
        await page.getByTestId("save-capacity").click();
        await reads(page.getByTestId("said"), /capacity is set/);
        await page.goto(`${home}/reports`);
        await reads(page.getByTestId("part-occupancy"), /Capacity 12/);
      },
      { javaScriptEnabled: false },
    ),
  );
});

test("who handles calls is not shown whose alerts are many", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const home = await enter(page, ward, "caller.c");
      await page.goto(`${home}/office`);
      assert.equal(await page.getByRole("link", { name: "Reports", exact: true }).count(), 0);
      const refused = await page.goto(`${home}/reports`);
      assert.equal(refused?.status(), 403);
    }),
  );
});
