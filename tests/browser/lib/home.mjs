// Somebody at home: how they come in, and what the ward's staff do about them meanwhile.
import { reads } from "./console.mjs";

/** A phone in the hand. */
export const PHONE = { viewport: { width: 390, height: 844 } };

/** Whom the demo lets in. @param {import("./ward.mjs").Ward} ward @param {string} family */
export function patientOf(ward, family) {
  const found = ward.patients.find((it) => it.name.startsWith(family));
  if (found === undefined) {
    throw new Error(`${family} has no code`);
  }
  return found;
}

/**
 * Comes in by the link that the ward gives, and the date of birth.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} address
 * @param {{ code: string, birth_date: string }} patient
 */
export async function comeIn(page, address, { code, birth_date }) {
  await page.goto(`${address}/home/code?code=${code}`);
  await sayBirthDate(page, birth_date);
  await page.getByTestId("take-reading").waitFor();
}

/** @param {import("playwright-core").Page} page @param {string} date */
export async function sayBirthDate(page, date) {
  const [year, month, day] = date.split("-");
  await page.getByTestId("day").fill(String(Number(day)));
  await page.getByTestId("month").fill(String(Number(month)));
  await page.getByTestId("year").fill(year ?? "");
  await page.getByTestId("sign-in").click();
}

/**
 * Takes a reading from the person's first page.
 *
 * @param {import("playwright-core").Page} page @param {string} oxygen @param {string} pulse
 */
export async function takeReading(page, oxygen, pulse) {
  await page.getByTestId("take-reading").click();
  await sendReading(page, oxygen, pulse);
}

/**
 * The page has taken over its forms: what a machine fills in and sends before is a plain form, which no device keeps.
 *
 * @param {import("playwright-core").Page} page
 */
export async function isTakenOver(page) {
  if (await page.evaluate(() => matchMedia("(scripting: enabled)").matches)) {
    await page.locator("html[data-forms=taken]").waitFor();
  }
}

/** On the page of a reading. @param {import("playwright-core").Page} page @param {string} oxygen @param {string} pulse */
export async function sendReading(page, oxygen, pulse) {
  await page.getByTestId("oxygen").waitFor();
  await isTakenOver(page);
  await page.getByTestId("oxygen").fill(oxygen);
  await page.getByTestId("pulse").fill(pulse);
  await page.getByTestId("send").click();
}

/** The worker is there, and the pages are kept. @param {import("playwright-core").Page} page */
export const isKept = (page) => page.locator("html[data-kept=yes]").waitFor();

/** The first card of a page. @param {import("playwright-core").Page} page @param {"emergency" | "urgent" | "non-urgent"} look @param {RegExp} words */
export async function firstCard(page, look, words) {
  const card = page.getByTestId("card").first();
  await reads(card, words);
  const is = await card.getAttribute("data-look");
  if (is !== look) {
    throw new Error(`the first card looks ${is}, and not ${look}`);
  }
}

/** From the person's first page to their questions. @param {import("playwright-core").Page} page */
export async function openQuestions(page) {
  await page.getByTestId("answer-questions").click();
  await page.getByTestId("progress").waitFor();
  await isTakenOver(page);
}

/** A member of the ward's staff, over the HTTP API. */
export class Staff {
  /** @param {string} address @param {string} cookie @param {string} token @param {string} ward */
  constructor(address, cookie, token, ward) {
    Object.assign(this, { address, cookie, token, ward });
  }

  /** @param {import("./ward.mjs").Ward} ward @param {number} [which] */
  static async signIn(ward, which = 0) {
    const { name: username, password } = ward.users[which];
    const answer = await fetch(`${ward.address}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ward.address },
      body: JSON.stringify({ username, password }),
    });
    const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    return new Staff(ward.address, cookie, (await answer.json()).csrf_token, ward.id);
  }

  /** @param {string} method @param {string} path  under the ward @param {unknown} [body] */
  async ask(method, path, body) {
    const answer = await fetch(`${this.address}/api/wards/${this.ward}${path}`, {
      method,
      headers: { "content-type": "application/json", origin: this.address, cookie: this.cookie, "x-csrf-token": this.token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    }
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The chart of a stay, the newest first. @param {string} stay */
  async chart(stay) {
    return (await this.ask("GET", `/stays/${stay}/chart`)).readings;
  }

  /** A code for somebody. @param {string} stay @param {string} [carer] */
  async code(stay, carer) {
    return (await this.ask("POST", `/stays/${stay}/access`, carer === undefined ? {} : { carer })).code;
  }

  /** The plan asks for a diary from now on. @param {string} stay */
  async asksForDiary(stay) {
    const { in_force } = await this.ask("GET", `/stays/${stay}/plan`);
    const schedule = { times: ["00:00", "06:00", "12:00", "18:00"], before_minutes: 180, after_minutes: 179 };
    const diary = { questionnaire: "covid-oximetry-home", version: 1, schedule };
    await this.ask("PUT", `/stays/${stay}/plan`, {
      replaces: in_force.version,
      limits: in_force.limits,
      care: { ...in_force.care, diary },
      reason: "Keeps a diary",
    });
  }
}
