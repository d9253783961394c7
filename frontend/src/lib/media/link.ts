/**
 * The connection to one other seat for as long as both are in the room. It outlives the
 * RTCPeerConnection it presently uses: when that cannot be mended, it starts over.
 *
 * Every connection has the same two places, one for sound and one for picture, so that
 * switching a device needs no new negotiation.
 */
import { Negotiation, type Words } from './negotiation.js';
import { apportion } from './share.js';

export type Health = 'connecting' | 'connected' | 'reconnecting';
export type Kind = 'audio' | 'video';
export type Tracks = Record<Kind, MediaStreamTrack | null>;

export interface Surroundings {
	polite: boolean;
	peer(): RTCPeerConnection;
	say(words: Words): void;
	/** Whether the other side could hear us now. */
	heard(): boolean;
	changed(): void;
	after(ms: number, what: () => void): () => void;
}

const KINDS: readonly Kind[] = ['audio', 'video'];
/** How long a connection may take, and be interrupted, before it is mended. */
const PATIENCE = { connect: 10_000, disconnected: 5000, misunderstood: 500, failed: 0, most: 30_000 };
/** The polite side waits a little longer, so that the two seldom mend at once. */
const COURTESY = 1500;

export class Link {
	stream: MediaStream = new MediaStream();
	#world: Surroundings;
	#peer: RTCPeerConnection;
	#talk: Negotiation;
	#tracks: Tracks;
	/** Carries no tracks: its id tells the other side that sound and picture belong together. */
	#together = new MediaStream();
	#origin: string | null = null;
	#connected = false;
	#mended = 0;
	#others = 1;
	#cancel = (): void => {};

	constructor(world: Surroundings, tracks: Tracks) {
		this.#world = world;
		this.#tracks = { ...tracks };
		[this.#peer, this.#talk] = this.#begin();
	}

	get health(): Health {
		if (this.#peer.connectionState === 'connected') return 'connected';
		return this.#connected ? 'reconnecting' : 'connecting';
	}

	get receivers(): RTCRtpReceiver[] {
		return this.#peer.getReceivers();
	}

	/** Makes the first offer; only who comes into the room does. */
	offer(): void {
		for (const kind of KINDS)
			this.#peer.addTransceiver(this.#tracks[kind] ?? kind, {
				direction: 'sendrecv',
				streams: [this.#together],
			});
	}

	hear(words: Words): void {
		if (words.type === 'describe' && this.#startedOver(words.sdp)) {
			this.#renew();
			if (words.kind === 'answer') return this.offer();
		}
		void this.#talk.hear(words);
	}

	show(kind: Kind, track: MediaStreamTrack | null): void {
		this.#tracks[kind] = track;
		const place = this.#place(kind);
		if (place) void place.sender.replaceTrack(track).catch(() => {}); // closed meanwhile
	}

	/** Our socket came back: what was said meanwhile is lost, what flows is kept. */
	reconcile(config: RTCConfiguration): void {
		if (this.health !== 'connected') return this.startOver();
		this.configure(config);
		this.#talk.repeat();
	}

	configure(config: RTCConfiguration): void {
		this.#peer.setConfiguration(config);
	}

	/** So many get our picture, each over a connection of their own. */
	share(others: number): void {
		if (others === this.#others) return;
		this.#others = others;
		if (this.#connected) this.#apportion();
	}

	/** The network changed: new addresses for the same connection. */
	refresh(): void {
		if (this.#connected) this.#peer.restartIce();
	}

	startOver(): void {
		this.#renew();
		this.offer();
	}

	close(): void {
		this.#cancel();
		this.#peer.close();
	}

	#begin(): [RTCPeerConnection, Negotiation] {
		const peer = this.#world.peer();
		const { polite, say } = this.#world;
		const talk = new Negotiation(peer, {
			polite,
			say,
			offered: () => this.#fill(),
			misunderstood: () => this.#expect(PATIENCE.misunderstood),
		});
		peer.ontrack = ({ track }) => this.#receive(track);
		peer.onconnectionstatechange = () => this.#watch();
		this.#expect(PATIENCE.connect);
		return [peer, talk];
	}

	#renew(): void {
		this.#peer.onconnectionstatechange = this.#peer.ontrack = null;
		this.#peer.close();
		this.#origin = null;
		this.stream = new MediaStream();
		[this.#peer, this.#talk] = this.#begin();
		this.#world.changed();
	}

	#receive(track: MediaStreamTrack): void {
		this.stream.addTrack(track);
		this.#world.changed();
	}

	/** The places came with the other side's offer; ours go the other way. */
	#fill(): void {
		for (const kind of KINDS) {
			const place = this.#place(kind);
			if (!place) continue;
			place.direction = 'sendrecv';
			place.sender.setStreams?.(this.#together); // Firefox has it since 113
			this.show(kind, this.#tracks[kind]);
		}
	}

	#apportion(): void {
		for (const kind of KINDS) {
			const sender = this.#place(kind)?.sender;
			if (sender) apportion(sender, kind, this.#others).catch(() => {}); // closed meanwhile
		}
	}

	#place(kind: Kind): RTCRtpTransceiver | undefined {
		return this.#peer.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
	}

	/**
	 * A page that was reloaded describes a connection we do not know. The session id stays
	 * the same for the life of one (RFC 8829 - 5.2.1. Initial Offers).
	 */
	#startedOver(sdp: string): boolean {
		const origin = /^o=\S+ (\d+) /m.exec(sdp)?.[1] ?? null;
		const known = this.#origin;
		this.#origin = origin;
		return known !== null && known !== origin;
	}

	#watch(): void {
		const state = this.#peer.connectionState;
		if (state === 'connected') {
			this.#cancel();
			this.#connected = true;
			this.#mended = 0;
			this.#apportion();
		} else if (state === 'disconnected' || state === 'failed') this.#expect(PATIENCE[state]);
		this.#world.changed();
	}

	#expect(ms: number): void {
		this.#cancel();
		const courtesy = this.#world.polite ? COURTESY : 0;
		this.#cancel = this.#world.after(ms + courtesy, () => this.#mend());
	}

	/**
	 * First the same connection on new paths, then a new one, ever less often. While nobody
	 * could hear of it, what may still recover is left alone; the next welcome looks after it.
	 */
	#mend(): void {
		if (!this.#world.heard()) return;
		const same = this.#mended === 0 && this.#connected && this.#peer.signalingState === 'stable';
		this.#mended += 1;
		if (same) this.#peer.restartIce();
		else this.startOver();
		this.#expect(Math.min(PATIENCE.connect * this.#mended, PATIENCE.most));
	}
}
