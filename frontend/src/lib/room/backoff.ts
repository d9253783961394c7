/**
 * How long to wait before the next try. A restarted server meets everyone at once: the
 * jitter spreads them, and the low cap has them all back within five seconds.
 */
const FIRST = { least: 300, most: 1000 };
const SOON = { cap: 2000, for: 30_000 };
const LATER = { cap: 15_000 };
const GROWTH = 1.5;

/** `tries` so far failed, the first loss was `since` ms ago, `chance` is in [0, 1). */
export function backOff(tries: number, since: number, chance: number): number {
	if (tries === 0) return FIRST.least + chance * (FIRST.most - FIRST.least);
	const cap = since < SOON.for ? SOON.cap : LATER.cap;
	const most = Math.min(cap, FIRST.most * GROWTH ** tries);
	return most / 2 + (chance * most) / 2;
}
