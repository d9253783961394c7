/** What the booking form holds, and the plan that follows from it. */
import type { Plan } from '../api/types.js';
import type { Agenda } from '../calendar/agendas.js';
import { deviceZone } from '../calendar/dates.js';
import { Repeating } from './repeating.svelte.js';
import { daysOf } from './rhythm.js';

const ONE_DAY = 86_400_000;

export class Booking {
	title = $state('');
	day = $state('');
	clock = $state('19:00');
	zone = $state(deviceZone());
	minutes = $state(75);
	seats = $state<number | null>(null);
	agenda = $state<Agenda>('');

	readonly repeating = new Repeating(() => this.day);
	/** One key for this form: pressing twice on a slow line books once. */
	readonly key = crypto.randomUUID();

	/** By day, so that another time of day leaves the same dates out. */
	#skipped = $state<string[]>([]);

	constructor(now: Date) {
		this.day = new Date(now.getTime() + 7 * ONE_DAY).toISOString().slice(0, 10);
	}

	/** What is missing is null: there is no plan to show yet. */
	readonly plan = $derived.by<Plan | null>(() => {
		if (!this.clock || !this.minutes || !this.repeating.whole) return null;
		return {
			start: `${this.repeating.first}T${this.clock}:00`,
			zone: this.zone,
			minutes: Number(this.minutes),
			rule: this.repeating.rule,
			seats: this.seats ? Number(this.seats) : null,
			agenda: this.agenda,
			skip: this.skipped,
		};
	});

	/** Wall time in the zone of the series. */
	get skipped(): string[] {
		const [rule, days] = [this.repeating.rule, this.#skipped.toSorted()];
		if (!rule || !days.length) return [];
		// Another rhythm may no longer have a day that was left out; back again, it is out again.
		const own = new Set(daysOf(rule, this.repeating.first, days.at(-1) ?? ''));
		return days.filter((day) => own.has(day)).map((day) => `${day}T${this.clock}:00`);
	}

	/** Of these dates, leave out just those; what was said of other days stands. */
	leaveOut(out: readonly string[], among: readonly string[]): void {
		const others = this.#skipped.filter((day) => !among.some((date) => date.startsWith(day)));
		this.#skipped = [...new Set([...others, ...out.map((date) => date.slice(0, 10))])];
	}

	skip(date: string, out: boolean): void {
		this.leaveOut(out ? [date] : [], [date]);
	}

	/** Takes over what the server found good: a time of day, or a date with one. */
	takeOver(nearest: string): void {
		const [day, clock] = nearest.includes('T') ? nearest.split('T') : [this.day, nearest];
		[this.day, this.clock] = [day ?? this.day, (clock ?? this.clock).slice(0, 5)];
	}
}

/** What was begun and not sent, by circle: leaving the page does not lose it. */
const begun = new Map<string, Booking>();

export function bookingFor(circle: string, now: Date): Booking {
	const booking = begun.get(circle) ?? new Booking(now);
	begun.set(circle, booking);
	return booking;
}

export function booked(circle: string): void {
	begun.delete(circle);
}
