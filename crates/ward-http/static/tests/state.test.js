import assert from 'node:assert/strict';
import { test } from 'node:test';

import { matches, NO_FILTER } from '../filter.js';
import { OVER_KEPT, TREND_POINTS, apply, fromBoard, givenToYou, isStillLow, lastEnded, newest, passedOn, rows, soundOf, spoken, technical, unseen, waitingReds } from '../state.js';
import { toldWords } from '../words.js';
import { ANN, COPELAND, KOWALSKI, SAM, SHAH, alert, alertFrame, at, board, frame, point, readings, row } from './fixtures.js';

/** Apply frames that must all fit. */
const after = (state, ...frames) =>
  frames.reduce((now, one) => {
    const { state: next, verdict } = apply(now, one);
    assert.equal(verdict, 'applied');
    return next;
  }, state);

const names = (state) => rows(state).map((one) => one.person?.name ?? one.stay);

test('readings are added to the trend, in the order in which they were measured', () => {
  const state = after(fromBoard(board()), readings(101, COPELAND, [point(91, 60)]), readings(102, COPELAND, [point(95, 30)]));
  const person = state.people.get(COPELAND);
  assert.deepEqual(person.trend.map((one) => one.spo2_percent), [96, 95, 91]);
  assert.equal(newest(person).spo2_percent, 91);
  assert.equal(state.asOf, 102);
});

test('the trend does not grow without end', () => {
  let state = fromBoard(board());
  for (let i = 1; i <= TREND_POINTS + 10; i++) state = after(state, readings(100 + i, SHAH, [point(96, i)]));
  assert.equal(state.people.get(SHAH).trend.length, TREND_POINTS);
});

test('a measurement without a value counts as tried, and leaves the value', () => {
  const state = after(fromBoard(board()), readings(101, COPELAND, [], 2));
  assert.equal(state.people.get(COPELAND).last_tried_at, at(101));
  assert.equal(newest(state.people.get(COPELAND)).spo2_percent, 96);
});

test('a gap is refused and changes nothing', () => {
  const state = fromBoard(board());
  const { state: same, verdict } = apply(state, readings(102, COPELAND, [point(85)]));
  assert.equal(verdict, 'gap');
  assert.equal(same, state);
});

test('an event that is known already is passed over', () => {
  const state = fromBoard(board());
  assert.deepEqual(apply(state, readings(100, COPELAND, [point(85)])), { state, verdict: 'repeat' });
});

test('the state that was is never changed', () => {
  const state = fromBoard(board());
  after(state, readings(101, COPELAND, [point(85, 9)]), alertFrame(102, alert(102, COPELAND)));
  assert.equal(state.people.get(COPELAND).trend.length, 1);
  assert.equal(state.alerts.size, 0);
});

test('rows stand by need: red that is nobody’s, amber that is nobody’s, then what somebody has, then the quiet', () => {
  const taken = { clinician: ANN, at: at(5) };
  const state = fromBoard(
    board({
      rows: [row('quiet'), row('amber', [alert(1, 'amber', { severity: 'amber' })]), row('red-taken', [alert(2, 'red-taken', { acknowledged: taken })]), row('red', [alert(3, 'red')]), row('low', [alert(4, 'low', { severity: 'low' })])],
    }),
  );
  assert.deepEqual(names(state), ['red', 'amber', 'red-taken', 'low', 'quiet']);
});

test('within a rank the confirmed one stands above, then the one that has waited longer', () => {
  const state = fromBoard(
    board({
      rows: [
        row('new', [alert(1, 'new', { severity_since: at(50) })]),
        row('old', [alert(2, 'old', { severity_since: at(10) })]),
        row('confirmed', [alert(3, 'confirmed', { severity_since: at(90), confirmation: 'no_recheck' })]),
      ],
    }),
  );
  assert.deepEqual(names(state), ['confirmed', 'old', 'new']);
});

test('a person with two alerts stands by the more urgent one', () => {
  const late = alert(1, SHAH, { severity: 'amber', problem: 'late_low' });
  const state = fromBoard(board({ rows: [row(COPELAND, [alert(3, COPELAND, { severity: 'amber' })]), row(SHAH, [late, alert(2, SHAH)])] }));
  assert.deepEqual(names(state), ['SHAH, Imran', 'COPELAND, Ann']);
  assert.deepEqual(rows(state)[0].alerts.map((one) => one.number), [2, 1]);
});

test('an alert that worsens after it was acknowledged waits and sounds again', () => {
  const taken = alert(101, COPELAND, { severity: 'amber', acknowledged: { clinician: SAM, at: at(5) } });
  const before = after(fromBoard(board()), alertFrame(101, taken, 'acknowledged'));
  assert.equal(soundOf(before), null);
  const worse = after(before, alertFrame(102, alert(101, COPELAND, { spoke_seq: 102 }), 'severity_rose'));
  assert.equal(soundOf(worse), 'red');
  assert.deepEqual(waitingReds(worse).map((one) => one.number), [101]);
  assert.deepEqual(spoken(before, worse).map((one) => one.number), [101]);
});

test('an acknowledgement says nothing new', () => {
  const before = after(fromBoard(board()), alertFrame(101, alert(101, COPELAND)));
  const taken = after(before, alertFrame(102, alert(101, COPELAND, { acknowledged: { clinician: SAM, at: at(5) } }), 'acknowledged'));
  assert.deepEqual(spoken(before, taken), []);
});

test('amber sounds as amber, low priority not at all, and red goes before both', () => {
  const amber = after(fromBoard(board()), alertFrame(101, alert(101, COPELAND, { severity: 'amber' })));
  assert.equal(soundOf(amber), 'amber');
  assert.equal(soundOf(after(amber, alertFrame(102, alert(102, SHAH)))), 'red');
  assert.equal(soundOf(after(fromBoard(board()), alertFrame(101, alert(101, COPELAND, { severity: 'low' })))), null);
});

test('a resolved alert leaves the row and stays on the page', () => {
  const resolved = { clinician: SAM, at: at(60) };
  const state = after(fromBoard(board()), alertFrame(101, alert(101, COPELAND)), alertFrame(102, alert(101, COPELAND, { resolved }), 'resolved'));
  assert.equal(state.alerts.size, 0);
  assert.deepEqual(state.over.map((one) => [one.alert.number, one.who, one.how]), [[101, 'COPELAND, Ann', 'resolved']]);
});

test('what ended or left while nobody listened is said, not dropped', () => {
  const before = fromBoard(board({ rows: [row(COPELAND, [alert(90, COPELAND)]), row(SHAH)] }));
  const now = fromBoard(board({ as_of: 140, rows: [row(COPELAND)] }), before);
  assert.deepEqual(now.over.map((one) => [one.key, one.how]), [['alert-90', 'gone'], [`stay-${SHAH}`, 'left']]);
});

test('the list of what is over does not grow without end', () => {
  let state = fromBoard(board());
  for (let i = 1; i <= OVER_KEPT + 5; i++) state = after(state, alertFrame(100 + i, alert(i, COPELAND, { resolved: { clinician: SAM, at: at(i) } }), 'resolved'));
  assert.equal(state.over.length, OVER_KEPT);
  assert.equal(state.over[0].alert.number, OVER_KEPT + 5);
});

test('an alert that was given to whoever sits here sounds until they say that they have it', () => {
  const held = { clinician: ANN, at: at(5) };
  const before = after(fromBoard(board({ staff: { [ANN]: 'Ann Lee' } })), alertFrame(101, alert(101, COPELAND, { acknowledged: held })));
  assert.equal(soundOf(before), null);
  const given = after(before, alertFrame(102, alert(101, COPELAND, { acknowledged: { clinician: SAM, at: at(9) }, assigned_by: ANN }), 'assigned'));
  assert.equal(soundOf(given), 'red');
  assert.deepEqual(givenToYou(before, given).map((one) => one.number), [101]);
  assert.deepEqual(givenToYou(given, given), []);
  const said = after(given, alertFrame(103, alert(101, COPELAND, { acknowledged: { clinician: SAM, at: at(9) } }), 'acknowledged'));
  assert.equal(soundOf(said), null);
});

test('an alert of somebody unknown is shown at once, and the board is asked for', () => {
  const state = after(fromBoard(board()), alertFrame(101, alert(101, 'stay-new')));
  assert.equal(state.wantsBoard, true);
  const [first] = rows(state);
  assert.equal(first.person, null);
  assert.equal(matches(first, { ...NO_FILTER, text: 'anything', team: 'North' }, SAM), true);
  assert.equal(waitingReds(state).length, 1);
});

test('an admission, an unknown colleague and an unknown kind of event ask for the board', () => {
  const state = fromBoard(board());
  assert.ok(after(state, frame(101, { kind: 'stay_admitted', stay: 'stay-new' })).wantsBoard);
  assert.ok(after(state, alertFrame(101, alert(101, COPELAND, { acknowledged: { clinician: ANN, at: at(5) } }), 'acknowledged')).wantsBoard);
  assert.ok(after(state, frame(101, { kind: 'something_new' })).wantsBoard);
  assert.ok(!after(state, readings(101, COPELAND, [point(96)])).wantsBoard);
});

test('alerts about kit stand by themselves, and a red one counts as a red', () => {
  const kit = alert(101, null, { technical: true, problem: 'unknown_device', candidates: [COPELAND] });
  const state = after(fromBoard(board()), alertFrame(101, kit));
  assert.deepEqual(technical(state).map((one) => one.number), [101]);
  assert.equal(waitingReds(state).length, 1);
  assert.ok(rows(state).every((one) => one.alerts.length === 0));
});

test('a person’s own poor signal stands in their row and lifts it, since it may hide a true low', () => {
  const poor = alert(101, SHAH, { technical: true, problem: 'poor_signal', severity: 'amber' });
  const state = after(fromBoard(board()), alertFrame(101, poor));
  assert.deepEqual(technical(state), []);
  assert.deepEqual(rows(state)[0]?.alerts.map((one) => one.number), [101]);
  assert.equal(rows(state)[0]?.stay, SHAH);
});

test('somebody resolved while still low stands above those who are well', () => {
  const low = alert(101, SHAH);
  const ended = { ...low, resolved: { clinician: SAM, at: at(9) }, outcome: 'visit_arranged', rank: 0 };
  let state = after(fromBoard(board()), readings(101, SHAH, [point(88, 1)]));
  state = after(after(state, alertFrame(102, low)), alertFrame(103, ended, 'resolved'));
  assert.deepEqual(rows(state).map((row) => [row.stay, isStillLow(row)]), [[SHAH, true], [COPELAND, false]]);
  assert.equal(lastEnded(state, SHAH)?.outcome, 'visit_arranged');
  assert.equal(lastEnded(state, COPELAND), null);
});

test('an alert that no console showed is known until one has', () => {
  const missed = after(fromBoard(board()), alertFrame(101, alert(101, COPELAND, { unseen: true }), 'not_shown'));
  assert.equal(unseen(missed).length, 1);
  assert.equal(unseen(after(missed, alertFrame(102, alert(101, COPELAND), 'shown'))).length, 0);
});

test('items that were kept aside are counted', () => {
  const aside = (seq, items) => frame(seq, { kind: 'data_quarantined', bridge: 'b', items, reason: 'checksum is wrong' });
  const state = after(fromBoard(board()), aside(101, 2), aside(102, 3));
  assert.equal(state.setAside.items, 5);
});

test('what is passed on while it is nobody’s sounds anew, though it has not spoken; what somebody has does not', () => {
  const was = alert(7, COPELAND, { level: 1, passed_on_seq: 90 });
  const before = fromBoard(board({ rows: [row(COPELAND, [was])] }));
  const on = { ...was, level: 2, passed_on_seq: 101 };
  const next = after(before, alertFrame(101, on));
  assert.deepEqual(passedOn(before, next).map((one) => one.level), [2]);
  assert.deepEqual(spoken(before, next), []);
  const taken = after(before, alertFrame(101, { ...on, acknowledged: { clinician: SAM, at: at(1) } }));
  assert.deepEqual(passedOn(before, taken), []);
});

test('who was told is said with channel, time and what became of it; that nobody could be is said too', () => {
  const line = { level: 2, whom: 'clinician', clinician: ANN, contact: null, by: 'sms', at: at(0), state: 'delivered', instead_of: null };
  assert.equal(toldWords(line, () => 'Ann Lee', '10:42'), 'Ann Lee (text message 10:42, delivered)');
  const nobody = { ...line, whom: 'nobody', clinician: null, by: null, state: 'failed', instead_of: 'lead' };
  assert.equal(toldWords(nobody, () => '', '10:42'), 'nobody could be told (10:42), the lead cannot be reached: ring somebody');
});
