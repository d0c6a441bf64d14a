// A nurse's morning as one story: from the handover of the night to her own at noon, with what comes between.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { choose, reached } from "../lib/calls.mjs";
import { AMBER_HZ, alertOf, isLive, isSound, listen, offered, openBoard, RED_HZ, reads, rowOf, sounds, startShift, wentWell } from "../lib/console.mjs";
import { Staff } from "../lib/home.mjs";
import { withWard } from "../lib/ward.mjs";

/** @typedef {import("playwright-core").Page & { problems: string[], strangers: string[] }} Page */
/** @typedef {import("../lib/ward.mjs").Ward} Ward */

const SANA = 3;

/** @param {Page} page @param {string} name */
const follow = (page, name) => page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name, exact: true }).click();

/** Notes every sentence that the page says aloud, by how it is said. Call it before the page is opened. @param {Page} page */
async function hearWords(page) {
  await page.addInitScript(() => {
    globalThis.said = { "say-now": [], "say-politely": [] };
    new MutationObserver((changes) => {
      for (const place of new Set(changes.map(({ target }) => target))) {
        const heard = globalThis.said[place.id];
        if (heard && place.textContent !== "") heard.push(place.textContent);
      }
    }).observe(document, { childList: true, subtree: true });
  });
}

/** What was said about somebody since the page was opened. @param {Page} page @param {"say-now" | "say-politely"} how @param {RegExp} words */
const heard = async (page, how, words) => (await page.evaluate((how) => globalThis.said[how], how)).filter((one) => words.test(one));

/** The family names of those with an open alert, from the top of the board. @param {Page} page */
const inNeed = async (page) => {
  const rows = page.getByTestId("row").filter({ has: page.getByTestId("alert") });
  return (await rows.getByRole("heading", { level: 3 }).allInnerTexts()).map((name) => name.split(",")[0]);
};

/** To the board, whose sound is on by itself: the shift was started in this tab. @param {Page} page */
async function backAtTheBoard(page) {
  await follow(page, "Board");
  await isLive(page);
  await page.locator("[data-testid=sound][data-sound=on]").waitFor();
}

/** Ends an alert that is hers. @param {Page} page @param {import("playwright-core").Locator} alert @param {string} outcome */
async function ends(page, alert, outcome) {
  const number = await alert.getAttribute("data-alert");
  await page.mouse.move(5, 5);
  await alert.getByTestId("open-resolve").click();
  await alert.getByTestId("outcome").selectOption({ label: outcome });
  await alert.getByTestId("resolve").click();
  await reads(page.getByTestId("over-item"), new RegExp(`PEN ${number} .*resolved by you: ${outcome}`));
}

/** The night: Sister Sana has the kit of somebody, writes a note, and goes. @param {Ward} ward @param {Bridge} bridge */
async function night(ward, bridge) {
  const sana = await Staff.signIn(ward, SANA);
  await sana.ask("PUT", "/staffed-hours", { days: Array(7).fill({ from: "00:00:00", until: "00:00:00" }) });
  await sana.ask("POST", "/duty/accept", { post: "lead" });
  await bridge.reading(PEOPLE.HUSSAIN, 97);
  await bridge.reading(PEOPLE.HUSSAIN, 95);
  for (let tries = 0; tries < 4; tries += 1) {
    await bridge.attempt(PEOPLE.PICKLES, "no_finger");
  }
  const { rows, as_of, staff } = await sana.ask("GET", "/board");
  const row = (name) => rows.find((one) => one.name.startsWith(name));
  const [off] = row("PICKLES").alerts;
  await sana.ask("POST", `/alerts/${off.number}/acknowledge`, { seen: as_of });
  await sana.ask("POST", "/handover-notes", { stay: row("HAWORTH").stay, body: "Has not answered since yesterday. Ring, then send somebody." });
  const [amy] = Object.entries(staff).find(([, name]) => /Amy/.test(name)) ?? [];
  await sana.ask("POST", "/duty/leave", { hand_to: { kind: "colleague", clinician: amy } });
}

/** She comes, hears that the sound works, and takes over what the night leaves. @param {Page} amy @param {Ward} ward */
async function takesOver(amy, ward) {
  await openBoard(amy, ward.address, ward.users[0]);
  await isLive(amy);
  await startShift(amy);
  // What was given to her sounds for her until she says that she has it.
  await sounds(amy, AMBER_HZ, 0);
  await reads(amy.getByTestId("nobody-watches"), /Nobody is on duty on this ward/);
  await reads(amy.getByTestId("on-duty"), /Nobody is on duty\. Handed over: 1 note/);

  await amy.getByRole("link", { name: "Take duty" }).click();
  await amy.getByRole("radio", { name: "Lead" }).check();
  await amy.getByTestId("accept-duty").click();
  await reads(amy.getByTestId("said"), /You are on duty: lead\./);
  await reads(amy.getByTestId("note"), /HAWORTH, Olive[^]*Ring, then send somebody[^]*Sister Sana Malik, \d\d:\d\d/);
  const line = amy.getByTestId("open-alerts").getByRole("row", { name: /PICKLES/ });
  await reads(line, /Kit: [^]*Sister Sana Malik has given it to Nurse Amy Barker, who has not said so yet/);
  // Yesterday's is said to be yesterday's: at half past seven "since 14:00" would be nonsense.
  await reads(amy.getByTestId("open-alerts").getByRole("row", { name: /Silence/ }), /HAWORTH[^]*Nobody has it, since \d\d:\d\d on \d\d-\w{3}-\d{4}/);
  await isSound(amy);
  await picture(amy, "morning-handover-1366");
  // Accepted where it is read.
  await line.getByRole("button", { name: /^I have PEN \d+$/ }).click();
  await reads(amy.getByTestId("said"), /You have PEN \d+\./);
  await reads(line, /Nurse Amy Barker has it, since/);
  assert.equal(await line.getByTestId("take").count(), 0);
}

/** What the board asks for first, and in which order. @param {Page} amy @param {Bridge} bridge */
async function seesTheBoard(amy, bridge) {
  await backAtTheBoard(amy);
  await reads(amy.getByTestId("on-duty"), /On duty: Nurse Amy Barker \(lead\)/);
  await alertOf(amy, "PICKLES", "amber", { waiting: false });
  await bridge.reading(PEOPLE.WHITTAKER, 93);
  await alertOf(amy, "WHITTAKER", "amber", { waiting: true });
  await bridge.reading(PEOPLE.HUSSAIN, 84);
  const red = await alertOf(amy, "HUSSAIN", "red", { waiting: true });
  await sounds(amy, RED_HZ, 0);
  // Whoever is red, then who is silent since yesterday, then who fell just now; what is hers already comes last.
  await amy.mouse.move(5, 5);
  await amy.waitForFunction(() => document.querySelector("[data-testid=row]")?.textContent?.startsWith("HUSSAIN"));
  assert.deepEqual(await inNeed(amy), ["HUSSAIN", "HAWORTH", "WHITTAKER", "PICKLES"]);
  await reads(rowOf(amy, "HAWORTH"), /Silence Nothing where something was due[^]*Nothing since/);
  await isSound(amy);
  await picture(amy, "morning-board-1366");
  await red.getByTestId("acknowledge").click();
  await alertOf(amy, "HUSSAIN", "red", { waiting: false });
}

/** The worst of them: her page, her trend, a call. @param {Page} amy */
async function ringsTheWorst(amy) {
  await rowOf(amy, "HUSSAIN").getByTestId("patient-page").click();
  await reads(amy.getByTestId("newest"), /84\s*% SpO₂[^]*Red[^]*before: 97, 95/);
  await reads(amy.getByTestId("open-alerts"), /Low oxygen[^]*Nurse Amy Barker has it, since/);
  const chart = amy.getByTestId("spo2-chart").locator("svg.wl-chart--wide");
  assert.match((await chart.locator("desc").textContent()) ?? "", /3 values .* Lowest 84 %/);
  await picture(amy, "morning-patient-1366");

  // She has the telephone in her hand already: writing the call down is one press from the number.
  await amy.getByTestId("who").getByTestId("record-call").click();
  await reads(amy.getByTestId("name"), /HUSSAIN, Zahra/);
  await reads(amy.locator("#now"), /Red[^]*lowest 84 %/);
  await amy.getByTestId("claim-it").click();
  await reads(amy.getByTestId("claim"), /You have this call since/);
  await reached(amy);
  await amy.getByLabel("Oxygen %", { exact: true }).fill("96");
  await amy.getByLabel("Pulse", { exact: true }).fill("78");
  await choose(amy, "Their breathing, against yesterday", "The same");
  await choose(amy, "What you advised", "How to measure");
  await reads(amy.getByTestId("heard"), /96 %\s+Green/);
  await amy.getByLabel("In your words").fill("Cold hand, warmed it under the arm.");
  await amy.getByTestId("save-stay").click();
  await amy.getByRole("link", { name: /^Back to HUSSAIN|^Patient page/ }).first().waitFor();
  await picture(amy, "morning-after-the-call-1366");
}

/** While she writes how it ended, somebody else falls: nothing of hers is lost, and she is told once. @param {Page} amy @param {Bridge} bridge */
async function isInterrupted(amy, bridge) {
  await backAtTheBoard(amy);
  const mine = await alertOf(amy, "HUSSAIN", "red", { waiting: false });
  await reads(rowOf(amy, "HUSSAIN").getByTestId("value"), /96 %\s*Green/);
  await mine.getByTestId("open-resolve").click();
  await mine.getByTestId("outcome").selectOption({ label: "Advice given by phone" });
  const note = mine.getByTestId("note");
  await note.click();
  await amy.keyboard.type("Cold hand; ");
  await bridge.reading(PEOPLE.WHITTAKER, 86);
  await alertOf(amy, "WHITTAKER", "red", { waiting: true });
  await amy.keyboard.type("96 when warm, ");
  await reads(amy.getByTestId("say-now"), /Red: WHITTAKER, George, 86 percent/);
  await amy.keyboard.type("rings if worse.");
  assert.equal(await note.inputValue(), "Cold hand; 96 when warm, rings if worse.");
  assert.equal(await mine.getByTestId("outcome").inputValue(), "advice_given");
  assert.equal((await inNeed(amy)).indexOf("HUSSAIN") >= 0, true);
  await isSound(amy);
  await picture(amy, "morning-interrupted-1366");
  await mine.getByTestId("resolve").click();
  await reads(amy.getByTestId("over-item"), /HUSSAIN, Zahra: red, resolved by you: Advice given by phone/);
  assert.equal((await heard(amy, "say-now", /WHITTAKER/)).length, 1, "said once");
  assert.deepEqual(await heard(amy, "say-politely", /WHITTAKER/), [], "and not politely as well");
}

/** The new red goes to the colleague who has just come. @param {Page} amy @param {Page} ben @param {Ward} ward */
async function givesToBen(amy, ben, ward) {
  await openBoard(ben, ward.address, ward.users[1]);
  await isLive(ben);
  await ben.getByRole("link", { name: "Take duty" }).click();
  await ben.getByRole("radio", { name: "Clinician" }).check();
  await ben.getByTestId("accept-duty").click();
  await follow(ben, "Board");
  await isLive(ben);
  await startShift(ben);
  await reads(amy.getByTestId("on-duty"), /Nurse Amy Barker \(lead\), Nurse Ben Carr \(clinician\)/);

  await amy.mouse.move(5, 5);
  await (await alertOf(amy, "WHITTAKER", "red", { waiting: true })).getByTestId("acknowledge").click();
  const hers = await alertOf(amy, "WHITTAKER", "red", { waiting: false });
  await hers.getByTestId("open-give").click();
  const to = hers.getByTestId("give-to");
  await to.selectOption({ label: await offered(to, /Ben Carr, clinician/) });
  await hers.getByTestId("give").click();
  await reads(hers.getByTestId("owner"), /You have given it to Nurse Ben Carr, who has not said so yet/);

  // He opens the patient first: the page says to whom it was given, and he takes it there.
  await rowOf(ben, "WHITTAKER").getByTestId("patient-page").click();
  await reads(ben.getByTestId("open-alerts"), /Nurse Amy Barker has given it to Nurse Ben Carr, who has not said so yet/);
  await isSound(ben);
  await picture(ben, "morning-given-patient-1366");
  await ben.getByTestId("open-alerts").getByRole("button", { name: /^I have PEN \d+$/ }).click();
  await reads(ben.getByTestId("open-alerts"), /Nurse Ben Carr has it, since/);
  await reads(hers.getByTestId("owner"), /^Nurse Ben Carr has it, since/);
  await backAtTheBoard(ben);
}

/** Who is silent is rung, and does not answer: somebody goes and looks. @param {Page} amy */
async function sendsSomebody(amy) {
  const row = rowOf(amy, "HAWORTH");
  for (let left = await row.getByTestId("acknowledge").count(); left > 0; left -= 1) {
    // A press by a hand that has not moved since the board did would be taken for a slip.
    await amy.mouse.move(5, 5);
    await row.getByTestId("acknowledge").first().click();
    await row.locator("[data-testid=alert][data-waiting=true]").nth(left - 1).waitFor({ state: "detached" });
  }
  await row.getByTestId("call").click();
  await amy.getByTestId("claim-it").click();
  await choose(amy, "What came of it?", "No answer");
  await amy.getByTestId("save-stay").click();
  await reads(amy.locator("#past"), /Nurse Amy Barker: No answer: patient/);
  await amy.getByText("Book a home visit").click();
  const visit = amy.locator("form[action$='/visit']");
  await visit.getByLabel("Day").selectOption({ label: "Tomorrow" });
  await visit.getByLabel("Time").fill("10:30");
  await visit.getByLabel("Who goes, and what for").fill("Community nurse: does not answer, nothing measured");
  await visit.getByTestId("book-visit").click();
  await reads(amy.getByTestId("said"), /The visit is booked/);
  await reads(amy.locator("#past"), /Visit booked for 10:30 tomorrow/);
  await isSound(amy);
  await picture(amy, "morning-visit-1366");

  await backAtTheBoard(amy);
  const alerts = rowOf(amy, "HAWORTH").getByTestId("alert");
  for (let left = await alerts.count(); left > 0; left -= 1) {
    await ends(amy, alerts.first(), "Home visit arranged");
  }
  assert.equal((await inNeed(amy)).includes("HAWORTH"), false);
}

/** Noon: what is done is ticked off, what is open is Ben's. @param {Page} amy @param {Page} ben */
async function handsOver(amy, ben) {
  await follow(amy, "Handover");
  await amy.getByTestId("note-done").click();
  await reads(amy.getByTestId("done-note"), /send somebody[^]*Done by Nurse Amy Barker/);
  await amy.getByTestId("about").selectOption({ label: "HAWORTH, Olive" });
  await amy.getByTestId("note").last().fill("Visit tomorrow 10:30. Ring again at four.");
  await amy.getByTestId("write-note").click();
  await reads(amy.getByTestId("said"), /The note is handed over/);
  await picture(amy, "morning-noon-1366");
  await amy.getByTestId("hand_to").selectOption({ label: await offered(amy.getByTestId("hand_to"), /Ben Carr, on duty/) });
  await amy.getByRole("button", { name: "Leave duty and hand over 1 alert" }).click();
  await reads(amy.getByTestId("said"), /You have left duty\./);

  const his = await alertOf(ben, "PICKLES", "amber", { waiting: false });
  await reads(his.getByTestId("owner"), /Nurse Amy Barker has given it to you/);
  await reads(ben.getByTestId("say-now"), /Nurse Amy Barker has given you PEN \d+: PICKLES, Harold/);
  await reads(ben.getByTestId("on-duty"), /^On duty: Nurse Ben Carr \(clinician\)\. Handed over: 1 note/);
  await ben.mouse.move(5, 5);
  await his.getByTestId("acknowledge").click();
  await reads(his.getByTestId("owner"), /^You have it, since/);
  await ends(ben, his, "Kit mended, moved or replaced");
  assert.deepEqual(await inNeed(ben), ["WHITTAKER"]);
}

test("a nurse's morning, from the handover of the night to her own at noon", async () => {
  await withWard(
    (ward) =>
      withPage((amy) =>
        withPage(async (ben) => {
          await listen(amy);
          await hearWords(amy);
          const bridge = await Bridge.enrol(ward);
          await night(ward, bridge);
          await takesOver(amy, ward);
          await seesTheBoard(amy, bridge);
          await ringsTheWorst(amy);
          await isInterrupted(amy, bridge);
          await givesToBen(amy, ben, ward);
          await sendsSomebody(amy);
          await handsOver(amy, ben);
          wentWell(amy);
          wentWell(ben);
        }),
      ),
    { daysBefore: 3 },
  );
});
