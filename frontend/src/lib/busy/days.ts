/** Which dates of a plan fall on a day off. */
import type { DayOff } from '../api/busy.js';

export interface Holiday {
	/** The start of the date: wall time in the zone of its series. */
	original: string;
	name: string;
	/** The day off is the day after: many begin at sunset. */
	eve: boolean;
}

/** A date that begins at this hour or later belongs to the evening. */
const EVENING = 16;

export function holidaysAmong(dates: readonly string[], off: readonly DayOff[]): Holiday[] {
	const names = new Map(off.map(({ day, name }) => [day, name]));
	return dates.flatMap((original): Holiday[] => {
		const [today, tomorrow] = [dayOf(original), dayAfter(original)].map((day) => names.get(day));
		if (today) return [{ original, name: today, eve: false }];
		return tomorrow && hour(original) >= EVENING ? [{ original, name: tomorrow, eve: true }] : [];
	});
}

export function dayOf(original: string): string {
	return original.slice(0, 10);
}

export function dayAfter(original: string): string {
	const at = new Date(`${dayOf(original)}T12:00:00Z`);
	at.setUTCDate(at.getUTCDate() + 1);
	return at.toISOString().slice(0, 10);
}

function hour(original: string): number {
	return Number(original.slice(11, 13));
}
