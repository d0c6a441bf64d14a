// A call handler in front of the call list: how they come to it, and what they press.
import assert from "node:assert/strict";
import { openBoard, reads } from "./console.mjs";

/** Who works the call list and may not end an alert. @param {import("./ward.mjs").Ward} ward */
export const handler = (ward) => ward.users.find((user) => user.role === "call-handler");

/**
 * Signs in and goes to the call list by the ward's navigation.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("./ward.mjs").Ward} ward
 * @param {{ name: string, password: string }} [user]
 */
export async function openCalls(page, ward, user = handler(ward)) {
  await openBoard(page, ward.address, user);
  await page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name: "Call list" }).click();
  await page.getByTestId("calls").waitFor();
}

/** The row of somebody on the list. @param {import("playwright-core").Page} page @param {string} name */
export const callRow = (page, name) => page.getByTestId("call-row").filter({ has: page.getByRole("heading", { name }) });

/** Opens the call of somebody from the list. @param {import("playwright-core").Page} page @param {string} name */
export async function openCall(page, name) {
  await callRow(page, name).getByRole("heading").getByRole("link").click();
  await reads(page.getByTestId("name"), new RegExp(name));
}

/** Takes somebody's call from the list. @param {import("playwright-core").Page} page @param {string} name */
export async function ring(page, name) {
  await callRow(page, name)
    .getByRole("button", { name: /^Ring/ })
    .click();
  await reads(page.getByTestId("name"), new RegExp(name));
}

/** Chooses a radio button or a box by its words. @param {import("playwright-core").Page} page @param {string} group @param {string} words */
export const choose = (page, group, words) => page.getByRole("group", { name: group }).getByLabel(words, { exact: true }).check();

/** The patient was reached and checked. @param {import("playwright-core").Page} page */
export async function reached(page) {
  await choose(page, "What came of it?", "Reached");
  await choose(page, "Checked by", "Name and date of birth");
}

/** A keyboard that counts. */
export class Keys {
  pressed = 0;

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {...string} keys */
  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.pressed += 1;
    }
  }

  /** The focus comes to stand here by itself. @param {string} id */
  async isOn(id) {
    try {
      await this.page.waitForFunction((it) => document.activeElement?.id === it, id, { timeout: 5_000 });
    } catch {
      const now = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      assert.fail(`after ${this.pressed} keys the focus is on ${now}, not on #${id}`);
    }
  }
}
