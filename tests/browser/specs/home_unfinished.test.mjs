// A diary that is left half way at home, in a real browser: the telephone rings, the tab is closed, the internet goes.
import assert from "node:assert/strict";
import test from "node:test";
import { picture, withPage } from "../lib/browser.mjs";
import { withCable } from "../lib/cable.mjs";
import { isSound, reads, wentWell } from "../lib/console.mjs";
import { PHONE, Staff, comeIn, isKept, openQuestions, patientOf } from "../lib/home.mjs";
import { withWard } from "../lib/ward.mjs";

const BEGUN = /You answered .*2.* of .*13.* questions at .*\d\d:\d\d.*not sent yet/;

/** The temperature, nothing, and full sentences. @param {import("playwright-core").Page} page */
async function answersTwo(page) {
  await openQuestions(page);
  await page.getByTestId("answer").fill("38,5");
  await page.getByTestId("next").click();
  await page.getByTestId("skip").click();
  await reads(page.getByTestId("question"), /full sentences/);
  await page.getByTestId("option-yes").check();
  await page.getByTestId("next").click();
  await reads(page.getByTestId("progress"), /4.* of .*13/);
}

/** Answered by the ward when it has kept the second answer. @param {import("playwright-core").Page} page */
const kept = (page) =>
  page.waitForResponse((answer) => answer.request().method() === "POST" && (answer.request().postData() ?? "").includes("answer-full_sentences"));

/**
 * How far the ring of an answer is drawn from where it is pressed: the style sheet draws it, and knows one way of reading.
 *
 * @param {import("playwright-core").Page} page
 */
const farFromItsWords = (page) =>
  page.getByTestId("option-yes").evaluate((input) => {
    const item = input.parentElement?.getBoundingClientRect();
    const ring = getComputedStyle(input.nextElementSibling ?? input, "::before");
    const pressed = input.getBoundingClientRect();
    return Math.abs((item?.left ?? 0) + Number.parseFloat(ring.left) - pressed.left);
  });

test("whoever closes the questions half way is asked to go on, and the answers are one entry, with and without a script", async () => {
  await withWard(async (ward) => {
    const patient = patientOf(ward, "SUTCLIFFE");
    const staff = await Staff.signIn(ward);
    await staff.asksForDiary(patient.stay);
    for (const [number, options] of [PHONE, { ...PHONE, javaScriptEnabled: false }].entries()) {
      await withPage(async (first) => {
        await comeIn(first, ward.address, { ...patient, code: await staff.code(patient.stay) });
        const stored = kept(first);
        await answersTwo(first);
        await stored;
        await first.close();

        const page = await first.context().newPage();
        await page.goto(`${ward.address}/home`);
        await reads(page.getByTestId("diary-due"), BEGUN);
        await picture(page, `home-unfinished-start-${number}`);
        await page.getByTestId("answer-questions").click();
        await reads(page.getByTestId("unfinished"), BEGUN);
        await picture(page, `home-unfinished-${number}`);
        await page.getByTestId("go-on").click();
        await reads(page.getByTestId("progress"), /4.* of .*13/);
        await page.getByTestId("back").click();
        await reads(page.getByTestId("question"), /full sentences/);
        assert.ok(await page.getByTestId("option-yes").isChecked());
        await page.getByTestId("stop").click();
        await reads(page.getByTestId("result-title"), /We have your answers/);
        const { entries } = await staff.ask("GET", `/stays/${patient.stay}/diary`);
        assert.equal(entries.length, number + 1);
        assert.deepEqual(entries[0].answers, { temperature: 38.5, full_sentences: true });
        await page.getByTestId("back-to-start").click();
        await reads(page.getByTestId("diary-due"), /We have your answers/);
      }, options);
    }
  });
});

test("the question whether to go on is open to everybody, in every language, and starting again forgets", async () => {
  await withWard((ward) =>
    withPage(async (page) => {
      const patient = patientOf(ward, "SUTCLIFFE");
      await (await Staff.signIn(ward)).asksForDiary(patient.stay);
      await comeIn(page, ward.address, patient);
      const stored = kept(page);
      await answersTwo(page);
      await stored;
      for (const tag of ["ur", "pl", "en-GB"]) {
        await page.context().addCookies([{ name: "wardlight-language", value: tag, url: ward.address }]);
        await page.goto(`${ward.address}/home/${patient.stay}/diary`);
        await reads(page.getByTestId("unfinished"), /2.*13|13.*2/);
        await isSound(page);
        await picture(page, `home-unfinished-${tag}`);
        await page.getByTestId("go-on").click();
        await page.getByTestId("option-yes").waitFor();
        await picture(page, `home-choices-${tag}`);
        assert.ok((await farFromItsWords(page)) < 12, tag);
        await page.goto(`${ward.address}/home/${patient.stay}/diary`);
      }
      await page.getByTestId("again").click();
      await reads(page.getByTestId("progress"), /1.* of .*13/);
      assert.equal(await page.getByTestId("answer").inputValue(), "");
      await page.goto(`${ward.address}/home`);
      await reads(page.getByTestId("diary-due"), /It is time for your questions/);
      wentWell(page);
    }, PHONE),
  );
});

test("answers given without internet reach the ward with the line, wait as nothing to send, and are nobody else's on a tablet", async () => {
  await withWard((ward) =>
    withCable(ward.address, ({ address, cut, mend }) =>
      withPage(async (page) => {
        const [patient, other] = [patientOf(ward, "SUTCLIFFE"), patientOf(ward, "HOLT")];
        const staff = await Staff.signIn(ward);
        await staff.asksForDiary(patient.stay);
        await staff.asksForDiary(other.stay);
        await comeIn(page, address, other);
        await comeIn(page, address, patient);
        await isKept(page);
        cut();
        await answersTwo(page);
        assert.ok(await page.getByTestId("waiting").isHidden());
        mend();
        const stored = kept(page);
        await page.goto(`${address}/home/${patient.stay}`);
        await stored;
        await page.reload();
        await reads(page.getByTestId("diary-due"), BEGUN);

        await page.goto(`${address}/home/${other.stay}`);
        await reads(page.getByTestId("diary-due"), /time for your questions/);
        await page.goto(`${address}/home/${other.stay}/diary`);
        await reads(page.getByTestId("progress"), /1.* of .*13/);

        await page.goto(`${address}/home/${patient.stay}/leave`);
        await page.getByTestId("leave").click();
        await reads(page.getByTestId("for"), /Holt/);
        await comeIn(page, address, { ...patient, code: await staff.code(patient.stay) });
        await reads(page.getByTestId("diary-due"), /time for your questions/);
      }, PHONE),
    ),
  );
});
