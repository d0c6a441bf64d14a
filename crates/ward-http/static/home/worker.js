// @ts-check
// Keeps the pages of the people that this device knows for when there is no internet. The network comes first: a page that
// was kept is shown only when there is no other, and its files then come from here too, so that it takes over its form
// before anybody has filled it in. What is entered does not pass through here.

const CACHE = "wardlight-home-1";
const OFFLINE = "/home/offline";
const ALWAYS = [
  OFFLINE,
  "/static/vendor/nhsuk-frontend.min.css",
  "/static/css/home.css",
  "/static/home/home.js",
  "/static/home/kept.js",
  "/static/home/forms.js",
  "/static/home/send.js",
  "/static/home/told.js",
  "/static/home/diary.js",
  "/static/home/unfinished.js",
  "/static/home/oximeter.svg",
  "/static/home/icon.svg",
];
/** So long the network is waited for while there is a copy. */
const NETWORK_WITHIN_MS = 6_000;
/** So long after a kept page was shown, the files that are kept do not wait for the network. */
const FILES_AT_ONCE_MS = 30_000;
const KEPT_PAGE = /^\/home(\/[0-9a-f-]{36}(\/(reading|diary|help|how|seen))?)?$/;

/** The types of a page's script have no worker: what is used of it is named here. @type {any} */
const scope = globalThis;

/** When a page was last shown from what is kept. */
let withoutLine = Number.NEGATIVE_INFINITY;

scope.addEventListener("install", (/** @type {any} */ event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(ALWAYS);
    await scope.skipWaiting();
  };
  event.waitUntil(fill());
});

scope.addEventListener("activate", (/** @type {any} */ event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("wardlight-home") && name !== CACHE).map((name) => caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(tidy());
});

scope.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const url = new URL(request.url);
  const isFile = ALWAYS.includes(url.pathname);
  const isPage = KEPT_PAGE.test(url.pathname) || (request.mode === "navigate" && url.pathname.startsWith("/home"));
  if (request.method === "GET" && url.origin === location.origin && (isFile || isPage)) {
    event.respondWith(answer(request, url));
  }
});

/** @param {Request} request @param {URL} url */
async function answer(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url.pathname);
  const isFile = ALWAYS.includes(url.pathname) && url.pathname !== OFFLINE;
  if (isFile && kept !== undefined && Date.now() - withoutLine < FILES_AT_ONCE_MS) {
    // Nothing is asked for: what hangs on such a line would stand in the way of what is entered.
    return kept;
  }
  const fresh = fetch(request).then(async (response) => {
    await note(cache, url, response);
    return response;
  });
  try {
    const first = await (kept === undefined ? fresh : Promise.race([fresh, tooLate()]));
    if (!isFile) {
      // A page of the network has the files of the network.
      withoutLine = Number.NEGATIVE_INFINITY;
    }
    return first;
  } catch {
    fresh.catch(() => undefined);
    if (!isFile) {
      withoutLine = Date.now();
    }
    return kept ?? (await instead(cache, url)) ?? Response.error();
  }
}

/** A copy of what is good; none of what nobody here may see any more. @param {Cache} cache @param {URL} url @param {Response} response */
async function note(cache, url, response) {
  const keeps = ALWAYS.includes(url.pathname) || KEPT_PAGE.test(url.pathname);
  if (keeps && response.ok && response.type === "basic" && !response.redirected) {
    await cache.put(url.pathname, response.clone());
  } else if (response.status === 401 || response.status === 403) {
    const person = url.pathname.split("/").slice(0, 3).join("/");
    const known = await cache.keys();
    await Promise.all(known.filter((it) => new URL(it.url).pathname.startsWith(person)).map((it) => cache.delete(it)));
  }
}

/** @param {Cache} cache @param {URL} url */
async function instead(cache, url) {
  const known = (await cache.keys()).map((request) => new URL(request.url).pathname);
  const people = known.filter((path) => /^\/home\/[0-9a-f-]{36}$/.test(path));
  // The app opens on /home, which sends the only person on to their own page.
  const only = url.pathname === "/home" && people.length === 1 ? people[0] : undefined;
  return only === undefined ? cache.match(OFFLINE) : cache.match(only);
}

function tooLate() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("too late")), NETWORK_WITHIN_MS));
}
