/**
 * What a first day suggests: the 9th of March is a Tuesday, the second one of its month.
 * Days only; what the clocks do on them is the server's to say.
 */
import type { Rule } from '../api/types.js';
import { week, type Weekday } from '../calendar/dates.js';
import { weekdayOf } from '../calendar/pattern.js';

export type Rhythm = 'once' | 'weekly' | 'fortnightly' | 'nth' | 'date' | 'weeks' | 'last' | 'work';
export type WorkWeek = 'MO' | 'SU';
export type Place = NonNullable<Rule['position']>;
type Pattern = Omit<Rule, 'count' | 'until'>;

/** Days that every month has. */
const LAST_SAFE_DATE = 28;
const LAST_SAFE_PLACE = 4;
/** Two months hold the first date of every rule that the form makes. */
const FAR_ENOUGH = 62;
const ONE_DAY = 86_400_000;

export const RARER: readonly Rhythm[] = ['weeks', 'last', 'work'];
export const MONTHLY: readonly Rhythm[] = ['nth', 'date', 'last', 'work'];

export const workDays: Record<WorkWeek, readonly Weekday[]> = {
	MO: ['MO', 'TU', 'WE', 'TH', 'FR'],
	SU: ['SU', 'MO', 'TU', 'WE', 'TH'],
};

export interface Wish {
	rhythm: Rhythm;
	/** "2027-03-09" */
	day: string;
	weekdays: readonly Weekday[];
	interval: number;
	work: WorkWeek;
	/** Where a week begins matters to every second one. */
	weekStart?: Rule['week_start'];
}

const IN_ORDER: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Without what not every month has: a fifth Tuesday, a 31st. */
export function offered(day: string): Rhythm[] {
	const usual: Rhythm[] = ['once', 'weekly', 'fortnightly'];
	if (placeOf(day) <= LAST_SAFE_PLACE) usual.push('nth');
	if (dateOf(day) <= LAST_SAFE_DATE) usual.push('date');
	return [...usual, ...RARER];
}

export function ruleOf({ rhythm, day, weekdays, interval, work, weekStart }: Wish): Pattern | null {
	const weekday = weekdayOf(noon(day));
	const base = { interval, day: null, position: null, week_start: weekStart ?? firstWeekday() };
	const monthly = { ...base, frequency: 'monthly' as const };
	switch (rhythm) {
		case 'once':
			return null;
		case 'weekly':
			return { ...base, frequency: 'weekly', weekdays: [weekday], interval: 1 };
		case 'fortnightly':
			return { ...base, frequency: 'weekly', weekdays: [weekday], interval: 2 };
		case 'weeks':
			return { ...base, frequency: 'weekly', weekdays: IN_ORDER.filter((one) => weekdays.includes(one)) };
		case 'date':
			return { ...monthly, weekdays: [], day: dateOf(day) };
		case 'nth':
			return { ...monthly, weekdays: [weekday], position: placeOf(day) as Place };
		case 'last':
			return { ...monthly, weekdays: [weekday], position: -1 };
		case 'work':
			return { ...monthly, weekdays: IN_ORDER.filter((one) => workDays[work].includes(one)), position: -1 };
	}
}

/** The way back: which choice of the form a rule is. */
export function wishOf(rule: Rule | null, day: string): Wish {
	const weekdays = rule?.weekdays ?? [weekdayOf(noon(day))];
	const wish: Wish = { rhythm: 'once', day, weekdays, interval: rule?.interval ?? 1, work: 'MO' };
	if (!rule) return wish;
	wish.weekStart = rule.week_start;
	if (rule.frequency === 'weekly') return { ...wish, rhythm: weeklyOf(rule, day) };
	if (rule.position == null) return { ...wish, rhythm: 'date' };
	if (rule.position !== -1) return { ...wish, rhythm: 'nth' };
	if (weekdays.length === 1) return { ...wish, rhythm: 'last' };
	return { ...wish, rhythm: 'work', work: weekdays.includes('SU') ? 'SU' : 'MO' };
}

/** A series begins with a date of its own rule: the first on `day` or after it. */
export function firstOf(rule: Pick<Pattern, 'weekdays' | 'day' | 'position'>, day: string): string {
	const at = noon(day);
	for (let tries = 0; tries < FAR_ENOUGH && !falls(rule, at); tries += 1) at.setUTCDate(at.getUTCDate() + 1);
	return at.toISOString().slice(0, 10);
}

/** The days of a series that begins on `start`, as far as `last`. */
export function daysOf(rule: Rule, start: string, last: string): string[] {
	const days: string[] = [];
	const end = rule.until && rule.until < last ? rule.until : last;
	const first = noon(start);
	for (const at = noon(start); at <= noon(end); at.setUTCDate(at.getUTCDate() + 1)) {
		if (days.length === rule.count) break;
		if (falls(rule, at) && turnsBetween(rule, first, at) % rule.interval === 0) {
			days.push(at.toISOString().slice(0, 10));
		}
	}
	return days;
}

export function sameRule(one: Rule | null, other: Rule | null): boolean {
	if (!one || !other) return one === other;
	const keys = Object.keys({ ...one, ...other }) as (keyof Rule)[];
	return keys.every((key) => String(one[key] ?? '') === String(other[key] ?? ''));
}

/** 2 for the second Tuesday of its month. */
export function placeOf(day: string): number {
	return Math.ceil(dateOf(day) / 7);
}

export function dateOf(day: string): number {
	return noon(day).getUTCDate();
}

export function firstWeekday(): 'MO' | 'SU' | 'SA' {
	const [first] = week();
	return first === 'SU' || first === 'SA' ? first : 'MO';
}

function weeklyOf(rule: Rule, day: string): Rhythm {
	const [first, ...more] = rule.weekdays ?? [];
	const plain = !more.length && first === weekdayOf(noon(day));
	if (plain && rule.interval === 1) return 'weekly';
	return plain && rule.interval === 2 ? 'fortnightly' : 'weeks';
}

function falls(rule: Pick<Pattern, 'weekdays' | 'day' | 'position'>, at: Date): boolean {
	if (rule.day) return at.getUTCDate() === rule.day;
	const { weekdays = [] } = rule;
	if (!weekdays.includes(weekdayOf(at))) return false;
	if (!rule.position) return true;
	const month = daysLike(at).filter((one) => weekdays.includes(weekdayOf(one)));
	return month.at(rule.position > 0 ? rule.position - 1 : -1)?.getTime() === at.getTime();
}

/** How many weeks, or months, of the calendar lie between. */
function turnsBetween(rule: Rule, first: Date, at: Date): number {
	if (rule.frequency === 'monthly') {
		const years = at.getUTCFullYear() - first.getUTCFullYear();
		return years * 12 + at.getUTCMonth() - first.getUTCMonth();
	}
	return (weekOf(at, rule.week_start) - weekOf(first, rule.week_start)) / 7;
}

/** The day on which its week begins, counted from 1970. */
function weekOf(at: Date, start: Weekday): number {
	const day = Math.floor(at.getTime() / ONE_DAY);
	return day - ((7 + IN_ORDER.indexOf(weekdayOf(at)) - IN_ORDER.indexOf(start)) % 7);
}

/** All days of the month that this one is in. */
function daysLike(at: Date): Date[] {
	const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
	const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
	return Array.from({ length }, (_, index) => new Date(Date.UTC(year, month, index + 1, 12)));
}

function noon(day: string): Date {
	return new Date(`${day}T12:00:00Z`);
}
