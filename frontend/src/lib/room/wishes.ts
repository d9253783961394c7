/** Small choices that this browser remembers. They say nothing about the person or the circle. */
export type Wish = 'single-keys' | 'soft-sounds';

export function wished(wish: Wish, otherwise: boolean): boolean {
	try {
		const kept = localStorage.getItem(wish);
		return kept === null ? otherwise : kept === 'on';
	} catch {
		return otherwise;
	}
}

export function keep(wish: Wish, on: boolean): void {
	try {
		localStorage.setItem(wish, on ? 'on' : 'off');
	} catch {
		// storage refused: the choice lasts as long as the page
	}
}
