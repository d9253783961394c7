/**
 * Calls somebody back who looks elsewhere: a soft sound, and a word in the tab. Whoever sits
 * beside them learns nothing from either, and nothing blinks.
 */
export type Call = 'opened' | 'knocked';

export interface Surroundings {
	play(call: Call): void;
	/** Whether the person has another window or tab before them. */
	elsewhere(): boolean;
	now(): number;
}

/** Several people at the door are one sound. */
const QUIET_FOR = 8000;

export class Bell {
	/** Whether it may sound at all. */
	sounds = $state(true);
	/** The door was opened while the person was elsewhere, and they have not come back yet. */
	calling = $state(false);
	#world: Surroundings;
	#rang = -Infinity;

	constructor(world: Surroundings, sounds: boolean) {
		this.#world = world;
		this.sounds = sounds;
	}

	ring(call: Call): void {
		if (call === 'opened') this.calling = this.#world.elsewhere();
		const now = this.#world.now();
		if (!this.sounds || now - this.#rang < QUIET_FOR) return;
		this.#rang = now;
		this.#world.play(call);
	}

	/** The person is here again. */
	seen(): void {
		if (!this.#world.elsewhere()) this.calling = false;
	}
}
