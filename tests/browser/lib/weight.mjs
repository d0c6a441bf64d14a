// How much comes over the line when somebody opens a page for the first time.

/**
 * Opens an address with nothing kept from before, and answers with the response and the bytes that came, as they came.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} address
 */
export async function weighed(page, address) {
  const line = await page.context().newCDPSession(page);
  let bytes = 0;
  line.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  try {
    const response = await page.goto(address, { waitUntil: "load" });
    return { response, bytes: () => bytes };
  } finally {
    await line.send("Network.setCacheDisabled", { cacheDisabled: false });
  }
}
