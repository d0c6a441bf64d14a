// The ward office: a senior clinician takes people in, and sees to kit, plans, staff, rota, settings and audit.
import assert from "node:assert/strict";
import test from "node:test";
import { Bridge } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { isSound, openBoard, reads } from "../lib/console.mjs";
import { withWard } from "../lib/ward.mjs";

const DESK = { width: 1366, height: 768 };
const PHONE = { width: 390, height: 844 };

/** What the browser logs itself when a form comes back with what is wrong. */
const REFUSALS = { refusals: /the server responded with a status of 4(03|04|09|22)/ };

const LIST = [
  "nhs_number,family_name,given_name,birth_date,result_date,phone,address",
  "999 500 0016,Sutcliffe,Brian,1950-02-03,TODAY,01282 555 021,3 Mill Street",
  "999 500 0024,Entwistle,Maureen,1988-11-30,TODAY,01282 555 022,",
  "999 500 0032,Greenhalgh,Peter,1941-07-14,TODAY,,",
  "12345,Wrong,Number,1950-01-01,TODAY,,",
].join("\n");

/** The page as it stands has no barriers; two pictures are taken of it. */
async function look(page, name) {
  await isSound(page, REFUSALS);
  await picture(page, `office-${name}-1366`);
  await page.setViewportSize(PHONE);
  const sideways = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > width && !one.closest(".of-scroll"));
    return document.documentElement.scrollWidth > width ? wide.map((one) => one.outerHTML.slice(0, 80)) : [];
  });
  assert.deepEqual(sideways, [], `${name} scrolls sideways on a phone`);
  await picture(page, `office-${name}-390`);
  await page.setViewportSize(DESK);
}

/** @param {import("playwright-core").Page} page @param {string} id */
const press = (page, id) => page.getByTestId(id).click();

const said = (page, words) => reads(page.getByTestId("said"), words);
const wrong = (page, words) => reads(page.getByTestId("error-summary"), words);

/** Signed in, and the path of the ward. */
async function enter(page, ward, name) {
  const user = ward.users.find((one) => one.name === name);
  await openBoard(page, ward.address, user);
  await page.waitForURL(/\/wards\/[0-9a-f-]+$/);
  return page.url();
}

async function newResults(page, ward, home) {
  await page.goto(`${home}/office/cases`);
  await press(page, "import");
  await wrong(page, /Choose a file/);
  const buffer = Buffer.from(LIST.replaceAll("TODAY", ward.day()));
  await page.getByTestId("list").setInputFiles({ name: "results.csv", mimeType: "text/csv", buffer });
  await press(page, "import");
  await wrong(page, /3 new on the list/);
  await reads(page.getByTestId("refused-lines"), /Line 5/);
  await look(page, "cases");
  await page.getByRole("link", { name: /SUTCLIFFE/ }).click();
  await press(page, "decide");
  await wrong(page, /Choose what you decide/);
  await look(page, "case");
  await page.getByLabel("Accept: make a referral").check();
  await press(page, "decide");
  await said(page, /SUTCLIFFE, Brian is accepted and referred/);
  await page.getByLabel("Decline", { exact: true }).check();
  await press(page, "decide");
  await wrong(page, /Choose why you decline/);
  await page.getByLabel("Why", { exact: true }).selectOption("not_wanted");
  await press(page, "decide");
  await said(page, /is declined/);
  await page.getByLabel("Look again on another day").check();
  await page.getByLabel("Why later").fill("No phone number on record");
  await press(page, "decide");
  await said(page, /is deferred/);
}

async function referral(page, home) {
  await page.goto(`${home}/office/referrals/new`);
  await press(page, "refer-only");
  await wrong(page, /Enter the NHS number/);
  await look(page, "refer");
  await page.getByLabel("NHS number").fill("999 500 0040");
  await page.getByLabel("Family name").fill("Haworth");
  await page.getByLabel("Given name").fill("Winifred");
  await page.getByLabel("Date of birth").fill("9/3/1944");
  await page.getByLabel("Phone").fill("01282 555 030");
  await page.getByLabel("Address").fill("8 Albert Road, Colne");
  await page.getByLabel("Comes from").selectOption("hospital_ward");
  await page.getByLabel("Referred by").fill("Ward B12");
  await page.getByLabel("Reason").fill("Pneumonia, going home on day 4");
  await press(page, "refer-and-admit");
  await said(page, /HAWORTH, Winifred is referred/);
}

/** @param {import("playwright-core").Page} page */
async function admission(page) {
  await press(page, "admit");
  await wrong(page, /Choose whether they agree/);
  await look(page, "admit");
  assert.equal(await page.getByLabel("Address").inputValue(), "8 Albert Road, Colne");
  await page.getByLabel("Yes, they agree").check();
  await page.getByLabel("How to get in").fill("Key safe 4711 by the back door");
  await page.getByLabel("Name", { exact: true }).first().fill("Jean Haworth");
  await page.getByLabel("Relation").fill("Daughter");
  await page.getByLabel("Their phone").fill("01282 555 031");
  await page.getByLabel("Usual oxygen at rest, %").fill("96");
  await press(page, "admit");
  await said(page, /HAWORTH, Winifred is admitted/);
  await page.getByLabel("Oximeter").selectOption({ index: 1 });
  await page.getByLabel("Bridge that reads it").selectOption({ index: 1 });
  await press(page, "give-kit");
  await said(page, /The kit is theirs/);
  await press(page, "give-code");
  await reads(page.getByTestId("access-code"), /^[A-Z2-9]{4}(-[A-Z2-9]{4}){3}$/);
  await look(page, "admitted-code");
  await page.getByLabel("Oxygen, %").fill("72");
  await page.getByLabel("Pulse, a minute").fill("95");
  await press(page, "take-reading");
  await reads(page.getByTestId("taken"), /look swapped/);
  await look(page, "admitted-odd");
  await page.getByRole("button", { name: "Yes, swap them" }).click();
  await reads(page.getByTestId("taken"), /95 %, pulse 72/);
  await look(page, "admitted");
}

async function kit(page, home) {
  await page.goto(`${home}/office/kit/new`);
  await press(page, "receive");
  await wrong(page, /Enter make and model/);
  await look(page, "kit-new");
  await page.getByLabel("Make and model").fill("Nonin 3230");
  await page.getByLabel("Bluetooth address").fill("C0:FF:EE:00:00:01");
  await page.getByLabel("Sticker").fill("OX-099");
  await press(page, "receive");
  await said(page, /OX-099 .* is on the shelf/);
  await look(page, "kit");
  await page.getByRole("link", { name: /OX-099/ }).click();
  await press(page, "take-step");
  await wrong(page, /Choose what is done/);
  await look(page, "kit-piece");
  await page.getByLabel("It is lost").check();
  await press(page, "take-step");
  await said(page, /OX-099 .*: lost/);
  await page.goto(`${home}/office/kit/new`);
  await page.getByLabel("Bridge", { exact: true }).check();
  await page.getByLabel("Make and model").fill("Spare box");
  await press(page, "receive");
  await reads(page.getByTestId("bridge-code"), /-/);
}

async function nobodys(page, home) {
  await page.goto(`${home}/office/kit/apart`);
  await look(page, "apart");
  await page.getByRole("link", { name: /^Decide/ }).first().click();
  await press(page, "decide-reading");
  await wrong(page, /Choose whose it is/);
  await look(page, "apart-one");
  await page.getByLabel("Whose is it?").selectOption("nobody");
  await page.getByLabel("How do you know?").fill("Tried out on the ward");
  await press(page, "decide-reading");
  await said(page, /decided whose/);
}

async function plansAndSettings(page, home) {
  await page.goto(`${home}/office/plans`);
  const red = page.getByLabel("Red at or below, %");
  await red.fill("low");
  await press(page, "save-defaults");
  await wrong(page, /Enter a whole number/);
  assert.equal(await red.inputValue(), "low", "what was typed is kept");
  await look(page, "plans");
  await red.fill("91");
  await page.getByLabel("Recheck of an amber within, minutes").fill("60");
  await press(page, "save-defaults");
  await said(page, /defaults are set/);
  await page.goto(`${home}/office/settings`);
  await page.getByLabel("Sunday from").fill("eight");
  await press(page, "save-hours");
  await wrong(page, /Sunday: enter two times/);
  await look(page, "settings");
  await page.getByLabel("Sunday from").fill("09:00");
  await page.getByLabel("Sunday until").fill("17:00");
  await press(page, "save-hours");
  await said(page, /staffed hours are set/);
  await page.getByLabel("Video link").fill("http://video.example/");
  await press(page, "save-video");
  await wrong(page, /begins with https/);
  await page.getByLabel("Teams", { exact: true }).fill("North\nSouth");
  await press(page, "save-teams");
  await said(page, /teams are set/);
}

async function rota(page, home) {
  await page.goto(`${home}/office/rota`);
  await press(page, "enter-turn");
  await wrong(page, /Choose a person/);
  await page.getByLabel("Person").selectOption({ label: "Nurse Ben Carr" });
  await page.getByLabel("From", { exact: true }).fill("20:00");
  await page.getByLabel("Until").fill("08:00");
  await page.getByLabel("Days in a row").fill("2");
  await press(page, "enter-turn");
  await said(page, /Nurse Ben Carr is on the rota for 2 days/);
  await page.getByLabel("Person").selectOption({ label: "Nurse Ben Carr" });
  await page.getByLabel("From", { exact: true }).fill("07:00");
  await page.getByLabel("Until").fill("23:00");
  await press(page, "enter-turn");
  await wrong(page, /has a turn in that time/);
  await look(page, "rota");
  await page.getByRole("button", { name: /^Cancel Nurse Ben Carr/ }).first().click();
  await said(page, /turn is cancelled/);
}

/** Answers the one-time password of somebody new. */
async function people(page, home) {
  await page.goto(`${home}/office/people/add`);
  await press(page, "save");
  await wrong(page, /Enter a username/);
  await look(page, "person-add");
  await page.getByLabel("Username").fill("dina.shah");
  await page.getByLabel("Name", { exact: true }).fill("Dina Shah");
  await page.getByLabel(/^Call handler/).check();
  await press(page, "save");
  const password = await page.getByTestId("one-time-password").innerText();
  await look(page, "one-time-password");
  await page.goto(`${home}/office/people`);
  await look(page, "people");
  await page.getByRole("link", { name: "Sister Sana Malik" }).click();
  await press(page, "remove");
  await wrong(page, /only senior clinician/);
  await look(page, "person");
  await page.goto(`${home}/office/people`);
  await page.getByRole("link", { name: "Dina Shah" }).click();
  await page.getByLabel(/^Clinician/).check();
  await press(page, "set-role");
  await said(page, /Dina Shah is now: clinician/);
  return password;
}

async function audit(page, home) {
  await page.goto(`${home}/office/audit`);
  await reads(page.getByTestId("line"), /Made Dina Shah clinician/);
  await reads(page.getByTestId("line").filter({ hasText: "Referral: declined" }), /SUTCLIFFE, Brian/);
  await reads(page.getByTestId("line").filter({ hasText: "Opened the record: referral" }).first(), /SUTCLIFFE, Brian/);
  await look(page, "audit");
  await page.getByLabel("Done by").selectOption({ label: "Wall screen" });
  await press(page, "ask");
  await reads(page.getByTestId("nothing"), /Nothing/);
  await page.getByLabel("Done by").selectOption({ label: "Everybody" });
  await page.getByLabel("Patient").selectOption({ label: "HAWORTH, Winifred, 09-Mar-1944" });
  await press(page, "ask");
  await reads(page.getByTestId("line"), /Opened the record: admission/);
  assert.doesNotMatch(page.url(), /haworth|9995000040/i, "no name in an address");
  const file = await page.request.get(new URL(await page.getByTestId("audit-csv").getAttribute("href"), home).href);
  const lines = (await file.text()).trim().split("\r\n");
  assert.match(lines[0], /^at,local_time/);
  assert.ok(lines.some((line) => /HAWORTH, Winifred/.test(line)));
  await page.getByLabel("First day").fill("the first");
  await press(page, "ask");
  await wrong(page, /Enter a day/);
}

test("a senior clinician takes people in, gives them kit, and sees to plans, staff, rota and audit", async () => {
  await withWard(async (ward) => {
    const bridge = await Bridge.enrol(ward);
    await bridge.reading("C0:FF:EE:99:99:99", 97);
    let oneTime = "";
    await withPage(async (page) => {
      const home = await enter(page, ward, "senior.s");
      await page.goto(`${home}/office`);
      await look(page, "overview");
      await newResults(page, ward, home);
      await page.goto(`${home}/office/referrals`);
      await look(page, "referrals");
      await page.getByRole("link", { name: "SUTCLIFFE, Brian", exact: true }).click();
      await press(page, "decline-referral");
      await said(page, /referral is declined/);
      await look(page, "referral");
      await kit(page, home);
      await page.goto(`${home}/office/kit?find=OX-099`);
      await page.getByRole("link", { name: /OX-099/ }).click();
      await page.getByLabel("It turned up").check();
      await press(page, "take-step");
      await page.getByLabel("It is clean: on the shelf").check();
      await press(page, "take-step");
      await said(page, /on the shelf/);
      await referral(page, home);
      await admission(page);
      await nobodys(page, home);
      await plansAndSettings(page, home);
      await rota(page, home);
      oneTime = await people(page, home);
      await audit(page, home);
    });
    await withPage(async (page) => {
      await page.goto(`${ward.address}/sign-in`);
      await page.getByTestId("username").fill("dina.shah");
      await page.getByTestId("password").fill(oneTime);
      await press(page, "sign-in");
      await page.waitForURL(/\/password$/);
      await look(page, "password");
      await page.getByTestId("present").fill(oneTime);
      await page.getByTestId("wanted").fill("short");
      await page.getByTestId("again").fill("short");
      await press(page, "choose-password");
      await wrong(page, /at least 12 characters/);
      await page.getByTestId("present").fill(oneTime);
      await page.getByTestId("wanted").fill("three dry stone walls");
      await page.getByTestId("again").fill("three dry stone walls");
      await press(page, "choose-password");
      await page.getByTestId("ward").waitFor();
      await isSound(page, REFUSALS);
    });
  });
});

test("without a script the office works, and nobody enters a room that is not theirs", async () => {
  await withWard((ward) =>
    withPage(
      async (page) => {
        const home = await enter(page, ward, "caller.c");
        await page.goto(`${home}/office`);
        assert.equal(await page.getByRole("link", { name: "Staff", exact: true }).count(), 0);
        const refused = await page.goto(`${home}/office/people`);
        assert.equal(refused?.status(), 403);
        const elsewhere = home.replace(/[0-9a-f-]{36}$/, "00000000-0000-4000-8000-000000000000");
        const notThere = await page.goto(`${elsewhere}/office`);
        assert.equal(notThere?.status(), 404);
        await page.goto(`${home}/office/kit/new`);
        await page.getByLabel("Make and model").fill("Nonin 3230");
        await page.getByLabel("Bluetooth address").fill("C0:FF:EE:00:00:02");
        await press(page, "receive");
        await said(page, /is on the shelf/);
      },
      { javaScriptEnabled: false },
    ),
  );
});
