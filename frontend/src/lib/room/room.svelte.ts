/**
 * What one participant sees of a room. Knows no socket: messages come in through `hear`,
 * and go out through the `send` it was given.
 */
import type {
	Bye,
	ClientMessage,
	DevicesOf,
	Knock,
	Peer,
	Refused,
	Role,
	Said,
	ServerMessage,
	Welcome,
} from './messages.gen.js';

export type Place = 'outside' | 'lobby' | 'room' | 'gone';

/** Something to be said aloud, in passing. */
export type News =
	| { kind: 'joined' | 'left' | 'knocked'; name: string }
	| { kind: 'said'; line: Said }
	/** One waited at the door, and may come in. */
	| { kind: 'opened' };

const UNSEEN = new Set<string>([
	'describe',
	'candidate',
	'devices',
	'renew',
] satisfies ClientMessage['type'][]);

export class Room {
	place = $state<Place>('outside');
	/** Why one is outside again, for good. */
	farewell = $state<Bye['reason'] | null>(null);
	you = $state('');
	/** One's own name in the circle, as the others see it. */
	name = $state('');
	role = $state<Role>('guest');
	title = $state('');
	direct = $state(false);
	closesAt = $state(0);
	/** All but oneself, in the order they came. */
	peers = $state<Peer[]>([]);
	/** In the server's order: nobody here sorts them. */
	hands = $state<string[]>([]);
	lines = $state<Said[]>([]);
	lobby = $state<Knock[]>([]);
	refused = $state.raw<Refused | null>(null);
	readonly handUp = $derived(this.hands.includes(this.you));
	readonly leads = $derived(this.role === 'facilitator');

	#send: (message: ClientMessage) => boolean;
	#tell: (news: News) => void;

	constructor(send: (message: ClientMessage) => boolean, tell: (news: News) => void = () => {}) {
		this.#send = send;
		this.#tell = tell;
	}

	hear(message: ServerMessage): void {
		switch (message.type) {
			case 'waiting':
				return this.#wait();
			case 'welcome':
				return this.#enter(message);
			case 'joined':
				return this.#joined(message.peer);
			case 'left':
				return this.#left(message.seat);
			case 'away':
				return this.#change(message.seat, { away: true });
			case 'back':
				return this.#change(message.seat, { away: false });
			case 'knocked':
				return this.#knocked(message.knock);
			case 'unknocked':
				return void (this.lobby = this.lobby.filter(({ seat }) => seat !== message.seat));
			case 'said':
				return this.#said(message);
			case 'hands':
				return void (this.hands = message.order);
			case 'devicesof':
				return this.#devices(message);
			case 'refused':
				return this.#refused(message);
			case 'bye':
				return this.#bye(message);
			case 'ice':
			case 'described':
			case 'candidateof':
				return; // between the browsers; the mesh hears them
			default:
				message satisfies never;
		}
	}

	/** False when nobody could hear it: then the words are still the speaker's. */
	say(text: string): boolean {
		const words = text.trim();
		return words !== '' && this.#send({ type: 'chat', text: words });
	}

	raise(up: boolean): void {
		this.#send({ type: 'hand', up });
	}

	tellDevices(microphone: boolean, camera: boolean): void {
		if (this.place === 'room') this.#send({ type: 'devices', microphone, camera });
	}

	admit(seat: string): void {
		this.#send({ type: 'admit', seat });
	}

	admitAll(): void {
		this.#send({ type: 'admitall' });
	}

	remove(seat: string): void {
		this.#send({ type: 'remove', seat });
	}

	end(): void {
		this.#send({ type: 'end' });
	}

	nameOf(seat: string): string {
		return this.peers.find((peer) => peer.seat === seat)?.name ?? '';
	}

	#wait(): void {
		this.place = 'lobby';
		this.peers = [];
		this.hands = [];
		this.lobby = [];
	}

	#enter({ you, name, role, title, direct, peers, hands, lobby, closes_at }: Welcome): void {
		const before = this.place;
		const known = new Set(this.peers.map(({ seat }) => seat));
		Object.assign(this, { you, name, role, title, direct, peers, hands, lobby, closesAt: closes_at });
		this.place = 'room';
		if (before === 'lobby') this.#tell({ kind: 'opened' });
		if (before !== 'room') return;
		for (const peer of peers) if (!known.has(peer.seat)) this.#tell({ kind: 'joined', name: peer.name });
	}

	#joined(peer: Peer): void {
		const index = this.peers.findIndex(({ seat }) => seat === peer.seat);
		if (index >= 0) return void (this.peers[index] = peer);
		this.peers.push(peer);
		this.#tell({ kind: 'joined', name: peer.name });
	}

	#left(seat: string): void {
		const name = this.nameOf(seat);
		this.peers = this.peers.filter((peer) => peer.seat !== seat);
		this.hands = this.hands.filter((hand) => hand !== seat);
		if (name) this.#tell({ kind: 'left', name });
	}

	#knocked(knock: Knock): void {
		if (this.lobby.some(({ seat }) => seat === knock.seat)) return;
		this.lobby.push(knock);
		this.#tell({ kind: 'knocked', name: knock.name });
	}

	#said(line: Said): void {
		this.lines.push(line);
		if (line.seat !== this.you) this.#tell({ kind: 'said', line });
	}

	#devices({ seat, microphone, camera }: DevicesOf): void {
		this.#change(seat, { microphone, camera });
	}

	#change(seat: string, what: Partial<Peer>): void {
		const peer = this.peers.find((candidate) => candidate.seat === seat);
		if (peer) Object.assign(peer, what);
	}

	/** What the browsers say to each other is not the person's doing, nor their trouble. */
	#refused(message: Refused): void {
		if (!UNSEEN.has(message.command)) this.refused = message;
	}

	#bye({ reason }: Bye): void {
		this.place = 'gone';
		this.farewell = reason;
		this.#forget();
	}

	/** Nothing of the others stays on a screen they are no longer shown on. */
	#forget(): void {
		this.peers = [];
		this.hands = [];
		this.lines = [];
		this.lobby = [];
	}
}
