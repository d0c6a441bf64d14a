import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Feed, Refused } from '../feed.js';
import { apply, fromBoard } from '../state.js';
import { COPELAND, EPOCH, alert, alertFrame, at, board, frame, point, readings } from './fixtures.js';

/** Let promises that are settled run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A page with a made-up clock, a made-up line and a made-up service. */
class Page {
  constructor() {
    this.now = 1_000;
    this.wallAhead = 5_000_000;
    this.lines = [];
    this.boards = [];
    this.statuses = [];
    this.state = null;
    this.shown = 0;
    this.answer = () => Promise.resolve(board());
    this.feed = new Feed({
      open: (after, events) => {
        const line = { after, events, sent: [], closed: false, send: (text) => line.sent.push(JSON.parse(text)), close: () => (line.closed = true) };
        this.lines.push(line);
        return line;
      },
      loadBoard: () => {
        this.boards.push(this.now);
        return this.answer();
      },
      monotonic: () => this.now,
      wall: () => this.now + this.wallAhead,
      random: () => 0.5,
      takeBoard: (got, frames) => {
        let state = fromBoard(got, this.state);
        for (const one of frames) {
          const { state: next, verdict } = apply(state, one);
          if (verdict === 'gap') return false;
          state = next;
        }
        this.state = state;
        return true;
      },
      takeFrame: (one) => {
        const { state, verdict } = apply(this.state, one);
        this.state = state;
        return verdict;
      },
      applied: () => this.state?.asOf ?? 0,
      shown: () => this.shown,
      show: () => {
        if (!this.isBusyDrawing) this.shown = this.state?.asOf ?? 0;
      },
      serverTime: () => {},
      stillHere: () => {},
      changed: (status) => this.statuses.push(status),
    });
  }

  /** Time passes, with a tick every quarter of a second; what is applied is drawn before each. */
  async pass(ms) {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 250;
      this.shown = this.state?.asOf ?? 0;
      this.feed.tick();
      await settle();
    }
  }

  get line() {
    return this.lines.at(-1);
  }

  hear(...frames) {
    for (const one of frames) this.line.events.said(JSON.stringify(one));
  }

  get status() {
    return this.feed.status;
  }

  /** Heartbeats every five seconds for so long. */
  async passWithHeartbeats(ms) {
    for (const end = this.now + ms; this.now < end; ) {
      await this.pass(5_000);
      this.hear(stillHere(this.state.asOf));
    }
  }
}

const caughtUp = (seq, epoch = EPOCH) => ({ type: 'caught_up', seq, epoch });
const stillHere = (seq, more = {}) => ({ type: 'still_here', server_time: at(0), seq, database_age_ms: 40, epoch: EPOCH, ...more });

async function livePage() {
  const page = new Page();
  page.feed.look(true, true);
  page.feed.tick();
  await settle();
  page.line.events.opened();
  page.hear(caughtUp(100));
  assert.equal(page.status.live, true);
  return page;
}

test('the board comes first, then the feed after it, and live is said when all of it is there', async () => {
  const page = new Page();
  page.feed.tick();
  await settle();
  assert.equal(page.line.after, 100);
  page.line.events.opened();
  assert.equal(page.status.live, false);
  page.hear(readings(101, COPELAND, [point(95)]), caughtUp(101));
  assert.equal(page.status.live, true);
  assert.equal(page.state.asOf, 101);
});

test('twelve seconds of silence, and the page says that it is not live and since when', async () => {
  const page = await livePage();
  await page.pass(4_000);
  page.hear(stillHere(100));
  const heardAt = page.now;
  await page.pass(11_000);
  assert.equal(page.status.live, true);
  await page.pass(1_000);
  assert.equal(page.status.live, false);
  assert.equal(page.status.notLive, 'silence');
  assert.equal(page.status.lastGoodAt, heardAt);
  assert.ok(page.lines[0].closed, 'a line that says nothing is given up');
});

test('a ward where nothing happens stays live by heartbeats', async () => {
  const page = await livePage();
  await page.passWithHeartbeats(120_000);
  assert.equal(page.status.live, true);
  assert.equal(page.lines.length, 1);
});

test('heartbeats of a service that cannot read its records are not live', async () => {
  const page = await livePage();
  await page.pass(5_000);
  page.hear(stillHere(100, { database_age_ms: 10_500 }));
  assert.deepEqual([page.status.live, page.status.notLive], [false, 'database']);
  await page.pass(5_000);
  page.hear(stillHere(100));
  assert.deepEqual([page.status.live, page.status.notLive], [true, null]);
});

test('after a cut the line is taken up again quickly, by the cursor and without a new board', async () => {
  const page = await livePage();
  await page.passWithHeartbeats(10_000);
  page.hear(readings(101, COPELAND, [point(95)]));
  page.line.events.closed();
  assert.equal(page.status.live, false);
  assert.equal(page.status.notLive, null, 'a short cut is not shouted about');
  await page.pass(500);
  assert.equal(page.lines.length, 2);
  assert.equal(page.line.after, 101);
  page.line.events.opened();
  page.hear(readings(102, COPELAND, [point(94)]), caughtUp(102));
  assert.equal(page.status.live, true);
  assert.equal(page.boards.length, 1);
  assert.deepEqual(page.state.people.get(COPELAND).trend.map((one) => one.spo2_percent), [96, 95, 94]);
});

test('NOT LIVE goes away only when the page has caught up', async () => {
  const page = await livePage();
  await page.passWithHeartbeats(5_000);
  page.answer = () => Promise.reject(new Error('no service'));
  page.line.events.closed();
  await page.pass(6_000);
  assert.equal(page.status.notLive, 'cut');
  page.answer = () => Promise.resolve(board());
  await page.pass(1_000);
  page.line.events.opened();
  assert.equal(page.status.notLive, 'cut');
  page.hear(readings(101, COPELAND, [point(95)]));
  assert.equal(page.status.notLive, 'cut');
  page.hear(caughtUp(101));
  assert.equal(page.status.notLive, null);
  assert.equal(page.status.live, true);
});

test('a service that is away is asked less and less often', async () => {
  const page = await livePage();
  await page.passWithHeartbeats(5_000);
  page.line.events.closed();
  const tried = [];
  for (let i = 0; i < 240; i++) {
    const before = page.lines.length;
    await page.pass(250);
    if (page.lines.length > before) {
      tried.push(page.now);
      page.line.events.closed();
    }
  }
  assert.ok(tried.length >= 6 && tried.length <= 25, `${tried.length} tries in a minute`);
  const last = tried.at(-1) - tried.at(-2);
  assert.ok(last <= 10_500 && last > 3_000, `${last} ms between the last two`);
});

test('a gap is refused: the board is taken again', async () => {
  const page = await livePage();
  page.answer = () => Promise.resolve(board({ as_of: 150 }));
  page.hear(readings(103, COPELAND, [point(80)]));
  assert.equal(page.status.live, false);
  assert.equal(page.state.asOf, 100);
  await page.pass(1_000);
  assert.equal(page.line.after, 150);
});

test('a hole between the last event and "caught up" is a gap too', async () => {
  const page = await livePage();
  page.line.events.closed();
  await page.pass(1_000);
  page.line.events.opened();
  page.hear(caughtUp(104));
  assert.equal(page.status.live, false);
  await page.pass(1_500);
  assert.equal(page.boards.length, 2);
});

test('a changed epoch means that the numbers were given anew: the board is taken again', async () => {
  const page = await livePage();
  const epoch = 'eeeeeeee-0000-4000-8000-000000000002';
  page.answer = () => Promise.resolve(board({ epoch, as_of: 60 }));
  page.hear(stillHere(60, { epoch }));
  await page.pass(1_000);
  assert.equal(page.line.after, 60);
  page.line.events.opened();
  page.hear(caughtUp(60, epoch));
  assert.equal(page.status.live, true);
});

test('an event that cannot be read counts, and the board tells what came of it', async () => {
  const page = await livePage();
  const before = page.state.asOf;
  page.hear(frame(before + 1, { kind: 'unreadable' }));
  assert.equal(page.state.asOf, before + 1);
  assert.equal(page.state.wantsBoard, true);
  assert.equal(page.status.live, true);
});

test('a heartbeat that runs ahead of the events is suffered for a while only', async () => {
  const page = await livePage();
  page.hear(stillHere(101));
  await page.pass(5_000);
  page.hear(stillHere(101));
  assert.equal(page.boards.length, 1);
  await page.pass(5_500);
  assert.ok(page.boards.length > 1);
});

test('an alert is receipted at once, after it was drawn', async () => {
  const page = await livePage();
  const before = page.line.sent.length;
  page.hear(alertFrame(101, alert(101, COPELAND)));
  assert.deepEqual(page.line.sent.slice(before), [{ applied: 101, visible: true, armed: true }]);
});

test('in a burst an alert is receipted when it is drawn, and not before', async () => {
  const page = await livePage();
  page.isBusyDrawing = true;
  const before = page.line.sent.length;
  page.hear(alertFrame(101, alert(101, COPELAND)));
  assert.equal(page.line.sent.length, before);
  await page.pass(250);
  assert.deepEqual(page.line.sent.slice(before), [{ applied: 101, visible: true, armed: true }]);
});

test('other events are receipted together, at most once a second', async () => {
  const page = await livePage();
  await page.pass(2_000);
  const before = page.line.sent.length;
  for (let seq = 101; seq <= 112; seq++) {
    page.hear(readings(seq, COPELAND, [point(96, seq)]));
    await page.pass(250);
  }
  await page.pass(1_500);
  const sent = page.line.sent.slice(before);
  assert.ok(sent.length >= 3 && sent.length <= 5, `${sent.length} receipts in four seconds`);
  assert.equal(sent.at(-1).applied, 112);
});

test('a receipt tells what is on the screen, not what has merely arrived', async () => {
  const page = await livePage();
  page.hear(readings(101, COPELAND, [point(96)]));
  page.feed.look(false, true);
  assert.deepEqual(page.line.sent.at(-1), { applied: 100, visible: false, armed: true });
});

test('visibility and sound are told when they change, and not otherwise', async () => {
  const page = await livePage();
  const before = page.line.sent.length;
  page.feed.look(true, true);
  page.feed.look(true, false);
  page.feed.look(true, false);
  assert.deepEqual(page.line.sent.slice(before), [{ applied: 100, visible: true, armed: false }]);
});

test('whoever was signed out is told so', async () => {
  const page = await livePage();
  page.answer = () => Promise.reject(new Refused(401));
  page.line.events.closed();
  await page.pass(500);
  page.line.events.closed();
  await page.pass(3_000);
  assert.equal(page.status.notLive, 'signed_out');
});

test('a computer that slept starts from a new board', async () => {
  const page = await livePage();
  await page.pass(1_000);
  page.wallAhead += 3_600_000;
  await page.pass(250);
  assert.equal(page.status.live, false);
  assert.notEqual(page.status.notLive, null);
  await page.pass(1_000);
  assert.equal(page.boards.length, 2);
});

test('a board that is fetched beside the line loses nothing of what arrives meanwhile', async () => {
  const page = await livePage();
  let give;
  page.answer = () => new Promise((resolve) => (give = resolve));
  page.hear(frame(101, { kind: 'stay_admitted', stay: 'new' }));
  page.feed.refresh();
  await page.pass(250);
  page.hear(alertFrame(102, alert(102, COPELAND)));
  give(board({ as_of: 101 }));
  await settle();
  assert.equal(page.state.asOf, 102);
  assert.ok(page.state.alerts.has(102));
  assert.equal(page.status.live, true);
  assert.equal(page.lines.length, 1);
});

test('a page that can no longer draw says so and stays said', async () => {
  const page = await livePage();
  page.feed.fail();
  assert.equal(page.status.notLive, 'fault');
  await page.pass(10_000);
  assert.equal(page.status.notLive, 'fault');
  assert.equal(page.lines.length, 1);
});

test('nonsense on the line is not believed', async () => {
  const page = await livePage();
  page.line.events.said('{"type":"event"');
  assert.equal(page.status.live, false);
});

test('a line that was given up is not listened to', async () => {
  const page = await livePage();
  const [old] = page.lines;
  await page.pass(13_000);
  old.events.said(JSON.stringify(readings(101, COPELAND, [point(80)])));
  assert.equal(page.state.asOf, 100);
});
