import { describe, expect, it } from 'vitest';
import { dayAfter, holidaysAmong } from '../src/lib/busy/days.js';
import { readWhen } from '../src/lib/busy/state.js';

const OFF = [
	{ day: '2026-09-12', name: 'Rosh Hashanah' },
	{ day: '2026-09-21', name: 'Yom Kippur' },
];

describe('dates on a day off', () => {
	it('are those of that day, at any hour', () => {
		expect(holidaysAmong(['2026-09-21T09:00:00'], OFF)).toEqual([
			{ original: '2026-09-21T09:00:00', name: 'Yom Kippur', eve: false },
		]);
	});

	it('and the evening before, for many begin at sunset', () => {
		const dates = ['2026-09-20T19:00:00', '2026-09-20T10:00:00'];
		expect(holidaysAmong(dates, OFF)).toEqual([
			{ original: '2026-09-20T19:00:00', name: 'Yom Kippur', eve: true },
		]);
	});

	it('know the end of a month and of a year', () => {
		expect(dayAfter('2026-12-31T23:00:00')).toBe('2027-01-01');
		expect(dayAfter('2028-02-28')).toBe('2028-02-29');
	});
});

describe('how fresh a calendar is', () => {
	const now = new Date('2026-03-10T12:00:00Z');

	it.each([
		['2026-03-10T11:59:30Z', 'Read just now.'],
		['2026-03-10T12:00:30Z', 'Read just now.'],
		['2026-03-10T11:59:00Z', 'Read one minute ago.'],
		['2026-03-10T11:50:00Z', 'Read 10 minutes ago.'],
		['2026-03-10T10:30:00Z', 'Read one hour ago.'],
		['2026-03-08T10:30:00Z', 'Last read on March 8, 2026.'],
	])('%s', (at, words) => {
		expect(readWhen(at, now)).toBe(words);
	});
});
