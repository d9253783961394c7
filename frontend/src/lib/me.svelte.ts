/** Who is signed in here, if anybody. */
import type { Person } from './api/types.js';
import { getMe } from './api/me.js';
import { language } from './locale.svelte.js';

class Me {
	person = $state<Person | null>(null);
	#asked: Promise<void> | null = null;

	/** Ask once; a failed network is asked again at the next page. */
	know(): Promise<void> {
		this.#asked ??= this.#ask();
		return this.#asked;
	}

	adopt(person: Person | null): void {
		this.person = person;
		this.#asked = Promise.resolve();
		if (person && !language.chosen) language.show(person.locale);
	}

	async #ask(): Promise<void> {
		try {
			this.adopt((await getMe()).person);
		} catch {
			this.#asked = null;
		}
	}
}

export const me = new Me();
