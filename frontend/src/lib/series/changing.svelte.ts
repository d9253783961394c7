/**
 * A change to a series while it is being thought over: what somebody typed, what the
 * server says it would mean, and whether it was carried out. Knows no page.
 */
import type { Agenda } from '../calendar/agendas.js';
import { Attempt } from '../api/asking.svelte.js';
import type { Changed, ChangeWish, Means, Occurrence, Rule, Series } from '../api/types.js';
import { Repeating } from './repeating.svelte.js';
import { daysOf, sameRule } from './rhythm.js';

export type Scope = ChangeWish['scope'];
export type Act = 'change' | 'cancel' | 'restore' | 'cancelAll' | 'restoreAll' | 'extra' | 'clone';
export type Part = 'when' | 'length' | 'title' | 'seats' | 'agenda' | 'rhythm';

interface About {
	series: Series;
	date?: Occurrence;
	scope?: Scope;
	parts?: Part[];
	now?: Date;
}

/** Says to the server what is wanted; with `dry` it only answers what that would mean. */
export type Send = (changing: Changing, dry: boolean) => Promise<Changed>;

export class Changing {
	readonly act: Act;
	readonly series: Series;
	readonly date: Occurrence | null;
	readonly attempt = new Attempt();
	readonly repeating: Repeating;
	/** Pressing twice on a slow line adds once. */
	readonly key = crypto.randomUUID();

	scope = $state<Scope>('one');
	parts = $state<Part[]>([]);
	zone = $state('');
	minutes = $state(0);
	title = $state('');
	seats = $state<number | null>(null);
	agenda = $state<Agenda>('');
	/** Of a clone. */
	circle = $state('');
	/** As it would be. */
	rehearsed = $state.raw<Changed | null>(null);
	done = $state.raw<Changed | null>(null);

	/** Of a series that has begun, the date from which on there is something to change. */
	readonly #next: string | null;
	#day = $state<string | null>(null);
	#clock = $state<string | null>(null);
	#send: Send;

	constructor(act: Act, about: About, send: Send) {
		const { series, date, scope = 'one', parts = [], now = new Date() } = about;
		this.#next = nextOf(series, now);
		[this.act, this.series, this.date, this.#send] = [act, series, date ?? null, send];
		[this.scope, this.parts, this.zone, this.circle] = [scope, parts, series.zone, series.circle];
		this.minutes = date?.minutes ?? series.minutes;
		this.title = date?.title ?? series.title;
		this.seats = date ? date.seats : series.seats;
		this.agenda = date?.agenda ?? series.agenda;
		this.repeating = Repeating.of(
			series.rule,
			() => this.day,
			() => this.rest?.count ?? null,
		);
	}

	/** The start that is being changed: wall time in the zone of the series. */
	get before(): string {
		return this.scope === 'one' && this.date ? this.date.local : this.from;
	}

	/** The date from which on there is something to change, by the start that the rule gave it. */
	get from(): string {
		if (!this.date || this.scope === 'all') return this.#next ?? this.series.start;
		return this.date.original;
	}

	/** The rule from the start that is being changed on: a count is of what is left then. */
	get rest(): Rule | null {
		const { rule, start } = this.series;
		if (!rule?.count) return rule;
		// Up to that start itself, which is one of those that are left.
		const held = daysOf(rule, start.slice(0, 10), this.from.slice(0, 10)).length - 1;
		return { ...rule, count: rule.count - held };
	}

	get day(): string {
		return this.#day ?? this.before.slice(0, 10);
	}

	set day(day: string) {
		this.#day = day;
	}

	get clock(): string {
		return this.#clock ?? this.before.slice(11, 16);
	}

	set clock(clock: string) {
		this.#clock = clock;
	}

	has(part: Part): boolean {
		return this.parts.includes(part);
	}

	get means(): Means | null {
		return this.rehearsed?.means ?? null;
	}

	/** Something was typed that would be lost. */
	get touched(): boolean {
		const wish = this.wish;
		return this.done === null && (this.act === 'change' ? Object.keys(wish).length > 2 : this.#day !== null);
	}

	/** Only what differs is said, so that whatever else differs from date to date stays as it is. */
	get wish(): ChangeWish {
		const wish = this.#wish;
		const later = wish.to || wish.zone || wish.rule;
		// What is over keeps the time that it had.
		if (wish.scope === 'all' && later && this.#next)
			return { ...wish, scope: 'following', original: this.#next };
		return wish;
	}

	get #wish(): ChangeWish {
		const { date, scope } = this;
		const wish: ChangeWish = { scope, original: scope === 'all' ? null : (date?.original ?? null) };
		Object.assign(wish, this.#start(), this.#rule());
		if (this.has('length') && Number(this.minutes) !== (date?.minutes ?? this.series.minutes)) {
			wish.minutes = Number(this.minutes);
		}
		if (this.has('title') && this.title.trim() !== (date?.title ?? this.series.title)) {
			wish.title = this.title.trim();
		}
		if (this.has('seats') && (this.seats || null) !== (date ? date.seats : this.series.seats)) {
			wish.seats = this.seats || null;
		}
		if (this.has('agenda') && this.agenda !== (date?.agenda ?? this.series.agenda)) wish.agenda = this.agenda;
		return wish;
	}

	/** Where it starts, of what is new: an extra date, a series once more. */
	get start(): string {
		return `${this.day}T${this.clock}:00`;
	}

	rehearse(): Promise<boolean> {
		return this.attempt.run(async () => {
			this.rehearsed = await this.#send(this, true);
		});
	}

	carryOut(): Promise<boolean> {
		return this.attempt.run(async () => {
			this.done = await this.#send(this, false);
		});
	}

	/** Back to what was typed. */
	reconsider(): void {
		this.rehearsed = null;
		this.attempt.problem = null;
	}

	takeOver(nearest: string): void {
		const [day, clock] = nearest.includes('T') ? nearest.split('T') : [this.day, nearest];
		[this.day, this.clock] = [day ?? this.day, (clock ?? this.clock).slice(0, 5)];
		this.attempt.problem = null;
	}

	/** A new rhythm may begin later than on the day that was typed. */
	#start(): Partial<ChangeWish> {
		const rhythm = Object.keys(this.#rule()).length > 0;
		if (!this.has('when') && !rhythm) return {};
		const to = `${rhythm ? this.repeating.first : this.day}T${this.clock}:00`;
		const elsewhere = this.scope !== 'one' && this.zone !== this.series.zone;
		return {
			...(to.slice(0, 16) !== this.before.slice(0, 16) && { to }),
			...(elsewhere && { zone: this.zone }),
		};
	}

	#rule(): Partial<ChangeWish> {
		if (!this.has('rhythm') || this.scope === 'one') return {};
		const rule = this.repeating.rule;
		return !rule || sameRule(rule, this.rest) ? {} : { rule };
	}
}

/** Null before the first date. */
function nextOf(series: Series, now: Date): string | null {
	const [next] = series.next.filter(({ starts_at }) => new Date(starts_at) > now);
	return next && next.original !== series.start ? next.original : null;
}
