// A cable between a console and the service, that a test may cut and mend while bridges still reach the service.
import { once } from "node:events";
import net from "node:net";

/**
 * @template T
 * @param {string} address  of the service
 * @param {(cable: { address: string, cut: () => void, mend: () => void, deaden: () => void }) => Promise<T>} story  `deaden`: what is
 *   open now carries nothing more, and neither end is told
 * @returns {Promise<T>}
 */
export async function withCable(address, story) {
  const { hostname, port } = new URL(address);
  /** @type {Set<net.Socket>} */
  const ends = new Set();
  let whole = true;
  const server = net.createServer((here) => {
    if (!whole) {
      here.destroy();
      return;
    }
    const there = net.connect(Number(port), hostname);
    for (const [end, other] of [
      [here, there],
      [there, here],
    ]) {
      ends.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        ends.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const cut = () => {
    whole = false;
    for (const end of ends) {
      end.destroy();
    }
  };
  const deaden = () => {
    for (const end of ends) {
      end.unpipe();
      end.resume();
    }
  };
  try {
    return await story({ address: `http://127.0.0.1:${server.address().port}`, cut, mend: () => (whole = true), deaden });
  } finally {
    cut();
    server.close();
  }
}
