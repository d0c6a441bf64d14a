// @ts-check
// What the board is narrowed down by: a state with its count, a team, a language, a name.

/** @import { Filter } from './filter.js' */
/** @import { Row } from './state.js' */
/** @import { View } from './view.js' */

import { h, morphChildren } from './dom.js';
import { STATES, choices, isIn } from './filter.js';

export class Tools {
  constructor() {
    this.states = h('div', { class: 'wl-states', role: 'group', 'aria-label': 'Show', 'data-testid': 'states' });
    this.text = h('input', { id: 'filter', type: 'search', class: 'wl-tools__input', 'data-testid': 'filter', autocomplete: 'off', spellcheck: 'false' });
    this.team = h('select', { id: 'filter-team', class: 'wl-tools__input wl-tools__input--choice', 'data-testid': 'filter-team' });
    this.language = h('select', { id: 'filter-language', class: 'wl-tools__input wl-tools__input--choice', 'data-testid': 'filter-language' });
    this.teamField = h('span', { class: 'wl-tools__field', hidden: true }, h('label', { for: 'filter-team' }, 'Team'), this.team);
    this.languageField = h('span', { class: 'wl-tools__field', hidden: true }, h('label', { for: 'filter-language' }, 'Language'), this.language);
    this.element = h(
      'div',
      { class: 'wl-tools__all' },
      this.states,
      h('span', { class: 'wl-tools__fields' }, this.teamField, this.languageField, h('span', { class: 'wl-tools__field' }, h('label', { for: 'filter' }, 'Find a name or number'), this.text)),
    );
  }

  /** @param {(change: Partial<Filter>) => void} told */
  onChange(told) {
    this.text.addEventListener('input', () => told({ text: this.text.value }));
    this.team.addEventListener('change', () => told({ team: this.team.value }));
    this.language.addEventListener('change', () => told({ language: this.language.value }));
  }

  /**
   * @param {View} view
   * @param {Row[]} all
   */
  draw(view, all) {
    const { filter } = view.ui;
    const you = view.state.you.clinician;
    const counted = STATES.map(([state, word]) => ({ state, word, n: all.filter((row) => isIn(row, state, you)).length }));
    // A state that nobody is in is not offered, unless it is the one that is chosen.
    const offered = counted.filter(({ state, n }) => state === '' || n > 0 || state === filter.state);
    morphChildren(
      this.states,
      offered.map(({ state, word, n }) =>
        h(
          'button',
          { type: 'button', class: 'wl-states__one', 'data-key': `state-${state}`, 'data-action': 'state', 'data-state': state, 'data-testid': `state-${state || 'all'}`, 'aria-pressed': filter.state === state },
          `${word} `,
          h('span', { class: 'wl-states__count' }, n),
        ),
      ),
    );
    const { teams, languages } = choices(view.state);
    choose(this.teamField, this.team, 'All teams', teams, filter.team);
    choose(this.languageField, this.language, 'All languages', languages, filter.language);
  }
}

/**
 * @param {HTMLElement} field
 * @param {HTMLSelectElement} select
 * @param {string} all
 * @param {string[]} words
 * @param {string} chosen
 */
function choose(field, select, all, words, chosen) {
  // What was chosen stays to be seen when nobody of it is left: it hides all the others.
  const options = chosen === '' || words.includes(chosen) ? words : [...words, chosen];
  field.hidden = options.length < 2 && chosen === '';
  const wanted = ['', ...options];
  if (wanted.join('\n') !== [...select.options].map((one) => one.value).join('\n')) {
    select.replaceChildren(...wanted.map((word) => h('option', { value: word }, word || all)));
  }
  if (select.value !== chosen) select.value = chosen;
}
