/**
 * The dates of a series beyond those that come with it: those after them, or those that
 * are over, the nearest first. Asked for by the year, shown a few at a time.
 */
import { Attempt } from '../api/asking.svelte.js';
import type { Occurrence, Series } from '../api/types.js';

export type Ask = (after: Date, before: Date) => Promise<Occurrence[]>;
type Known = Pick<Series, 'start' | 'next'>;

/** As many as come with a series. */
export const FEW = 12;
const YEAR = 366 * 86_400_000;
/** No rule of ours pauses for longer than two years: three without a date are the end. */
const FAR = 3;

export class Beyond {
	readonly attempt = new Attempt();
	shown = $state.raw<readonly Occurrence[]>([]);
	/** There may be others to show. */
	more = $state(false);

	readonly #side: 'later' | 'past';
	readonly #ask: Ask;
	readonly #now: Date;
	#found: Occurrence[] = [];
	#known = new Set<string>();
	/** As far as was asked. */
	#edge: Date;

	constructor(side: 'later' | 'past', series: Known, ask: Ask, now: Date) {
		[this.#side, this.#ask, this.#now, this.#edge] = [side, ask, now, now];
		this.#begin(series);
	}

	/** True when it worked. */
	show(): Promise<boolean> {
		return this.attempt.run(() => this.#show(this.shown.length + FEW));
	}

	/** The series has changed: as many as before, as they are now. */
	async follow(series: Known): Promise<void> {
		const count = this.shown.length;
		this.#begin(series);
		if (count > 0) await this.attempt.run(() => this.#show(count));
	}

	#begin({ next, start }: Known): void {
		const edge = next.at(this.#side === 'later' ? -1 : 0);
		this.#edge = edge ? new Date(edge.starts_at) : this.#now;
		this.#known = new Set(next.map(({ original }) => original));
		this.#found = [];
		this.more = this.#side === 'later' ? next.length >= FEW : !this.#known.has(start);
	}

	async #show(count: number): Promise<void> {
		// One more than is shown tells whether there are others after it.
		while (this.#found.length <= count && (await this.#askOn()));
		this.shown = this.#found.slice(0, count);
		this.more = this.#found.length > count;
	}

	/** False at the end. */
	async #askOn(): Promise<boolean> {
		for (let year = 0; year < FAR; year += 1) {
			const found = await this.#askYear();
			this.#found.push(...found);
			if (found.length > 0) return true;
		}
		return false;
	}

	async #askYear(): Promise<Occurrence[]> {
		const later = this.#side === 'later';
		const far = new Date(this.#edge.getTime() + (later ? YEAR : -YEAR));
		const dates = await (later ? this.#ask(this.#edge, far) : this.#ask(far, this.#edge));
		this.#edge = far;
		const fresh = dates.filter(({ original }) => !this.#known.has(original));
		return later ? fresh : fresh.reverse();
	}
}
