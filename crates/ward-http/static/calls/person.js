// @ts-check
// The call, while it goes on: who has it, what came in meanwhile, and what to tell by what is typed. The form itself is never touched.

import { keep, part, say } from './page.js';

/** So long after the last key, what is typed is looked at. */
const TYPED_MS = 350;

/** What the advice depends on. */
const HEARD = ['oxygen', 'pulse', 'taken', 'oxygen-2', 'pulse-2', 'taken-2', 'odd', 'odd-2', 'feels', 'breathing', 'symptoms', 'help', 'whom', 'outcome'];

const root = part('calls');
const form = part('record');

const claimed = () => part('claim-words')?.textContent?.trim() ?? '';

if (root) {
  root.dataset['script'] = 'on';
  let before = claimed();
  const stay = root.dataset['stay'];
  keep(root, ['progress', 'now', 'trend', 'past'], (about) => about === null || about === stay, () => {
    const now = claimed();
    if (now !== before) say(now === '' ? 'Nobody has this call now' : now);
    before = now;
  });
  part('error-summary')?.focus();
}

if (form instanceof HTMLFormElement) listen(form);

/** @param {HTMLFormElement} record */
function listen(record) {
  let due = 0;
  let number = 0;
  record.addEventListener('input', ({ target }) => {
    const name = target instanceof HTMLInputElement ? target.name : '';
    if (!HEARD.includes(name)) return;
    clearTimeout(due);
    due = window.setTimeout(async () => {
      const mine = ++number;
      const words = await toSay(record);
      if (mine === number && words !== null) put(words);
    }, TYPED_MS);
  });
  // A second press while the first is on its way writes nothing twice, and need not be sent.
  record.addEventListener('submit', (event) => {
    if (record.dataset['sent'] === 'on') event.preventDefault();
    record.dataset['sent'] = 'on';
  });
  // Back by the browser's own button: it can be sent again.
  window.addEventListener('pageshow', () => delete record.dataset['sent']);
}

/** @param {HTMLFormElement} record */
async function toSay(record) {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(record)) {
    if (typeof value === 'string') typed.append(name, value);
  }
  try {
    const response = await fetch(record.dataset['say'] ?? '', { method: 'POST', body: typed, cache: 'no-store' });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    // Whoever saves is told then: this is only the hurry.
    return null;
  }
}

/** @param {string} html */
function put(html) {
  const heard = part('heard');
  if (!heard || heard.innerHTML.trim() === html.trim()) return;
  const inside = heard.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  heard.replaceChildren(...fresh.body.childNodes);
  if (inside) part(inside)?.focus();
}
