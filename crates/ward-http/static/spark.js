// @ts-check
// The trend: a small picture with the plan's limits drawn in, and the same in words beside it.

/** @import { Child } from './dom.js' */
/** @import { PlanView, PointView } from './wire.js' */

import { svg } from './dom.js';
import { minute } from './time.js';
import { percent } from './words.js';

const WIDTH = 176;
const HEIGHT = 56;
const RIGHT = 22;
/** Fixed, never zoomed: the same picture always means the same thing. */
const MOST = 100;
const LEAST = 80;
const SHOWN = 12;
/** Readings further apart than this are not joined. */
const GAP_MS = 9 * 3_600_000;

/** @param {number} value */
const yOf = (value) => 3 + ((MOST - Math.min(MOST, Math.max(LEAST, value))) * (HEIGHT - 6)) / (MOST - LEAST);

/**
 * @param {PointView[]} trend
 * @param {PlanView} plan
 * @param {string} zone
 * @param {number} now
 */
export function spark(trend, plan, zone, now) {
  const points = trend.slice(-SHOWN);
  const first = points[0];
  const last = points.at(-1);
  const step = (WIDTH - RIGHT - 10) / (SHOWN - 1);
  const left = 5 + (SHOWN - points.length) * step;
  const spots = points.map((point, i) => ({ point, x: left + i * step, y: yOf(point.spo2_percent), at: Date.parse(point.at) }));
  const red = yOf(plan.red_at_or_below + 0.5);
  const amber = yOf(plan.amber_at_or_below + 0.5);
  /** @type {Child[]} */
  const lines = [];
  spots.forEach((spot, i) => {
    const before = spots[i - 1];
    if (before && spot.at - before.at <= GAP_MS) {
      lines.push(svg('line', { class: 'wl-spark__line', x1: round(before.x), y1: round(before.y), x2: round(spot.x), y2: round(spot.y) }));
    }
  });
  const label =
    first && last
      ? `Last ${points.length} readings, ${minute(Date.parse(first.at), zone, now)} to ${minute(Date.parse(last.at), zone, now)}: ${points.map((p) => percent(p.spo2_percent)).join(', ')} percent`
      : 'No readings yet';
  return svg(
    'svg',
    { class: 'wl-spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': label, focusable: 'false' },
    svg('rect', { class: 'wl-spark__amber', x: 0, y: round(amber), width: WIDTH - RIGHT, height: round(red - amber) }),
    svg('rect', { class: 'wl-spark__red', x: 0, y: round(red), width: WIDTH - RIGHT, height: round(HEIGHT - red) }),
    svg('line', { class: 'wl-spark__limit', x1: 0, x2: WIDTH - RIGHT, y1: round(amber), y2: round(amber) }),
    svg('line', { class: 'wl-spark__limit wl-spark__limit--red', x1: 0, x2: WIDTH - RIGHT, y1: round(red), y2: round(red) }),
    svg('text', { class: 'wl-spark__digit', x: WIDTH - RIGHT + 3, y: round(amber - 0.5) }, String(plan.amber_at_or_below)),
    svg('text', { class: 'wl-spark__digit', x: WIDTH - RIGHT + 3, y: round(red + 10) }, String(plan.red_at_or_below)),
    ...lines,
    ...spots.flatMap((spot, i) => dot(spot, i === spots.length - 1)),
  );
}

/**
 * @param {{ point: PointView, x: number, y: number }} spot
 * @param {boolean} isLast
 * @returns {Element[]}
 */
function dot({ point, x, y }, isLast) {
  const below = point.spo2_percent < LEAST;
  const kind = `wl-spark__dot wl-spark__dot--${point.band}${point.doubtful ? ' wl-spark__dot--doubtful' : ''}`;
  // Under the floor of the picture: a mark that points down, and the number, so that 62 does not look like 80.
  if (below) {
    return [
      svg('path', { class: kind, d: `M${round(x - 4)} ${HEIGHT - 8}h8l-4 7z` }),
      svg('text', { class: 'wl-spark__digit', x: round(x - 7), y: HEIGHT - 2, 'text-anchor': 'end' }, percent(point.spo2_percent)),
    ];
  }
  return [svg('circle', { class: kind, cx: round(x), cy: round(y), r: isLast ? 4 : 2.5 })];
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
