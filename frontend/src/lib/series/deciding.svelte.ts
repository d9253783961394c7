/** What somebody is about to change on the page of a series, and what came of it. */
import type { Loaded } from '../api/asking.svelte.js';
import type { Occurrence, Series } from '../api/types.js';
import { Changing, type Act, type Part, type Scope, type Send } from './changing.svelte.js';
import { drafts } from './drafts.svelte.js';

export type Wanted = 'move' | 'details' | 'cancel' | 'restore' | 'following';

interface About {
	date?: Occurrence;
	scope?: Scope;
	parts?: Part[];
}

/** What was done, as the server told it, and in which language. */
export interface Done {
	sentences: readonly string[];
	spoken: string;
}

/** What was done on the page before, which another series now goes on from. */
const done = new Map<string, Done>();

const ABOUT: Record<Wanted, [Act, Omit<About, 'date'>]> = {
	move: ['change', { scope: 'one', parts: ['when'] }],
	details: ['change', { scope: 'one', parts: ['length'] }],
	following: ['change', { scope: 'following', parts: ['when'] }],
	cancel: ['cancel', {}],
	restore: ['restore', {}],
};

export class Deciding {
	changing = $state.raw<Changing | null>(null);
	open = $state(false);
	done = $state.raw<Done | null>(null);

	#series: Loaded<Series>;
	#send: Send;
	#go: (path: string) => void;

	constructor(id: string, series: Loaded<Series>, send: Send, go: (path: string) => void) {
		[this.#series, this.#send, this.#go] = [series, send, go];
		this.done = done.get(id) ?? null;
		done.delete(id);
	}

	/** Begun and not carried out. */
	get kept(): Changing | null {
		const series = this.#series.value;
		return this.open || !series ? null : drafts.of(series.id);
	}

	/** The date that the news is about; all of them: ''. */
	get where(): string {
		return (this.done ? this.changing : this.kept)?.date?.original ?? '';
	}

	oneDate(date: Occurrence, wanted: Wanted): void {
		const [act, about] = ABOUT[wanted];
		this.#begin(act, { date, ...about });
	}

	whole(act: Act): void {
		this.#begin(act, act === 'change' ? { scope: 'all' } : {});
	}

	goOn(): void {
		if (this.kept) this.#take(this.kept);
	}

	discard(): void {
		if (this.kept) drafts.drop(this.kept);
	}

	async carriedOut(spoken: string): Promise<void> {
		const { changing } = this;
		if (!changing?.done) return;
		drafts.drop(changing);
		const { series: after, means } = changing.done;
		const told: Done = { sentences: means.sentences, spoken };
		const here = after.id === changing.series.id;
		if (!here && changing.act !== 'extra') {
			done.set(after.id, told);
			this.#go(`/series/${after.id}`);
			return;
		}
		this.done = told;
		if (here) this.#series.value = after;
		else await this.#series.again();
	}

	#begin(act: Act, about: About): void {
		const series = this.#series.value;
		if (!series) return;
		const before = drafts.like(series.id, act, about.date?.original, about.scope);
		this.#take(before ?? new Changing(act, { series, ...about }, this.#send));
	}

	#take(one: Changing): void {
		drafts.keep(one);
		[this.changing, this.done, this.open] = [one, null, true];
	}
}
