// @ts-check
// The pause of sound: of all the ward's boards, for everybody to see, or of this one alone where the service cannot be told.

/** @import { Announcer } from './announce.js' */
/** @import { Service } from './service.js' */
/** @import { Sound } from './sound.js' */
/** @import { State } from './state.js' */

import { pauseOf } from './shift.js';

export class Quiet {
  /**
   * @param {Sound} sound
   * @param {Service} service
   * @param {Announcer} announcer
   * @param {() => State | null} state
   * @param {() => number} now  by the service's clock
   */
  constructor(sound, service, announcer, state, now) {
    this.sound = sound;
    this.service = service;
    this.announcer = announcer;
    this.state = state;
    this.now = now;
    this.wasPaused = false;
  }

  /** The pause that all the ward's boards keep, while it stands. */
  pause() {
    const state = this.state();
    return state && pauseOf(state, this.now());
  }

  /** Call it before each turn of the sound: what comes after a pause does not wait for its turn. */
  look() {
    const isPaused = this.pause() !== null;
    if (this.wasPaused && !isPaused) {
      this.sound.endPause();
      this.announcer.politely('Sound is on again.');
    }
    this.wasPaused = isPaused;
    return isPaused;
  }

  /** Quiet at once here, then everywhere. */
  async begin() {
    this.sound.pause();
    const state = this.state();
    if (!state?.you.may_take_duty) {
      this.announcer.politely('Sound is paused on this screen only.');
      return;
    }
    const answer = await this.service.pauseAudio(true);
    if ('done' in answer) this.announcer.politely('Sound is paused on all boards of the ward for 2 minutes.');
    else this.announcer.politely('Sound is paused on this screen only: the service could not be told.');
  }

  async end() {
    this.sound.endPause();
    if (this.pause() === null || !this.state()?.you.may_take_duty) return;
    const answer = await this.service.pauseAudio(false);
    if (!('done' in answer)) this.announcer.politely('The other boards are still quiet: the service could not be told.');
  }
}
