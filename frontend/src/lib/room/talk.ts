import type { Devices } from '../media/devices.svelte.js';

/** Speaks for as long as a key is held. Whoever was not muted before stays unmuted. */
export class PushToTalk {
	#devices: Pick<Devices, 'microphone' | 'switch'>;
	#held = false;

	constructor(devices: Pick<Devices, 'microphone' | 'switch'>) {
		this.#devices = devices;
	}

	press(): void {
		if (this.#held || this.#devices.microphone) return;
		this.#held = true;
		void this.#speak();
	}

	release(): void {
		if (!this.#held) return;
		this.#held = false;
		void this.#devices.switch('audio', false);
	}

	async #speak(): Promise<void> {
		await this.#devices.switch('audio', true);
		// The browser may have asked for permission until after the key was let go.
		if (!this.#held) await this.#devices.switch('audio', false);
	}
}
