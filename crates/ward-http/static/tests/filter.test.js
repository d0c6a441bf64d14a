import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NO_FILTER, choices, hidden, isFiltering, matches } from '../filter.js';
import { fromBoard, rows } from '../state.js';
import { ANN, COPELAND, KOWALSKI, SAM, SHAH, alert, at, board, row } from './fixtures.js';

const taken = { clinician: ANN, at: at(5) };
const mine = { clinician: SAM, at: at(5) };

test('a red that the filter hides is counted, and so is one that somebody has', () => {
  const state = fromBoard(
    board({ rows: [row(COPELAND, [alert(1, COPELAND)]), row(SHAH, [alert(2, SHAH, { acknowledged: taken })]), row(KOWALSKI, [alert(3, KOWALSKI, { severity: 'amber' })])] }),
  );
  const all = hidden(state, { ...NO_FILTER, text: 'kowal' });
  assert.deepEqual([all.reds, all.waiting, all.others, all.first.number], [2, 1, 0, 1]);
  assert.deepEqual([hidden(state, { ...NO_FILTER, text: 'copeland' }).reds, hidden(state, { ...NO_FILTER, text: 'copeland' }).others], [1, 1]);
  assert.deepEqual(hidden(state, NO_FILTER), { reds: 0, waiting: 0, others: 0, first: null });
});

test('what is hidden and not red is counted too, and leads to the first of it', () => {
  const state = fromBoard(board({ rows: [row(COPELAND), row(SHAH, [alert(2, SHAH, { severity: 'amber' })])] }));
  const { reds, others, first } = hidden(state, { ...NO_FILTER, text: 'copeland' });
  assert.deepEqual([reds, others, first.number], [0, 1, 2]);
});

test('the filter finds names without accents, NHS numbers with and without spaces, and alert numbers', () => {
  const [one] = rows(fromBoard(board({ rows: [{ ...row(COPELAND, [alert(4711, COPELAND)]), name: 'NÚÑEZ, José' }] })));
  for (const text of ['nunez', 'José', '9994765919', '999 476', 'pen 4711']) assert.ok(matches(one, { ...NO_FILTER, text }, SAM), text);
  assert.ok(!matches(one, { ...NO_FILTER, text: 'smith' }, SAM));
});

test('each state shows those who are in it', () => {
  const away = { why: 'in_hospital', since: at(0) };
  const state = fromBoard(
    board({
      rows: [
        row('red', [alert(1, 'red')]),
        row('hers', [alert(2, 'hers', { acknowledged: taken })]),
        row('mine', [alert(3, 'mine', { acknowledged: mine, problem: 'silence' })]),
        row('kit', [alert(4, 'kit', { technical: true, problem: 'poor_signal', acknowledged: taken })]),
        { ...row('away'), away },
      ],
    }),
  );
  const shown = (name) => rows(state).filter((one) => matches(one, { ...NO_FILTER, state: name }, SAM)).map((one) => one.stay).sort();
  assert.deepEqual(shown('alert'), ['hers', 'kit', 'mine', 'red']);
  assert.deepEqual(shown('nobody'), ['red']);
  assert.deepEqual(shown('mine'), ['mine']);
  assert.deepEqual(shown('clinical'), ['hers', 'red']);
  assert.deepEqual(shown('silence'), ['mine']);
  assert.deepEqual(shown('technical'), ['kit']);
  assert.deepEqual(shown('away'), ['away']);
  assert.deepEqual(shown('of a newer service'), []);
});

test('teams and languages of the ward are offered, and nothing recorded is English', () => {
  const state = fromBoard(board({ rows: [{ ...row(COPELAND), team: 'North' }, { ...row(SHAH), team: 'South', language: 'Urdu' }] }));
  assert.deepEqual(choices(state), { teams: ['North', 'South'], languages: ['English', 'Urdu'] });
  const shown = (filter) => rows(state).filter((one) => matches(one, { ...NO_FILTER, ...filter }, SAM)).map((one) => one.stay);
  assert.deepEqual(shown({ language: 'English' }), [COPELAND]);
  assert.deepEqual(shown({ team: 'South' }), [SHAH]);
  assert.ok(isFiltering({ ...NO_FILTER, team: 'South' }) && !isFiltering(NO_FILTER));
});
