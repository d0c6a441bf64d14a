// @ts-check
// Elements from descriptions, and the smallest change that turns what stands into what should: focus, text selection,
// open details and the thing under the pointer stay what they were.

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | false | null | undefined} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children.flat());
}

/**
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children.flat());
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    // HTML's own booleans are there or not; those of ARIA and ours are words: `aria-disabled=""` means nothing.
    const isWord = name.startsWith('aria-') || name.startsWith('data-');
    if (value === null || value === undefined || (value === false && !isWord)) continue;
    element.setAttribute(name, value === true && !isWord ? '' : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** When an element was put on the page, for the guard against clicks that were meant for something else. @type {WeakMap<Node, number>} */
const born = new WeakMap();

/** @param {Node} node */
export const bornAt = (node) => born.get(node) ?? 0;

/**
 * Make `old` like `next`. Children with a `data-key` are matched by it, the others by place and tag. An element with
 * `data-own` looks after its own inside and attributes (a form that somebody is filling in).
 * @param {Element} old
 * @param {Element} next
 */
export function morph(old, next) {
  if (old.hasAttribute('data-own') && next.hasAttribute('data-own')) return;
  // What a person has opened or shut is theirs, until `data-default` says anew that it must be seen.
  const isDetails = old.tagName === 'DETAILS';
  const opens = isDetails && next.getAttribute('data-default') === 'open' && old.getAttribute('data-default') !== 'open';
  if (opens) old.setAttribute('open', '');
  for (const { name, value } of [...next.attributes]) {
    if (old.getAttribute(name) !== value && !(isDetails && name === 'open')) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !(isDetails && name === 'open')) old.removeAttribute(name);
  }
  morphChildren(old, [...next.childNodes]);
}

/**
 * @param {Element} parent
 * @param {ChildNode[]} wanted
 */
export function morphChildren(parent, wanted) {
  /** @type {Map<string, Element>} */
  const keyed = new Map();
  for (const child of parent.children) {
    const key = child.getAttribute('data-key');
    if (key) keyed.set(key, child);
  }
  const keys = new Set(wanted.map(keyOf));
  /** @param {Node} node */
  const isUnwanted = (node) => keyOf(node) !== null && !keys.has(keyOf(node));
  let place = parent.firstChild;
  for (const next of wanted) {
    // Something keyed that is not wanted any more must not be taken for something else.
    while (place && isUnwanted(place)) place = dropped(place);
    const key = keyOf(next);
    const match = key === null ? place : keyed.get(key);
    if (match && isAlike(match, next)) {
      if (match === place) place = match.nextSibling;
      else parent.insertBefore(match, place);
      if (match instanceof Element && next instanceof Element) morph(match, next);
      else if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue;
    } else {
      parent.insertBefore(next, place);
      born.set(next, performance.now());
    }
  }
  while (place) place = dropped(place);
}

/** @param {ChildNode} node */
function dropped(node) {
  const after = node.nextSibling;
  node.remove();
  return after;
}

/** @param {Node} node */
const keyOf = (node) => (node instanceof Element ? node.getAttribute('data-key') : null);

/**
 * @param {Node} a
 * @param {Node} b
 */
const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

/**
 * The element with this id, which the page always has.
 * @param {string} id
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
