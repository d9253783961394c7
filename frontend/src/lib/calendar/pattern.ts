/** A series' plan in words. Wall time only; no zones are reckoned here. */
import type { Plan, Rule } from '../api/types.js';
import { m } from '../messages/messages.js';
import {
	anyOf,
	date,
	digits,
	list,
	wall,
	wallTime,
	week,
	weekdayName,
	zoneName,
	type Weekday,
} from './dates.js';

const BY_DAY: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const PLACES = ['first', 'second', 'third', 'fourth'] as const;

type Told = Pick<Plan, 'start' | 'zone' | 'minutes' | 'rule'> & {
	/** How many dates really take place: some may be left out or cancelled. */
	total?: number | null;
};

interface Telling {
	/** Say in which zone, too. */
	there?: boolean;
	/** When the last date is, where that is known: wall time. */
	last?: string | null;
}

/** "Every second Tuesday at 19:00, 75 minutes, 10 times" */
export function inWords(plan: Told, telling: Telling = {}): string {
	const length = duration(plan.minutes);
	const zone = zoneName(plan.zone);
	if (!plan.rule) {
		const when = wall(plan.start);
		return telling.there ? m.pattern_once_there({ when, zone, length }) : m.pattern_once({ when, length });
	}
	const words = {
		rhythm: rhythm(plan.rule),
		time: wallTime(plan.start),
		length,
		end: ending(plan.rule, plan.total ?? plan.rule.count, telling.last),
	};
	return telling.there ? m.pattern_again_there({ ...words, zone }) : m.pattern_again(words);
}

/** "Every second Tuesday", "Every month on the 15th" */
export function rhythm(rule: Omit<Rule, 'count' | 'until'>): string {
	if (rule.frequency === 'monthly')
		return m.rhythm_monthly({ often: months(rule.interval), on: inMonth(rule) });
	const [count, n] = [rule.interval, digits(rule.interval)];
	const days = inOrder(rule.weekdays).map((weekday) => weekdayName(weekday));
	const [day = '', ...more] = days;
	if (!more.length) return m.rhythm_weekday({ count, n, day });
	return m.rhythm_weekdays({
		often: often(rule.interval),
		days: list(days.map((name) => m.on_weekday({ day: name }))),
	});
}

/** "on the second Tuesday" */
export function inMonth(rule: Pick<Rule, 'weekdays' | 'day' | 'position'>): string {
	if (rule.day) return m.on_date({ count: rule.day, n: digits(rule.day) });
	const place = PLACES[(rule.position ?? 0) - 1] ?? 'last';
	const days = inOrder(rule.weekdays);
	if (place === 'last' && days.length === 5) return m.on_working_day({ days: workWeek(days.includes('SU')) });
	return m.on_place({ place, day: anyOf(days.map((weekday) => weekdayName(weekday))) });
}

/** "Sunday to Thursday" */
export function workWeek(sunday: boolean): string {
	const [first, last] = sunday ? (['SU', 'TH'] as const) : (['MO', 'FR'] as const);
	return m.from_to({ first: weekdayName(first), last: weekdayName(last) });
}

/** "75 minutes", "2 hours" */
export function duration(minutes: number): string {
	if (minutes % 60 === 0) return m.hours({ count: minutes / 60, n: digits(minutes / 60) });
	return m.minutes({ count: minutes, n: digits(minutes) });
}

export function often(interval: number): string {
	return m.every_weeks({ count: interval, n: digits(interval) });
}

export function months(interval: number): string {
	return m.every_months({ count: interval, n: digits(interval) });
}

/** "10 times" */
export function times(count: number): string {
	return m.end_count({ count, n: digits(count) });
}

export function weekdayOf(at: Date): Weekday {
	return BY_DAY[at.getUTCDay()] ?? 'SU';
}

function inOrder(weekdays: readonly Weekday[] = []): Weekday[] {
	return week().filter((weekday) => weekdays.includes(weekday));
}

function ending(rule: Rule, count: number | null | undefined, last?: string | null): string {
	if (!rule.count && !rule.until) return m.end_open();
	const until = last ?? rule.until;
	if (!until) return times(count ?? 1);
	const end = date(until.slice(0, 10));
	return count != null ? m.end_last({ times: times(count), date: end }) : m.end_until({ date: end });
}
