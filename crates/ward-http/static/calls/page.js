// @ts-check
// A page that the service draws and that is kept as the service would draw it now, part by part.

import { follow } from './follow.js';

/** Events come in bursts: one fetch for all of them. */
const TOGETHER_MS = 300;
/** Ages grow although nothing happens. */
const ANEW_MS = 60_000;

/** @param {string} id */
export const part = (id) => document.getElementById(id);

/**
 * Says something once, without taking the focus.
 *
 * @param {string} words
 * @param {'say-politely' | 'say-now'} [how]
 */
export function say(words, how = 'say-politely') {
  const region = part(how);
  if (region) region.textContent = words;
}

/**
 * Keeps parts of the page as they are.
 *
 * @param {HTMLElement} root      has data-ward and data-as-of
 * @param {string[]} ids          parts that are fetched again
 * @param {(stay: string | null) => boolean} concerns  whether an event of this stay asks for it
 * @param {() => void} [drawn]    after the parts were put in place
 */
export function keep(root, ids, concerns, drawn) {
  const here = new URL(location.href);
  here.hash = '';
  // Whoever opened the page has been noted: its script does not look again.
  here.searchParams.set('again', '1');
  let due = 0;
  let running = false;
  let again = false;

  const fetchParts = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    try {
      const response = await fetch(here, { headers: { accept: 'text/html' }, cache: 'no-store' });
      if (response.redirected) tell(root, 'signed_out');
      else if (response.ok) {
        replace(new DOMParser().parseFromString(await response.text(), 'text/html'), ids);
        drawn?.();
      }
    } catch {
      // The line is down: the page says so by itself, and the next event or minute tries again.
    }
    running = false;
    if (again) soon();
  };

  const soon = () => {
    clearTimeout(due);
    due = window.setTimeout(fetchParts, TOGETHER_MS);
  };

  follow({
    ward: root.dataset['ward'] ?? '',
    after: Number(root.dataset['asOf']),
    changed: (stay) => {
      if (concerns(stay)) soon();
    },
    state: (state) => tell(root, state),
  });
  setInterval(() => {
    if (!document.hidden) soon();
  }, ANEW_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) soon();
  });
}

/**
 * Puts the new parts in place of the old. Who was on a link or a button of one stays on it; what was opened stays open.
 *
 * @param {Document} fresh
 * @param {string[]} ids
 */
function replace(fresh, ids) {
  const focused = document.activeElement;
  const holder = ids.map(part).find((old) => old?.contains(focused));
  const path = holder && focused ? trail(focused, holder) : null;
  for (const id of ids) {
    const [old, now] = [part(id), fresh.getElementById(id)];
    if (!old || !now || old.innerHTML === now.innerHTML) continue;
    for (const open of old.querySelectorAll('details[open]')) now.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute('open', '');
    old.replaceChildren(...now.childNodes);
    if (id === holder?.id && path) find(old, path)?.focus();
  }
}

/**
 * Where something stands: by its id, or by its kind and number within the part.
 *
 * @param {Element} element
 * @param {HTMLElement} within
 */
function trail(element, within) {
  if (element.id) return { id: element.id, kind: '', number: 0 };
  const kind = element.localName;
  return { id: '', kind, number: [...within.querySelectorAll(kind)].indexOf(element) };
}

/**
 * @param {HTMLElement} within
 * @param {{ id: string, kind: string, number: number }} path
 * @returns {HTMLElement | null}
 */
function find(within, path) {
  const found = path.id ? within.querySelector(`#${CSS.escape(path.id)}`) : within.querySelectorAll(path.kind)[path.number];
  return found instanceof HTMLElement ? found : null;
}

/**
 * @param {HTMLElement} root
 * @param {'live' | 'lost' | 'signed_out'} state
 */
function tell(root, state) {
  root.dataset['live'] = String(state === 'live');
  const live = part('live');
  if (!live) return;
  live.hidden = false;
  live.classList.toggle('wl-callhead__live--off', state !== 'live');
  const since = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const words = {
    live: 'Live',
    lost: `NOT LIVE since ${since}: this page may be out of date`,
    signed_out: 'You are signed out: sign in again',
  };
  if (live.textContent === words[state]) return;
  live.textContent = words[state];
  if (state !== 'live') say(words[state], 'say-now');
}
