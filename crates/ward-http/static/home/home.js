// @ts-check
// Every page of a patient: it is kept for when there is no internet, says whether the ward can be reached, and sends what
// waits.
import { all } from "./kept.js";
import { takeOver } from "./forms.js";
import { sendAll } from "./send.js";

/** As in the worker. */
const CACHE = "wardlight-home-1";

/** What waits is tried again this often while a page is open. */
const AGAIN_MS = 20_000;

const waiting = document.querySelector("[data-testid=waiting]");
const offline = document.querySelector("[data-testid=offline]");

/** @param {boolean} line */
function showLine(line) {
  document.documentElement.classList.toggle("wh-no-line", !line);
  if (offline instanceof HTMLElement) {
    offline.hidden = line;
  }
}

/** @param {{ waiting: number, refused: number, sent: number, signedOut: boolean }} left */
function showWaiting(left) {
  if (!(waiting instanceof HTMLElement)) {
    return;
  }
  const { one = "", many = "", ring = "", sent = "", refused = "", signedOut = "" } = waiting.dataset;
  /** @type {string[]} */
  const lines = [];
  if (left.waiting > 0) {
    lines.push(left.waiting === 1 ? one : many.replace("%", String(left.waiting)), ring);
  }
  if (left.signedOut) {
    lines.push(signedOut);
  }
  if (left.refused > 0) {
    lines.push(refused);
  }
  if (left.sent > 0 && left.waiting === 0 && left.refused === 0) {
    lines.push(sent);
  }
  // The same words are not spoken again every twenty seconds.
  const said = lines.join("\n");
  if (waiting.dataset["said"] === said) {
    return;
  }
  waiting.dataset["said"] = said;
  waiting.replaceChildren(...lines.map(paragraph), ...(left.waiting > 0 ? [tryNow()] : []));
  waiting.hidden = lines.length === 0;
}

/** @param {string} text */
function paragraph(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

function tryNow() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "wh-link";
  button.dataset["testid"] = "try-now";
  button.textContent = (waiting instanceof HTMLElement && waiting.dataset["try"]) || "";
  button.addEventListener("click", () => void round());
  return button;
}

/** Whether the ward can be reached at all. */
async function hasLine() {
  try {
    const answer = await fetch("/home/line", { cache: "no-store", signal: AbortSignal.timeout(8_000) });
    return answer.status === 204;
  } catch {
    return false;
  }
}

/** Only what is shown on a person's page can be told there. */
async function round() {
  const kept = await all().catch(() => []);
  if (kept.length === 0) {
    showLine(await hasLine());
    return;
  }
  const left = await sendAll();
  showLine(left.line && (await hasLine()));
  showWaiting(left);
}

/** The pages that are wanted when there is no internet. */
async function keepPages() {
  const { keep } = document.getElementById("keep")?.dataset ?? {};
  const pages = (keep ?? "").split(" ").filter((page) => page !== "");
  // Put by the page itself: a worker that has only just begun does not hear of its requests yet.
  const cache = await caches.open(CACHE);
  const keepOne = async (/** @type {string} */ page) => {
    const answer = await fetch(page, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) {
      // As the worker looks for it: by the path alone.
      await cache.put(new URL(page, location.href).pathname, answer);
    }
  };
  await Promise.all(pages.map((page) => keepOne(page).catch(() => undefined)));
}

async function begin() {
  takeOver();
  document.documentElement.dataset["forms"] = "taken";
  await round();
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/home/worker.js", { scope: "/home" });
    await navigator.serviceWorker.ready;
    await keepPages();
    document.documentElement.dataset["kept"] = "yes";
  }
}

addEventListener("online", () => void round());
addEventListener("offline", () => showLine(false));
document.addEventListener("wardlight-waiting", () => void round());
setInterval(() => {
  if (document.visibilityState === "visible") {
    void round();
  }
}, AGAIN_MS);
// Without a worker, or with storage shut off, the pages are plain pages.
begin().catch((error) => console.warn("These pages are not kept on this device", error));
