// Every page at home in every language: read from the right where it is read so, and with no word that no translation
// can reach. Two languages are English in disguise: what is still plain in them does not come from the message files.
import assert from "node:assert/strict";
import test from "node:test";
import { barriers } from "../lib/accessibility.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { wentWell } from "../lib/console.mjs";
import { PHONE, Staff, comeIn, patientOf, takeReading } from "../lib/home.mjs";
import { withWard } from "../lib/ward.mjs";

/** Tag, which way it is read, and whether its translation waits for somebody to approve it. @type {[string, string, boolean][]} */
const LANGUAGES = [
  ["en-XA", "ltr", false],
  ["ar-XB", "rtl", false],
  ["ur", "rtl", true],
  ["pl", "ltr", true],
];

/**
 * What the page says in plain English letters, but for names, addresses and what is marked as another language.
 *
 * @param {import("playwright-core").Page} page @param {string[]} names
 */
function plainWords(page, names) {
  return page.evaluate((names) => {
    const found = [];
    const own = document.documentElement.lang;
    const say = (/** @type {string | null} */ text, /** @type {Element | null} */ where) => {
      const rest = names.reduce((left, name) => left.replaceAll(new RegExp(name, "gi"), " "), text ?? "");
      const abroad = where?.closest("[lang]")?.getAttribute("lang") !== own;
      const hidden = where?.closest("script, style, template, noscript");
      if (/[A-Za-z]{3,}/.test(rest) && !abroad && !hidden) {
        found.push(`${where?.tagName.toLowerCase()}: ${text?.trim().slice(0, 80)}`);
      }
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      say(walk.currentNode.textContent, walk.currentNode.parentElement);
    }
    for (const element of document.querySelectorAll("[alt], [aria-label], [placeholder], [title]")) {
      for (const name of ["alt", "aria-label", "placeholder", "title"]) {
        say(element.getAttribute(name), element);
      }
    }
    say(document.title, document.documentElement);
    return found;
  }, names);
}

/** English beside a draft that can hardly be told from what it stands on, on any card. @param {import("playwright-core").Page} page */
function faintEnglish(page) {
  return page.evaluate(() => {
    const light = (/** @type {number[]} */ [r, g, b]) => {
      const part = (/** @type {number} */ it) => (it / 255 <= 0.03928 ? it / 255 / 12.92 : ((it / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const numbers = (/** @type {string} */ color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const behind = (/** @type {Element | null} */ element) => {
      for (let it = element; it; it = it.parentElement) {
        const color = numbers(getComputedStyle(it).backgroundColor);
        if (color.length === 3 || color[3] === 1) {
          return color;
        }
      }
      return [255, 255, 255];
    };
    return [...document.querySelectorAll("[lang^=en]:not(html)")].flatMap((element) => {
      const pair = [light(numbers(getComputedStyle(element).color)), light(behind(element))].sort((one, other) => other - one);
      const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
      return contrast < 4.5 ? [`${contrast.toFixed(1)}: ${element.textContent?.trim().slice(0, 60)}`] : [];
    });
  });
}

test("every page at home is read in the language and the way of whoever reads it, with no word from elsewhere", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const person = patientOf(ward, "SUTCLIFFE");
      const staff = await Staff.signIn(ward);
      await staff.asksForDiary(person.stay);
      await comeIn(page, ward.address, person);
      await takeReading(page, "91", "88");
      await page.getByTestId("card").first().waitFor();
      const { pathname: result } = new URL(page.url());
      const home = `/home/${person.stay}`;
      const pages = [home, `${home}/reading`, `${home}/how`, `${home}/diary`, `${home}/help`, `${home}/seen`, `${home}/leave`, "/home", "/home/code", "/home/offline", result];
      const [family, given] = person.name.split(", ");
      const names = [person.name, `${given} ${family}`, family, given, "Pennine virtual ward", "Wardlight", "999bsl.co.uk", "ABCD-EFGH-JKLM-NPQR"];
      for (const [tag, way, isDraft] of LANGUAGES) {
        await page.context().addCookies([{ name: "wardlight-language", value: tag, url: ward.address }]);
        for (const path of pages) {
          await page.goto(ward.address + path);
          const where = `${tag} ${path.replaceAll(/[0-9a-f-]{36}/g, "_")}`;
          const root = page.locator("html");
          assert.deepEqual([await root.getAttribute("lang"), (await root.getAttribute("dir")) ?? "ltr"], [tag, way], where);
          if (isDraft) {
            assert.ok((await page.locator("[lang^=en]").count()) > 0, `${where}: a draft without the English beside it`);
          } else {
            assert.deepEqual(await plainWords(page, names), [], where);
          }
          assert.deepEqual(await faintEnglish(page), [], where);
          assert.deepEqual(await barriers(page), [], where);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 1, `${where} is ${wide} too wide for a phone`);
          await picture(page, `language-${where.replaceAll(/[^a-zA-Z]+/g, "-")}`);
        }
      }
      wentWell(page);
    }, PHONE),
  );
});
