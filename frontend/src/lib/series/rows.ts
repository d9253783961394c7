/** The list of a series: the dates of its rule, and those beside it. */
import type { Occurrence, Series } from '../api/types.js';

export type Extra = Series['extras'][number];
export type Row = { date: Occurrence; extra?: undefined } | { extra: Extra; date?: undefined };

/** Soonest first; an extra date that is over is not shown. */
export function rowsOf(series: Pick<Series, 'next' | 'extras'>, now: Date): Row[] {
	const extras = series.extras.filter(({ ends_at }) => new Date(ends_at) > now);
	const rows: Row[] = [...series.next.map((date) => ({ date })), ...extras.map((extra) => ({ extra }))];
	return rows.sort((one, other) => startOf(one).localeCompare(startOf(other)));
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
