/** The form of a new poll. Wall time only; what the clocks do then is the server's to say. */
import type { NewPoll } from '../api/polls.js';
import { deviceZone } from '../calendar/dates.js';

export const MAX_TIMES = 20;

interface Slot {
	key: number;
	day: string;
	clock: string;
}

export class Proposal {
	title = $state('');
	minutes = $state(90);
	zone = $state(deviceZone());
	until = $state('');
	slots = $state<Slot[]>([]);

	#keys = 0;

	constructor() {
		this.add();
		this.add();
	}

	/** As the last one, for the hour is often the same. */
	add(): number {
		const clock = this.slots.at(-1)?.clock ?? '19:00';
		this.#keys += 1;
		this.slots.push({ key: this.#keys, day: '', clock });
		return this.#keys;
	}

	remove(key: number): void {
		this.slots = this.slots.filter((slot) => slot.key !== key);
	}

	get poll(): NewPoll {
		return {
			title: this.title.trim(),
			minutes: Number(this.minutes),
			zone: this.zone,
			until: this.until,
			times: this.slots.map(({ day, clock }) => `${day}T${clock}:00`),
		};
	}
}
