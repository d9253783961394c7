/** The list of a series: the dates of its rule, and those beside it. */
import type { Occurrence, Series } from '../api/types.js';

export type Extra = Series['extras'][number];
type Known = Pick<Series, 'next' | 'extras'>;
export type Row = { date: Occurrence; extra?: undefined } | { extra: Extra; date?: undefined };

/** Soonest first; an extra date that is over is not shown. */
export function rowsOf(series: Known, now: Date): Row[] {
	const extras = series.extras.filter(({ ends_at }) => new Date(ends_at) > now);
	const rows: Row[] = [...series.next.map((date) => ({ date })), ...extras.map((extra) => ({ extra }))];
	return rows.sort((one, other) => startOf(one).localeCompare(startOf(other)));
}

interface Shown {
	shown: readonly Occurrence[];
	more: boolean;
}

/** With later ones; an extra date behind the last of them waits for its turn. */
export function comingRows({ next, extras }: Known, { shown, more }: Shown, now: Date): Row[] {
	const dates = [...next, ...shown];
	const last = more && dates.at(-1);
	const near = last ? extras.filter((extra) => startOf({ extra }) <= startOf({ date: last })) : extras;
	return rowsOf({ next: dates, extras: near }, now);
}

/** The latest first. */
export function pastRows(extras: readonly Extra[], { shown, more }: Shown, now: Date): Row[] {
	const last = more && shown.at(-1);
	const over = extras.filter(
		(extra) => new Date(extra.ends_at) <= now && !(last && startOf({ extra }) < startOf({ date: last })),
	);
	const rows: Row[] = [...shown.map((date) => ({ date })), ...over.map((extra) => ({ extra }))];
	return rows.sort((one, other) => startOf(other).localeCompare(startOf(one)));
}

/** When it is, whichever of the two. */
export function whenOf({ date, extra }: Row): Pick<Extra, 'starts_at' | 'ends_at' | 'cancelled'> {
	return date ?? extra;
}

export function keyOf({ date, extra }: Row): string {
	return date ? date.original : extra.id;
}

/** Where a date is looked at alone. */
export function pageOf(series: string, original: string): string {
	return `/series/${series}/${original}`;
}

function startOf(row: Row): string {
	return new Date(whenOf(row).starts_at).toISOString();
}
