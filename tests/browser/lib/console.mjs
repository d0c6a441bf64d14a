// A clinician in front of the board: what they do, and what they can see.
import assert from "node:assert/strict";
import { barriers } from "./accessibility.mjs";

/**
 * Signs in through the form and opens the ward from the list.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} address
 * @param {{ name: string, password: string }} user
 * @param {{ wall?: boolean }} [how]
 */
export async function openBoard(page, address, user, { wall = false } = {}) {
  await page.goto(`${address}/sign-in`);
  await page.getByTestId("username").fill(user.name);
  await page.getByTestId("password").fill(user.password);
  await page.getByTestId("sign-in").click();
  const ward = page.getByTestId("ward");
  await (wall ? ward.getByRole("link", { name: /large type/ }) : ward.getByRole("heading").getByRole("link")).click();
}

/** Every event is applied, and the service is known to be there. @param {import("playwright-core").Page} page */
export async function isLive(page, timeout = 15_000) {
  await page.locator("#board[data-live=true]").waitFor({ timeout });
}

/** The person's row. @param {import("playwright-core").Page} page @param {string} name */
export const rowOf = (page, name) => page.getByTestId("row").filter({ has: page.getByRole("heading", { name }) });

/**
 * The person's only alert, once it stands at this severity and somebody (or nobody) has it.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {"low" | "amber" | "red"} severity
 * @param {{ waiting: boolean }} how
 */
export async function alertOf(page, name, severity, { waiting }) {
  const alert = rowOf(page, name).locator(`[data-testid=alert][data-severity=${severity}][data-waiting=${waiting}]`);
  await alert.waitFor();
  return alert;
}

/** Words that must come to stand in a place. @param {import("playwright-core").Locator} place @param {RegExp} words */
export async function reads(place, words, timeout = 15_000) {
  try {
    await place.filter({ hasText: words }).first().waitFor({ timeout });
  } catch {
    const there = await place.allInnerTexts();
    assert.fail(`${words} never came; there is: ${JSON.stringify(there)}`);
  }
}

/**
 * Notes every pulse that the page plays, by its pitch. Call it before the page is opened.
 *
 * @param {import("playwright-core").Page} page
 */
export async function listen(page) {
  await page.addInitScript(() => {
    const start = OscillatorNode.prototype.start;
    globalThis.pulses = [];
    OscillatorNode.prototype.start = function (...args) {
      globalThis.pulses.push(this.frequency.value);
      return start.apply(this, args);
    };
  });
}

export const RED_HZ = 698;
export const AMBER_HZ = 440;

/** How many pulses of this pitch were played. @param {import("playwright-core").Page} page @param {number} pitch */
export const pulses = (page, pitch) => page.evaluate((hz) => globalThis.pulses.filter((one) => one === hz).length, pitch);

/** @param {import("playwright-core").Page} page @param {number} pitch @param {number} already */
export const sounds = (page, pitch, already) =>
  page.waitForFunction(([hz, n]) => globalThis.pulses.filter((one) => one === hz).length > n, [pitch, already]);

/**
 * Starts the shift, hears the sound of a red, and says so. Pulses count from there: what was tried was no alert.
 *
 * @param {import("playwright-core").Page} page
 */
export async function startShift(page) {
  await page.getByTestId("start-shift").click();
  await page.getByTestId("heard").waitFor();
  await page.evaluate(() => globalThis.pulses?.splice(0));
  await page.getByTestId("heard").click();
  await page.locator("[data-testid=sound][data-sound=on]").waitFor();
}

/** The words of a choice that a list offers. @param {import("playwright-core").Locator} list @param {RegExp} words */
export const offered = async (list, words) => (await list.locator("option").allInnerTexts()).find((one) => words.test(one)) ?? "";

const NO_LINE = /Failed to load resource: net::ERR_|WebSocket connection to .* failed/;

/**
 * The page as it stands has no barriers, and nothing went wrong on the way here.
 *
 * @param {import("playwright-core").Page & { problems: string[], strangers: string[] }} page
 * @param {Parameters<typeof wentWell>[1]} [but]
 */
export async function isSound(page, but) {
  assert.deepEqual(await barriers(page), []);
  wentWell(page, but);
}

/**
 * No errors, no content that the page's own policy refused, and nobody else was asked for anything.
 *
 * @param {import("playwright-core").Page & { problems: string[], strangers: string[] }} page
 * @param {{ lineWasDown?: boolean, refusals?: RegExp }} [but]  what the browser itself logs when a request comes to nothing
 */
export function wentWell(page, { lineWasDown = false, refusals } = {}) {
  const problems = page.problems.filter((one) => !(lineWasDown && NO_LINE.test(one)) && !refusals?.test(one));
  assert.deepEqual(problems, []);
  assert.deepEqual(page.strangers, []);
}
