// @ts-check
// A page about one patient says that it is open, so that two people do not ring the same person, and names who else has it
// open. Every page of the ward loads this; it does something on the pages of a stay and on calls. Without a script the
// opening of a page alone is told.

/** While the page is open and visible. The service forgets it after two that were missed. */
const EVERY_MS = 20_000;

/** @typedef {{ others: { name: string }[] }} Others */

/**
 * @param {string} ward
 * @param {string} stay
 * @param {HTMLElement} place
 */
async function tell(ward, stay, place) {
  if (document.visibilityState !== 'visible') return;
  const token = document.querySelector('input[name=csrf_token]');
  try {
    const answer = await fetch(`/api/wards/${ward}/presence`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token instanceof HTMLInputElement ? token.value : '' },
      body: JSON.stringify({ stay }),
      signal: AbortSignal.timeout(8_000),
    });
    if (!answer.ok) return;
    const { others } = /** @type {Others} */ (await answer.json());
    const names = others.map((one) => one.name);
    const text = names.length === 0 ? '' : `${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} this patient open too.`;
    if (place.textContent !== text) place.textContent = text;
  } catch {
    // Nobody can be told: the name of who was there a moment ago must not stay.
    place.textContent = '';
  }
}

const [, ward, stay] = /^\/wards\/([0-9a-f-]{36})\/(?:stays|call-list)\/([0-9a-f-]{36})(?:\/|$)/.exec(location.pathname) ?? [];
const main = document.getElementById('main');
if (ward && stay && main) {
  const place = document.createElement('p');
  place.className = 'wl-presence';
  place.setAttribute('role', 'status');
  place.dataset.testid = 'presence';
  main.prepend(place);
  void tell(ward, stay, place);
  setInterval(() => void tell(ward, stay, place), EVERY_MS);
  document.addEventListener('visibilitychange', () => void tell(ward, stay, place));
}
