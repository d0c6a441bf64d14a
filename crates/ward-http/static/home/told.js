// @ts-check
// What the device says by itself when the ward cannot be reached: by the limits of the person's own plan, in the words
// that came with the page.

/**
 * The numbers that were typed; not a number is NaN. Digits of other scripts and a comma are read as on the ward.
 *
 * @param {string} text
 */
export function number(text) {
  const western = text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
  const plain = western.replace(/[\s‎‏]/g, "").replace(/[,٫]/g, ".").replace(/%+$/, "");
  return /^\d{1,6}(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

/**
 * The band of a reading, for the lowest oxygen that it can mean: an odd one is asked about when the ward is reached.
 *
 * @param {{ oxygen: number, pulse: number }} typed
 * @param {{ red: number, amber: number }} limits
 * @returns {"red" | "amber" | "green" | undefined} nothing for what no oximeter shows
 */
export function band({ oxygen, pulse }, { red, amber }) {
  const spo2 = oxygen > 100 && pulse >= 50 && pulse <= 100 ? pulse : oxygen;
  if (!(spo2 >= 1 && spo2 <= 100)) {
    return undefined;
  }
  const whole = Math.floor(spo2);
  return whole <= red ? "red" : whole <= amber ? "amber" : "green";
}

/**
 * Draws the advice in the place of the page. 999 stands first, as in every answer of the ward.
 *
 * @param {string | undefined} about  the band or the symptom
 * @param {string} kept  what waits: "reading", "diary" or "help"
 */
export function tell(about, kept) {
  const advice = document.getElementById("offline-advice");
  const main = document.getElementById("main");
  if (advice === null || main === null) {
    return;
  }
  /** @param {string} selector */
  const copy = (selector) => {
    const template = advice.querySelector(selector);
    return template instanceof HTMLTemplateElement ? [template.content.cloneNode(true)] : [];
  };
  const cards = about === undefined ? [] : copy(`template[data-band="${about}"]`);
  main.replaceChildren(...cards, ...copy(`template[data-kept="${kept}"]`), ...copy("template[data-then]"));
  main.focus();
  window.scrollTo(0, 0);
}
