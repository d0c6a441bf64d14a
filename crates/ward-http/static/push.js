// @ts-check
// Shows what is pushed to this browser, and opens the ward where somebody presses it. It keeps no page and answers no
// request: without it, everything else is as before. What it shows names a ward and an alert, never a patient.
//
// A page registers it as it stands, `navigator.serviceWorker.register("/static/push.js")`: no module, which not every
// browser takes for a worker.

/** The types of a page's script have no worker: what is used of it is named here. @type {any} */
const scope = globalThis;

/** @typedef {{ id: string, tag: string, severity: string, title: string, text: string, link: string | null }} Pushed */

/** What is shown for a push that cannot be read: a browser takes its agreement back from a page that shows nothing. */
const UNREADABLE = Object.freeze({
  title: "Wardlight",
  text: "There is a notice that cannot be shown here. Look at the board.",
});

/**
 * What a push says, or what stands for it.
 * @param {() => unknown} read
 * @returns {Pushed}
 */
function pushed(read) {
  /** @param {unknown} value @param {string} otherwise */
  const text = (value, otherwise) => (typeof value === "string" && value !== "" ? value : otherwise);
  /** @type {Record<string, unknown>} */
  let said = {};
  try {
    const whole = read();
    if (typeof whole === "object" && whole !== null) {
      said = { ...whole };
    }
  } catch {
    // No JSON.
  }
  return {
    id: text(said.id, ""),
    tag: text(said.tag, "wardlight"),
    severity: text(said.severity, "red"),
    title: text(said.title, UNREADABLE.title),
    text: text(said.text, UNREADABLE.text),
    link: text(said.link, "") || null,
  };
}

/**
 * Where a press leads: the notice's link if it is of this service, else its first page.
 * @param {unknown} link
 * @param {string} origin
 */
function destination(link, origin) {
  try {
    const url = new URL(typeof link === "string" ? link : "/", origin);
    return url.origin === origin ? url.href : `${origin}/`;
  } catch {
    return `${origin}/`;
  }
}

/**
 * How it is shown. A red one stays until somebody does something with it, and a newer one sounds again.
 * @param {Pushed} notice
 */
function shown(notice) {
  return {
    body: notice.text,
    tag: notice.tag,
    renotify: true,
    requireInteraction: notice.severity === "red",
    icon: "/static/home/icon-192.png",
    lang: "en",
    data: { link: notice.link },
  };
}

scope.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(scope.skipWaiting()));

scope.addEventListener("push", (/** @type {any} */ event) => {
  const notice = pushed(() => event.data?.json());
  event.waitUntil(scope.registration.showNotification(notice.title, shown(notice)));
});

scope.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  const to = destination(event.notification.data?.link, scope.location.origin);
  event.waitUntil(comeTo(to));
});

/**
 * Comes back to a page that shows it already, else opens one.
 * @param {string} to
 */
async function comeTo(to) {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((/** @type {any} */ page) => page.url === to);
  await (there ? there.focus() : scope.clients.openWindow(to));
}
