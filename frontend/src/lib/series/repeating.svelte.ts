/** How often, and until when: what a form holds, and the rule that follows from it. */
import type { Rule } from '../api/types.js';
import type { Weekday } from '../calendar/dates.js';
import { weekdayOf } from '../calendar/pattern.js';
import {
	firstOf,
	MONTHLY,
	offered,
	ruleOf,
	wishOf,
	type Rhythm,
	type Wish,
	type WorkWeek,
} from './rhythm.js';

export type Ending = 'open' | 'count' | 'until';

export class Repeating {
	interval = $state(1);
	work = $state<WorkWeek>('MO');
	ending = $state<Ending>('count');
	until = $state('');

	#count = $state<number>();
	#usual: () => number = () => 10;

	#wished = $state<Rhythm>('weekly');
	#chosen = $state<Weekday[] | null>(null);
	#weekStart: Wish['weekStart'];
	#day: () => string;

	/** The first day decides what there is to choose; it may still change. */
	constructor(day: () => string) {
		this.#day = day;
	}

	/** As a series has it; `left` is how many dates there are of it from where it is to change. */
	static of(rule: Rule | null, day: () => string, left: () => number | null): Repeating {
		const made = new Repeating(day);
		const wish = wishOf(rule, day());
		[made.#wished, made.interval, made.work] = [wish.rhythm, wish.interval, wish.work];
		made.#weekStart = wish.weekStart;
		if (wish.rhythm === 'weeks') made.#chosen = [...wish.weekdays];
		if (!rule) return made;
		made.ending = rule.count ? 'count' : rule.until ? 'until' : 'open';
		made.until = rule.until ?? '';
		made.#usual = () => left() ?? 10;
		return made;
	}

	readonly offered = $derived.by<Rhythm[]>(() => (this.#day() ? offered(this.#day()) : ['once']));

	/** A first day on the 30th has no "every month on the 30th": then its weekday stands in. */
	get rhythm(): Rhythm {
		if (this.offered.includes(this.#wished)) return this.#wished;
		return this.offered.includes('nth') ? 'nth' : this.offered.includes('last') ? 'last' : this.#wished;
	}

	set rhythm(wished: Rhythm) {
		this.#wished = wished;
	}

	get monthly(): boolean {
		return MONTHLY.includes(this.rhythm);
	}

	/** Until somebody chooses, the weekday of the first day. */
	get weekdays(): Weekday[] {
		if (this.#chosen) return this.#chosen;
		return this.#day() ? [weekdayOf(new Date(`${this.#day()}T12:00:00Z`))] : [];
	}

	set weekdays(chosen: Weekday[]) {
		this.#chosen = chosen;
	}

	/** Until somebody says how many, even if it is nothing so far. */
	get count(): number {
		return this.#count === undefined ? this.#usual() : this.#count;
	}

	set count(count: number) {
		this.#count = count;
	}

	/** Nothing is missing. */
	get whole(): boolean {
		if (!this.#day()) return false;
		if (this.rhythm === 'once') return true;
		if (!this.interval || (this.rhythm === 'weeks' && !this.weekdays.length)) return false;
		return this.ending === 'open' || (this.ending === 'count' ? this.count > 0 : this.until !== '');
	}

	get rule(): Rule | null {
		const rule = this.whole ? ruleOf(this.wish) : null;
		return rule && { ...rule, ...this.#end() };
	}

	/** The first date of the rule, on the first day or after it. */
	get first(): string {
		const rule = this.rule;
		return rule ? firstOf(rule, this.#day()) : this.#day();
	}

	get wish(): Wish {
		const [rhythm, weekdays, work] = [this.rhythm, this.weekdays, this.work];
		const [day, interval, weekStart] = [this.#day(), Number(this.interval), this.#weekStart];
		return { rhythm, day, weekdays, interval, work, weekStart };
	}

	#end(): Pick<Rule, 'count' | 'until'> {
		return {
			count: this.ending === 'count' ? Number(this.count) : null,
			until: this.ending === 'until' ? this.until : null,
		};
	}
}
