// A clinician who opens the record of one patient.
import assert from "node:assert/strict";

/**
 * Signs in, and answers the id of the only ward.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} address
 * @param {{ name: string, password: string }} user
 */
export async function signIn(page, address, user) {
  await page.goto(`${address}/sign-in`);
  await page.getByTestId("username").fill(user.name);
  await page.getByTestId("password").fill(user.password);
  await page.getByTestId("sign-in").click();
  const path = await page.getByTestId("ward").getByRole("heading").getByRole("link").getAttribute("href");
  assert.match(path ?? "", /^\/wards\//);
  return path ?? "";
}

/**
 * The path of somebody's stay, looked up by a part of the name.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} ward  the path of the ward
 * @param {string} name
 */
export async function stayOf(page, ward, name) {
  const answer = await page.request.get(`${new URL(page.url()).origin}/api${ward}/patients?q=${encodeURIComponent(name)}`);
  const { people } = await answer.json();
  const [person] = people;
  assert.ok(person !== undefined, `${name} is not found`);
  return `${ward}/stays/${person.stays[0].stay}`;
}
