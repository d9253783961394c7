/** Asks the server what a plan would bring, as often as the form comes to rest. */
import { asProblem, type Problem } from '../api/client.js';
import type { Plan, Preview } from '../api/types.js';

type Ask = (plan: Plan, zones: string[], signal: AbortSignal) => Promise<Preview>;

const REST_MS = 300;

export class Looking {
	seen = $state<Preview | null>(null);
	problem = $state<Problem | null>(null);
	busy = $state(false);

	#ask: Ask;
	#under: AbortController | null = null;
	#wait: ReturnType<typeof setTimeout> | undefined;

	constructor(ask: Ask) {
		this.#ask = ask;
	}

	/** Only the newest question counts: an older one is not waited for. */
	look(plan: Plan, zones: string[]): void {
		this.stop();
		this.busy = true;
		const under = new AbortController();
		this.#under = under;
		this.#wait = setTimeout(() => void this.#look(plan, zones, under.signal), REST_MS);
	}

	stop(): void {
		clearTimeout(this.#wait);
		this.#under?.abort();
		this.busy = false;
	}

	async #look(plan: Plan, zones: string[], signal: AbortSignal): Promise<void> {
		try {
			const found = await this.#ask(plan, zones, signal);
			if (!signal.aborted) [this.seen, this.problem] = [found, null];
		} catch (thrown) {
			if (!signal.aborted) this.problem = asProblem(thrown);
		} finally {
			if (!signal.aborted) this.busy = false;
		}
	}
}
