// How much comes over the line when somebody opens a page for the first time.

/**
 * Opens an address with nothing kept from before, and answers with the response and the bytes that came, as they came;
 * without a response when it is a file to be kept.
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
  } catch (error) {
    if (/Download is starting/.test(String(error))) {
      return { response: null, bytes: () => bytes };
    }
    throw error;
  } finally {
    await line.send("Network.setCacheDisabled", { cacheDisabled: false });
  }
}
