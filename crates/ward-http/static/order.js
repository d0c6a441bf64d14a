// @ts-check
// The order of the rows must be the order of need, and must not change under a hand that is about to press. While
// somebody is busy with the rows their order is held, the page says that it is, and it follows as soon as they pause.
// A hold never lasts: a mouse that was left lying on a button must not keep a new red at the bottom.

/** A pointer that moves among the rows. */
export const MOVING_MS = 1_500;
/** A pointer that rests on an action, or a focus that stands on one. */
export const RESTING_MS = 8_000;
/** A form that is being filled in. */
export const WRITING_MS = 30_000;

export class Order {
  /** @param {() => number} monotonic */
  constructor(monotonic) {
    this.monotonic = monotonic;
    /** @type {string[]} */
    this.shown = [];
    this.movedAt = Number.NEGATIVE_INFINITY;
    this.overAction = false;
    this.usedAt = Number.NEGATIVE_INFINITY;
    this.wroteAt = Number.NEGATIVE_INFINITY;
    this.isWriting = false;
  }

  /** The pointer really moved among the rows. @param {boolean} overAction */
  pointerMoved(overAction) {
    this.movedAt = this.monotonic();
    this.overAction = overAction;
  }

  /** The pointer left the rows. */
  pointerLeft() {
    this.movedAt = Number.NEGATIVE_INFINITY;
    this.overAction = false;
  }

  /** A key was pressed or a button used among the rows' actions. */
  used() {
    this.usedAt = this.monotonic();
  }

  /** @param {boolean} isWriting */
  writing(isWriting) {
    this.isWriting = isWriting;
    this.wroteAt = this.monotonic();
  }

  isHeld() {
    const now = this.monotonic();
    return (
      now - this.movedAt < (this.overAction ? RESTING_MS : MOVING_MS) ||
      now - this.usedAt < MOVING_MS ||
      (this.isWriting && now - this.wroteAt < WRITING_MS)
    );
  }

  /**
   * The order to show: the wanted one, or while held the old one with newcomers at the end.
   * @param {string[]} wanted
   * @returns {{ keys: string[], differs: boolean }}
   */
  next(wanted) {
    if (!this.isHeld()) {
      this.shown = wanted;
      return { keys: wanted, differs: false };
    }
    const wantedSet = new Set(wanted);
    const shownSet = new Set(this.shown);
    const keys = [...this.shown.filter((key) => wantedSet.has(key)), ...wanted.filter((key) => !shownSet.has(key))];
    this.shown = keys;
    return { keys, differs: keys.some((key, at) => key !== wanted[at]) };
  }
}
