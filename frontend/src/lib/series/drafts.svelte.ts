/** Changes that were begun and not carried out: closing a dialog or going back loses none. */
import type { Act, Changing, Scope } from './changing.svelte.js';

class Drafts {
	#all = $state.raw<Changing[]>([]);

	keep(changing: Changing): void {
		this.#all = [...this.#all.filter((one) => one !== changing && one.touched), changing];
	}

	drop(changing: Changing): void {
		this.#all = this.#all.filter((one) => one !== changing);
	}

	/** The one that was begun last. */
	of(series: string): Changing | null {
		return this.#all.findLast((one) => one.series.id === series && one.touched) ?? null;
	}

	/** The same thing was begun before. */
	like(series: string, act: Act, original: string | undefined, scope: Scope | undefined): Changing | null {
		const same = (one: Changing): boolean =>
			one.series.id === series && one.act === act && one.date?.original === original;
		return this.#all.findLast((one) => same(one) && one.touched && (!scope || one.scope === scope)) ?? null;
	}
}

/** Of this page load: nothing is written to the device. */
export const drafts = new Drafts();
