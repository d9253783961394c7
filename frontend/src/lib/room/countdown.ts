/** How far away something is, said as people do: "in about 2 hours", never in seconds. */
const MINUTE = 60_000;

export function inWords(ms: number, tag: string): string {
	const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
	const minutes = Math.max(1, Math.round(ms / MINUTE));
	if (minutes < 90) return relative.format(minutes, 'minute');
	const hours = Math.round(minutes / 60);
	return hours < 36 ? relative.format(hours, 'hour') : relative.format(Math.round(hours / 24), 'day');
}

/** When the words may next differ; the timers of browsers take no more than 24 days. */
export function nextLook(ms: number): number {
	if (ms <= MINUTE) return Math.max(1000, ms);
	return ms < 90 * MINUTE ? ms % MINUTE || MINUTE : 10 * MINUTE;
}
