import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
	daysUntil,
	digits,
	elsewhere,
	span,
	spanPieces,
	tag,
	time,
	wall,
	week,
	weekdayName,
	zoneCity,
	zoneName,
} from '../src/lib/calendar/dates.js';
import { duration, often } from '../src/lib/calendar/pattern.js';
import { language } from '../src/lib/locale.svelte.js';

beforeEach(() => speaks('en-GB'));

afterEach(() => {
	language.show('en');
	vi.unstubAllGlobals();
});

const speaks = (...languages: string[]): void => void vi.stubGlobal('navigator', { languages });

test('an instant is told in the zone asked for', () => {
	expect(time('2026-12-01T17:00:00Z', 'Asia/Jerusalem')).toBe('19:00');
	expect(time('2026-12-01T17:00:00Z', 'Europe/London')).toBe('17:00');
});

test('wall time is told as it is, wherever the reader sits', () => {
	expect(wall('2026-12-01T19:00:00')).toContain('19:00');
});

test('Egypt writes its own digits, Morocco does not', () => {
	language.show('ar');
	speaks('ar-EG');
	expect(digits(75)).toBe('٧٥');
	speaks('ar-MA');
	expect(digits(75)).toBe('75');
});

test('the numbering system and the calendar are always named', () => {
	language.show('ar');
	speaks('ar-SA');
	expect(tag()).toBe('ar-SA-u-ca-gregory-nu-arab');
	language.show('he');
	speaks('fr-FR');
	expect(tag()).toBe('he-IL-u-ca-gregory-nu-latn');
});

test('a week begins where the territory begins it', () => {
	expect(week()[0]).toBe('MO');
	language.show('he');
	expect(week()[0]).toBe('SU');
	language.show('ar');
	expect(week()[0]).toBe('SA');
});

test('weekdays are named in the language of the page', () => {
	expect(weekdayName('TU')).toBe('Tuesday');
	language.show('he');
	expect(weekdayName('TU')).toBe('יום שלישי');
});

test('a zone has a name people know, and a city', () => {
	expect(zoneName('Asia/Jerusalem')).toBe('Israel Time');
	expect(zoneName('Not/AZone')).toBe('Not/AZone');
	expect(zoneCity('America/New_York')).toBe('New York');
});

test('an evening that ends after midnight names both days', () => {
	const night = span('2026-12-01T22:30:00Z', '2026-12-02T00:30:00Z', 'Europe/London');

	expect(night).toContain('1 December');
	expect(night).toContain('2 December');
});

test('tomorrow is counted in days, not in hours', () => {
	const evening = new Date(2026, 11, 1, 23, 0);
	const soon = new Date(2026, 11, 2, 0, 30);

	expect(daysUntil(soon.toISOString(), evening)).toBe(1);
});

test('Arabic counts in its own forms', () => {
	language.show('ar');
	speaks('ar-MA');

	expect([1, 2, 5, 45].map(duration)).toEqual(['دقيقة واحدة', 'دقيقتان', '5 دقائق', '45 دقيقة']);
	expect([1, 2, 3, 11].map(often)).toEqual(['كل أسبوع', 'كل أسبوعين', 'كل 3 أسابيع', 'كل 11 أسبوعًا']);
});

test('Hebrew has a dual', () => {
	language.show('he');

	expect([60, 120, 180].map(duration)).toEqual(['שעה אחת', 'שעתיים', '3 שעות']);
	expect(often(2)).toBe('פעם בשבועיים');
});

test('the clock times of a span are pieces of their own', () => {
	const clocks = (ends: string): string[] =>
		spanPieces('2026-12-01T17:00:00Z', ends, 'Europe/London')
			.filter(({ clock }) => clock)
			.map(({ words }) => words);

	expect(clocks('2026-12-01T18:15:00Z')).toEqual(['17:00–18:15']);
	expect(clocks('2026-12-02T01:00:00Z')).toEqual(['17:00', '01:00']);
});

test('elsewhere the day is told only where it is another one', () => {
	const noonHere = new Date(2026, 11, 1, 12).toISOString();

	expect(elsewhere('2026-12-01T12:00:00', noonHere)).toBe('');
	expect(elsewhere('2026-12-01T10:00:00', noonHere)).toBe('10:00');
	expect(elsewhere('2026-12-02T10:00:00', noonHere)).toContain('2 December');
});
