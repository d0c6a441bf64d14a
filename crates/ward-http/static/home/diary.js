// @ts-check
// The questions one after another without asking the ward in between, so that they can be answered without internet. The
// pages are those that the ward draws; a red answer is not carried on to the next question.
import { fieldsOf, hand, newId } from "./forms.js";
import { number } from "./told.js";
import { Unfinished } from "./unfinished.js";

/**
 * The worst that was answered: an option says how urgent it is.
 *
 * @param {Iterable<string | undefined>} urgencies
 */
export function worst(urgencies) {
  const all = [...urgencies];
  return all.includes("red") ? "red" : all.includes("amber") ? "amber" : undefined;
}

/** @param {HTMLFormElement} form */
function begin(form) {
  const place = form.querySelector("#question");
  const carried = form.querySelector("#carried");
  /** @type {HTMLTemplateElement[]} */
  const pages = [...document.querySelectorAll("template[data-question]")].filter((it) => it instanceof HTMLTemplateElement);
  const id = form.elements.namedItem("id");
  if (place === null || carried === null || pages.length === 0 || !(id instanceof HTMLInputElement)) {
    return;
  }
  // What was begun before goes on as the same entry.
  if (!("goesOn" in form.dataset)) {
    id.value = newId();
  }
  const unfinished = new Unfinished(form.action);
  /** @type {Map<string, { value: string, urgency: string | undefined }>} */
  const answers = new Map();
  const here = form.elements.namedItem("at");
  let at = here instanceof HTMLInputElement ? Number(here.value) : 0;
  let underWay = false;

  /** The urgency of an answer that was given before. @param {string} name @param {string} value */
  const urgencyOf = (name, value) => {
    const offered = pages.flatMap((page) => [...page.content.querySelectorAll("input[type=radio]")]);
    const chosen = offered.find((it) => it instanceof HTMLInputElement && it.name === name && it.value === value);
    return chosen instanceof HTMLInputElement ? chosen.dataset["urgency"] : undefined;
  };
  for (const input of carried.querySelectorAll("input")) {
    answers.set(input.name, { value: input.value, urgency: urgencyOf(input.name, input.value) });
  }

  const fieldOf = () => place.querySelector("[data-field]")?.getAttribute("data-field") ?? "";

  /** What stands on this page now. */
  const answered = () => {
    const chosen = place.querySelector("input[type=radio]:checked");
    if (chosen instanceof HTMLInputElement) {
      return { value: chosen.value, urgency: chosen.dataset["urgency"] };
    }
    const typed = place.querySelector("#answer");
    const isTyped = typed instanceof HTMLTextAreaElement || (typed instanceof HTMLInputElement && typed.type === "text");
    const value = isTyped ? typed.value.trim() : "";
    return value === "" ? undefined : { value, urgency: undefined };
  };

  const show = (/** @type {number} */ number) => {
    const page = pages[number];
    if (page === undefined) {
      return;
    }
    at = number;
    place.replaceChildren(page.content.cloneNode(true));
    const known = answers.get(fieldOf());
    for (const control of place.querySelectorAll("[name^='answer-']")) {
      if (control instanceof HTMLInputElement && control.type === "radio") {
        control.checked = control.value === known?.value;
      } else if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
        control.value = known?.value ?? "";
      }
    }
    const title = place.querySelector("[tabindex='-1']");
    if (title instanceof HTMLElement) {
      title.focus();
    }
    document.title = document.title.replace(/^.*? – /, `${title?.textContent ?? ""} – `);
    window.scrollTo(0, 0);
  };

  /** What is wrong with this page, and where. */
  const wrong = () => {
    const typed = place.querySelector("input[data-least]");
    if (typed instanceof HTMLInputElement && typed.value.trim() !== "") {
      const { least, most, wrong: text } = typed.dataset;
      const value = number(typed.value);
      return value >= Number(least) && value <= Number(most) ? undefined : text;
    }
    const words = place.querySelector("textarea") !== null;
    const text = typed instanceof HTMLInputElement ? typed.dataset["wrong"] : form.dataset["choose"];
    return answered() === undefined && !words ? text : undefined;
  };

  const refuse = (/** @type {string} */ text) => {
    place.querySelector("[data-testid=error-summary]")?.remove();
    place.querySelector("#answer-error")?.remove();
    place.prepend(summary(form.dataset["problem"] ?? "", text));
    const message = document.createElement("p");
    message.className = "nhsuk-error-message";
    message.id = "answer-error";
    message.textContent = `${form.dataset["error"] ?? ""} ${text}`;
    const group = place.querySelector(".nhsuk-form-group");
    group?.classList.add("nhsuk-form-group--error");
    const field = place.querySelector("#answer");
    (field?.closest(".nhsuk-radios, .nhsuk-input-wrapper") ?? field)?.before(message);
    field?.setAttribute("aria-describedby", `answer-error ${field.getAttribute("aria-describedby") ?? ""}`.trim());
    const box = place.querySelector("[data-testid=error-summary]");
    if (box instanceof HTMLElement) {
      box.focus();
    }
  };

  /** What was answered so far, for whoever leaves half way. */
  const note = () => {
    const given = [...answers].map(([name, { value }]) => /** @type {[string, string]} */ ([name, value]));
    unfinished.note([["id", id.value], ["at", String(at)], ["do", "keep"], ...given]);
  };

  const finish = () => {
    underWay = true;
    unfinished.end();
    const hidden = [...answers].map(([name, { value }]) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      return input;
    });
    carried.replaceChildren(...hidden);
    // What is sent is what was carried; the field of this page stands among it.
    const own = place.querySelectorAll("[name^='answer-']");
    for (const control of own) {
      control.setAttribute("data-name", control.getAttribute("name") ?? "");
      control.removeAttribute("name");
    }
    /** @type {[string, string][]} */
    const fields = [...fieldsOf(form, null), ["do", "send"]];
    const urgency = worst([...answers.values()].map((it) => it.urgency));
    const about = urgency === undefined ? "green" : `${urgency}-symptom`;
    void hand(form, fields, about).finally(() => {
      underWay = false;
    });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (underWay) {
      return;
    }
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "next";
    const now = answered();
    const text = button === "next" ? wrong() : undefined;
    if (text !== undefined) {
      refuse(text);
      return;
    }
    if (now === undefined || button === "skip") {
      answers.delete(fieldOf());
    } else if (wrong() === undefined) {
      answers.set(fieldOf(), now);
    }
    const isRed = button !== "skip" && worst([now?.urgency]) === "red";
    if (isRed || (button !== "back" && (button === "send" || at + 1 >= pages.length))) {
      finish();
    } else {
      show(button === "back" ? at - 1 : at + 1);
      note();
    }
  });
}

/** @param {string} title @param {string} text */
function summary(title, text) {
  const box = document.createElement("div");
  box.className = "nhsuk-error-summary";
  box.dataset["testid"] = "error-summary";
  box.tabIndex = -1;
  const inner = document.createElement("div");
  inner.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  heading.className = "nhsuk-error-summary__title";
  heading.textContent = title;
  const body = document.createElement("div");
  body.className = "nhsuk-error-summary__body";
  const list = document.createElement("ul");
  list.className = "nhsuk-list nhsuk-error-summary__list";
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = "#answer";
  link.textContent = text;
  line.append(link);
  list.append(line);
  body.append(list);
  inner.append(heading, body);
  box.append(inner);
  return box;
}

const diary = document.getElementById("diary");
if (diary instanceof HTMLFormElement) {
  begin(diary);
}
