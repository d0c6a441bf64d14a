import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isStaffed, lookingAt, onDuty, pauseOf } from '../shift.js';
import { apply, fromBoard } from '../state.js';
import { ANN, COPELAND, SAM, alert, alertFrame, at, board } from './fixtures.js';

const shift = (more) => ({ on_duty: [], colleagues: [], audio_pause: null, open_notes: 0, staffed: [], ...more });
const quiet = shift({ audio_pause: { by: ANN, until: at(120), seq: 100 } });

test('a pause of all boards ends by itself', () => {
  const state = fromBoard(board({ shift: quiet }));
  assert.equal(pauseOf(state, Date.parse(at(119)))?.by, ANN);
  assert.equal(pauseOf(state, Date.parse(at(120))), null);
});

test('whatever speaks after a pause ends it; what spoke before, and what makes no sound, does not', () => {
  const now = Date.parse(at(30));
  const before = fromBoard(board({ shift: quiet, as_of: 100 }));
  const { state: old } = apply(before, alertFrame(101, alert(90, COPELAND, { severity: 'red' })));
  assert.notEqual(pauseOf(old, now), null);
  const { state: low } = apply(before, alertFrame(101, alert(101, COPELAND, { severity: 'low' })));
  assert.notEqual(pauseOf(low, now), null);
  const { state: spoke } = apply(before, alertFrame(101, alert(101, COPELAND)));
  assert.equal(pauseOf(spoke, now), null);
});

test('who is on duty is named, the lead first', () => {
  const on_duty = [
    { clinician: SAM, post: 'call_handler', since: at(0) },
    { clinician: ANN, post: 'lead', since: at(60) },
  ];
  const state = fromBoard(board({ shift: shift({ on_duty }), staff: { [ANN]: 'Ann Lee' } }));
  assert.deepEqual(onDuty(state).map((one) => one.name), ['Ann Lee', 'Sam Cole']);
});

test('staffed hours are the ward’s, whatever the computer’s zone, also when the clocks have changed', () => {
  const weekdays = [...Array(5).fill({ from: '08:00:00', until: '20:00:00' }), null, null];
  const is = (iso) => isStaffed(weekdays, 'Europe/London', Date.parse(iso));
  assert.ok(is('2026-11-20T08:00:00Z') && is('2026-11-20T19:59:00Z'));
  assert.ok(!is('2026-11-20T07:59:00Z') && !is('2026-11-20T20:00:00Z'));
  // A Friday in summer: eight in London is seven in Greenwich.
  assert.ok(is('2026-07-17T07:00:00Z') && !is('2026-07-17T19:00:00Z'));
  assert.ok(!is('2026-11-21T12:00:00Z'), 'a Saturday');
  const round = Array(7).fill({ from: '00:00:00', until: '00:00:00' });
  assert.ok(isStaffed(round, 'Europe/London', Date.parse('2026-11-21T23:59:00Z')));
});

test('who sits here is not told of themselves', () => {
  const state = fromBoard(board({ staff: { [ANN]: 'Ann Lee' } }));
  const present = [
    { clinician: ANN, stay: COPELAND, since: at(0) },
    { clinician: SAM, stay: COPELAND, since: at(0) },
  ];
  assert.deepEqual(lookingAt(present, state, COPELAND), ['Ann Lee']);
  assert.deepEqual(lookingAt(present, state, 'somebody-else'), []);
});
