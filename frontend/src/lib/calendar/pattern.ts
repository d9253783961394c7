/** A series' plan: as words, and as the booking form makes it. Wall time only; no zones are reckoned here. */
import type { Plan, Rule } from '../api/types.js';
import { m } from '../messages/messages.js';
import { date, digits, list, wall, wallTime, week, weekdayName, type Weekday } from './dates.js';

const BY_DAY: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** "Every second week on Tuesday, 19:00, 75 minutes, until 30 June 2027" */
export function inWords(plan: Plan): string {
	const length = duration(plan.minutes);
	if (!plan.rule) return m.pattern_once({ when: wall(plan.start), length });
	return m.pattern_weekly({
		often: often(plan.rule.interval),
		days: list(inOrder(plan.rule.weekdays).map((weekday) => weekdayName(weekday))),
		time: wallTime(plan.start),
		length,
		end: ending(plan.rule),
	});
}

/** "75 minutes", "2 hours" */
export function duration(minutes: number): string {
	if (minutes % 60 === 0) return m.hours({ count: minutes / 60, n: digits(minutes / 60) });
	return m.minutes({ count: minutes, n: digits(minutes) });
}

export function often(interval: number): string {
	return m.every_weeks({ count: interval, n: digits(interval) });
}

/** The first of these weekdays on `day` or after it: a series begins with a date of its own rule. */
export function firstOn(day: string, weekdays: readonly Weekday[]): string {
	const at = new Date(`${day}T12:00:00Z`);
	for (let tries = 0; weekdays.length > 0 && tries < 7; tries += 1) {
		if (weekdays.includes(weekdayOf(at))) break;
		at.setUTCDate(at.getUTCDate() + 1);
	}
	return at.toISOString().slice(0, 10);
}

export function weekdayOf(at: Date): Weekday {
	return BY_DAY[at.getUTCDay()] ?? 'SU';
}

function inOrder(weekdays: readonly Weekday[]): Weekday[] {
	return week().filter((weekday) => weekdays.includes(weekday));
}

function ending(rule: Rule): string {
	if (rule.count) return m.end_count({ count: rule.count, n: digits(rule.count) });
	return rule.until ? m.end_until({ date: date(rule.until) }) : m.end_open();
}
