// Who is told when nobody takes an alert: the ward's policy, how a nurse is reached, and one alert kept quiet or passed on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { appendFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import test, { after, before } from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { alertOf, isLive, isSound, offered, openBoard, reads, rowOf } from "../lib/console.mjs";
import { shared } from "../lib/ward.mjs";

const DESK = { width: 1366, height: 768 };
const PHONE = { width: 390, height: 844 };
const PLAIN = { javaScriptEnabled: false };

/** What the browser logs itself when a form comes back with what is wrong. */
const REFUSALS = { refusals: /the server responded with a status of 4(00|22)/ };

/** A mail server that takes every letter and keeps it. */
class Letters {
  constructor() {
    /** @type {{ to: string, text: string }[]} */
    this.taken = [];
    this.server = net.createServer((socket) => this.#serve(socket));
  }

  async listen() {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return /** @type {import("node:net").AddressInfo} */ (this.server.address()).port;
  }

  /** @param {net.Socket} socket */
  #serve(socket) {
    let [rest, to, text] = ["", "", ""];
    let isLetter = false;
    socket.on("error", () => {});
    socket.write("220 post.test ESMTP\r\n");
    socket.on("data", (bytes) => {
      const lines = (rest + bytes.toString("utf8")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (isLetter && line !== ".") {
          text += `${line}\n`;
        } else if (isLetter) {
          this.taken.push({ to, text });
          [isLetter, text] = [false, ""];
          socket.write("250 taken\r\n");
        } else if (/^RCPT TO:/i.test(line)) {
          to = /<([^>]*)>/.exec(line)?.[1] ?? "";
          socket.write("250 ok\r\n");
        } else if (/^DATA/i.test(line)) {
          isLetter = true;
          socket.write("354 go on\r\n");
        } else if (/^QUIT/i.test(line)) {
          socket.end("221 bye\r\n");
        } else {
          socket.write("250 ok\r\n");
        }
      }
    });
  }

  /** The first letter to somebody that says this. @param {string} to @param {RegExp} words */
  async find(to, words) {
    for (let tries = 0; tries < 150; tries += 1) {
      const found = this.taken.find((letter) => letter.to === to && words.test(letter.text));
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.fail(`no letter to ${to} with ${words}; there are: ${JSON.stringify(this.taken)}`);
  }
}

const letters = new Letters();
let ward;
let bridge;
let close = async () => {};

before(async () => {
  ({ ward, close } = await shared());
  const port = await letters.listen();
  await ward.signal("SIGTERM");
  const email = `\n[channels.email]\nhost = "127.0.0.1"\nport = ${port}\nsecurity = "plain"\nfrom = "Wardlight <ward@pennine.test>"\n`;
  await appendFile(path.join(ward.folder, "wardlight.toml"), email);
  await ward.start();
  bridge = await Bridge.enrol(ward);
});

after(async () => {
  await close();
  letters.server.close();
});

/** Signed in, and the path of the ward. @param {import("playwright-core").Page} page @param {string} name */
async function enter(page, name) {
  await openBoard(page, ward.address, ward.users.find((user) => user.name === name));
  await page.waitForURL(/\/wards\/[0-9a-f-]+$/);
  return page.url();
}

/** No barriers at a desk and on a phone, nothing sticks out, and two pictures. */
async function look(page, name) {
  for (const [size, width] of [[DESK, 1366], [PHONE, 390]]) {
    await page.setViewportSize(size);
    await isSound(page, REFUSALS);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= room, `${name}: ${wide} wide in a window of ${room}`);
    await picture(page, `escalation-${name}-${width}`);
  }
  await page.setViewportSize(DESK);
}

/** @param {import("playwright-core").Page} page @param {string} name */
const field = (page, name) => page.locator(`[name="${name}"]`);

/** @param {import("playwright-core").Page} page @param {RegExp} words */
const said = (page, words) => reads(page.getByTestId("said"), words);

/** @param {import("playwright-core").Page} page @param {RegExp} words */
const wrong = (page, words) => reads(page.getByTestId("error-summary"), words);

/** Enters an address on the page where staff say how they are reached. */
async function reachedAt(page, home, address) {
  await page.goto(`${home}/reach-me`);
  await page.getByTestId("email").fill(address);
  await page.getByTestId("add-detail").click();
  await said(page, /It is kept\. Send yourself a test message now\./);
}

test("a senior changes after how long and who is told, and reads who would be told now", async () => {
  await withPage(async (page) => {
    const home = await enter(page, "senior.s");
    await page.goto(`${home}/office/escalation`);
    await reads(page.getByTestId("told-now"), /Red[^]*after 5 min: nobody can be told\./);
    await look(page, "policy");

    await field(page, "red.1.after").fill("soon");
    await page.getByTestId("save-escalation").click();
    await wrong(page, /enter minutes, for example 5/);
    await page.getByTestId("error-summary").getByRole("link").first().click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "red.1.after");
    assert.equal(await field(page, "red.1.after").inputValue(), "soon", "what was typed is still there");
    await isSound(page, REFUSALS);

    await field(page, "red.1.after").fill("3");
    await field(page, "contact.1.name").fill("Bleep desk");
    await field(page, "contact.1.email").fill("bleep@pennine.test");
    await page.getByTestId("save-escalation").click();
    await reads(page.getByTestId("told-now"), /Red[^]*after 3 min: Bleep desk by e-mail, because nobody can be reached as the next clinician on duty/);
    assert.equal(await field(page, "red.1.after").inputValue(), "3");
    await look(page, "policy-set");

    await reachedAt(page, home, "sister@pennine.test");
    await page.goto(`${home}/handover`);
    await page.getByRole("radio", { name: /Lead/ }).check();
    await page.getByRole("button", { name: /duty/i }).first().click();
    await page.goto(`${home}/office/escalation`);
    await reads(page.getByTestId("told-now"), /after 3 min: [^\n]*Malik by e-mail/);
  });
  // The same form without a script, back to the default.
  await withPage(async (page) => {
    const home = await enter(page, "senior.s");
    await page.goto(`${home}/office/escalation`);
    await page.getByText("Add step 4").first().click();
    await page.getByTestId("reset-escalation").click();
    await reads(page.getByTestId("told-now"), /Red[^]*after 5 min: /);
    assert.deepEqual(page.problems, []);
  }, PLAIN);
});

for (const [how, options, address] of /** @type {const} */ ([["", {}, "amy@pennine.test"], [", without a script too", PLAIN, "ben@pennine.test"]])) {
  test(`a nurse says how she is reached and sends herself a test${how}`, async () => {
    await withPage(async (page) => {
      const home = await enter(page, how === "" ? "nurse.a" : "nurse.b");
      await page.goto(`${home}/handover`);
      await page.getByRole("link", { name: "How you are reached" }).click();
      await page.getByTestId("not-reached").waitFor();
      await page.getByTestId("add-detail").click();
      await wrong(page, /Enter a mobile number or an e-mail address/);
      await page.getByTestId("email").fill("no address");
      await page.getByTestId("add-detail").click();
      await wrong(page, /e-mail/i);
      if (how === "") await look(page, "reach-wrong");
      await reachedAt(page, home, address);
      await reads(page.getByTestId("detail"), new RegExp(`E-mail\\s+${address}`));
      if (how === "") await look(page, "reach");
      await page.getByRole("button", { name: "Send a test message" }).click();
      await said(page, /A test message is on its way/);
      const letter = await letters.find(address, /test/i);
      assert.doesNotMatch(letter.text, /HUSSAIN|WHITTAKER|999 000/);

      await page.getByRole("button", { name: "Take away" }).click();
      await page.getByTestId("not-reached").waitFor();
      assert.deepEqual(page.problems.filter((one) => !REFUSALS.refusals.test(one)), []);
    }, options);
  });
}

test("an amber is kept quiet for a reason, and everybody sees whose it is and until when; a red is passed on by hand", async () => {
  await withPage((amy) =>
    withPage(async (ben) => {
      const home = await enter(amy, "nurse.a");
      await enter(ben, "nurse.b");
      await isLive(ben);
      await isLive(amy);
      await bridge.reading(PEOPLE.WHITTAKER, 93);
      const amber = await alertOf(amy, "WHITTAKER", "amber", { waiting: true });
      await amber.getByRole("link", { name: /Escalate or snooze/ }).click();
      await reads(amy.getByRole("heading", { level: 1 }), /Amber PEN \d+/);
      await look(amy, "alert-amber");
      await amy.getByTestId("minutes").selectOption({ label: "30 minutes" });
      await amy.getByTestId("snooze").click();
      await wrong(amy, /Choose for how long, and why it may wait/);
      await amy.getByTestId("reason").selectOption({ label: "A visit is on its way" });
      await amy.getByTestId("snooze_note").fill("Dr Pool is there at three.");
      await amy.getByTestId("snooze").click();
      await amy.waitForURL(home);
      const words = /Nurse Amy Barker has it[^]*\d\d:\d\d[^]*a visit is on its way/i;
      await reads(rowOf(ben, "WHITTAKER"), words);
      await reads(rowOf(ben, "WHITTAKER"), /until \d\d:\d\d/);
      await isLive(amy);
      await reads(rowOf(amy, "WHITTAKER"), /Snoozed|Quiet/i);
      await isSound(amy, REFUSALS);
      await picture(amy, "escalation-snoozed-1366");

      await bridge.reading(PEOPLE.HUSSAIN, 84);
      const red = await alertOf(amy, "HUSSAIN", "red", { waiting: true });
      const number = (await red.innerText()).match(/PEN \d+/)?.[0] ?? "";
      await red.getByRole("link", { name: /^Escalate/ }).click();
      await reads(amy.locator("main"), /A red alert is never snoozed/);
      await amy.getByTestId("to").selectOption({ label: await offered(amy.getByTestId("to"), /Malik/) });
      await amy.getByTestId("escalate_note").fill("She lives alone.");
      await amy.getByTestId("escalate").click();
      await said(amy, /was passed on to your colleague\. See below who was told\./);
      await reads(amy.getByTestId("told"), /Malik \(e-mail \d\d:\d\d/);
      const letter = await letters.find("sister@pennine.test", new RegExp(number));
      assert.doesNotMatch(letter.text, /HUSSAIN|Zahra|lives alone|84/i);
      await amy.reload();
      await reads(amy.getByTestId("told"), /Malik \(e-mail \d\d:\d\d, (sent|delivered)\)/);
      await look(amy, "alert-red");
      await reads(rowOf(ben, "HUSSAIN"), /Malik/);
    }),
  );
});

test("the worker that shows pushes is taken by a browser, for /static/ alone", async () => {
  await withPage(async (page) => {
    const home = await enter(page, "nurse.a");
    await page.goto(`${home}/reach-me`);
    const [scope, state] = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.register("/static/push.js", { scope: "/static/" });
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      while (worker && worker.state !== "activated" && worker.state !== "redundant") await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
      return [new URL(registration.scope).pathname, worker?.state];
    });
    assert.deepEqual([scope, state], ["/static/", "activated"]);
    // It stands behind no page of the ward.
    await page.reload();
    assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
    await isSound(page);
  });
});
