/**
 * The only place where a moment becomes words.
 *
 * The territory is explicit, for it decides the first weekday and 12 or 24 hours;
 * so is the numbering system, for browsers disagree on what plain "ar" means.
 */
import { language, type Locale } from '../locale.svelte.js';

export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';

const TERRITORY: Record<Locale, string> = { en: 'GB', he: 'IL', ar: 'EG' };

/** Countries where Arabic is written with ٠١٢٣ rather than 0123, after CLDR. */
const ARABIC_DIGITS = new Set('BH EG IQ JO KW LB OM PS QA SA SD SY YE'.split(' '));

const MONDAY_FIRST: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const SUNDAY_FIRST = new Set('IL US CA SA YE PS IN JP BR MX ZA'.split(' '));
const SATURDAY_FIRST = new Set('AE BH DZ EG IQ JO KW LY OM QA SD SY'.split(' '));

interface Piece {
	words: string;
	clock: boolean;
}

const DAY: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
const CLOCK: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const CLOCK_PARTS = new Set(['hour', 'minute', 'dayPeriod']);

/** The zone this device is in. */
export function deviceZone(): string {
	return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** "19:00" */
export function time(iso: string, zone = deviceZone()): string {
	return format(new Date(iso), { ...CLOCK, timeZone: zone });
}

/** "Tuesday 10 March", with the year when it is not this one. */
export function day(iso: string, zone = deviceZone()): string {
	const at = new Date(iso);
	return format(at, { ...withYear(DAY, at), timeZone: zone });
}

/** "Tuesday 10 March, 19:00" or, with an end, "… 19:00–20:15". */
export function span(iso: string, ends?: string, zone = deviceZone()): string {
	const from = new Date(iso);
	const format = spanFormat(from, zone);
	return ends ? format.formatRange(from, new Date(ends)) : format.format(from);
}

/** The same in pieces: a clock time is hard to read in two lines. */
export function spanPieces(iso: string, ends?: string, zone = deviceZone()): Piece[] {
	const from = new Date(iso);
	const format = spanFormat(from, zone);
	const parts = ends ? format.formatRangeToParts(from, new Date(ends)) : format.formatToParts(from);
	const isClock = (at: number): boolean => CLOCK_PARTS.has(parts[at]?.type ?? '');
	const pieces: Piece[] = [];
	for (const [at, { value }] of parts.entries()) {
		const clock = isClock(at) || (isClock(at - 1) && isClock(at + 1));
		const last = pieces.at(-1);
		if (last?.clock === clock) last.words += value;
		else pieces.push({ words: value, clock });
	}
	return pieces;
}

/** Wall time in whichever zone it was meant: "2026-03-10T19:00:00". */
export function wall(naive: string): string {
	return span(asUtc(naive), undefined, 'UTC');
}

/** What calendar and clock show elsewhere, the day only where it is another one; here too: ''. */
export function elsewhere(local: string, iso: string): string {
	if (wall(local) === span(iso)) return '';
	return day(asUtc(local), 'UTC') === day(iso) ? wallTime(local) : wall(local);
}

export function wallTime(naive: string): string {
	return time(asUtc(naive), 'UTC');
}

/** A date without a time: "2026-06-30". */
export function date(naive: string): string {
	const at = new Date(asUtc(naive));
	return format(at, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** "March 2027" */
export function monthName(at: Date): string {
	return format(at, { month: 'long', year: 'numeric' });
}

/** 0 today, 1 tomorrow, counted in the days of the device's calendar. */
export function daysUntil(iso: string, now: Date): number {
	const [then, today] = [new Date(iso), now].map((at) =>
		Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()),
	);
	return Math.round(((then ?? 0) - (today ?? 0)) / 86_400_000);
}

/** "in 5 hours": how long there still is, as people say it. */
export function left(iso: string, now: Date): string {
	const minutes = Math.max(1, Math.round((new Date(iso).getTime() - now.getTime()) / 60_000));
	const words = new Intl.RelativeTimeFormat(tag(), { numeric: 'always' });
	return minutes < 90 ? words.format(minutes, 'minute') : words.format(Math.round(minutes / 60), 'hour');
}

/** "Israel Time", in the language of the page. */
export function zoneName(zone: string): string {
	try {
		if (/^(Etc\/)?UTC$/.test(zone)) return named(zone, 'long'); // "GMT+0" to the other styles
		const short = named(zone, 'shortGeneric');
		return /^[A-Z]{2,5}$/.test(short) ? named(zone, 'longGeneric') : short; // "CET" says little
	} catch {
		return zone; // a zone this browser does not know
	}
}

/** "Jerusalem" out of "Asia/Jerusalem". */
export function zoneCity(zone: string): string {
	return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

export function weekdayName(weekday: Weekday, width: 'long' | 'short' | 'narrow' = 'long'): string {
	// 5 January 1970 was a Monday.
	const at = new Date(Date.UTC(1970, 0, 5 + MONDAY_FIRST.indexOf(weekday)));
	return format(at, { weekday: width, timeZone: 'UTC' });
}

/** The days of the week, beginning where the territory's calendar begins. */
export function week(): Weekday[] {
	const region = territory();
	const first = SUNDAY_FIRST.has(region) ? 6 : SATURDAY_FIRST.has(region) ? 5 : 0;
	return [...MONDAY_FIRST.slice(first), ...MONDAY_FIRST.slice(0, first)];
}

/** A number in the digits of the page's dates. */
export function digits(value: number): string {
	return new Intl.NumberFormat(tag(), { useGrouping: false }).format(value);
}

export function list(words: readonly string[]): string {
	return new Intl.ListFormat(tag(), { type: 'conjunction' }).format(words);
}

export function anyOf(words: readonly string[]): string {
	return new Intl.ListFormat(tag(), { type: 'disjunction' }).format(words);
}

/** "he-IL-u-ca-gregory-nu-latn" */
export function tag(): string {
	const region = territory();
	const arabic = language.current === 'ar' && ARABIC_DIGITS.has(region);
	return `${language.current}-${region}-u-ca-gregory-nu-${arabic ? 'arab' : 'latn'}`;
}

function named(zone: string, style: 'shortGeneric' | 'longGeneric' | 'long'): string {
	const format = new Intl.DateTimeFormat(tag(), { timeZone: zone, timeZoneName: style });
	return format.formatToParts().find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** The region the browser names for this language, otherwise the usual one. */
function territory(): string {
	const wishes = typeof navigator === 'undefined' ? [] : navigator.languages;
	for (const wish of wishes) {
		const [spoken, region] = wish.split('-');
		if (spoken === language.current && region && /^[A-Z]{2}$/.test(region)) return region;
	}
	return TERRITORY[language.current];
}

function spanFormat(at: Date, zone: string): Intl.DateTimeFormat {
	return new Intl.DateTimeFormat(tag(), { ...withYear(DAY, at), ...CLOCK, timeZone: zone });
}

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
	return new Intl.DateTimeFormat(tag(), options).format(at);
}

function withYear(options: Intl.DateTimeFormatOptions, at: Date): Intl.DateTimeFormatOptions {
	const near = Math.abs(at.getTime() - Date.now()) < 300 * 86_400_000;
	return near ? options : { ...options, year: 'numeric' };
}

function asUtc(naive: string): string {
	return naive.includes('T') ? `${naive}Z` : `${naive}T12:00:00Z`;
}
