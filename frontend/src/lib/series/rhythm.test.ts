import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { daysOf, firstOf, offered, placeOf, ruleOf, wishOf, type Rhythm } from './rhythm.js';

beforeEach(() => void vi.stubGlobal('navigator', { languages: ['en-GB'] }));
afterEach(() => void vi.unstubAllGlobals());

const TUESDAY = '2027-03-09'; // the second of its month
const wish = (rhythm: Rhythm, day = TUESDAY) =>
	({ rhythm, day, weekdays: ['TU', 'TH'], interval: 3, work: 'MO' }) as const;

test('what not every month has is not offered', () => {
	expect(offered(TUESDAY)).toEqual(['once', 'weekly', 'fortnightly', 'nth', 'date', 'weeks', 'last', 'work']);
	expect(offered('2027-03-30')).not.toContain('nth'); // the fifth Tuesday
	expect(offered('2027-03-30')).not.toContain('date');
	expect(offered('2027-03-28')).toContain('date');
});

test('a day has its place among the same weekdays of the month', () => {
	expect(['2027-03-02', '2027-03-09', '2027-03-30'].map(placeOf)).toEqual([1, 2, 5]);
});

test('the first day makes the rule', () => {
	expect(ruleOf(wish('once'))).toBeNull();
	expect(ruleOf(wish('fortnightly'))).toMatchObject({ frequency: 'weekly', weekdays: ['TU'], interval: 2 });
	expect(ruleOf(wish('weeks'))).toMatchObject({ weekdays: ['TU', 'TH'], interval: 3 });
	expect(ruleOf(wish('date'))).toMatchObject({ frequency: 'monthly', weekdays: [], day: 9, interval: 3 });
	expect(ruleOf(wish('nth'))).toMatchObject({ weekdays: ['TU'], position: 2, day: null });
	expect(ruleOf({ ...wish('work'), work: 'SU' })).toMatchObject({
		weekdays: ['MO', 'TU', 'WE', 'TH', 'SU'],
		position: -1,
	});
});

test('the week begins where the territory begins it: every second week depends on it', () => {
	vi.stubGlobal('navigator', { languages: ['en-US'] });

	expect(ruleOf(wish('weeks'))?.week_start).toBe('SU');
});

test('the first date is one of the rule, on the first day or after it', () => {
	const first = (rhythm: Rhythm, day: string) => firstOf(ruleOf(wish(rhythm, day))!, day);

	expect(first('weeks', '2027-03-10')).toBe('2027-03-11');
	expect(first('last', TUESDAY)).toBe('2027-03-30');
	expect(first('work', '2027-02-27')).toBe('2027-03-31'); // the last working day was the 26th
	expect(first('work', '2027-02-26')).toBe('2027-02-26');
	expect(first('nth', TUESDAY)).toBe(TUESDAY);
});

test('every second week counts whole weeks, from where a week begins', () => {
	const rule = {
		...ruleOf({ ...wish('weeks'), weekdays: ['SU', 'TU'], interval: 2 })!,
		count: null,
		until: null,
	};
	const days = (weekStart: 'MO' | 'SU') => daysOf({ ...rule, week_start: weekStart }, TUESDAY, '2027-03-28');

	expect(days('MO')).toEqual(['2027-03-09', '2027-03-14', '2027-03-23', '2027-03-28']);
	expect(days('SU')).toEqual(['2027-03-09', '2027-03-21', '2027-03-23']);
});

test('the days of a rule end with it', () => {
	const rule = { ...ruleOf({ ...wish('nth'), interval: 2 })!, count: 3, until: null };

	expect(daysOf(rule, TUESDAY, '2030-01-01')).toEqual(['2027-03-09', '2027-05-11', '2027-07-13']);
	expect(daysOf({ ...rule, count: null, until: '2027-05-11' }, TUESDAY, '2030-01-01')).toHaveLength(2);
});

test.each(['weekly', 'fortnightly', 'nth', 'date', 'weeks', 'last', 'work'] as const)(
	'%s is found again in its rule',
	(rhythm) => {
		const asked = wish(rhythm, rhythm === 'last' ? '2027-03-30' : TUESDAY);
		const rule = { ...ruleOf(asked)!, count: 3, until: null };
		const found = wishOf(rule, asked.day);

		expect(found.rhythm).toBe(rhythm);
		expect(ruleOf(found)).toEqual(ruleOf(asked));
	},
);
