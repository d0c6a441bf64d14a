// Debian's Chromium, started fresh for each test and gone afterwards.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.WARDLIGHT_CHROMIUM ?? "/usr/bin/chromium";

// The sandbox needs what a container seldom gives; the rest keeps the browser from asking the internet for anything.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-features=OptimizationHints,MediaRouter",
];

/**
 * Opens a page in a browser of its own, hands it over, and closes both whatever happens.
 *
 * The page carries two lists: `page.problems` (uncaught errors and console errors) and `page.strangers` (requests to
 * any other host than 127.0.0.1 and localhost, which are refused).
 *
 * @template T
 * @param {(page: import("playwright-core").Page & {problems: string[], strangers: string[]}) => Promise<T>} story
 * @param {import("playwright-core").BrowserContextOptions} [options] viewport, forcedColors, javaScriptEnabled …
 * @returns {Promise<T>}
 */
export async function withPage(story, options = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "wardlight-browser-"));
  let context;
  try {
    context = await chromium.launchPersistentContext(folder, {
      executablePath,
      headless: true,
      args,
      viewport: { width: 1366, height: 768 },
      locale: "en-GB",
      timezoneId: "Europe/London",
      ...options,
    });
    context.setDefaultTimeout(15_000);
    const page = Object.assign(context.pages()[0] ?? (await context.newPage()), { problems: [], strangers: [] });
    page.on("pageerror", (error) => page.problems.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") {
        page.problems.push(`console: ${message.text()}`);
      }
    });
    await context.route(isStranger, (route) => {
      page.strangers.push(route.request().url());
      return route.abort();
    });
    return await story(page);
  } finally {
    await context?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {URL} url */
function isStranger(url) {
  return /^https?:$/.test(url.protocol) && !["127.0.0.1", "localhost"].includes(url.hostname);
}

/**
 * Takes a picture for a person to look at, below target/screenshots, which nothing depends on.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function picture(page, name) {
  const folder = path.resolve(import.meta.dirname, "../../../target/screenshots");
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
