/**
 * Everyone connected with everyone: one link per other seat. Hears what the server says
 * about seats; whoever comes in offers to those who are there.
 */
import type { ClientMessage, Ice, ServerMessage, Welcome } from '../room/messages.gen.js';
import { Link, type Kind, type Tracks } from './link.js';
import type { Words } from './negotiation.js';

export interface Surroundings {
	peer(config: RTCConfiguration): RTCPeerConnection;
	send(message: ClientMessage): void;
	/** Whether there is a server to hear it. */
	online(): boolean;
	/** A link appeared, changed or (null) went. */
	changed(seat: string, link: Link | null): void;
	after(ms: number, what: () => void): () => void;
}

const OFFER_WITHIN = 2000;

export class Mesh {
	#world: Surroundings;
	#links = new Map<string, Link>();
	#expected = new Map<string, () => void>();
	#tracks: Tracks = { audio: null, video: null };
	#you = '';
	// Nothing may be asked of a server nobody named: no default STUN.
	#config: RTCConfiguration = { iceServers: [] };

	constructor(world: Surroundings) {
		this.#world = world;
	}

	hear(message: ServerMessage): void {
		switch (message.type) {
			case 'welcome':
				return this.#welcome(message);
			case 'joined':
				return this.#expect(message.peer.seat);
			case 'left':
				return this.#drop(message.seat);
			case 'described':
				return this.#heard(message.by, { type: 'describe', kind: message.kind, sdp: message.sdp });
			case 'candidateof': {
				const { by, candidate, mid, index, fragment } = message;
				return this.#heard(by, { type: 'candidate', candidate, mid, index, fragment });
			}
			case 'ice':
				return this.#renew(message);
			case 'bye':
				return this.close();
			default: // not about connections
		}
	}

	/** Whether a relay was named, which wants to be told anew from time to time. */
	get relayed(): boolean {
		return (this.#config.iceServers ?? []).length > 0;
	}

	show(kind: Kind, track: MediaStreamTrack | null): void {
		this.#tracks[kind] = track;
		for (const link of this.#links.values()) link.show(kind, track);
	}

	networkChanged(): void {
		for (const link of this.#links.values()) link.refresh();
	}

	close(): void {
		for (const seat of [...this.#links.keys(), ...this.#expected.keys()]) this.#drop(seat);
	}

	#welcome({ you, peers, ice }: Welcome): void {
		this.#you = you;
		this.#config = configuration(ice);
		const present = new Set(peers.map(({ seat }) => seat));
		for (const seat of [...this.#links.keys()]) if (!present.has(seat)) this.#drop(seat);
		for (const seat of present) this.#reach(seat);
	}

	/** For whatever is tried from now on; what flows, flows on. */
	#renew(ice: Ice): void {
		this.#config = configuration(ice);
		for (const link of this.#links.values()) link.configure(this.#config);
	}

	/**
	 * Their offer is on its way. If it is not, they were never gone as they see it: the
	 * server had not yet noticed that an older socket of theirs was dead.
	 */
	#expect(seat: string): void {
		this.#drop(seat);
		const late = this.#world.after(OFFER_WITHIN, () => {
			if (!this.#links.has(seat)) this.#open(seat).offer();
		});
		this.#expected.set(seat, late);
	}

	/** Connections that flow are kept over a lost socket and a restarted server. */
	#reach(seat: string): void {
		const link = this.#links.get(seat);
		if (link) link.reconcile(this.#config);
		else this.#open(seat).offer();
	}

	#heard(seat: string, words: Words): void {
		(this.#links.get(seat) ?? this.#open(seat)).hear(words);
	}

	#open(seat: string): Link {
		const link: Link = new Link(
			{
				polite: this.#you < seat,
				peer: () => this.#world.peer(this.#config),
				say: (words) => this.#world.send({ ...words, to: seat }),
				heard: () => this.#world.online(),
				changed: () => this.#links.has(seat) && this.#world.changed(seat, link),
				after: this.#world.after,
			},
			this.#tracks,
		);
		this.#links.set(seat, link);
		this.#share();
		this.#world.changed(seat, link);
		return link;
	}

	#drop(seat: string): void {
		this.#expected.get(seat)?.();
		this.#expected.delete(seat);
		const link = this.#links.get(seat);
		if (!link) return;
		this.#links.delete(seat);
		link.close();
		this.#share();
		this.#world.changed(seat, null);
	}

	#share(): void {
		for (const link of this.#links.values()) link.share(this.#links.size);
	}
}

function configuration({ servers, policy }: Ice): RTCConfiguration {
	const iceServers = servers.map(({ urls, username, credential }) => ({
		urls,
		...(username && { username }),
		...(credential && { credential }),
	}));
	return { iceServers, iceTransportPolicy: policy };
}
