/**
 * The socket to the room. Says hello with a pass, comes back by itself when it is lost,
 * and stops for good only when the server said a last word.
 */
import { backOff } from './backoff.js';
import type { ByeReason, ClientMessage, Hello, ServerMessage } from './messages.gen.js';

export type Standing = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** What lets one in: a pass is good for one hello, the socket is where to say it. */
export interface Entry {
	pass: string;
	socket: string;
}

export type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'readyState'>;

/** What the connection needs of the world around it. */
export interface Surroundings {
	open(url: string): Socket;
	/** A fresh pass for the seat one holds; null when there is no seat any more. */
	renew(): Promise<Entry | null>;
	now(): number;
	chance(): number;
	/** What this page is called; a second socket under that name is no second tab. */
	page: string;
	/** Calls `what` after `ms`; gives back what cancels it. */
	after(ms: number, what: () => void): () => void;
}

export interface Ears {
	hear(message: ServerMessage): void;
	standing(standing: Standing): void;
}

const VERSION = 1;
const OPEN = 1; // WebSocket.OPEN, which a test's socket has no class for
const ANSWER_WITHIN = 6000;
const ALIVE_WITHIN = 4000;
/** After these the server expects one back. */
const PASSING = new Set<ByeReason>(['restarting', 'slow', 'resumed']);

export class Connection {
	#world: Surroundings;
	#ears: Ears;
	#standing: Standing = 'connecting';
	#socket: Socket | null = null;
	#cancel = (): void => {};
	#tries = 0;
	#lostAt: number | null = null;

	constructor(world: Surroundings, ears: Ears) {
		this.#world = world;
		this.#ears = ears;
	}

	get standing(): Standing {
		return this.#standing;
	}

	start(entry: Entry): void {
		this.#dial(entry);
	}

	/** False when nobody could hear it: nothing is kept for later. */
	send(message: ClientMessage): boolean {
		if (this.#socket?.readyState !== OPEN) return false;
		this.#socket.send(JSON.stringify(message));
		return true;
	}

	/** The network is back, another one, or the page: nothing to wait for, nothing to trust. */
	tryNow(): void {
		if (this.#standing === 'open') this.#prove();
		else if (this.#standing === 'reconnecting' && this.#socket === null) this.#wait(0);
	}

	/** The network went, or the machine slept: the old socket only looks alive. */
	distrust(): void {
		if (this.#standing === 'open' || this.#socket !== null) this.#lost();
	}

	close(): void {
		this.#become('closed');
		this.#letGo();
	}

	#dial(entry: Entry): void {
		const socket = this.#world.open(entry.socket);
		this.#socket = socket;
		socket.onopen = () => {
			const hello: Hello = { type: 'hello', version: VERSION, token: entry.pass, page: this.#world.page };
			socket.send(JSON.stringify(hello));
		};
		socket.onmessage = (event) => this.#hear(JSON.parse(String(event.data)) as ServerMessage);
		socket.onclose = () => this.#lost();
		this.#cancel = this.#world.after(ANSWER_WITHIN, () => this.#lost());
	}

	#hear(message: ServerMessage): void {
		if (message.type === 'bye') return this.#farewell(message);
		this.#arrive();
		this.#ears.hear(message);
	}

	/** A socket whose network is gone looks open for minutes: whatever is answered says it lives. */
	#prove(): void {
		this.send({ type: 'renew' });
		this.#cancel();
		this.#cancel = this.#world.after(ALIVE_WITHIN, () => this.#lost());
	}

	#arrive(): void {
		this.#cancel();
		this.#tries = 0;
		this.#lostAt = null;
		this.#become('open');
	}

	#farewell(message: ServerMessage & { type: 'bye' }): void {
		if (PASSING.has(message.reason)) return this.#lost();
		this.close();
		this.#ears.hear(message);
	}

	#lost(): void {
		if (this.#standing === 'closed') return;
		this.#letGo();
		this.#lostAt ??= this.#world.now();
		this.#become('reconnecting');
		const since = this.#world.now() - this.#lostAt;
		this.#wait(backOff(this.#tries++, since, this.#world.chance()));
	}

	#wait(ms: number): void {
		this.#cancel();
		this.#cancel = this.#world.after(ms, () => void this.#comeBack());
	}

	async #comeBack(): Promise<void> {
		let entry: Entry | null;
		try {
			entry = await this.#world.renew();
		} catch {
			if (this.#standing === 'reconnecting') this.#lost();
			return;
		}
		if (this.#standing !== 'reconnecting' || this.#socket !== null) return;
		if (entry) this.#dial(entry);
		else this.#farewell({ type: 'bye', reason: 'bad_pass' });
	}

	#letGo(): void {
		this.#cancel();
		const socket = this.#socket;
		this.#socket = null;
		if (!socket) return;
		socket.onopen = socket.onmessage = socket.onclose = null;
		socket.close();
	}

	#become(standing: Standing): void {
		if (this.#standing === standing) return;
		this.#standing = standing;
		this.#ears.standing(standing);
	}
}
