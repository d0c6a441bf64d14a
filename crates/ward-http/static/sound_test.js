// @ts-check
// A shift starts with the sound of a red, played once, and one question: was it heard? Who says yes has the sound on. Who says
// no is told what to try, and has it off: this screen does not count as watching the ward.

/** @import { Announcer } from './announce.js' */
/** @import { Sound } from './sound.js' */
/** @import { SoundRecord } from './sound_record.js' */
/** @import { State } from './state.js' */

import { forgetArmed, keepArmed } from './armed.js';

/** @typedef {'none' | 'playing' | 'asking' | 'unheard' | 'mute'} Phase  what stands on the page; `mute`: the browser played nothing */

/** Where the focus is in each, so that whoever cannot see it is told. @type {Record<Phase, string>} */
export const FOCUS = { none: 'sound-on', playing: 'sound-playing', asking: 'sound-question', unheard: 'sound-unheard', mute: 'sound-unheard' };

export class SoundTest {
  /**
   * @param {HTMLElement} root
   * @param {Sound} sound
   * @param {Pick<SoundRecord, 'add'>} record
   * @param {Pick<Announcer, 'politely'>} announcer
   * @param {() => State | null} state
   * @param {() => void} changed
   */
  constructor(root, sound, record, announcer, state, changed) {
    this.root = root;
    this.sound = sound;
    this.record = record;
    this.announcer = announcer;
    this.state = state;
    this.changed = changed;
    /** @type {Phase} */
    this.phase = 'none';
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @type {Record<string, () => void>} */
  get actions() {
    return {
      arm: () => void this.play(),
      heard: () => this.answer(true),
      'not-heard': () => this.answer(false),
      'close-sound-test': () => this.#become('none'),
    };
  }

  async play() {
    if (this.sound.testing) return;
    this.#become('playing');
    const hasPlayed = await this.sound.test();
    if (!hasPlayed) forgetArmed();
    this.#become(hasPlayed ? 'asking' : 'mute');
  }

  /** @param {boolean} heard */
  answer(heard) {
    const state = this.state();
    if (this.phase !== 'asking' || !state) return;
    // First what sounds, then what is written down.
    this.sound.answer(heard);
    if (heard) keepArmed(state.ward.id, state.you.clinician);
    else forgetArmed();
    this.record.add(heard);
    if (heard) this.announcer.politely('Sound is on.');
    this.#become(heard ? 'none' : 'unheard');
  }

  /** @param {Phase} phase */
  #become(phase) {
    this.phase = phase;
    this.changed();
    const place = document.getElementById(FOCUS[phase]) ?? this.root.querySelector('[data-action=arm]');
    if (place instanceof HTMLElement) place.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    // Whoever writes something elsewhere means that.
    if (event.target instanceof Element && event.target.closest('input, select, textarea')) return;
    if (this.phase === 'asking' && this.sound.tested) {
      // In the middle of a shift: it was heard before, and nobody has said otherwise.
      this.sound.leave();
      this.#become('none');
    } else if (this.phase === 'asking') this.answer(false);
    else if (this.phase === 'unheard' || this.phase === 'mute') this.#become('none');
  }
}
