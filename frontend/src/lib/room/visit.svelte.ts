/**
 * One person's visit: the room as it is seen, the socket it comes through, the
 * connections to the others and one's own devices, for exactly as long as the visit lasts.
 */
import { onExit } from '../exit.js';
import type { Devices } from '../media/devices.svelte.js';
import type { Health, Link } from '../media/link.js';
import { Mesh } from '../media/mesh.js';
import { playCall } from '../media/tone.js';
import { Bell, type Call } from './bell.svelte.js';
import { Connection, type Entry, type Standing } from './connection.js';
import { giveUpSeat, renewPass } from './door.js';
import { Herald } from './herald.svelte.js';
import type { ServerMessage } from './messages.gen.js';
import { PAGE } from './page.js';
import { Room, type News } from './room.svelte.js';
import { wished } from './wishes.js';

/** How the picture and sound of one other seat stand. */
export interface Line {
	stream: MediaStream;
	health: Health;
}

const LISTEN_EVERY = 250;
const SPEAKING = 0.02; // of full scale: above the noise of a quiet room
const OWN_SPEAKING = 0.12;
/** A tick that comes this late means that the machine slept; hidden pages tick once a minute. */
const SLEPT = 90_000;
/** The relay forgets who we are after ten minutes; whoever joins later needs it to know. */
const FRESH_FOR = 8 * 60_000;

export class Visit {
	standing = $state<Standing>('connecting');
	lines = $state.raw<Record<string, Line>>({});
	speaking = $state.raw<ReadonlySet<string>>(new Set());
	/** How the others are shown; for this visit only. */
	layout = $state<'circle' | 'list'>('circle');
	readonly herald = new Herald(after);
	readonly bell = new Bell({ play, elsewhere, now: Date.now }, soundsWanted());
	readonly room: Room;

	#devices: Devices;
	#connection: Connection;
	#mesh: Mesh;
	#links = new Map<string, Link>();
	#ends: (() => void)[] = [];
	#ticked = Date.now();

	constructor(devices: Devices) {
		this.#devices = devices;
		const world = { open, renew: renewPass, now: Date.now, chance: Math.random, page: PAGE, after };
		this.#connection = new Connection(world, {
			hear: (message) => this.#hear(message),
			standing: (standing) => (this.standing = standing),
		});
		this.room = new Room(
			(message) => this.#connection.send(message),
			(news) => this.#tell(news),
		);
		this.#mesh = new Mesh({
			peer: (config) => new RTCPeerConnection(config),
			send: (message) => this.#connection.send(message),
			online: () => this.#connection.standing === 'open',
			changed: (seat, link) => this.#changed(seat, link),
			after,
		});
		this.#watch();
	}

	begin(entry: Entry): void {
		this.#connection.start(entry);
	}

	/** Tells the others what is switched on here; called whenever it changes. */
	tellDevices(): void {
		this.room.tellDevices(this.#devices.microphone, this.#devices.camera);
	}

	leave(): void {
		this.#connection.send({ type: 'leave' });
		giveUpSeat();
		this.close();
	}

	/** Synchronous, and fine to call twice: devices first, then the lines, then the rest. */
	close(): void {
		this.#devices.stop();
		this.#mesh.close();
		this.#connection.close();
		this.herald.close();
		for (const end of this.#ends.splice(0)) end();
	}

	/** The quick exit: nothing is picked up any more, and the seat is not kept. */
	#vanish(): void {
		this.#devices.stop();
		this.#connection.send({ type: 'leave' });
		this.close();
	}

	#hear(message: ServerMessage): void {
		this.room.hear(message);
		this.#mesh.hear(message);
		if (message.type === 'welcome') this.tellDevices();
		if (message.type === 'bye') this.close();
	}

	#tell(news: News): void {
		this.herald.tell(news);
		if (news.kind === 'opened' || news.kind === 'knocked') this.bell.ring(news.kind);
	}

	#changed(seat: string, link: Link | null): void {
		if (link) this.#links.set(seat, link);
		else this.#links.delete(seat);
		const lines = [...this.#links].map(([key, { stream, health }]) => [key, { stream, health }] as const);
		this.lines = Object.fromEntries(lines);
	}

	#watch(): void {
		const listening = setInterval(() => this.#listen(), LISTEN_EVERY);
		const freshening = setInterval(() => this.#freshen(), FRESH_FOR);
		this.#ends.push(
			onExit(() => this.#vanish()),
			this.#devices.follow((kind, track) => this.#mesh.show(kind, track)),
			() => clearInterval(listening),
			() => clearInterval(freshening),
			on(window, 'online', () => this.#networkBack()),
			on(window, 'offline', () => this.#connection.distrust()),
			on(document, 'visibilitychange', () => this.#looked()),
			on(window, 'focus', () => this.bell.seen()),
			onNetwork(() => this.#networkBack()),
		);
	}

	#freshen(): void {
		if (this.#mesh.relayed) this.#connection.send({ type: 'renew' });
	}

	#looked(): void {
		this.bell.seen();
		if (!document.hidden) this.#connection.tryNow();
	}

	#networkBack(): void {
		this.#connection.tryNow();
		this.#mesh.networkChanged();
	}

	#listen(): void {
		const now = Date.now();
		if (now - this.#ticked > SLEPT) this.#connection.distrust();
		this.#ticked = now;
		const heard = [...this.#links].filter(([, link]) => loudest(link) > SPEAKING).map(([seat]) => seat);
		if (this.#devices.microphone && this.#devices.level > OWN_SPEAKING) heard.push(this.room.you);
		if (differs(this.speaking, heard)) this.speaking = new Set(heard);
	}
}

function loudest(link: Link): number {
	const levels = link.receivers.flatMap((receiver) =>
		receiver.getSynchronizationSources().map(({ audioLevel }) => audioLevel ?? 0),
	);
	return Math.max(0, ...levels);
}

function differs(before: ReadonlySet<string>, now: string[]): boolean {
	return before.size !== now.length || now.some((seat) => !before.has(seat));
}

function open(url: string): WebSocket {
	return new WebSocket(url);
}

function after(ms: number, what: () => void): () => void {
	const timer = setTimeout(what, ms);
	return () => clearTimeout(timer);
}

function on(target: EventTarget | undefined, event: string, act: () => void): () => void {
	target?.addEventListener(event, act);
	return () => target?.removeEventListener(event, act);
}

type Network = EventTarget & { type?: string };

/**
 * Only some browsers tell when Wi-Fi gives way to the mobile network. They also tell, much more
 * often, that the line became a little slower: that is no other network.
 */
function onNetwork(act: () => void): () => void {
	const network = (navigator as Navigator & { connection?: Network }).connection;
	let known = network?.type;
	return on(network, 'change', () => {
		if (network?.type === known) return;
		known = network?.type;
		act();
	});
}

function play(call: Call): void {
	playCall(call).catch(() => undefined); // no sound here: the words are there all the same
}

function elsewhere(): boolean {
	return document.hidden || !document.hasFocus();
}

/** Who asks for less movement is spared sounds, too, until they ask for them. */
function soundsWanted(): boolean {
	return wished('soft-sounds', !matchMedia('(prefers-reduced-motion: reduce)').matches);
}
