import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Rule } from '../api/types.js';
import type { Weekday } from '../calendar/dates.js';
import { inWords, rhythm } from '../calendar/pattern.js';
import { language, type Locale } from '../locale.svelte.js';

const TERRITORY: Record<Locale, string> = { en: 'en-GB', he: 'he-IL', ar: 'ar-MA' };

beforeEach(() => speaks('en'));
afterEach(() => {
	language.show('en');
	vi.unstubAllGlobals();
});

function speaks(locale: Locale): void {
	vi.stubGlobal('navigator', { languages: [TERRITORY[locale]] });
	language.show(locale);
}

const weekly = (interval: number, ...weekdays: Weekday[]): Rule => ({
	frequency: 'weekly',
	weekdays,
	interval,
	count: null,
	until: null,
	day: null,
	position: null,
	week_start: 'MO',
});
const monthly = (change: Partial<Rule>): Rule => ({ ...weekly(1), frequency: 'monthly', ...change });

const SECOND_TUESDAY = monthly({ weekdays: ['TU'], position: 2 });
const THE_15TH = monthly({ day: 15, interval: 2 });
const WORK = monthly({ weekdays: ['SU', 'MO', 'TU', 'WE', 'TH'], position: -1 });

test.each([
	[
		'en',
		[
			'Every Tuesday',
			'Every second Tuesday',
			'Every 5 weeks on Tuesday',
			'Every week on Tuesday and Thursday',
		],
	],
	[
		'he',
		['בכל יום שלישי', 'פעם בשבועיים ביום שלישי', 'כל 5 שבועות ביום שלישי', 'כל שבוע ביום שלישי וביום חמישי'],
	],
	[
		'ar',
		[
			'كل أسبوع يوم الثلاثاء',
			'كل أسبوعين يوم الثلاثاء',
			'كل 5 أسابيع يوم الثلاثاء',
			'كل أسبوع يوم الثلاثاء ويوم الخميس',
		],
	],
] as const)('weeks in %s', (locale, words) => {
	speaks(locale);

	expect([weekly(1, 'TU'), weekly(2, 'TU'), weekly(5, 'TU'), weekly(1, 'TU', 'TH')].map(rhythm)).toEqual(
		words,
	);
});

test.each([
	[
		'en',
		[
			'Every month on the second Tuesday',
			'Every second month on the 15th',
			'Every month on the last working day (Sunday to Thursday)',
		],
	],
	[
		'he',
		[
			'בכל חודש ביום שלישי השני',
			'פעם בחודשיים ב־15 בחודש',
			'בכל חודש ביום העבודה האחרון (יום ראשון עד יום חמישי)',
		],
	],
	[
		'ar',
		[
			'كل شهر يوم الثلاثاء الثاني',
			'كل شهرين في اليوم 15 من الشهر',
			'كل شهر في آخر يوم عمل (الأحد إلى الخميس)',
		],
	],
] as const)('months in %s', (locale, words) => {
	speaks(locale);

	expect([SECOND_TUESDAY, THE_15TH, WORK].map(rhythm)).toEqual(words);
});

test('English ordinals', () => {
	const days = [1, 2, 3, 4, 11, 21, 22, 23].map((day) => rhythm(monthly({ day })));

	expect(days.map((words) => words.split(' ').at(-1))).toEqual([
		'1st',
		'2nd',
		'3rd',
		'4th',
		'11th',
		'21st',
		'22nd',
		'23rd',
	]);
});

test('the whole plan is one sentence, with its zone and its last date', () => {
	const rule = { ...weekly(2, 'TU'), count: 10 };
	const plan = { start: '2027-03-09T19:00:00', zone: 'Asia/Jerusalem', minutes: 75, rule };

	expect(inWords({ ...plan, total: 9 }, { there: true, last: '2027-07-13T19:00:00' })).toBe(
		'Every second Tuesday at 19:00, Israel Time, 75 minutes, 9 times, last on 13 July 2027',
	);
	expect(inWords({ ...plan, rule: { ...rule, count: null } })).toBe(
		'Every second Tuesday at 19:00, 75 minutes, no end for now',
	);
});

test('what is left out or cancelled does not count', () => {
	const rule = { ...weekly(1, 'TU'), count: 4 };
	const plan = { start: '2027-03-09T19:00:00', zone: 'Asia/Jerusalem', minutes: 75, rule };

	expect(inWords({ ...plan, total: 3 })).toBe('Every Tuesday at 19:00, 75 minutes, 3 times');
	expect(inWords({ ...plan, total: 0 })).toContain('0 times');
});

test('and so it is in Hebrew and Arabic', () => {
	const rule = { ...weekly(2, 'TU'), count: 2 };
	const plan = { start: '2027-03-09T19:00:00', zone: 'Asia/Jerusalem', minutes: 120, rule };

	speaks('he');
	expect(inWords(plan, { there: true, last: '2027-03-23T19:00:00' })).toBe(
		'פעם בשבועיים ביום שלישי בשעה 19:00, שעון ישראל, שעתיים, פעמיים, המועד האחרון ב־23 במרץ 2027',
	);
	speaks('ar');
	expect(inWords(plan, { last: '2027-03-23T19:00:00' })).toContain('ساعتان، مرتان، آخرها 23 مارس 2027');
});
