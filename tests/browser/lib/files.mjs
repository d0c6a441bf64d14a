// A server for a few pages and the service's static files, for tests of the harness itself.
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";

const STATIC = path.resolve(import.meta.dirname, "../../../crates/ward-http/static");
const TYPES = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

/**
 * Serves `pages` (path to HTML) and `/static/…` on a free port while the story runs.
 *
 * @template T
 * @param {Record<string, string>} pages
 * @param {(address: string) => Promise<T>} story
 * @returns {Promise<T>}
 */
export async function withFiles(pages, story) {
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const page = pages[pathname];
    if (page !== undefined) {
      return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    }
    const file = path.join(STATIC, path.posix.normalize(pathname).replace(/^\/static/, ""));
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await story(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
