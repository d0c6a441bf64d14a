// Every page of the staff, in every state that a link or a form leads to, in every way in which it is looked at.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { withPage } from "../lib/browser.mjs";
import { reached, ring } from "../lib/calls.mjs";
import { openBoard, rowOf } from "../lib/console.mjs";
import { routes } from "../lib/routes.mjs";
import { followLinks, nothing, sendForms, told, withoutScripts } from "../lib/walk.mjs";
import { withWard } from "../lib/ward.mjs";

const STAFF_BYTES = 100_000;

/** Pages of the staff that no link of theirs leads to, and why. @type {Record<string, string>} */
const ELSEWHERE = {
  "/": "leads on to the wards or to the sign-in",
  "/password": "stands beside the wards, and before them for whoever has a one-time password: the office's own story opens it",
};

/**
 * Somebody is rung and reads out a reading: the page that says what to tell them.
 *
 * @param {import("playwright-core").Page} page @param {string} name
 */
async function calledAndTold(page, name) {
  await page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name: "Call list" }).click();
  await ring(page, name);
  await reached(page);
  await page.getByLabel("Oxygen %", { exact: true }).fill("90");
  await page.getByLabel("Pulse", { exact: true }).fill("84");
  await page.getByTestId("save-stay").click();
  await page.waitForURL(/\/said\//);
  return new URL(page.url()).pathname;
}

/**
 * Somebody does forty steps: the page on which such a test is struck out.
 *
 * @param {import("playwright-core").Page} page @param {string} address @param {string} stay
 */
async function tested(page, address, stay) {
  await page.goto(`${address}${stay}/exertion/new`);
  await page.locator("[name=effort]").selectOption("steps");
  await page.locator("[name=rest]").fill("97");
  await page.locator("[name=lowest]").fill("95");
  await page.locator("[name=means]").selectOption("visit");
  await page.locator("[name=said-by]").selectOption("staff");
  await page.getByTestId("save-exertion").click();
  await page.getByTestId("saved").waitFor();
}

test("every page of the staff is open to everybody, light, and says what it has to say without a script", async () => {
  await withWard(
    (ward) =>
      withPage(async (page) => {
        const found = nothing();
        const before = { name: "staff", address: ward.address, from: ["/sign-in"], within: (path) => path === "/sign-in", limit: STAFF_BYTES };
        await followLinks(page, before, found);
        // She may open everything.
        await openBoard(page, ward.address, ward.users.find((user) => user.name === "senior.s"));
        const bridge = await Bridge.enrol(ward);
        await bridge.reading(PEOPLE.HUSSAIN, 86);
        await bridge.reading(PEOPLE.WHITTAKER, 93);
        await bridge.reading("C0:FF:EE:99:99:99", 97);
        const board = new URL(page.url()).pathname;
        // Pages that only a diary and a call lead to: somebody who has both.
        const stay = new URL((await rowOf(page, "ORMEROD").getByTestId("patient-page").getAttribute("href")) ?? "", ward.address).pathname;
        const after = await calledAndTold(page, "ORMEROD");
        await tested(page, ward.address, stay);
        const journey = {
          name: "staff",
          address: ward.address,
          from: [after, stay, `${stay}/readings`, `${stay}/diary`, `${stay}/contacts`, "/wards", board],
          within: (path) => path.startsWith("/wards"),
          limit: STAFF_BYTES,
          often: { "/wards/{ward}/stays/{stay}": 2 },
          not: /^\/sign-out$/,
        };
        const pages = await followLinks(page, journey, found);
        await withoutScripts(page, journey, found, pages);
        const sent = await sendForms(page, journey, found, pages);
        const gets = [...routes()].filter(([path, methods]) => methods.has("get") && !path.startsWith("/home"));
        const unseen = gets.map(([path]) => path).filter((path) => !found.seen.has(path) && !(path in ELSEWHERE));
        console.log(`${pages.length} pages, ${sent.size} forms; bytes at first view: ${JSON.stringify(Object.fromEntries(found.bytes))}`);
        assert.deepEqual(told(found), []);
        assert.deepEqual(unseen, [], "no link leads there");
      }),
    { daysBefore: 3 },
  );
});
