// @ts-check
// Forms that a device keeps before it sends them: nothing that was typed is lost with the line.
import { forget, keep } from "./kept.js";
import { send } from "./send.js";
import { band, number, tell } from "./told.js";

/** A new id; also where the page did not come over TLS, and the browser makes none. */
export function newId() {
  if (typeof crypto.randomUUID === "function") {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * The fields of a form, and of the button that sent it.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button
 * @returns {[string, string][]}
 */
export function fieldsOf(form, button) {
  const data = new FormData(form, button);
  return [...data].map(([name, value]) => [name, String(value)]);
}

/**
 * Keeps a form, sends it, and goes on: to the ward's answer, or to the device's own.
 *
 * @param {HTMLFormElement} form
 * @param {[string, string][]} fields
 * @param {string | undefined} about  what to say when nobody is reached
 */
export async function hand(form, fields, about) {
  const kind = form.dataset["queue"] ?? "reading";
  const id = fields.find(([name]) => name === "id")?.[1] ?? newId();
  const waiting = { id, url: form.action, fields, kind, made: Date.now() };
  try {
    await keep(waiting);
  } catch {
    // Nowhere to keep it: the plain form does what it always did.
    form.submit();
    return;
  }
  const came = await send(waiting);
  if (came.came === "stored") {
    await forget(id);
    location.assign(came.next);
    return;
  }
  if (came.came === "no-line") {
    document.dispatchEvent(new CustomEvent("wardlight-waiting"));
    tell(about, kind === "none" ? "reading" : kind);
    return;
  }
  // The ward looked at it and asks something, or asks who this is: its own page says so, with what was typed. What
  // nobody is signed in for any more stays on the device.
  if (came.came === "refused") {
    await forget(id);
  }
  form.submit();
}

/** @param {HTMLFormElement} form @param {[string, string][]} fields */
function aboutReading(form, fields) {
  const advice = document.getElementById("offline-advice");
  if (form.dataset["queue"] !== "reading" || advice === null) {
    return undefined;
  }
  const value = (/** @type {string} */ name) => number(fields.find(([field]) => field === name)?.[1] ?? "");
  const limits = { red: Number(advice.dataset["red"]), amber: Number(advice.dataset["amber"]) };
  return band({ oxygen: value("oxygen"), pulse: value("pulse") }, limits);
}

/** What the ward would refuse is left to the plain form: its page says what is wrong. */
function isFilledIn(/** @type {HTMLFormElement} */ form, /** @type {string | undefined} */ about) {
  return form.dataset["queue"] !== "reading" || about !== undefined;
}

/** Takes over the forms of a page that are kept; the questions have a script of their own. */
export function takeOver() {
  for (const form of document.querySelectorAll("form[data-queue]:not([data-queue='diary'])")) {
    if (!(form instanceof HTMLFormElement)) {
      continue;
    }
    const id = form.elements.namedItem("id");
    let underWay = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (underWay) {
        return;
      }
      const fields = fieldsOf(form, event.submitter);
      const about = aboutReading(form, fields);
      if (!isFilledIn(form, about)) {
        form.submit();
        return;
      }
      underWay = true;
      void hand(form, fields, about).finally(() => {
        underWay = false;
      });
    });
    // A page that the worker kept, or that "back" has shown again, was sent before: what is typed now is another entry.
    const anew = () => {
      if (id instanceof HTMLInputElement) {
        id.value = newId();
      }
    };
    anew();
    addEventListener("pageshow", (event) => event.persisted && anew());
  }
}
