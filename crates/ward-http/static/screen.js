// @ts-check
// The drawing of the board: takes a view, changes what differs, and keeps still what a hand may be on.

/** @import { Order } from './order.js' */
/** @import { Row } from './state.js' */
/** @import { Strip, View } from './view.js' */
/** @import { AlertView } from './wire.js' */
/** @import { Filter } from './filter.js' */

import { alertLine } from './alert_line.js';
import { h, morph, morphChildren } from './dom.js';
import { hidden, isFiltering, matches } from './filter.js';
import { dependsOn, rowOf } from './row.js';
import { isWaiting, rows, technical, whose } from './state.js';
import { Tools } from './tools.js';
import { panelOf } from './sound_panel.js';
import { bannersOf, redsWord, stripOf, titleOf } from './strip.js';
import { ago, clock, lasting, minute, until } from './time.js';
import { LEVEL_WORD, count, outcomeWord } from './words.js';

export class Screen {
  /**
   * @param {HTMLElement} root
   * @param {Order} order
   */
  constructor(root, order) {
    this.root = root;
    this.order = order;
    /** @type {Map<string, { on: unknown[], element: HTMLElement }>} */
    this.drawn = new Map();
    /** When the rows last moved under a pointer that did not. */
    this.shiftedAt = Number.NEGATIVE_INFINITY;
    this.differs = false;

    this.banners = h('div', { class: 'wl-banners' });
    this.strip = h('div', { class: 'wl-top__strip' });
    this.soundTest = h('div', {});
    this.top = h('div', { class: 'wl-top' }, this.strip, this.soundTest, this.banners);
    this.tools = new Tools();
    this.filterText = this.tools.text;
    this.hidden = h('div', { class: 'wl-tools__hidden' });
    this.notice = h('div', {});
    this.orderNote = h('p', { class: 'wl-tools__order', 'data-testid': 'order-note' });
    this.list = h('ol', { class: 'wl-rows', 'data-testid': 'rows' });
    this.kitRed = h('div', {});
    this.kit = h('div', {});
    this.over = h('div', {});
    this.peopleTitle = h('h2', { class: 'wl-section__title', id: 'people-title' }, 'People');
    this.body = h(
      'div',
      { class: 'wl-body' },
      this.kitRed,
      h(
        'section',
        { class: 'wl-section', 'aria-labelledby': 'people-title' },
        h(
          'div',
          { class: 'wl-tools' },
          this.peopleTitle,
          this.orderNote,
          this.tools.element,
          this.hidden,
        ),
        this.notice,
        this.list,
      ),
      this.kit,
      this.over,
    );
  }

  /** @param {(change: Partial<Filter>) => void} told */
  onFilter(told) {
    this.tools.onChange(told);
  }

  /** The script takes the page over: what the server drew goes, once there is something better. */
  takeOver() {
    if (this.body.isConnected) return;
    this.root.querySelector('.wl-plain')?.remove();
    this.root.replaceChildren(this.top, this.body);
  }

  /** Before the first board: the status on top, the server's table under it. */
  showTop() {
    if (!this.top.isConnected) this.root.prepend(this.top);
  }

  /** @param {Strip} strip */
  drawTop(strip) {
    const banners = bannersOf(strip).filter((one) => one instanceof HTMLElement);
    const panel = panelOf(strip);
    // Measured only when something comes or goes there: measuring makes the browser lay the page out.
    const pushes = banners.length !== this.banners.childElementCount || panel.length !== this.soundTest.childElementCount;
    const before = pushes ? this.list.getBoundingClientRect().top : 0;
    morphChildren(this.strip, [stripOf(strip)]);
    morphChildren(this.soundTest, panel);
    morphChildren(this.banners, banners);
    this.root.dataset.live = String(strip.status.live);
    this.root.classList.toggle('wl-board--not-live', strip.status.notLive !== null);
    const title = titleOf(strip);
    if (document.title !== title) document.title = title;
    if (pushes && Math.abs(this.list.getBoundingClientRect().top - before) > 4) this.shiftedAt = performance.now();
    this.#flashTogether();
  }

  /** @param {View} view */
  draw(view) {
    this.takeOver();
    const kept = this.#still();
    this.#drawRows(view);
    this.#drawHidden(view);
    morphChildren(this.notice, noticeOf(view));
    morphChildren(this.kitRed, kitRedOf(view));
    morphChildren(this.kit, kitOf(view));
    morphChildren(this.over, overOf(view));
    kept();
    this.root.dataset.asOf = String(view.state.asOf);
    this.#flashTogether();
  }

  /** @param {View} view */
  #drawRows(view) {
    const all = rows(view.state);
    const you = view.state.you.clinician;
    const matching = all.filter((row) => matches(row, view.ui.filter, you));
    this.tools.draw(view, all);
    // A form that is open stays, whatever the filter says.
    const shown = all.filter((row) => matching.includes(row) || row.alerts.some((alert) => alert.number === view.ui.form?.number));
    const byStay = new Map(shown.map((row) => [row.stay, row]));
    const { keys, differs } = this.order.next(shown.map((row) => row.stay));
    this.differs = differs;
    const elements = keys.flatMap((key) => {
      const row = byStay.get(key);
      return row ? [this.#row(view, row)] : [];
    });
    for (const key of [...this.drawn.keys()]) if (!byStay.has(key)) this.drawn.delete(key);
    place(this.list, elements);
    if (elements.length === 0) morphChildren(this.list, [h('li', { class: 'wl-rows__none' }, isFiltering(view.ui.filter) ? 'Nobody matches this filter.' : 'Nobody is on this ward.')]);
    const people = isFiltering(view.ui.filter) ? `${shown.length} of ${count(all.length, 'person', 'people')}` : count(all.length, 'person', 'people');
    this.peopleTitle.textContent = people;
    const note = differs ? 'The order will update when you pause.' : '';
    if (this.orderNote.textContent !== note) this.orderNote.textContent = note;
  }

  /**
   * @param {View} view
   * @param {Row} row
   */
  #row(view, row) {
    const on = dependsOn(view, row);
    const before = this.drawn.get(row.stay);
    if (before && before.on.length === on.length && before.on.every((one, i) => one === on[i])) return before.element;
    const next = rowOf(view, row);
    const element = before?.element ?? next;
    if (before) morph(before.element, next);
    this.drawn.set(row.stay, { on, element });
    return element;
  }

  /** @param {View} view */
  #drawHidden(view) {
    if (!isFiltering(view.ui.filter)) {
      this.hidden.replaceChildren();
      return;
    }
    const { reds, waiting, others, first } = hidden(view.state, view.ui.filter);
    const small = 'wl-button wl-button--small';
    morphChildren(this.hidden, [
      h(
        'p',
        { class: `wl-hidden${reds > 0 ? '' : ' wl-hidden--calm'}`, 'data-testid': reds > 0 ? 'hidden-reds' : 'filter-on', 'data-count': reds },
        reds > 0 ? h('strong', {}, `*** Hidden by the filter: ${redsWord(reds)}`) : 'A filter is on',
        waiting > 0 && `, ${waiting} waiting for somebody`,
        others > 0 && (reds > 0 ? `, and ${count(others, 'other alert')}` : `: it hides ${count(others, 'alert')} that ${others === 1 ? 'is' : 'are'} not red`),
        ' ',
        reds > 0 && first && h('button', { type: 'button', class: small, 'data-action': 'show-hidden', 'data-alert': first.number, 'data-testid': 'show-hidden' }, reds === 1 ? `Show ${first.spoken}` : 'Show them'),
        ' ',
        h('button', { type: 'button', class: small, 'data-action': 'show-all', 'data-testid': 'show-all' }, 'Show everybody'),
      ),
    ]);
  }

  /**
   * Keep still what somebody is on: after the drawing the same thing is at the same height, if the page can scroll so
   * far; else the shift is noted, and the next press by a pointer that has not moved is not taken.
   */
  #still() {
    const before = new Map([...this.drawn].map(([key, { element }]) => [key, element.getBoundingClientRect().top]));
    const focused = document.activeElement;
    const focusedAlert = focused instanceof HTMLElement && this.body.contains(focused) ? focused.closest('[data-key^="alert-"]') : null;
    const anchor = this.order.isHeld() ? this.list.querySelector('.wl-row:hover') ?? (focused && this.list.contains(focused) ? focused : null) : null;
    const anchorTop = anchor?.getBoundingClientRect().top ?? 0;
    return () => {
      if (anchor?.isConnected) {
        const moved = anchor.getBoundingClientRect().top - anchorTop;
        if (Math.abs(moved) > 1) window.scrollBy(0, moved);
      }
      for (const [key, { element }] of this.drawn) {
        const top = before.get(key);
        if (top !== undefined && Math.abs(element.getBoundingClientRect().top - top) > 4) this.shiftedAt = performance.now();
      }
      // The button that was used is gone: the focus stays with its alert.
      if (focusedAlert instanceof HTMLElement && document.activeElement === document.body) {
        const next = focusedAlert.isConnected ? focusedAlert.querySelector('button, select') ?? focusedAlert : this.peopleTitle;
        if (next instanceof HTMLElement) {
          if (next === this.peopleTitle) next.tabIndex = -1;
          next.focus({ preventScroll: true });
        }
      }
    };
  }

  /**
   * The texts that change by time alone.
   * @param {View} view
   */
  tick(view) {
    for (const element of this.root.querySelectorAll('[data-tick]')) {
      const at = Number(element.getAttribute('data-at'));
      const kind = element.getAttribute('data-tick');
      const text = kind === 'ago' ? ago(at, view.now) : kind === 'until' ? until(at, view.now) : lasting(view.now - at);
      if (element.textContent !== text) element.textContent = text;
    }
  }

  /** All that flashes does so in one beat: many beats together would be a flicker. */
  #flashTogether() {
    for (const element of this.root.querySelectorAll('.wl-flash')) {
      for (const animation of element.getAnimations()) animation.startTime = 0;
    }
  }
}

/**
 * Put the rows in this order with the fewest moves: an element that is moved loses focus and hover.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} elements
 */
function place(list, elements) {
  const wanted = new Set(elements);
  for (const child of [...list.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  const focused = document.activeElement;
  /** @type {Element | null} */
  let at = list.firstElementChild;
  for (const element of elements) {
    if (element === at) at = at.nextElementSibling;
    // The one with the focus stays where it is; its neighbours go around it.
    else if (at && focused && at.contains(focused) && elements.includes(/** @type {HTMLElement} */ (at))) list.insertBefore(element, at);
    else if (element.contains(focused)) {
      while (at && at !== element) {
        const next = at.nextElementSibling;
        list.append(at);
        at = next;
      }
      at = element.nextElementSibling;
    } else list.insertBefore(element, at);
  }
}

/**
 * @param {View} view
 * @returns {HTMLElement[]}
 */
function noticeOf({ ui }) {
  if (ui.notice === null) return [];
  const put = h('button', { type: 'button', class: 'wl-button wl-button--small', 'data-action': 'close-notice', 'data-testid': 'close-notice' }, 'I have read this');
  return [h('div', { class: 'wl-banner', 'data-testid': 'notice' }, h('p', {}, ui.notice, ' ', put))];
}

/**
 * A red of the kit's list may be a person in danger whose name is not known: it stands above the people.
 * @param {View} view
 * @returns {HTMLElement[]}
 */
function kitRedOf(view) {
  const alerts = technical(view.state).filter((alert) => alert.severity === 'red');
  return alerts.length === 0 ? [] : [kitSection(view, 'kit-red', `Kit: ${redsWord(alerts.length)}`, alerts)];
}

/**
 * @param {View} view
 * @returns {HTMLElement[]}
 */
function kitOf(view) {
  const alerts = technical(view.state).filter((alert) => alert.severity !== 'red');
  const { setAside } = view.state;
  if (alerts.length === 0 && !setAside) return [];
  const at = setAside && minute(Date.parse(setAside.at), view.state.ward.time_zone, view.now);
  const section = kitSection(view, 'kit', `Kit: ${count(alerts.length, 'technical alert')}`, alerts);
  if (setAside) section.append(h('p', { class: 'wl-kit__aside' }, `${count(setAside.items, 'item')} kept aside since this page was opened, the last at ${at}: ${setAside.reason}`));
  return [section];
}

/**
 * @param {View} view
 * @param {string} key
 * @param {string} title
 * @param {AlertView[]} alerts
 */
function kitSection(view, key, title, alerts) {
  return h(
    'section',
    { class: 'wl-section wl-section--kit', 'aria-labelledby': `${key}-title`, 'data-testid': 'technical', 'data-key': key },
    h('h2', { class: 'wl-section__title', id: `${key}-title` }, title),
    h('ul', { class: 'wl-kit' }, alerts.map((alert) => h('li', { class: `wl-kit__item wl-row--${alert.severity}${isWaiting(alert) ? ' wl-kit__item--waiting' : ''}`, 'data-key': `kit-${alert.number}` }, alertLine(view, alert, null, about(view, alert))))),
  );
}

/**
 * Whose kit, or whose value it may be: for a red that is a person in danger, so with the phone.
 * @param {View} view
 * @param {AlertView} alert
 */
function about(view, alert) {
  const people = alert.candidates.flatMap((stay) => view.state.people.get(stay) ?? []).sort((a, b) => a.name.localeCompare(b.name));
  const person = alert.stay === null ? undefined : view.state.people.get(alert.stay);
  return h(
    'div',
    { class: 'wl-alert__about' },
    h('p', {}, whose(view.state, alert), person && `, ${person.phone}`),
    people.length > 0 && h('p', {}, h('strong', {}, 'May belong to: '), people.flatMap((one, i) => [i > 0 && '; ', h('span', { class: 'wl-phrase' }, `${one.name}, ${one.phone}`)])),
  );
}

/**
 * @param {View} view
 * @returns {HTMLElement[]}
 */
function overOf(view) {
  const zone = view.state.ward.time_zone;
  const lines = view.state.over.map((one) => {
    const at = minute(Date.parse(one.at), zone, view.now);
    const name = one.alert?.resolved ? (view.state.staff.get(one.alert.resolved.clinician) ?? 'a colleague') : null;
    const by = name && one.alert?.resolved?.clinician === view.state.you.clinician ? 'you' : name;
    const how = one.how === 'resolved' ? `resolved by ${by}` : one.how === 'gone' ? 'ended while this page was not live' : 'no longer on this ward’s board';
    const led = outcomeWord(one.alert?.outcome ?? null);
    return h('li', { 'data-key': one.key, 'data-testid': 'over-item' }, h('span', { class: 'wl-over__at' }, at), ' ', one.alert && h('strong', {}, `${one.alert.spoken} `), `${one.who}: ${one.alert ? `${one.alert.severity}, ` : ''}${how}`, led && h('span', { class: 'wl-over__led' }, `: ${led}`));
  });
  return [
    h(
      'section',
      { class: 'wl-section wl-section--over', 'aria-labelledby': 'over-title', 'data-testid': 'over', 'data-key': 'over' },
      h('h2', { class: 'wl-section__title', id: 'over-title' }, 'Resolved in this shift'),
      lines.length > 0 ? h('ul', { class: 'wl-over' }, lines) : h('p', { class: 'wl-dim' }, 'Nothing since this page was opened.'),
    ),
  ];
}

/**
 * @param {HTMLElement} clockElement
 * @param {number} now
 * @param {string} zone
 */
export function drawClock(clockElement, now, zone) {
  clockElement.hidden = false;
  const text = clock(now, zone);
  if (clockElement.textContent !== text) clockElement.textContent = text;
}

/** One sentence for an alert that has just spoken. @param {View['state']} state @param {AlertView} alert */
export function sentenceOf(state, alert) {
  const worst = alert.worst_percent === null ? '' : `, ${alert.worst_percent} percent`;
  return `${LEVEL_WORD[alert.severity]}: ${whose(state, alert)}${worst}, ${alert.spoken}.`;
}
