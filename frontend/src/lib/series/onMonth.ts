/** The dates of a series as they stand on the days of a month. */
import type { Occurrence, Series } from '../api/types.js';
import { day, time } from '../calendar/dates.js';
import { m } from '../messages/messages.js';
import type { MonthEvent } from './month.js';
import { pageOf } from './rows.js';

export function eventsOf(series: Series, dates: readonly Occurrence[]): MonthEvent[] {
	const own = dates.map((date) => ({
		url: pageOf(series.id, date.original),
		...placed(date, date.title ?? series.title, stateOf(date)),
		off: date.cancelled,
	}));
	const extras = series.extras.map((extra) => ({
		url: `/series/${extra.id}`,
		...placed(extra, extra.title, extra.cancelled ? m.cancelled() : m.date_extra()),
		off: extra.cancelled,
	}));
	return [...own, ...extras];
}

function stateOf({ skipped, cancelled, moved }: Occurrence): string {
	if (skipped) return m.left_out();
	if (cancelled) return m.cancelled();
	return moved ? m.moved() : '';
}

function placed(
	{ starts_at, ends_at }: { starts_at: string; ends_at: string },
	title: string,
	state: string,
): Pick<MonthEvent, 'start' | 'end' | 'words' | 'heard'> {
	const seen = [time(starts_at), state].filter(Boolean);
	return {
		start: starts_at,
		end: ends_at,
		words: seen.join('\n'),
		// What is seen comes first, so that it can be said to a device as it stands there.
		heard: [seen.join(' '), day(starts_at), title].join(', '),
	};
}
