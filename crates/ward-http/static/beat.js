// @ts-check
// When things are done: a few times a second, also in a page that nobody sees; and once for many that ask.

/**
 * A worker's timer is not slowed down in a hidden page; where there is none the page's own must do.
 * @param {() => void} tick
 */
export function startTicking(tick) {
  try {
    const worker = new Worker('/static/ticker.js');
    worker.onmessage = tick;
    worker.onerror = () => setInterval(tick, 250);
  } catch {
    setInterval(tick, 250);
  }
}

/**
 * However often it is asked for meanwhile, `work` is done once, after a wait.
 * @param {() => void} work
 * @param {() => number} wait  milliseconds
 */
export function coalesced(work, wait) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      work();
    }, wait());
  };
}
