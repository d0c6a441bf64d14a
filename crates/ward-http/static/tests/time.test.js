import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ServiceClock, ago, clock, day, lasting, minute, until } from '../time.js';

const AT = Date.UTC(2026, 6, 1, 7, 2, 14);

test('times are the ward’s, summer time and all', () => {
  assert.equal(clock(AT, 'Europe/London'), '08:02:14');
  assert.equal(minute(AT, 'Europe/London', AT), '08:02');
  assert.equal(minute(AT, 'Europe/London', AT + 86_400_000), '08:02 on 01-Jul-2026');
  assert.equal(day(AT, 'Pacific/Auckland'), '01-Jul-2026');
});

test('a zone that the browser does not know is said as UTC', () => {
  assert.match(clock(AT, 'Nowhere/Land'), /07:02:14 UTC/);
});

test('lengths are said in the largest unit that matters', () => {
  assert.deepEqual([0, 45_000, 100_000, 3_900_000, 200_000_000].map(lasting), ['0 s', '45 s', '1 min', '1 h 05 min', '2 days']);
  assert.equal(ago(AT - 240_000, AT), '4 min ago');
  assert.equal(ago(AT + 600_000, AT), 'in 10 min');
  assert.equal(until(AT + 180_000, AT), 'in 3 min');
  assert.equal(until(AT - 40_000, AT), 'overdue by 40 s');
});

test('the service’s clock goes on by the monotonic one, and a wrong computer clock is found out', () => {
  let mono = 1_000;
  let wall = AT + 190_000;
  const service = new ServiceClock(() => mono, () => wall);
  assert.equal(service.computerAheadMs(), 0, 'nothing is known yet');
  service.hear(new Date(AT).toISOString());
  mono += 10_000;
  wall += 10_000;
  assert.equal(service.now(), AT + 10_000);
  assert.equal(service.computerAheadMs(), 190_000);
});
