/**
 * What stands beside the circle. On a wide screen there is room for it; on a narrow one a
 * panel covers the circle, so there is never more than one.
 */
type Panel = 'chat' | 'people';

export class Panels {
	chat = $state(false);
	people = $state(false);
	options = $state(false);
	#read = $state(0);
	#wide: boolean;

	/** Who leads has the others' seats at hand. */
	constructor(wide: boolean, leads: boolean) {
		this.#wide = wide;
		this.chat = wide;
		this.people = wide && leads;
	}

	get any(): boolean {
		return this.chat || this.people;
	}

	toggle(panel: Panel): void {
		if (this[panel]) this[panel] = false;
		else this.show(panel);
	}

	show(panel: Panel): void {
		if (!this.#wide) this.close();
		this[panel] = true;
	}

	close(): void {
		this.chat = this.people = false;
	}

	unread(lines: number): number {
		return this.chat ? 0 : Math.max(0, lines - this.#read);
	}

	/** Everything up to here was on the screen. */
	read(lines: number): void {
		this.#read = lines;
	}
}
