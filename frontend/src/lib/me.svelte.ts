/** Who is signed in here, if anybody. */
import type { Person, Who } from './api/types.js';
import { getMe } from './api/me.js';
import { language } from './locale.svelte.js';

class Me {
	person = $state<Person | null>(null);
	/** This server has a relay, so that a new circle may hide network addresses. */
	canHideAddresses = $state(false);
	#asked: Promise<void> | null = null;

	/** Ask once; a failed network is asked again at the next page. */
	know(): Promise<void> {
		this.#asked ??= this.#ask();
		return this.#asked;
	}

	meet(who: Who): void {
		this.canHideAddresses = who.can_hide_addresses;
		this.adopt(who.person);
	}

	adopt(person: Person | null): void {
		this.person = person;
		this.#asked = Promise.resolve();
		if (person && !language.chosen) language.show(person.locale);
	}

	async #ask(): Promise<void> {
		try {
			this.meet(await getMe());
		} catch {
			this.#asked = null;
		}
	}
}

export const me = new Me();
