/** A request seen from a page: under way, answered, or in trouble. */
import { asProblem, type Problem } from './client.js';

/** Something the page needs before it can show itself. */
export class Loaded<T> {
	value = $state<T>();
	problem = $state<Problem | null>(null);

	#ask: () => Promise<T>;

	constructor(ask: () => Promise<T>) {
		this.#ask = ask;
		void this.again();
	}

	again = async (): Promise<void> => {
		this.problem = null;
		try {
			this.value = await this.#ask();
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	};
}

/** Something a person does; while it runs it cannot be done twice. */
export class Attempt {
	busy = $state(false);
	problem = $state<Problem | null>(null);

	/** True when it worked. */
	async run(act: () => Promise<unknown>): Promise<boolean> {
		if (this.busy) return false;
		this.busy = true;
		this.problem = null;
		try {
			await act();
		} catch (thrown) {
			this.problem = asProblem(thrown);
		} finally {
			this.busy = false;
		}
		return this.problem === null;
	}

	/** What is to be mended in one field. */
	field(name: string): string | undefined {
		return this.problem?.fields[name];
	}
}
