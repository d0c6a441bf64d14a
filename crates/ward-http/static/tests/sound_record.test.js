import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SoundRecord, consoleCode } from '../sound_record.js';

const REFUSED = { problem: { type: '', title: 'Not you', status: 403, detail: '' } };
const AWAY = { unreachable: true };
const DONE = { done: { clinician: '', name: '', at: '' } };

/** A tab's store, which a browser has and Node has not. */
function store() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key) };
}

function made(answers, you = 'asha', tab = store()) {
  globalThis.sessionStorage = tab;
  const clock = { now: 10_000 };
  const sent = [];
  const said = [];
  const service = {
    soundTested: async (body) => {
      sent.push(body);
      return answers.length > 1 ? answers.shift() : answers[0];
    },
  };
  const state = () => ({ ward: { id: 'pendle' }, you: { clinician: you } });
  const record = new SoundRecord(service, { politely: (words) => said.push(words) }, state, () => clock.now, () => clock.now);
  const wait = async (ms) => {
    clock.now += ms;
    record.tick();
    await new Promise((done) => setImmediate(done));
  };
  return { record, clock, sent, said, tab, wait };
}

test('an answer is told once, with the code of the screen', async () => {
  const { record, sent, said, tab, wait } = made([DONE]);
  record.add(true);
  await wait(0);
  assert.equal(sent.length, 1);
  assert.equal(sent[0].console, consoleCode());
  assert.match(sent[0].console, /^[A-Z0-9]{4}$/);
  assert.match(sent[0].test, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([sent[0].heard, sent[0].waited_ms], [true, 0]);
  await wait(60_000);
  assert.equal(sent.length, 1);
  assert.deepEqual(said, []);
  assert.equal(tab.kept.size, 0);
});

test('while the service is away it is said once and tried again, with how long it has waited and the same id', async () => {
  const { record, sent, said, wait } = made([AWAY, AWAY, DONE]);
  record.add(true);
  await wait(0);
  assert.equal(record.isTold, false);
  await wait(1_000);
  assert.equal(sent.length, 1, 'not every quarter of a second');
  await wait(5_000);
  await wait(5_000);
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent.map((one) => one.test)).size, 1);
  assert.equal(sent[2].waited_ms, 11_000);
  assert.equal(record.isTold, true);
  assert.deepEqual(said.map((words) => words.slice(0, 28)), ['Your answer is not written d', 'Your answer is written down.']);
});

test('a refusal is said and not tried for ever', async () => {
  const { record, sent, said, wait } = made([REFUSED]);
  record.add(false);
  await wait(0);
  await wait(60_000);
  assert.equal(sent.length, 1);
  assert.deepEqual(said, ['Your answer was not written down: Not you.']);
});

test('the next page of the tab goes on trying, and never in the name of the next who signs in', async () => {
  const first = made([AWAY]);
  first.record.add(false);
  await first.wait(0);
  const other = made([DONE], 'ben', first.tab);
  await other.wait(6_000);
  assert.equal(other.sent.length, 0);
  const again = made([DONE], 'asha', first.tab);
  await again.wait(6_000);
  assert.equal(again.sent.length, 1);
  assert.deepEqual([again.sent[0].test, again.sent[0].heard], [first.sent[0].test, false]);
});
