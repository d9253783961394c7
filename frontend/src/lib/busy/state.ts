/** How fresh what was read of a calendar is, in words. */
import { date, digits } from '../calendar/dates.js';
import { m } from '../messages/messages.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function readWhen(at: string, now: Date): string {
	const passed = Math.max(0, now.getTime() - new Date(at).getTime());
	const [minutes, hours] = [Math.floor(passed / MINUTE), Math.floor(passed / HOUR)];
	if (minutes < 1) return m.calendar_read_now();
	if (hours < 1) return m.calendar_read_minutes({ count: minutes, n: digits(minutes) });
	if (hours < 24) return m.calendar_read_hours({ count: hours, n: digits(hours) });
	return m.calendar_read_on({ date: date(at.slice(0, 10)) });
}
