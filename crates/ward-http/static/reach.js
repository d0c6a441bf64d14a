// @ts-check
// Subscribes this browser to pushes, when its owner asks for it.

import { byId } from './dom.js';

const place = byId('push');
const button = /** @type {HTMLButtonElement} */ (byId('push-add'));

/** @param {string} text */
const say = (text) => {
  byId('push-said').textContent = text;
};

/** @param {string} text  base64url without padding */
function bytes(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer | null} key */
const base64url = (key) => btoa(String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/**
 * A browser is subscribed by a worker that is active, which a new one is not yet. `navigator.serviceWorker.ready` waits for a
 * worker of this page, and ours is of /static/ alone: it shows pushes, and answers no page's requests.
 * @param {ServiceWorkerRegistration} registration
 */
async function active(registration) {
  const coming = registration.installing ?? registration.waiting;
  if (registration.active || !coming) return;
  await new Promise((done, failed) => {
    const look = () => {
      if (coming.state === 'activated') done(undefined);
      else if (coming.state === 'redundant') failed(new Error('the worker was given up'));
    };
    coming.addEventListener('statechange', look);
    look();
  });
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== 'granted') {
    say('The browser does not allow messages from this site: allow them in its settings, then press again.');
    return;
  }
  const worker = await navigator.serviceWorker.register('/static/push.js', { scope: '/static/' });
  await active(worker);
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(place.dataset.key ?? '') });
  const answer = await fetch(`/api/wards/${place.dataset.ward}/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': place.dataset.csrf ?? '' },
    body: JSON.stringify({ endpoint: subscription.endpoint, p256dh: base64url(subscription.getKey('p256dh')), auth: base64url(subscription.getKey('auth')) }),
  });
  if (answer.ok) location.reload();
  else say((await answer.json()).detail ?? 'It was not kept: try again.');
}

if ('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  place.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    subscribe()
      .catch(() => say('This browser could not be subscribed: try again, or use another one.'))
      .finally(() => {
        button.disabled = false;
      });
  });
}
