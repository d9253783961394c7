/**
 * The quick exit: devices off first, then a blank page, then away.
 *
 * What a room must stop (camera, microphone, peer connections) it registers with
 * `onExit`; those run synchronously, before anything that could take time.
 */
const stops = new Set<() => void>();

export function onExit(stop: () => void): () => void {
	stops.add(stop);
	return () => void stops.delete(stop);
}

export function leave(): void {
	for (const stop of stops) attempt(stop);
	const away = exitAddress();
	document.title = '';
	document.body.replaceChildren();
	attempt(endHere);
	location.replace(away);
}

/** Hears Shift pressed three times in a row, with no other key between. */
export class TripleShift {
	#times: number[] = [];

	hears(
		event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'repeat' | 'timeStamp'>,
	): boolean {
		if (event.repeat) return false;
		// Alt+Shift and Ctrl+Shift switch the keyboard's language in many places.
		if (event.key !== 'Shift' || event.altKey || event.ctrlKey || event.metaKey) {
			this.#times = [];
			return false;
		}
		this.#times = [...this.#times, event.timeStamp].slice(-3);
		const first = this.#times[0] ?? event.timeStamp;
		return this.#times.length === 3 && event.timeStamp - first <= 1500;
	}
}

function exitAddress(): string {
	const meta = document.querySelector<HTMLMetaElement>('meta[name="exit-url"]');
	return meta?.content || '/bye';
}

function endHere(): void {
	void fetch('/api/exit', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: '{}',
		keepalive: true,
	}).catch(() => undefined);
}

/** One thing that fails must not keep the person here. */
function attempt(act: () => void): void {
	try {
		act();
	} catch {
		// nothing to tell: the page is on its way out
	}
}
