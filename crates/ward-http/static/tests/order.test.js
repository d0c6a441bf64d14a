import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MOVING_MS, Order, RESTING_MS, WRITING_MS } from '../order.js';

const made = () => {
  const clock = { now: 1_000_000 };
  const order = new Order(() => clock.now);
  order.next(['a', 'b', 'c']);
  return { clock, order };
};

test('with nobody at the rows the order is the order of need', () => {
  const { order } = made();
  assert.deepEqual(order.next(['c', 'a', 'b']), { keys: ['c', 'a', 'b'], differs: false });
});

test('rows stay put under a pointer that moves, newcomers go to the end, and the page knows that it differs', () => {
  const { clock, order } = made();
  order.pointerMoved(false);
  assert.deepEqual(order.next(['new', 'c', 'a', 'b']), { keys: ['a', 'b', 'c', 'new'], differs: true });
  clock.now += MOVING_MS;
  assert.deepEqual(order.next(['new', 'c', 'a', 'b']), { keys: ['new', 'c', 'a', 'b'], differs: false });
});

test('a row that is gone goes, held or not', () => {
  const { order } = made();
  order.pointerMoved(true);
  assert.deepEqual(order.next(['c', 'a']), { keys: ['a', 'c'], differs: true });
});

test('a pointer that rests on a button holds for a while, but a forgotten mouse does not hold for ever', () => {
  const { clock, order } = made();
  order.pointerMoved(true);
  clock.now += MOVING_MS + 1;
  assert.ok(order.isHeld());
  clock.now += RESTING_MS;
  assert.ok(!order.isHeld());
});

test('a pointer that leaves lets go at once', () => {
  const { order } = made();
  order.pointerMoved(true);
  order.pointerLeft();
  assert.ok(!order.isHeld());
});

test('a form that is being filled in holds, until nothing has been written for long', () => {
  const { clock, order } = made();
  order.writing(true);
  clock.now += WRITING_MS - 1;
  assert.ok(order.isHeld());
  clock.now += 1;
  assert.ok(!order.isHeld());
  order.writing(true);
  order.writing(false);
  assert.ok(!order.isHeld());
});
