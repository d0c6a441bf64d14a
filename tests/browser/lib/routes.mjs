// Every page that the service has, read from its sources: a page that is added and never looked at is noticed.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const PAGES = path.resolve(import.meta.dirname, "../../../crates/ward-http/src/pages");

const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** @param {string} folder @returns {string[]} */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? sources(file) : file.endsWith(".rs") ? [file] : [];
  });
}

/**
 * The path of a route as it stands in the source: a literal, a constant, or a macro that puts a literal behind a beginning.
 *
 * @param {string} written @param {string} all  the whole of the sources
 */
function meant(written, all) {
  const literal = /^"([^"]*)"$/.exec(written);
  if (literal) {
    return literal[1];
  }
  const behind = /^([a-z_]+)!\(\s*"([^"]*)"\s*,?\s*\)$/.exec(written);
  if (behind) {
    const beginning = new RegExp(`macro_rules! ${behind[1]} \\{[^}]*concat!\\(\\s*"([^"]*)"`).exec(all)?.[1];
    return beginning === undefined ? undefined : beginning + behind[2];
  }
  const name = written.split("::").at(-1);
  return new RegExp(`const ${name}: &str =\\s*"([^"]*)"`).exec(all)?.[1];
}

/** All routes of pages, each with the methods that it has. @returns {Map<string, Set<string>>} */
export function routes() {
  const files = sources(PAGES).concat(`${PAGES}.rs`);
  const all = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const found = new Map();
  for (const start of all.matchAll(/\.route\(/g)) {
    const inside = upToTheEnd(all.slice(start.index + start[0].length));
    const comma = endOfFirst(inside);
    const written = inside.slice(0, comma).trim();
    const pattern = meant(written, all);
    if (pattern === undefined) {
      throw new Error(`the path of this route cannot be read: ${written}`);
    }
    const methods = [...inside.slice(comma).matchAll(/\b(get|post)\(/g)].map(([, method]) => method);
    found.set(pattern, new Set([...(found.get(pattern) ?? []), ...methods]));
  }
  return found;
}

/** @param {string} text */
function upToTheEnd(text) {
  let depth = 1;
  for (let at = 0; at < text.length; at += 1) {
    depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
    if (depth === 0) {
      return text.slice(0, at);
    }
  }
  return text;
}

/** @param {string} text */
function endOfFirst(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
    if (depth === 0 && text[at] === ",") {
      return at;
    }
  }
  return text.length;
}

/**
 * Which of the patterns an address is of; of two the one that says more.
 *
 * @param {string} pathname @param {Iterable<string>} patterns
 */
export function patternOf(pathname, patterns) {
  const says = (/** @type {string} */ pattern) => pattern.replaceAll(/\{[^}]*\}/g, "").length;
  const part = (/** @type {string} */ piece) =>
    piece.startsWith("{*") ? ".+" : piece.startsWith("{") ? "[^/]+" : piece.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
  const fits = (/** @type {string} */ pattern) => new RegExp(`^${pattern.split(/(\{[^}]*\})/).map(part).join("")}$`).test(pathname);
  return [...patterns].filter(fits).sort((a, b) => says(b) - says(a))[0];
}

/** An address without the numbers that are different on every ward. @param {string} pathname */
export const nameless = (pathname) => pathname.replaceAll(new RegExp(IDS, "g"), "_").replaceAll(/\d+/g, "_");
