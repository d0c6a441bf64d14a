// @ts-check
// The line to the service: board, socket, cursor, receipts, and the watchdog that says NOT LIVE.
//
// It has no timers of its own. Somebody calls `tick()` a few times a second (a worker does: see ticker.js, since a
// browser slows a hidden page's own timers), and everything that is due happens then. Tests call it with a made-up clock.

/** @import { Board, EventFrame, Frame, Receipt, StillHereFrame } from './wire.js' */
/** @import { Verdict } from './state.js' */

/** So much silence and the page is not live. The promise is 12 s; the rest is room for the tick and the drawing. */
export const SILENCE_MS = 11_500;
/** A line that is down for so long is said out loud, even before the silence is long enough. */
export const DOWN_MS = 5_000;
/** The service itself must have read its database this recently. */
export const DATABASE_AGE_MS = 10_000;
/** A socket that does not open, or opens and says nothing. */
export const CONNECT_MS = 8_000;
/** Heartbeats may overtake events by this much, no more. */
export const BEHIND_MS = 10_000;
/** Receipts that nobody waits for. */
export const RECEIPT_EVERY_MS = 1_000;
/** If two ticks are this far apart, by any clock, the computer was asleep. */
export const ASLEEP_MS = 15_000;
/** The longest wait between two tries. */
export const RETRY_MOST_MS = 10_000;

/**
 * @typedef {object} Line  what is used of a WebSocket
 * @property {(text: string) => void} send
 * @property {() => void} close
 */

/**
 * @typedef {object} LineEvents
 * @property {() => void} opened
 * @property {(text: string) => void} said
 * @property {() => void} closed
 */

/**
 * @typedef {object} Surroundings
 * @property {(after: number, events: LineEvents) => Line} open
 * @property {() => Promise<Board>} loadBoard   rejects with a Refused for an answer that is not a board
 * @property {() => number} monotonic           milliseconds, never steps
 * @property {() => number} wall                milliseconds, goes on while the computer sleeps
 * @property {() => number} random              0 to 1
 * @property {(board: Board, frames: EventFrame[]) => boolean} takeBoard  the board and what followed it; false for a gap
 * @property {(frame: EventFrame) => Verdict} takeFrame
 * @property {() => number} applied             newest event applied
 * @property {() => number} shown               newest event that is on the screen
 * @property {() => void} show                  put what is applied on the screen, now or very soon
 * @property {(serverTime: string) => void} serverTime
 * @property {(frame: StillHereFrame) => void} stillHere  who is there besides
 * @property {(status: Status) => void} changed
 */

/** @typedef {'silence' | 'cut' | 'database' | 'signed_out' | 'forbidden' | 'fault'} Why */

/**
 * @typedef {object} Status
 * @property {boolean} live            every event up to now is applied, and the service is known to be there
 * @property {Why | null} notLive      to be said out loud; `null` while live, and for the first seconds after a cut
 * @property {number} lastGoodAt       by the monotonic clock: when the page was last known to be true
 */

/** An answer that is not a board. */
export class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`the board was refused with ${status}`);
    this.status = status;
  }
}

export class Feed {
  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    const now = around.monotonic();
    /** @type {Line | null} */
    this.line = null;
    /** Frames of an older line are not listened to. */
    this.lineNumber = 0;
    this.isOpen = false;
    this.opened = false;
    this.lineStartedAt = now;
    this.caughtUp = false;
    this.caughtUpAt = now;
    /** @type {string | null} */
    this.epoch = null;
    this.heardAt = now;
    this.lastGoodAt = now;
    this.downSince = now;
    /** The last line was given up because nothing was heard on it. */
    this.wentSilent = false;
    this.databaseAgeMs = 0;
    /** @type {number | null} */
    this.behindSince = null;
    this.tries = 0;
    this.nextTryAt = now;
    this.needsBoard = true;
    this.loading = false;
    this.loadingSince = now;
    /** @type {EventFrame[] | null} while the board is fetched beside a running line: what came meanwhile */
    this.meanwhile = null;
    this.wantsRefresh = false;
    this.nextRefreshAt = now;
    /** @type {Why | null} */
    this.trouble = null;
    this.receiptDue = false;
    /** An alert that has to be receipted as soon as it is on the screen. @type {number | null} */
    this.urgent = null;
    this.receiptAt = Number.NEGATIVE_INFINITY;
    this.visible = false;
    this.armed = false;
    this.tickedAt = now;
    this.tickedWallAt = around.wall();
    /** @type {Status} */
    this.status = { live: false, notLive: null, lastGoodAt: now };
  }

  /** Do what is due. Call it a few times a second. */
  tick() {
    const now = this.around.monotonic();
    this.#noticeSleep(now);
    if (this.line && !this.#isPromising(now)) {
      this.wentSilent = true;
      this.#cut();
    }
    if (this.loading && !this.line && now - this.loadingSince >= 1.5 * CONNECT_MS) this.#cut();
    if (!this.line && !this.loading && now >= this.nextTryAt) {
      if (this.needsBoard) this.#load();
      else this.#connect();
    }
    if (this.wantsRefresh && this.caughtUp && !this.loading && now >= this.nextRefreshAt) this.#refresh();
    if (this.#isReceiptDue(now)) this.#sendReceipt();
    this.#sayStatus();
  }

  /** The page has a mistake in it, or has lost the thread: take the board again. */
  resync() {
    this.needsBoard = true;
    this.#cut();
    this.#sayStatus();
  }

  /** Something is mentioned that only the board can tell; the line goes on meanwhile. */
  refresh() {
    this.wantsRefresh = true;
  }

  /** This page can no longer be trusted to draw. Only a reload helps. */
  fail() {
    this.trouble = 'fault';
    this.#cut();
    this.nextTryAt = Number.POSITIVE_INFINITY;
    this.#sayStatus();
  }

  /**
   * Whether somebody can see and hear this page.
   * @param {boolean} visible
   * @param {boolean} armed
   */
  look(visible, armed) {
    if (visible === this.visible && armed === this.armed) return;
    this.visible = visible;
    this.armed = armed;
    this.#sendReceipt();
  }

  /** Everything that was given to the line's side to draw is on the screen. */
  #sendReceipt() {
    if (!this.line || !this.isOpen) return;
    /** @type {Receipt} */
    const receipt = { applied: this.around.shown(), visible: this.visible, armed: this.armed };
    this.line.send(JSON.stringify(receipt));
    if (this.urgent !== null && receipt.applied >= this.urgent) this.urgent = null;
    this.receiptDue = receipt.applied < this.around.applied();
    this.receiptAt = this.around.monotonic();
  }

  /** @param {number} now */
  #noticeSleep(now) {
    const wall = this.around.wall();
    const asleep = Math.max(now - this.tickedAt, wall - this.tickedWallAt) > ASLEEP_MS;
    this.tickedAt = now;
    this.tickedWallAt = wall;
    if (!asleep) return;
    // The monotonic clock may have stood still meanwhile, and with it every age on the page: start from a new board.
    this.downSince = now - DOWN_MS;
    this.heardAt = Math.min(this.heardAt, now - SILENCE_MS);
    this.needsBoard = true;
    this.tries = 0;
    if (this.line) this.#cut();
  }

  /** @param {number} now */
  #isPromising(now) {
    if (!this.opened || !this.caughtUp) {
      if (now - Math.max(this.lineStartedAt, this.heardAt) >= CONNECT_MS) return false;
    }
    if (this.behindSince !== null && now - this.behindSince >= BEHIND_MS) {
      this.needsBoard = true;
      return false;
    }
    return now - Math.max(this.lineStartedAt, this.heardAt) < SILENCE_MS;
  }

  #load() {
    const number = ++this.lineNumber;
    this.loading = true;
    this.loadingSince = this.around.monotonic();
    this.around.loadBoard().then(
      (board) => {
        if (number !== this.lineNumber) return;
        this.loading = false;
        this.trouble = null;
        this.needsBoard = false;
        this.#takeBoard(board, []);
        this.#connect();
        this.#sayStatus();
      },
      (error) => {
        if (number !== this.lineNumber) return;
        this.loading = false;
        this.#refused(error);
        this.#tryLater();
        this.#sayStatus();
      },
    );
  }

  /** The board beside the running line: what arrives meanwhile is applied at once, and again on top of the new board. */
  #refresh() {
    const number = this.lineNumber;
    this.wantsRefresh = false;
    this.loading = true;
    this.meanwhile = [];
    this.around.loadBoard().then(
      (board) => {
        if (number !== this.lineNumber) return;
        const frames = this.meanwhile ?? [];
        this.#refreshEnded(RECEIPT_EVERY_MS);
        if (board.epoch !== this.epoch || !this.#takeBoard(board, frames)) this.resync();
      },
      (error) => {
        if (number !== this.lineNumber) return;
        this.#refreshEnded(5 * RECEIPT_EVERY_MS);
        this.wantsRefresh = true;
        this.#refused(error);
        if (this.trouble) this.resync();
      },
    );
  }

  /** @param {number} pause */
  #refreshEnded(pause) {
    this.loading = false;
    this.meanwhile = null;
    this.nextRefreshAt = this.around.monotonic() + pause;
  }

  /** @param {unknown} error */
  #refused(error) {
    const status = error instanceof Refused ? error.status : 0;
    this.trouble = status === 401 ? 'signed_out' : status === 403 || status === 404 ? 'forbidden' : null;
  }

  /**
   * @param {Board} board
   * @param {EventFrame[]} frames
   */
  #takeBoard(board, frames) {
    this.epoch = board.epoch;
    this.around.serverTime(board.server_time);
    return this.around.takeBoard(board, frames);
  }

  #connect() {
    const number = ++this.lineNumber;
    this.isOpen = false;
    this.opened = false;
    this.caughtUp = false;
    this.behindSince = null;
    this.lineStartedAt = this.around.monotonic();
    this.line = this.around.open(this.around.applied(), {
      opened: () => {
        if (number !== this.lineNumber) return;
        this.isOpen = true;
        this.opened = true;
      },
      said: (text) => {
        if (number === this.lineNumber) this.#hear(text);
      },
      closed: () => {
        if (number !== this.lineNumber) return;
        // Refused at the door: the browser does not say why, the board does (signed out, say).
        if (!this.opened) this.needsBoard = true;
        this.line = null;
        this.#cut();
        this.#sayStatus();
      },
    });
  }

  /** @param {string} text */
  #hear(text) {
    const now = this.around.monotonic();
    this.heardAt = now;
    /** @type {Frame} */
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      this.resync();
      return;
    }
    if (frame.type === 'event') this.#hearEvent(frame);
    else if (frame.type === 'caught_up') this.#hearCaughtUp(frame.seq, frame.epoch, now);
    else if (frame.type === 'still_here') {
      this.around.serverTime(frame.server_time);
      this.around.stillHere(frame);
      this.databaseAgeMs = frame.database_age_ms;
      if (this.databaseAgeMs > DATABASE_AGE_MS) this.lastGoodAt = Math.min(this.lastGoodAt, now - this.databaseAgeMs);
      if (frame.epoch !== this.epoch || frame.seq < this.around.applied()) this.resync();
      else if (frame.seq === this.around.applied()) this.behindSince = null;
      else this.behindSince ??= now;
    }
    this.#sayStatus();
  }

  /** @param {EventFrame} frame */
  #hearEvent(frame) {
    this.meanwhile?.push(frame);
    if (this.around.takeFrame(frame) === 'gap') {
      this.resync();
      return;
    }
    this.behindSince = null;
    if (frame.event.kind === 'alert' && this.caughtUp) {
      this.urgent = frame.seq;
      this.around.show();
      if (this.#isReceiptDue(this.heardAt)) this.#sendReceipt();
    } else {
      this.receiptDue = true;
    }
  }

  /** @param {number} now */
  #isReceiptDue(now) {
    if (this.urgent !== null && this.around.shown() >= this.urgent) return true;
    return this.receiptDue && now - this.receiptAt >= RECEIPT_EVERY_MS;
  }

  /**
   * @param {number} seq
   * @param {string} epoch
   * @param {number} now
   */
  #hearCaughtUp(seq, epoch, now) {
    if (epoch !== this.epoch || seq !== this.around.applied()) {
      this.resync();
      return;
    }
    if (this.caughtUp) return;
    this.caughtUp = true;
    this.caughtUpAt = now;
    this.wentSilent = false;
    this.databaseAgeMs = 0;
    this.trouble = null;
    this.around.show();
    this.#sendReceipt();
  }

  #cut() {
    const now = this.around.monotonic();
    if (this.caughtUp) {
      this.downSince = now;
      // A line that held for a while is tried again quickly; one that breaks at once is not hammered.
      if (now - this.caughtUpAt >= 3_000) this.tries = 0;
    }
    const line = this.line;
    this.line = null;
    this.lineNumber += 1;
    this.isOpen = false;
    this.caughtUp = false;
    this.loading = false;
    this.meanwhile = null;
    this.#tryLater();
    line?.close();
  }

  #tryLater() {
    const most = Math.min(RETRY_MOST_MS, 400 * 2 ** this.tries);
    this.tries += 1;
    // Jitter, so that a ward's consoles do not all come back in the same instant.
    this.nextTryAt = this.around.monotonic() + most * (0.25 + 0.75 * this.around.random());
  }

  #sayStatus() {
    const now = this.around.monotonic();
    const databaseOld = this.databaseAgeMs > DATABASE_AGE_MS;
    const silent = now - this.heardAt >= SILENCE_MS;
    const live = this.line !== null && this.caughtUp && !databaseOld && !silent;
    if (live) this.lastGoodAt = this.heardAt;
    const notLive = live ? null : this.#why(now, silent, databaseOld);
    const { status } = this;
    if (live === status.live && notLive === status.notLive && (live || this.lastGoodAt === status.lastGoodAt)) {
      status.lastGoodAt = this.lastGoodAt;
      return;
    }
    this.status = { live, notLive, lastGoodAt: this.lastGoodAt };
    this.around.changed(this.status);
  }

  /**
   * @param {number} now
   * @param {boolean} silent
   * @param {boolean} databaseOld
   * @returns {Why | null}
   */
  #why(now, silent, databaseOld) {
    if (this.trouble) return this.trouble;
    if (this.caughtUp && databaseOld) return 'database';
    // Once said it stays said until the page has caught up.
    const said = this.status.notLive;
    if (silent || now - this.downSince >= DOWN_MS || said) return said && said !== 'database' ? said : this.wentSilent ? 'silence' : 'cut';
    return null;
  }
}
