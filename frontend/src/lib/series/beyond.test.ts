import { expect, test, vi } from 'vitest';
import type { Occurrence } from '../api/types.js';
import { Beyond, FEW, type Ask } from './beyond.svelte.js';

const DAY = 86_400_000;
const FIRST = Date.parse('2027-03-09T17:00:00Z');
const NOW = new Date('2027-12-01T12:00:00Z');

/** A date every so many days, as the server gives them. */
function every(days: number, count: number): Occurrence[] {
	return Array.from({ length: count }, (_, index) => {
		const starts_at = new Date(FIRST + index * days * DAY).toISOString();
		return { original: starts_at.slice(0, 19), starts_at } as Occurrence;
	});
}

const among = (dates: readonly Occurrence[]): Ask =>
	vi.fn(async (after, before) =>
		dates.filter(({ starts_at }) => {
			const at = new Date(starts_at);
			return at >= after && at < before;
		}),
	);

/** As it comes: the next few, and where it began. */
function known(dates: readonly Occurrence[]): { start: string; next: Occurrence[] } {
	const next = dates.filter(({ starts_at }) => new Date(starts_at) > NOW).slice(0, FEW);
	return { start: dates[0]?.original ?? '', next };
}

const originals = (dates: readonly Occurrence[]): string[] => dates.map(({ original }) => original);

test('later dates follow those that are known, a few at a time, to the end', async () => {
	const dates = every(7, 70);
	const coming = dates.filter(({ starts_at }) => new Date(starts_at) > NOW);
	const later = new Beyond('later', known(dates), among(dates), NOW);

	await later.show();
	expect(originals(later.shown)).toEqual(originals(coming.slice(FEW, 2 * FEW)));
	expect(later.more).toBe(true);

	await later.show();
	expect(originals(later.shown)).toEqual(originals(coming.slice(FEW)));
	expect(later.more).toBe(false);
});

test('past dates begin with the nearest', async () => {
	const dates = every(7, 70);
	const over = dates.filter(({ starts_at }) => new Date(starts_at) < NOW);
	const past = new Beyond('past', known(dates), among(dates), NOW);

	await past.show();

	expect(originals(past.shown)).toEqual(originals(over.reverse().slice(0, FEW)));
});

test('a date every second year is found', async () => {
	const dates = every(730, 20);
	const later = new Beyond('later', known(dates), among(dates), NOW);

	await later.show();

	expect(later.shown).toHaveLength(dates.length - 1 - FEW);
	expect(later.more).toBe(false);
});

test('where nothing is left out, nothing is offered', () => {
	const dates = every(7, 50).slice(-3);

	expect(new Beyond('later', known(dates), among(dates), NOW).more).toBe(false);
	expect(new Beyond('past', known(dates), among(dates), NOW).more).toBe(false);
});

test('a changed series is asked for again, as far as it was shown', async () => {
	const [weekly, daily] = [every(7, 70), every(1, 400)];
	const dates = [...weekly];
	const later = new Beyond('later', known(dates), (after, before) => among(dates)(after, before), NOW);
	await later.show();

	dates.splice(0, dates.length, ...daily);
	await later.follow(known(dates));

	const coming = daily.filter(({ starts_at }) => new Date(starts_at) > NOW);
	expect(originals(later.shown)).toEqual(originals(coming.slice(FEW, 2 * FEW)));
});
