// WCAG 2.2 AA, as far as a program can judge it.
import { AxeBuilder } from "@axe-core/playwright";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * What is wrong with the page as it stands, one line a rule: its name, and the first place where it is broken.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function barriers(page) {
  // A page without its style sheets is another page.
  await page.waitForLoadState("load");
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return violations.map((rule) => `${rule.id}: ${rule.help} (${rule.nodes[0]?.target.join(" ")})`).sort();
}
