// The harness itself: it sees a page as it is, and it catches what it is there to catch.
import assert from "node:assert/strict";
import test from "node:test";
import { barriers } from "../lib/accessibility.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { withFiles } from "../lib/files.mjs";
import { blemishes, faults, unseenFocus } from "../lib/judge.mjs";
import { patternOf, routes } from "../lib/routes.mjs";

const page = (head, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width"><title>A page</title><link rel="icon" href="data:,">
  <link rel="stylesheet" href="/static/vendor/nhsuk-frontend.min.css">${head}</head><body>${body}</body></html>`;

const GOOD = page("", `<main class="nhsuk-width-container nhsuk-main-wrapper"><h1 class="nhsuk-heading-l">Ward</h1>
  <button class="nhsuk-button" onclick="this.textContent='Started'">Start shift</button></main>`);

const BAD = `<!doctype html><html><head></head><body style="background:#fff"><p style="color:#bbb">pale</p>
  <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><input></body></html>`;

const CHATTY = page('<img alt="" src="https://example.org/pixel.gif">', "<main><h1>Ward</h1></main><script>throw new Error('planted')</script>");

const CARELESS = page("<style>div:focus { outline: none; } p { width: 900px; }</style>", `<main><h1>Ward</h1><h1>Again</h1>
  <div class="nhsuk-error-summary"><a href="#nowhere">Choose</a></div><a href="/" onclick="go()" accesskey="k">Please go on</a>
  <div tabindex="0" role="button">Stop</div><p>As wide as it is long</p></main>`);

test("a page with the vendored stylesheet works and has no barriers", async () => {
  await withFiles({ "/": GOOD }, (address) =>
    withPage(async (page) => {
      await page.goto(address);
      const button = page.getByRole("button");
      assert.match(await button.evaluate((element) => getComputedStyle(element).backgroundColor), /^rgb\(0, 1\d\d, /);
      await button.click();
      assert.equal(await button.textContent(), "Started");
      assert.deepEqual(await barriers(page), []);
      assert.deepEqual(page.problems, []);
      assert.deepEqual(page.strangers, []);
      await picture(page, "harness");
    }),
  );
});

test("planted barriers are found", async () => {
  await withFiles({ "/": BAD }, (address) =>
    withPage(async (page) => {
      await page.goto(address);
      const rules = (await barriers(page)).map((line) => line.split(":")[0]);
      assert.deepEqual(rules, ["color-contrast", "document-title", "html-has-lang", "image-alt", "label"]);
    }),
  );
});

test("a planted script error and a request to a stranger are noticed", async () => {
  await withFiles({ "/": CHATTY }, (address) =>
    withPage(async (page) => {
      await page.goto(address);
      assert.ok(page.problems.includes("uncaught: planted"), String(page.problems));
      assert.deepEqual(page.strangers, ["https://example.org/pixel.gif"]);
    }),
  );
});

test("careless pages are found out: hidden focus, what sticks out, single keys, scripts within, words that waste time", async () => {
  await withFiles({ "/": CARELESS }, (address) =>
    withPage(async (page) => {
      await page.goto(address);
      assert.deepEqual(await blemishes(page), [
        "the page says “Please”",
        "a style sheet within the page",
        "a shortcut of a single key",
        "a script in onclick of a",
        "2 headings of the first rank",
        "the summary of what is wrong leads to #nowhere, which is not there",
      ]);
      const unseen = await unseenFocus(page);
      assert.match(unseen.join(), /^the focus cannot be seen on <div tabindex="0" role="button">Stop/);
      assert.match((await faults(page, "phone")).join(), /phone: the page is \d+ wide in a window of 390: p\./);
      assert.doesNotMatch((await faults(page, "laptop")).join(), /wide in a window/);
    }),
  );
});

test("the routes of all pages are read from the sources, and an address belongs to the one that says most", () => {
  const known = routes();
  assert.deepEqual(known.get("/sign-in"), new Set(["get", "post"]));
  assert.ok(known.has("/wards/{ward}"));
  const patterns = ["/wards/{ward}/{what}", "/wards/{ward}/office", "/static/{*path}"];
  assert.equal(patternOf("/wards/1/office", patterns), "/wards/{ward}/office");
  assert.equal(patternOf("/wards/1/else", patterns), "/wards/{ward}/{what}");
  assert.equal(patternOf("/static/css/a.css", patterns), "/static/{*path}");
  assert.equal(patternOf("/nowhere", patterns), undefined);
});
