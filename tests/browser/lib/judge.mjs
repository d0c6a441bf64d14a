// What is demanded of every page, in every way in which it is looked at.
import { barriers } from "./accessibility.mjs";

/** The ways: a nurse's laptop, a phone, twice the letters with colours forced and nothing moving. */
export const WAYS = {
  laptop: { viewport: { width: 1366, height: 768 }, media: {}, letters: "100%" },
  phone: { viewport: { width: 390, height: 844 }, media: {}, letters: "100%" },
  large: { viewport: { width: 1366, height: 768 }, media: { forcedColors: "active", reducedMotion: "reduce" }, letters: "200%" },
};

/**
 * What is wrong with the page as it stands, looked at in this way. Empty when all is well.
 *
 * @param {import("playwright-core").Page} page
 * @param {keyof typeof WAYS} name
 * @returns {Promise<string[]>}
 */
export async function faults(page, name) {
  const way = WAYS[name];
  await page.emulateMedia({ forcedColors: "none", reducedMotion: "no-preference", ...way.media });
  await page.setViewportSize(way.viewport);
  await page.evaluate((size) => (document.documentElement.style.fontSize = size), way.letters);
  const found = [...(await barriers(page)), ...(await page.evaluate(sticksOut))];
  return found.map((fault) => `${name}: ${fault}`);
}

/** Back to how the page came. @param {import("playwright-core").Page} page */
export async function plain(page) {
  await page.emulateMedia({ forcedColors: "none", reducedMotion: "no-preference" });
  await page.setViewportSize(WAYS.laptop.viewport);
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
}

/** Runs in the page: what is wider than the window, unless it lies in something that scrolls by itself. */
function sticksOut() {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room + 1) {
    return [];
  }
  const scrolls = (element) => {
    for (let it = element.parentElement; it && it !== document.body; it = it.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(it).overflowX)) {
        return true;
      }
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > room + 1 && !scrolls(it));
  const inner = wide.filter((it) => !wide.some((other) => other !== it && it.contains(other)));
  const named = inner.slice(0, 3).map((it) => `${it.tagName.toLowerCase()}.${it.getAttribute("class") ?? ""}`);
  return [`the page is ${document.documentElement.scrollWidth} wide in a window of ${room}: ${named.join(", ")}`];
}

/**
 * What the page's text and marks must not have, however it is looked at.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function blemishes(page) {
  return page.evaluate(() => {
    const found = [];
    const says = document.body.innerText;
    const word = /\b(please|sorry)\b/i.exec(says);
    if (word) {
      found.push(`the page says “${word[0]}”`);
    }
    for (const [selector, what] of [
      ["script:not([src])", "a script within the page"],
      ["style", "a style sheet within the page"],
      ["[accesskey]", "a shortcut of a single key"],
      ["[tabindex]:not([tabindex='0']):not([tabindex='-1'])", "an order of its own for the Tab key"],
      ["meta[http-equiv=refresh]", "a page that leaves by itself"],
      ["[autoplay]", "sound that plays by itself"],
    ]) {
      if (document.querySelector(selector)) {
        found.push(what);
      }
    }
    for (const element of document.querySelectorAll("*")) {
      for (const { name } of element.attributes) {
        if (/^on[a-z]+$/.test(name)) {
          found.push(`a script in ${name} of ${element.tagName.toLowerCase()}`);
        }
      }
    }
    if (document.querySelectorAll("h1").length !== 1) {
      found.push(`${document.querySelectorAll("h1").length} headings of the first rank`);
    }
    for (const link of document.querySelectorAll(".nhsuk-error-summary a[href^='#']")) {
      const to = link.getAttribute("href")?.slice(1) ?? "";
      if (!document.getElementById(to)) {
        found.push(`the summary of what is wrong leads to #${to}, which is not there`);
      }
    }
    return found;
  });
}

/**
 * What the keyboard reaches and does not show that it has reached.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function unseenFocus(page) {
  return page.evaluate(() => {
    const look = (/** @type {Element} */ element) => {
      const parts = [element, element.closest("label, .nhsuk-radios__item, .nhsuk-checkboxes__item, summary")];
      const views = parts.filter((it) => it !== null).flatMap((it) => [undefined, "::before", "::after"].map((part) => getComputedStyle(it, part)));
      const beside = element.nextElementSibling;
      if (beside) {
        views.push(getComputedStyle(beside), getComputedStyle(beside, "::before"));
      }
      return views.map((style) => [style.outline, style.boxShadow, style.backgroundColor, style.border, style.textDecoration].join()).join();
    };
    const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    const found = [];
    for (const element of [...all].filter((it) => it.checkVisibility() && !it.disabled).slice(0, 150)) {
      document.activeElement?.blur?.();
      const before = look(element);
      element.focus({ focusVisible: true, preventScroll: true });
      if (document.activeElement === element && look(element) === before) {
        found.push(`the focus cannot be seen on ${element.outerHTML.slice(0, 120)}`);
      }
    }
    document.activeElement?.blur?.();
    return [...new Set(found)].slice(0, 5);
  });
}
