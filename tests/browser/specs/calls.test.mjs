// A call handler's shift: the next person with one key, a good day written down by keyboard alone, values that look odd, who does not answer,
// who rings in, and a colleague who works the same list.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { Bridge, PEOPLE } from "../lib/bridge.mjs";
import { picture, withPage } from "../lib/browser.mjs";
import { Keys, callRow, choose, handler, openCall, openCalls, reached, ring } from "../lib/calls.mjs";
import { isSound, openBoard, reads, wentWell } from "../lib/console.mjs";
import { shared } from "../lib/ward.mjs";

const PHONE = { viewport: { width: 390, height: 844 } };

/** What the browser writes down of an answer that refuses something. */
const REFUSED = { refusals: /status of 4\d\d/ };

/** @type {Awaited<ReturnType<typeof shared>>} */
let open;

before(async () => {
  open = await shared({ daysBefore: 3 });
});
after(() => open.close());

test("a good day is written down by keyboard alone, in at most 25 keys, and leads to the next person", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await page.locator("#calls[data-live=true]").waitFor();
    await isSound(page);
    await picture(page, "calls-list-1366x768");
    const left = async () => Number(/(\d+) left/.exec(await page.getByTestId("progress").innerText())?.[1]);
    const before = await left();

    const keys = new Keys(page);
    await keys.press("Enter");
    await reads(page.getByTestId("claim"), /You have this call since \d\d:\d\d/);
    const first = await page.getByTestId("name").innerText();
    await keys.isOn("outcome");
    await picture(page, "calls-call-1366x768");
    await keys.press("Space", "Tab", "Tab", "Space");
    await keys.press("Tab", "9", "7", "Tab", "7", "2");
    await keys.isOn("pulse");
    await keys.press("Tab", "ArrowDown", "Tab", "ArrowDown", "Tab", "Space");
    await reads(page.getByTestId("heard"), /97 %\s+Green[^]*Tell them[^]*Carry on/);
    await keys.press("Enter");
    await page.waitForFunction((name) => document.querySelector("[data-testid=name]")?.textContent !== name, first);
    assert.ok(keys.pressed <= 25, `${keys.pressed} keys`);
    console.log(`a good day takes ${keys.pressed} keys`);

    await reads(page.getByTestId("said"), /Written down, \d\d:\d\d/);
    await keys.isOn("outcome");
    assert.equal(await left(), before - 1);
    await isSound(page);
    await page.getByRole("link", { name: "Whole list" }).click();
    await page.getByText(/^Reached today/).click();
    const done = callRow(page, first);
    await reads(done, /Reached \d\d:\d\d, Carol Yates/);
    await reads(done, /97 %/);
    await isSound(page);
  });
});

test("numbers that look swapped are asked about before anything is written, and are written as they were meant", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await ring(page, "BEGUM");
    await reached(page);
    await page.getByLabel("Oxygen %", { exact: true }).fill("72");
    await page.getByLabel("Pulse", { exact: true }).fill("95");
    await page.getByTestId("save-stay").click();
    await reads(page.getByTestId("error-summary"), /Oxygen 72 and pulse 95 look swapped/);
    assert.equal(await page.getByLabel("Oxygen %", { exact: true }).inputValue(), "72");
    await isSound(page, REFUSED);
    await picture(page, "calls-swapped-1366x768");
    await page.getByLabel("Swapped: oxygen 95, pulse 72").check();
    await page.getByTestId("save-stay").click();
    await reads(page.getByTestId("values"), /95 %[^]*Green[^]*72/);
    await wentWell(page, REFUSED);
  });
});

test("a red that is told leads to what must be said before anybody hangs up, 999 first", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await ring(page, "ENTWISTLE");
    await reached(page);
    await page.getByLabel("Oxygen %", { exact: true }).fill("88");
    await page.getByLabel("Pulse", { exact: true }).fill("104");
    await choose(page, "Red symptoms, told or heard", "Chest pain");
    await reads(page.getByTestId("heard"), /88 %\s+\*\*\* Red[^]*999/);
    await isSound(page);
    await page.getByTestId("save-next").click();
    await reads(page.getByRole("heading", { level: 1 }), /Before you hang up: ENTWISTLE/);
    assert.match(await page.getByTestId("say").getByRole("listitem").first().innerText(), /999/);
    await reads(page.locator("main"), /\*\*\* Red/);
    await isSound(page);
    await picture(page, "calls-before-you-hang-up-1366x768");
    await page.setViewportSize(PHONE.viewport);
    await picture(page, "calls-before-you-hang-up-390x844");
    await isSound(page);
  });
});

test("a value that nobody could look at again is kept in doubt, and answered when they have looked", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await ring(page, "CROSSLEY");
    await reached(page);
    await page.getByLabel("Oxygen %", { exact: true }).fill("62");
    await page.getByTestId("heard").getByLabel(/They cannot look again/).check();
    await page.getByTestId("save-next").click();
    await reads(page.getByTestId("told"), /Oxygen 62 %\s+\*\*\* Red\s+doubtful/);
    await isSound(page);
    await page.getByTestId("answer").click();
    await reads(page.getByTestId("error-summary"), /Choose what they said/);
    await page.getByLabel("Neither: these are right").check();
    await page.getByLabel("Right oxygen %").fill("96");
    await page.getByTestId("answer").click();
    await reads(page.getByTestId("told"), /Oxygen 96 %\s+Green/);
    await wentWell(page, REFUSED);
  });
});

test("who does not answer is gone up the ladder with, and a visit, a referral and a message follow from the same page", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await openCall(page, "DUCKWORTH");
    await reads(page.getByTestId("ladder"), /Tried since .* of the patient[^]*Next: /);
    // The story before may have led here already: who saves is given the next person.
    if ((await page.getByTestId("claim-it").count()) > 0) await page.getByTestId("claim-it").click();
    await reads(page.getByTestId("claim"), /You have this call/);
    await new Keys(page).isOn("outcome");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.getByLabel("Oxygen %", { exact: true }).isVisible(), false);
    await page.getByTestId("save-stay").click();
    await reads(page.getByTestId("said"), /Written down, \d\d:\d\d\. Next: /);
    await reads(page.locator("#past"), /No answer: patient/);

    await page.getByText("Book a home visit").click();
    await page.getByTestId("book-visit").click();
    await reads(page.getByTestId("error-summary"), /Enter the time/);
    await isSound(page, REFUSED);
    const visit = page.locator("form[action$='/visit']");
    await visit.getByLabel("Day").selectOption({ label: "Tomorrow" });
    await visit.getByLabel("Time").fill("10:30");
    await visit.getByLabel("Who goes, and what for").fill("Community nurse, has not answered");
    await visit.getByTestId("book-visit").click();
    await reads(page.locator("#past"), /Visit booked for 10:30 tomorrow/);

    await page.getByText("Refer onward", { exact: true }).click();
    await choose(page, "To whom", "Adult social care");
    await page.getByTestId("refer").click();
    await reads(page.locator("#past"), /Referred to adult social care/);
    assert.equal(await page.getByTestId("stop-ladder").count(), 0, "only a senior clinician stops");
    await isSound(page, REFUSED);
  });
});

test("a senior clinician stops the ladder and writes the ward's own script", async () => {
  await withPage(async (page) => {
    const senior = open.ward.users.find((user) => user.role === "senior-clinician");
    await openCalls(page, open.ward, senior);
    await page.getByRole("link", { name: "Write the call script" }).click();
    const script = page.getByTestId("text");
    const built_in = await script.inputValue();
    assert.match(built_in, /# Who it is/);
    await script.fill("# Begin\n[red] Red words\nOur own words for {ward}");
    await page.getByTestId("save-script").click();
    await reads(page.getByTestId("said"), /The script is saved/);
    await isSound(page);
    await script.fill("# Begin\n[sunny] Hello");
    await page.getByTestId("save-script").click();
    await reads(page.getByTestId("error-summary"), /Line 2: \[sunny\] is not known/);
    assert.match(await script.inputValue(), /sunny/);
    await isSound(page, REFUSED);
    await picture(page, "calls-script-1366x768");

    await page.getByRole("link", { name: "Back to the call list" }).click();
    await openCall(page, "DUCKWORTH");
    await reads(page.getByRole("region", { name: "What to say and ask" }), /Our own words for Pennine virtual ward/);
    await page.getByText(/Stop trying to reach them/).click();
    await page.getByLabel("Why nobody tries further").fill("Daughter says she is with her in Leeds");
    await page.getByTestId("stop-ladder").click();
    await reads(page.locator("#past"), /Contact ladder stopped/);
    await page.getByRole("link", { name: "The whole script" }).click();
    await page.getByTestId("built-in").click();
    await reads(page.locator("main"), /Your ward has no script of its own/);
    assert.equal(await page.getByTestId("text").inputValue(), built_in);
    await wentWell(page, REFUSED);
  });
});

test("two handlers never ring the same person: the second sees who has the call, live, and may take it over", async () => {
  await withPage(async (carol) => {
    await openCalls(carol, open.ward);
    await withPage(async (ben) => {
      await openCalls(ben, open.ward, open.ward.users[1]);
      await ben.locator("#calls[data-live=true]").waitFor();
      await ring(carol, "IQBAL");
      await reads(callRow(ben, "IQBAL"), /Carol Yates has this call since \d\d:\d\d/);
      await openCall(ben, "IQBAL");
      await reads(ben.getByTestId("claim"), /Carol Yates has this call since [^]*Do not ring as well/);
      await isSound(ben);
      await picture(ben, "calls-a-colleague-has-it-1366x768");
      await carol.getByLabel("In your words").fill("half a sentence");
      await ben.getByTestId("take-over").click();
      await reads(ben.getByTestId("claim"), /You have this call/);
      await reads(carol.getByTestId("claim"), /Nurse Ben Carr has this call/);
      await reads(carol.locator("#say-politely"), /Nurse Ben Carr has this call/);
      assert.equal(await carol.getByLabel("In your words").inputValue(), "half a sentence");
      await isSound(carol);
      await ben.getByTestId("leave").click();
      await reads(ben.getByTestId("claim"), /You have this call/);
      await reads(carol.getByTestId("claim"), /Nobody has this call/);
      await wentWell(ben);
    });
    await wentWell(carol);
  });
});

test("a red that comes in while the list is open is said and stands first", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await page.locator("#calls[data-live=true]").waitFor();
    const bridge = await Bridge.enrol(open.ward);
    await bridge.reading(PEOPLE.HUSSAIN, 84);
    await reads(page.locator("#elsewhere-now"), /Red: HUSSAIN, Zahra/);
    await reads(callRow(page, "HUSSAIN"), /\*\*\* Red[^]*lowest 84 %/);
    assert.match(page.url(), /\/call-list$/);
    await isSound(page);
  });
});

test("who rings in is found by a part of the name, and the call is written down as theirs", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await page.getByRole("navigation", { name: "Ward" }).getByRole("link", { name: "Find a patient" }).click();
    await page.getByTestId("find").click();
    await reads(page.getByTestId("error-summary"), /Look for at least 3 letters/);
    await isSound(page, REFUSED);
    await page.getByTestId("look-for").fill("ormer");
    await page.keyboard.press("Enter");
    await reads(page.getByTestId("found"), /ORMEROD, Frank/);
    assert.doesNotMatch(page.url(), /ormer/i);
    await isSound(page, REFUSED);
    await picture(page, "calls-find-1366x768");
    await page.getByTestId("they-ring").click();
    await reads(page.getByRole("heading", { name: "They rang the ward" }), /They rang/);
    await isSound(page, REFUSED);
    await choose(page, "Who rang?", "Carer");
    await page.getByTestId("save-stay").click();
    await reads(page.getByTestId("error-summary"), /Enter the name of who it was/);
    await reads(page.getByRole("heading", { name: "They rang the ward" }), /They rang/);
    await page.getByLabel("Their name").fill("Joan Ormerod");
    await choose(page, "Checked by", "Date of birth and address");
    await choose(page, "They ask for", "A clinician is to ring");
    await page.getByTestId("save-stay").click();
    await reads(page.getByRole("heading", { level: 1 }), /Before you hang up: ORMEROD/);
    await page.getByRole("link", { name: /^Back to/ }).click();
    await reads(page.locator("#past"), /Rang the ward: carer Joan Ormerod; a clinician is to ring/);
    await wentWell(page, REFUSED);
  });
});

test("a video room is opened from the call, its link names nobody, and the patient is told when the ward rings", async () => {
  const senior = open.ward.users.find((user) => user.role === "senior-clinician");
  await withPage((sana) =>
    withPage(async (carol) => {
      const setLinks = async (pattern) => {
        await sana.goto(`${open.ward.address}/wards/${open.ward.id}/office/settings`);
        await sana.getByLabel("Video link").fill(pattern);
        await sana.getByTestId("save-video").click();
        await reads(sana.getByTestId("said"), /video/i);
      };
      await openBoard(sana, open.ward.address, senior);
      await openCalls(carol, open.ward);
      await openCall(carol, "SUTCLIFFE");
      assert.equal(await carol.getByTestId("open-video").count(), 0, "a ward without video calls offers none");
      await setLinks("https://video.example.nhs.uk/{room}");
      await carol.reload();
      await carol.getByTestId("open-video").click();
      await reads(carol.getByTestId("said"), /The video room is open: its link is on this page/);
      const link = carol.getByTestId("video-link");
      // Without a search down the page: the browser goes there when it has drawn it, and no bar stands on it.
      await carol.waitForFunction(() => {
        const here = document.querySelector("[data-testid=video-link]")?.getBoundingClientRect();
        const bar = document.getElementById("elsewhere")?.getBoundingClientRect();
        return here && bar && here.top >= bar.bottom && here.bottom <= innerHeight;
      });
      const first = await link.innerText();
      assert.match(first, /^https:\/\/video\.example\.nhs\.uk\/[0-9a-f]{32}$/, "drawn at random");
      assert.equal(await link.getAttribute("href"), first);
      assert.match((await link.getAttribute("rel")) ?? "", /noreferrer/, "the room is not told where they come from");
      await reads(carol.locator("#video"), /Video room, since \d\d:\d\d[^]*read it out, or send it/);
      await reads(carol.locator("#past"), /Carol Yates: Video room opened/);
      await isSound(carol);
      await picture(carol, "calls-video-1366x768");
      await carol.setViewportSize(PHONE.viewport);
      await isSound(carol);
      await picture(carol, "calls-video-390x844");
      await carol.getByTestId("open-video").click();
      await carol.waitForFunction((before) => document.querySelector("[data-testid=video-link]")?.textContent !== before, first);

      await carol.getByText("Tell them by message when you will ring").click();
      await carol.getByTestId("announce").click();
      await reads(carol.getByTestId("error-summary"), /Enter the time/);
      const announce = carol.locator("form[action$='/announce']");
      await announce.getByLabel("Day").selectOption({ label: "Tomorrow" });
      await announce.getByLabel("Time").fill("10:30");
      await announce.getByTestId("announce").click();
      await reads(carol.getByTestId("said"), /A message says when the ward will ring/);
      const stay = /call-list\/([0-9a-f-]+)/.exec(carol.url())?.[1];
      await sana.goto(`${open.ward.address}/wards/${open.ward.id}/stays/${stay}/messages`);
      await reads(sana.getByTestId("messages"), /10:30/);

      await reached(carol);
      await carol.getByText(/^Another reading, when, how/).click();
      await choose(carol, "By", "Video");
      await carol.getByTestId("save-stay").click();
      await reads(carol.locator("#past"), /Reached: patient; by video/);

      // The pattern goes while the page is open: the button says so, and what to do instead.
      await setLinks("");
      await carol.getByTestId("open-video").click();
      await reads(carol.getByTestId("error-summary"), /no pattern for video links: ring, or have a senior clinician set one/);
      await carol.getByTestId("error-summary").getByRole("link").click();
      await reads(carol.locator("#video"), /no pattern for video links/);
      await isSound(carol, REFUSED);
      await wentWell(sana);
    }),
  );
});

test("without a script the list and a call work as plain forms", async () => {
  await withPage(
    async (page) => {
      await openCalls(page, open.ward);
      await page.getByTestId("next").click();
      await reads(page.getByTestId("claim"), /You have this call/);
      await page.getByTestId("save-next").click();
      await reads(page.getByTestId("error-summary"), /Choose what came of the call/);
      await page.getByLabel("Oxygen %", { exact: true }).fill("94");
      await page.getByTestId("only-say").click();
      await reads(page.getByTestId("heard"), /94 %[^]*Tell them/);
      await reached(page);
      await page.getByLabel("Oxygen %", { exact: true }).fill("97");
      await page.getByTestId("save-stay").click();
      await reads(page.getByTestId("values"), /97 %/);
      await wentWell(page, REFUSED);
    },
    { javaScriptEnabled: false },
  );
});

test("list and call fit a telephone, large letters and a sheet of paper", async () => {
  await withPage(async (page) => {
    await openCalls(page, open.ward);
    await picture(page, "calls-list-390x844");
    await isSound(page);
    await ring(page, "GREENHALGH");
    await picture(page, "calls-call-390x844");
    await isSound(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wider, 0);
    await page.getByRole("link", { name: "Whole list" }).click();
    await page.getByRole("link", { name: "Print the list" }).click();
    await reads(page.locator("main"), /As of \d\d:\d\d:\d\d on/);
    await isSound(page);
    await page.setViewportSize({ width: 1366, height: 768 });
    await picture(page, "calls-print-1366x768");
  }, PHONE);
});

test("a wall screen sees no call list, and nobody of another ward does", async () => {
  await withPage(async (page) => {
    const wall = open.ward.users.find((user) => user.role === "wall-board");
    await page.goto(`${open.ward.address}/sign-in`);
    await page.getByTestId("username").fill(wall.name);
    await page.getByTestId("password").fill(wall.password);
    await page.getByTestId("sign-in").click();
    await page.getByTestId("ward").first().waitFor();
    const refused = await page.goto(`${open.ward.address}/wards/${open.ward.id}/call-list`);
    assert.equal(refused?.status(), 403);
    const another = await page.goto(`${open.ward.address}/wards/00000000-0000-4000-8000-000000000000/call-list`);
    assert.equal(another?.status(), 404);
    await isSound(page, REFUSED);
    assert.notEqual(handler(open.ward), undefined);
  });
});
