// @ts-check
// Hands on the board: while they are busy with the rows the order is held, and a press that was meant for what stood there
// a moment ago is not taken.

/** @import { Order } from './order.js' */
/** @import { Screen } from './screen.js' */

import { bornAt } from './dom.js';

/** So long after a change a press by a pointer that has not moved since is taken for a slip. */
const MEANT_AFTER_MS = 700;

export class Hold {
  /**
   * @param {HTMLElement} root
   * @param {Order} order
   * @param {Screen} screen
   * @param {() => number} monotonic
   */
  constructor(root, order, screen, monotonic) {
    this.order = order;
    this.screen = screen;
    this.monotonic = monotonic;
    /** When the pointer last really moved, by a hand and not by the page under it. */
    this.movedAt = Number.NEGATIVE_INFINITY;
    this.at = '';
    root.addEventListener('pointermove', (event) => this.#moved(event));
    root.addEventListener('pointerleave', () => {
      this.at = '';
      order.pointerLeft();
    });
    root.addEventListener('keydown', (event) => {
      if (!(event.target instanceof Element)) return;
      if (event.target.closest('.wl-resolve')) order.writing(true);
      else if (event.target.closest('[data-hold]')) order.used();
    });
    root.addEventListener('focusin', (event) => {
      if (event.target instanceof Element && event.target.closest('[data-hold]')) order.used();
    });
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const at = `${event.clientX} ${event.clientY}`;
    if (at === this.at) return;
    this.at = at;
    this.movedAt = this.monotonic();
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('.wl-rows, .wl-section--kit')) this.order.pointerMoved(target.closest('[data-hold]') !== null);
    else this.order.pointerLeft();
  }

  /**
   * @param {MouseEvent} event
   * @param {HTMLElement} button
   */
  isMeant(event, button) {
    if (event.detail === 0) return true; // by key: the focus is where it is
    const changedAt = Math.max(button.closest('.wl-body') ? this.screen.shiftedAt : 0, bornAt(button.closest('.wl-sound') ?? button));
    return this.movedAt > changedAt || this.monotonic() - changedAt > MEANT_AFTER_MS;
  }
}
