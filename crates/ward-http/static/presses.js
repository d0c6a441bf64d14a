// @ts-check
// What is pressed and sent on the board, and what it means.

/** @import { Hold } from './hold.js' */

/**
 * @typedef {object} Meaning
 * @property {Hold} hold
 * @property {(work: () => void) => void} guarded
 * @property {() => void} touched                              something was pressed, whatever it means
 * @property {() => void} slipped                              it was meant for what stood there before
 * @property {() => void} used                                 an action of a row
 * @property {Record<string, (number: number, target: HTMLElement) => void>} actions
 * @property {(form: HTMLFormElement, number: number) => void} sent
 * @property {(number: number) => void} goTo
 */

/**
 * @param {HTMLElement} root
 * @param {Meaning} meaning
 */
export function listenTo(root, { hold, guarded, touched, slipped, used, actions, sent, goTo }) {
  root.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest('a[href^="#alert-"]');
    if (link) {
      // A link within the page to an alert that the filter hides must still lead there.
      event.preventDefault();
      goTo(Number(link.getAttribute('href')?.slice('#alert-'.length)));
      return;
    }
    const button = target?.closest('button[data-action]');
    if (!(button instanceof HTMLElement) || button.getAttribute('aria-disabled') === 'true') return;
    guarded(() => {
      touched();
      if (!hold.isMeant(event, button)) {
        slipped();
        return;
      }
      if (button.closest('[data-hold]')) used();
      actions[button.dataset.action ?? '']?.(Number(button.dataset.alert ?? 0), button);
    });
  });
  root.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.action) return;
    event.preventDefault();
    sent(form, Number(form.dataset.alert));
  });
}
