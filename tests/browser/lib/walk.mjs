// A walk through all pages that links and forms lead to, as one person; each page is looked at in every way.
import { picture, withPage } from "./browser.mjs";
import { WAYS, blemishes, faults, plain, unseenFocus } from "./judge.mjs";
import { nameless, patternOf, routes } from "./routes.mjs";
import { weighed } from "./weight.mjs";

/**
 * @typedef {object} Journey
 * @property {string} name  begins the names of the pictures
 * @property {string} address
 * @property {string[]} from  paths to begin with
 * @property {(path: string) => boolean} within  which addresses are this walk's
 * @property {number} limit  bytes of a first view at most
 * @property {Record<string, number>} [often]  pages of these patterns are looked at so often, others once
 * @property {RegExp} [not]  forms that lead there are left alone
 */

/**
 * @typedef {object} Found
 * @property {Map<string, string[]>} faults  by page, what is wrong with it
 * @property {Map<string, number>} bytes  by pattern, what a first view weighs
 * @property {Set<string>} seen  the patterns that were looked at
 */

/** @returns {Found} */
export const nothing = () => ({ faults: new Map(), bytes: new Map(), seen: new Set() });

/** @param {Found} found @param {string} where @param {string[]} what */
export function note(found, where, what) {
  if (what.length > 0) {
    found.faults.set(where, [...new Set([...(found.faults.get(where) ?? []), ...what])]);
  }
}

/** For the name of a picture. @param {string} pathname */
const inAName = (pathname) => nameless(pathname).replaceAll(/[^a-z_]+/g, "-");

/** The page has what it needs. @param {import("playwright-core").Page} page */
async function settled(page) {
  if ((await page.locator("#board").count()) > 0 && (await page.locator("script[src]").count()) > 0) {
    await page.locator("#board[data-live=true]").waitFor();
  }
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/**
 * Looks at a page as it stands.
 *
 * @param {import("playwright-core").Page & {problems: string[], strangers: string[]}} page
 * @param {Found} found @param {string} where @param {string | undefined} name  of its pictures
 */
export async function lookAt(page, found, where, name) {
  note(found, where, [...(await blemishes(page)), ...(await unseenFocus(page))]);
  for (const way of /** @type {(keyof typeof WAYS)[]} */ (Object.keys(WAYS))) {
    // Nobody hangs a telephone on the wall of a ward.
    if (way === "phone" && new URL(page.url()).searchParams.has("wall")) {
      continue;
    }
    note(found, where, await faults(page, way));
    if (name !== undefined && way !== "large") {
      await picture(page, `${name}-${way}`);
    }
  }
  await plain(page);
  note(found, where, page.problems.splice(0));
  note(found, where, page.strangers.splice(0).map((url) => `asks a stranger: ${url}`));
}

/** Every link of the page, without what stands behind # . @param {import("playwright-core").Page} page */
const links = (page) => page.locator("a[href]").evaluateAll((all) => all.map((it) => it.href.split("#")[0]));

/**
 * Opens all pages that can be reached, each pattern so often as it is worth, and hands back the addresses that were opened.
 *
 * @param {import("playwright-core").Page & {problems: string[], strangers: string[]}} page
 * @param {Journey} journey @param {Found} found
 */
export async function followLinks(page, journey, found) {
  const patterns = [...routes()].filter(([, methods]) => methods.has("get")).map(([pattern]) => pattern);
  const waiting = [...journey.from];
  const opened = new Map();
  const known = new Set(waiting);
  while (waiting.length > 0) {
    const path = waiting.shift() ?? "";
    const url = new URL(path, journey.address);
    const pattern = patternOf(url.pathname, patterns);
    const before = opened.get(pattern) ?? [];
    // The same page with other questions behind the ? is another state of it.
    const kind = [pattern, ...[...url.searchParams.keys()].sort()].join(" ");
    if (pattern === undefined || before.filter((it) => it.kind === kind).length >= (journey.often?.[pattern] ?? 1)) {
      continue;
    }
    const where = `${nameless(url.pathname)}${url.search ? "?" + [...url.searchParams.keys()] : ""}`;
    const { response, bytes } = await weighed(page, url.href);
    if (response === null || !/html/.test(response?.headers()["content-type"] ?? "")) {
      opened.set(pattern, [...before, { path, kind, html: false }]);
      found.seen.add(pattern);
      continue;
    }
    note(found, where, (response?.status() ?? 500) >= 400 ? [`answered with ${response?.status()}`] : []);
    await settled(page);
    found.bytes.set(pattern, Math.max(found.bytes.get(pattern) ?? 0, bytes()));
    note(found, where, bytes() > journey.limit ? [`${bytes()} bytes at first view`] : []);
    opened.set(pattern, [...before, { path, kind, html: true }]);
    found.seen.add(pattern);
    const nth = before.length === 0 ? "" : `-${before.length + 1}`;
    await lookAt(page, found, where, `every-${journey.name}${inAName(url.pathname)}${nth}`);
    for (const href of await links(page)) {
      const to = new URL(href);
      const next = to.pathname + to.search;
      if (to.origin === url.origin && journey.within(to.pathname) && !known.has(next)) {
        known.add(next);
        waiting.push(next);
      }
    }
  }
  return [...opened.values()].flat();
}

/**
 * Opens the same pages as the same person in a browser that runs no scripts at all.
 *
 * @param {import("playwright-core").Page} page
 * @param {Journey} journey @param {Found} found @param {{ path: string, html: boolean }[]} pages
 */
export async function withoutScripts(page, journey, found, pages) {
  const cookies = await page.context().cookies();
  await withPage(
    async (plainly) => {
      await plainly.context().addCookies(cookies);
      for (const { path } of pages.filter((it) => it.html)) {
        const response = await plainly.goto(new URL(path, journey.address).href);
        const words = (await plainly.locator("main").innerText()).trim();
        const where = nameless(path.split("?")[0]);
        note(found, where, response?.status() === 200 ? [] : [`without scripts: answered with ${response?.status()}`]);
        note(found, where, words.length < 40 ? [`without scripts it says only: ${words}`] : []);
        note(found, where, plainly.problems.splice(0));
      }
    },
    { javaScriptEnabled: false },
  );
}

/**
 * Sends every form of these pages as it stands, without a script and without the browser's own checks: what comes back is a
 * page that somebody can go on from.
 *
 * @param {import("playwright-core").Page & {problems: string[], strangers: string[]}} page
 * @param {Journey} journey @param {Found} found @param {{ path: string, html: boolean }[]} pages
 */
export async function sendForms(page, journey, found, pages) {
  // Plain forms: the scripts come as empty files, so that the judges can still run in the page.
  await page.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const patterns = [...routes()].filter(([, methods]) => methods.has("get")).map(([pattern]) => pattern);
  const sent = new Set();
  for (const { path } of pages.filter((it) => it.html)) {
    await page.goto(new URL(path, journey.address).href);
    const forms = page.locator("form[method=post]");
    for (let place = 0; place < (await forms.count()); place += 1) {
      const form = forms.nth(place);
      const action = await form.evaluate((it) => new URL(it.getAttribute("action") ?? "", location.href).pathname);
      const fields = await form.evaluate((it) => [...it.querySelectorAll("[name]")].map((field) => field.getAttribute("name")).join());
      const what = `${nameless(action)} ${nameless(fields)}`;
      if (sent.has(what) || journey.not?.test(action)) {
        continue;
      }
      sent.add(what);
      const where = `${nameless(path.split("?")[0])} sends ${nameless(action)}`;
      const answer = page.waitForResponse((response) => response.request().method() === "POST" && response.request().isNavigationRequest());
      const [response] = await Promise.all([
        answer,
        page.waitForEvent("domcontentloaded"),
        form.evaluate((it) => {
          it.noValidate = true;
          // Hidden parts of a page are forms too: no pointer is needed to send them.
          const button = it.querySelector("button:not([type=button]), input[type=submit]");
          it.requestSubmit(button instanceof HTMLElement ? button : null);
        }),
      ]);
      const status = response.status();
      note(found, where, status >= 500 ? [`answered with ${status}`] : []);
      const next = patternOf(new URL(page.url()).pathname, patterns);
      if (status < 400 && next !== undefined && !found.seen.has(next)) {
        // Where only this form leads to.
        found.seen.add(next);
        await lookAt(page, found, `${nameless(next)} after ${nameless(action)}`, `every-${journey.name}${inAName(next)}`);
      }
      if (status >= 400) {
        // What the browser writes down of any such answer.
        page.problems.splice(0, page.problems.length, ...page.problems.filter((one) => !/status of 4\d\d/.test(one)));
        await lookAt(page, found, where, undefined);
        await picture(page, `every-${journey.name}-refused${inAName(action)}`);
      }
      await page.goto(new URL(path, journey.address).href);
    }
  }
  await page.unroute("**/*.js");
  return sent;
}

/** What was found, one line a fault. @param {Found} found */
export function told(found) {
  return [...found.faults].flatMap(([where, what]) => what.map((one) => `${where}: ${one}`)).sort();
}
