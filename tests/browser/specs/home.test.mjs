// Patients at home, in a real browser: coming in, a day, a day without internet, several people on one tablet.
import assert from "node:assert/strict";
import test from "node:test";
import { picture, withPage } from "../lib/browser.mjs";
import { withCable } from "../lib/cable.mjs";
import { isSound, reads, wentWell } from "../lib/console.mjs";
import { PHONE, Staff, comeIn, firstCard, isKept, openQuestions, patientOf, sayBirthDate, sendReading, takeReading } from "../lib/home.mjs";
import { followLinks, nothing, sendForms, told, withoutScripts } from "../lib/walk.mjs";
import { withWard } from "../lib/ward.mjs";

const REFUSALS = /status of (4\d\d) /;
const LAPTOP = { width: 1366, height: 768 };

/** The page on a phone and on a laptop, for a person to look at. @param {import("playwright-core").Page} page @param {string} name */
async function pictures(page, name) {
  await picture(page, `home-${name}-phone`);
  await page.setViewportSize(LAPTOP);
  await picture(page, `home-${name}-laptop`);
  await page.setViewportSize(PHONE.viewport);
}

test("a link with a code opens nothing for who only follows it, and takes the date of birth", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const { code, birth_date, stay } = patientOf(ward, "SUTCLIFFE");
      const link = `${ward.address}/home/code?code=${code}`;
      // A mail scanner follows the link, and presses what it finds there.
      for (let times = 0; times < 8; times += 1) {
        assert.equal((await fetch(link)).status, 200);
        const pressed = await fetch(`${ward.address}/home/code`, {
          method: "POST",
          headers: { origin: ward.address },
          body: new URLSearchParams({ code, asked: "birth", day: "", month: "", year: "" }),
        });
        assert.equal(pressed.status, 422);
      }
      await page.goto(`${ward.address}/home`);
      await pictures(page, "welcome");
      await page.getByTestId("enter-code").click();
      await page.getByTestId("next").click();
      await reads(page.getByTestId("error-summary"), /Enter the code that the ward gave you/);
      await isSound(page, { refusals: REFUSALS });
      await page.getByTestId("code").fill("abcd");
      await page.getByTestId("next").click();
      await reads(page.getByTestId("error-summary"), /16 letters and numbers/);
      assert.equal(await page.getByTestId("code").inputValue(), "abcd");
      await pictures(page, "code");

      await page.goto(link);
      await sayBirthDate(page, "1959-03-15");
      await reads(page.getByTestId("error-summary"), /does not work with this date of birth/);
      assert.equal(await page.getByTestId("year").inputValue(), "1959");
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "birth");
      await sayBirthDate(page, birth_date);
      await reads(page.getByTestId("for"), /For .*Peter Sutcliffe/);
      const cookies = await page.context().cookies();
      const kept = cookies.find((it) => it.name === "wardlight-home");
      assert.deepEqual([kept?.httpOnly, kept?.sameSite, kept?.path], [true, "Lax", "/"]);
      assert.ok((kept?.expires ?? 0) > Date.now() / 1000 + 300 * 24 * 3600, "signed in for the stay");

      // The code was used; another site cannot send for who is signed in.
      await withPage(async (other) => {
        await other.goto(link);
        await sayBirthDate(other, birth_date);
        await reads(other.getByTestId("error-summary"), /used before/);
      });
      const forged = await page.request.post(`${ward.address}/home/${stay}/help`, {
        headers: { origin: "https://evil.example" },
        form: { help: "call" },
      });
      assert.equal(forged.status(), 403);
      await isSound(page, { refusals: REFUSALS });
    }, PHONE),
  );
});

test("a day: a good reading, an odd one that is kept and asked about, none at all, a red, and a call asked for", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const patient = patientOf(ward, "SUTCLIFFE");
      const staff = await Staff.signIn(ward);
      await staff.asksForDiary(patient.stay);
      await comeIn(page, ward.address, patient);
      await reads(page.getByTestId("hours"), /Every day, .*08:00.* to .*20:00/);
      await reads(page.getByTestId("next-call"), /We will ring you/);
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "start");

      await page.getByTestId("take-reading").click();
      await page.getByTestId("oxygen").waitFor();
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "reading");
      await sendReading(page, "", "78");
      await reads(page.getByTestId("error-summary"), /Enter the oxygen number/);
      assert.equal(await page.getByTestId("pulse").inputValue(), "78");
      await isSound(page, { refusals: REFUSALS });
      await sendReading(page, "130", "140");
      await reads(page.getByTestId("error-summary"), /does not show these numbers/);
      assert.equal(await page.getByTestId("oxygen").inputValue(), "130");
      await sendReading(page, "96,5", "78");
      await firstCard(page, "non-urgent", /Carry on/);
      await reads(page.getByTestId("received"), /Received .*\d\d:\d\d.*, not seen yet/);
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "result-green");
      await page.getByTestId("go-on").waitFor();

      // Swapped, and the page is left: the value counts, 999 is said first, and the question waits.
      await page.getByTestId("back-to-start").click();
      await takeReading(page, "72", "95");
      await firstCard(page, "emergency", /999/);
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "result-odd");
      const [odd] = await staff.chart(patient.stay);
      assert.deepEqual([odd.spo2_percent, odd.asked], [72, "swapped"]);
      await page.goto(`${ward.address}/home`);
      await page.getByTestId("asked").getByRole("link").click();
      await page.getByTestId("odd-send").click();
      await reads(page.getByTestId("error-summary"), /Choose 1 answer/);
      await isSound(page, { refusals: REFUSALS });
      await page.getByTestId("odd-swapped").check();
      await page.getByTestId("odd-send").click();
      await reads(page.getByTestId("numbers"), /Oxygen\s*95\s*Pulse\s*72/);
      assert.equal(await page.getByTestId("odd").count(), 0);
      await firstCard(page, "non-urgent", /Carry on/);

      await page.getByTestId("back-to-start").click();
      await page.getByTestId("take-reading").click();
      await page.getByTestId("none").click();
      await reads(page.getByRole("main"), /could not get a reading[^]*Try another finger/);
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "result-none");
      const tries = (await staff.chart(patient.stay)).filter((it) => it.spo2_percent === null);
      assert.equal(tries.length, 2, "the impossible numbers and the reading that could not be had");

      await page.getByTestId("try-again").click();
      await sendReading(page, "90", "101");
      await firstCard(page, "emergency", /999/);
      await page.getByTestId("measure-again").waitFor();
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "result-red");
      await page.getByTestId("called-999").click();
      await firstCard(page, "emergency", /You have called 999/);
      await isSound(page, { refusals: REFUSALS });

      await page.getByTestId("call-me").click();
      await page.getByTestId("ask-call").waitFor();
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "help");
      await page.getByTestId("ask-call").click();
      await reads(page.getByTestId("result-title"), /You have asked us to call you/);
      await pictures(page, "help-asked");

      // A nurse takes the red: that is what "seen" means.
      const { alerts, as_of } = await staff.ask("GET", "/board").then(openAlerts);
      const red = alerts.find((it) => it.severity === "red");
      await staff.ask("POST", `/alerts/${red.number}/acknowledge`, { seen: as_of });
      await page.getByRole("link", { name: "What the ward has seen" }).click();
      const newest = page.getByTestId("seen-line").first();
      await reads(newest, /Oxygen .*90.*Received .*\d\d:\d\d.*, *.*seen .*\d\d:\d\d/s);
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "seen");
      wentWell(page, { refusals: REFUSALS });
    }, PHONE),
  );
});

/** @param {any} board */
function openAlerts(board) {
  return { as_of: board.as_of, alerts: board.rows.flatMap((/** @type {any} */ row) => row.alerts) };
}

test("the questions come one on a page, and a red answer goes to the ward at once, with and without a script", async () => {
  await withWard(async (ward) => {
    const patient = patientOf(ward, "SUTCLIFFE");
    const staff = await Staff.signIn(ward);
    await staff.asksForDiary(patient.stay);
    for (const [how, options] of /** @type {const} */ ([
      ["with", PHONE],
      ["without", { ...PHONE, javaScriptEnabled: false }],
    ])) {
      await withPage(async (page) => {
        const code = how === "with" ? patient.code : await staff.code(patient.stay);
        await comeIn(page, ward.address, { ...patient, code });
        await openQuestions(page);
        await reads(page.getByTestId("progress"), /Question .*1.* of .*13/);
        await page.getByTestId("answer").fill("385");
        await page.getByTestId("next").click();
        await reads(page.getByTestId("error-summary"), /from .*25.* to .*45/);
        assert.equal(await page.getByTestId("answer").inputValue(), "385");
        if (how === "with") {
          await isSound(page, { refusals: REFUSALS });
          await pictures(page, "question-error");
        }
        await page.getByTestId("answer").fill("38,5");
        await page.getByTestId("next").click();
        await page.getByTestId("skip").click();
        await reads(page.getByTestId("question"), /full sentences/);
        await page.getByTestId("back").click();
        await page.getByTestId("back").click();
        assert.equal(await page.getByTestId("answer").inputValue(), "38,5");
        await page.getByTestId("next").click();
        await page.getByTestId("skip").click();
        if (how === "with") {
          await isSound(page, { refusals: REFUSALS });
          await pictures(page, "question");
        }
        await page.getByTestId("option-no").check();
        await page.getByTestId("next").click();
        await firstCard(page, "emergency", /Call 999 now/);
        await reads(page.getByRole("main"), /You left out some questions/);
        const [entry] = (await staff.ask("GET", `/stays/${patient.stay}/diary`)).entries;
        assert.deepEqual(entry.answers, { temperature: 38.5, full_sentences: false });
        assert.equal(entry.band, "red");

        if (how === "without") {
          await page.goto(`${ward.address}/home/${patient.stay}`);
          await takeReading(page, "97", "70");
          await firstCard(page, "non-urgent", /Carry on/);
          await page.getByTestId("call-me").click();
          await page.getByTestId("ask-call").click();
          await reads(page.getByTestId("result-title"), /You have asked us to call you/);
          return;
        }
        await page.goto(`${ward.address}/home/${patient.stay}/diary`);
        await page.getByTestId("skip").click();
        await page.getByTestId("skip").click();
        for (const answer of ["yes", "no", "no", "no", "no", "same", "same", "low", "yes", "no"]) {
          await page.getByTestId(`option-${answer}`).check();
          await page.getByTestId("next").click();
        }
        await page.getByTestId("answer").fill("Cold feet");
        await page.getByTestId("next").click();
        await reads(page.getByTestId("result-title"), /We have your answers/);
        await reads(page.getByRole("main"), /Somebody will ring/);
        await isSound(page, { refusals: REFUSALS });
        await pictures(page, "result-answers");
      }, options);
    }
  });
});

test("without internet three readings wait with the ward's number, a red one is told 999, and one copy of each arrives", async () => {
  await withWard((ward) =>
    withCable(ward.address, ({ address, cut, mend }) =>
      withPage(async (page) => {
        const patient = patientOf(ward, "SUTCLIFFE");
        const staff = await Staff.signIn(ward);
        await staff.asksForDiary(patient.stay);
        await comeIn(page, address, patient);
        await isKept(page);
        cut();

        await page.goto(`${address}/home`);
        await reads(page.getByTestId("offline"), /No internet.*01632 960 100/);
        await takeReading(page, "97", "70");
        await reads(page.getByTestId("kept"), /waits on this device/);
        await reads(page.getByTestId("waiting"), /1 reading waiting to send[^]*01632 960 100/);
        await page.getByTestId("back-to-start").click();
        await takeReading(page, "90", "104");
        await firstCard(page, "emergency", /999/);
        await isSound(page, { lineWasDown: true });
        await pictures(page, "offline-red");
        await page.getByTestId("back-to-start").click();
        await openQuestions(page);
        await page.getByTestId("skip").click();
        await page.getByTestId("skip").click();
        await page.getByTestId("option-no").check();
        await page.getByTestId("next").click();
        await firstCard(page, "emergency", /Call 999 now/);
        await reads(page.getByTestId("waiting"), /3.* readings waiting to send/);
        await page.getByTestId("back-to-start").click();
        await page.getByTestId("take-reading").waitFor();
        await isSound(page, { lineWasDown: true });
        await pictures(page, "offline-start");
        assert.deepEqual(await staff.chart(patient.stay), []);

        mend();
        await page.getByTestId("try-now").click();
        await reads(page.getByTestId("waiting"), /Everything has been sent/);
        const chart = await staff.chart(patient.stay);
        assert.deepEqual(chart.map((it) => it.spo2_percent), [90, 97]);
        const { entries } = await staff.ask("GET", `/stays/${patient.stay}/diary`);
        assert.equal(entries.length, 1);

        // The ward stores a reading and its answer gets lost: the device sends it again, and it is there once.
        let lost = 0;
        await page.route("**/reading", async (route) => {
          if (route.request().method() !== "POST" || lost > 0) {
            return route.continue();
          }
          lost += 1;
          await route.fetch();
          return route.abort();
        });
        await page.goto(`${address}/home/${patient.stay}`);
        await takeReading(page, "98", "66");
        await reads(page.getByTestId("waiting"), /Everything has been sent|1 reading waiting/);
        await reads(page.getByTestId("waiting"), /Everything has been sent/);
        assert.equal(lost, 1);
        const after = await staff.chart(patient.stay);
        assert.deepEqual(after.map((it) => it.spo2_percent), [98, 90, 97]);
        wentWell(page, { lineWasDown: true });
      }, PHONE),
    ),
  );
});

test("a tablet of several people asks whom it is about, names them on every page, and lets go of one alone", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const [holt, begum] = [patientOf(ward, "HOLT"), patientOf(ward, "BEGUM")];
      const staff = await Staff.signIn(ward);
      await comeIn(page, ward.address, holt);
      await reads(page.getByTestId("for"), /Marjorie Holt[^]*Janet Moss/);
      await reads(page.getByRole("heading", { level: 1 }), /How is .*Marjorie Holt.* today/);
      await comeIn(page, ward.address, begum);
      assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
      await reads(page.getByTestId("draft"), /This translation is not checked yet/);
      await isSound(page);
      await pictures(page, "urdu-start");
      await page.getByTestId("take-reading").click();
      await page.getByTestId("oxygen").waitFor();
      await isSound(page);
      await pictures(page, "urdu-reading");
      await sendReading(page, "۹۰", "80");
      await page.getByTestId("card").first().waitFor();
      await reads(page.getByTestId("card").first(), /999[^]*Call 999 or go to A&E/);
      await isSound(page);
      await pictures(page, "urdu-result");

      await page.goto(`${ward.address}/home`);
      assert.equal(await page.getByTestId("somebody").count(), 2);
      await isSound(page);
      await pictures(page, "people");
      await page.getByTestId("somebody").filter({ hasText: "Marjorie Holt" }).click();
      await takeReading(page, "95", "70");
      await page.getByTestId("next-person").click();
      await page.getByTestId("somebody").first().waitFor();
      const [reading] = await staff.chart(holt.stay);
      assert.deepEqual([reading.spo2_percent, reading.source.said_by, reading.source.carer], [95, "carer", "Janet Moss, care assistant"]);
      assert.deepEqual((await staff.chart(begum.stay)).map((it) => it.spo2_percent), [90]);

      await page.goto(`${ward.address}/home/${begum.stay}/leave`);
      await page.getByTestId("leave").click();
      await reads(page.getByTestId("for"), /Marjorie Holt/);
      const over = await page.goto(`${ward.address}/home/${begum.stay}`);
      assert.equal(over?.status(), 401);
      await isSound(page, { refusals: REFUSALS });
      await pictures(page, "signed-out");
    }, PHONE),
  );
});

test("every page of patients is open to everybody, light, and works without a script", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const patient = patientOf(ward, "SUTCLIFFE");
      await (await Staff.signIn(ward)).asksForDiary(patient.stay);
      await comeIn(page, ward.address, patient);
      await takeReading(page, "72", "95");
      await page.getByTestId("odd").waitFor();
      // What this page still loads is not weighed with the next.
      await page.waitForLoadState("networkidle");
      const found = nothing();
      const journey = {
        name: "home",
        address: ward.address,
        from: ["/home", `/home/${patient.stay}`, "/home/code", "/home/offline"],
        within: (/** @type {string} */ path) => path.startsWith("/home"),
        limit: 60_000,
        not: /\/leave$/,
      };
      const pages = await followLinks(page, journey, found);
      await withoutScripts(page, journey, found, pages);
      await sendForms(page, journey, found, pages);
      assert.deepEqual(told(found), []);
      for (const pattern of ["", "/how", "/leave", "/reading", "/diary", "/result/{entry}", "/help", "/seen"]) {
        assert.ok(found.seen.has(`/home/{stay}${pattern}`), `no link leads to ${pattern}`);
      }
    }, { serviceWorkers: "block" }),
  );
});
