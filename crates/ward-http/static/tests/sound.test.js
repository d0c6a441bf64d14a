import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EVERY_MS, PAUSE_MS, PULSES, Sound } from '../sound.js';

/** A sound machine whose clock follows the test's. */
class FakeContext {
  constructor(clock) {
    this.clock = clock;
    this.state = 'suspended';
    this.bursts = [];
    this.destination = {};
  }
  get currentTime() {
    return this.state === 'running' ? this.clock.now / 1000 : this.stoodAt ?? 0;
  }
  async resume() {
    if (!this.refuses) this.state = 'running';
  }
  createGain() {
    const gain = { setValueAtTime() {}, linearRampToValueAtTime() {} };
    return { gain, connect() {} };
  }
  createOscillator() {
    const { bursts, clock } = this;
    const made = {
      frequency: { value: 0 },
      connect() {},
      start: (at) => bursts.push({ at: clock.now, pitch: made.frequency.value, start: at }),
      stop: () => {},
      set onended(done) {
        queueMicrotask(() => {
          clock.now += 2_700;
          done();
        });
      },
    };
    return made;
  }
}

const made = () => {
  const clock = { now: 10_000 };
  const context = new FakeContext(clock);
  return { clock, context, sound: new Sound(() => clock.now, () => context) };
};

const armed = async () => {
  const all = made();
  await all.sound.test();
  all.sound.answer(true);
  assert.equal(all.sound.state(), 'on');
  all.context.bursts.length = 0;
  return all;
};

/** How often a pattern was begun. */
const bursts = (context) => new Set(context.bursts.map((one) => one.at)).size;

function run({ clock, sound }, ms, wanted, notLive = false) {
  for (const end = clock.now + ms; clock.now < end; clock.now += 250) sound.tick(wanted, notLive);
}

test('sound is off until the sound of a red was played to its end and a person has said that they heard it', async () => {
  const { sound, context } = made();
  assert.equal(sound.state(), 'off');
  const done = sound.test();
  assert.equal(sound.state(), 'testing');
  assert.equal(await done, true);
  assert.deepEqual(context.bursts.map((one) => one.pitch), PULSES.red.map(([, , pitch]) => pitch), 'what is tested is what will sound');
  assert.equal(sound.state(), 'asking');
  assert.ok(!sound.isArmed());
  sound.answer(true);
  assert.equal(sound.state(), 'on');
});

test('who did not hear it has the sound off, and may have it played again', async () => {
  const all = made();
  await all.sound.test();
  all.sound.answer(false);
  assert.equal(all.sound.state(), 'off');
  all.context.bursts.length = 0;
  run(all, 30_000, 'red');
  assert.equal(bursts(all.context), 0);
  await all.sound.test();
  all.sound.answer(true);
  assert.ok(all.sound.isArmed());
});

test('a red that comes while the question stands sounds before it is answered, and at once after it', async () => {
  const all = made();
  await all.sound.test();
  all.context.bursts.length = 0;
  run(all, 12_000, 'red');
  assert.ok(bursts(all.context) >= 1);
  assert.ok(!all.sound.isArmed(), 'nobody has said that they hear it');
  all.context.bursts.length = 0;
  all.sound.answer(true);
  run(all, 250, 'red');
  assert.equal(bursts(all.context), 1);
});

test('tried again in the middle of a shift the sound stays on, and a red does not sound into it', async () => {
  const all = await armed();
  const done = all.sound.test();
  assert.ok(all.sound.isArmed());
  all.context.bursts.length = 0;
  all.sound.hurry('amber');
  all.sound.tick('amber', false);
  assert.equal(bursts(all.context), 0);
  await done;
  assert.ok(all.sound.isArmed());
  run(all, 6_500, 'red');
  assert.ok(bursts(all.context) >= 1);
  all.sound.answer(false);
  assert.equal(all.sound.state(), 'off');
});

test('a browser that does not play it to its end is never armed', async () => {
  const refused = made();
  refused.context.refuses = true;
  assert.equal(await refused.sound.test(), false);
  assert.equal(refused.sound.state(), 'stopped');

  const cut = made();
  const resume = cut.context.resume.bind(cut.context);
  cut.context.resume = async () => {
    await resume();
    Object.defineProperty(cut.context, 'currentTime', { value: 10 });
  };
  assert.equal(await cut.sound.test(), false, 'its clock stands still');
  assert.equal(cut.sound.state(), 'stopped');
});

test('red repeats every few seconds for as long as it waits, and stops with it', async () => {
  const all = await armed();
  run(all, 30_000, 'red');
  assert.ok(bursts(all.context) >= 5 && bursts(all.context) <= 6, `${bursts(all.context)} bursts`);
  const before = bursts(all.context);
  run(all, 30_000, null);
  assert.equal(bursts(all.context), before);
});

test('amber is slower than red, and "not live" is a sound of its own', async () => {
  assert.ok(EVERY_MS.amber > EVERY_MS.red);
  const all = await armed();
  run(all, 30_000, null, true);
  const pitches = new Set(all.context.bursts.map((one) => one.pitch));
  assert.deepEqual([...pitches], PULSES.not_live.map(([, , pitch]) => pitch));
});

test('a pause is for a time, and ends by itself', async () => {
  const all = await armed();
  all.sound.pause();
  run(all, PAUSE_MS - 500, 'red');
  assert.equal(bursts(all.context), 0);
  assert.ok(all.sound.isArmed(), 'paused is not off');
  run(all, 2_000, 'red');
  assert.ok(!all.sound.isPaused());
  assert.equal(bursts(all.context), 1);
});

test('a pause ends at once when something worsens', async () => {
  const all = await armed();
  all.sound.pause();
  run(all, 5_000, 'red');
  all.sound.endPause();
  run(all, 500, 'red');
  assert.equal(bursts(all.context), 1);
});

test('a browser that stops the sound is found out', async () => {
  const all = await armed();
  all.context.stoodAt = all.context.currentTime;
  all.context.state = 'suspended';
  assert.equal(all.sound.state(), 'stopped');
  assert.ok(!all.sound.isArmed());
});

test('a sound machine that says it runs while its clock stands still is not armed', async () => {
  const all = await armed();
  Object.defineProperty(all.context, 'currentTime', { value: 12 });
  run(all, 5_000, null);
  assert.equal(all.sound.state(), 'stopped');
});

test('on another page of the tab the sound is armed without a tone, if the browser lets it run', async () => {
  const { sound, context } = made();
  assert.equal(await sound.again(), true);
  assert.equal(sound.state(), 'on');
  assert.deepEqual(context.bursts.map((one) => one.pitch), [100], 'nothing but what nobody hears');

  const other = made();
  other.context.refuses = true;
  assert.equal(await other.sound.again(), false);
  assert.equal(other.sound.state(), 'off', 'a person can still start it');
});

test('a browser that did not let it run at once is asked again, and what a person says meanwhile stands', async () => {
  const { sound, context, clock } = made();
  context.refuses = true;
  assert.ok(sound.mayRunAgain());
  await sound.again();
  assert.equal(sound.mayRunAgain(), false, 'not at every tick');
  context.refuses = false;
  clock.now += 10_000;
  assert.ok(sound.mayRunAgain());
  assert.equal(await sound.again(), true);
  assert.equal(sound.mayRunAgain(), false, 'it is on');

  context.resume = async () => {
    throw new Error('not now');
  };
  assert.equal(await sound.again(), true, 'a second try that fails takes nothing back');
  assert.ok(sound.isArmed());

  const other = made();
  const coming = other.sound.again();
  await other.sound.test();
  other.sound.answer(false);
  await coming;
  assert.equal(other.sound.state(), 'off', 'who did not hear it has it off');
});
