/** What the booking form holds, and the plan that follows from it. */
import type { Plan, Rule } from '../api/types.js';
import { deviceZone, type Weekday } from '../calendar/dates.js';
import { firstOn, weekdayOf } from '../calendar/pattern.js';

export type Often = 'once' | 'weekly';
export type Ending = 'open' | 'count' | 'until';

const ONE_DAY = 86_400_000;

export class Booking {
	title = $state('');
	often = $state<Often>('weekly');
	interval = $state(1);
	day = $state('');
	clock = $state('19:00');
	zone = $state(deviceZone());
	minutes = $state(75);
	ending = $state<Ending>('count');
	count = $state(10);
	until = $state('');

	#chosen = $state<Weekday[] | null>(null);

	constructor(now: Date) {
		this.day = new Date(now.getTime() + 7 * ONE_DAY).toISOString().slice(0, 10);
	}

	/** Until somebody chooses, the weekday of the first day. */
	get weekdays(): Weekday[] {
		if (this.#chosen) return this.#chosen;
		return this.day ? [weekdayOf(new Date(`${this.day}T12:00:00Z`))] : [];
	}

	/** What is missing is null: there is no plan to show yet. */
	readonly plan = $derived.by<Plan | null>(() => {
		const weekly = this.often === 'weekly';
		if (!this.day || !this.clock || !this.minutes || (weekly && !this.weekdays.length)) return null;
		if (weekly && this.ending === 'until' && !this.until) return null;
		if (weekly && (!this.interval || (this.ending === 'count' && !this.count))) return null;
		const day = weekly ? firstOn(this.day, this.weekdays) : this.day;
		return {
			start: `${day}T${this.clock}:00`,
			zone: this.zone,
			minutes: Number(this.minutes),
			rule: weekly ? this.#rule() : null,
		};
	});

	choose(weekday: Weekday, on: boolean): void {
		this.#chosen = on ? [...this.weekdays, weekday] : this.weekdays.filter((day) => day !== weekday);
	}

	#rule(): Rule {
		return {
			weekdays: [...this.weekdays],
			interval: Number(this.interval),
			count: this.ending === 'count' ? Number(this.count) : null,
			until: this.ending === 'until' ? this.until : null,
		};
	}
}
