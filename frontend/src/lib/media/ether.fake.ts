/**
 * Browsers' ends of connections that run without a network, for tests: the signalling
 * states, transceivers and ICE generations of RTCPeerConnection, and an ether they meet in.
 */
let made = 0;

export class FakeStream {
	readonly id = `stream${made++}`;
	#tracks = new Set<MediaStreamTrack>();
	addTrack(track: MediaStreamTrack): void {
		this.#tracks.add(track);
	}
	getTracks(): MediaStreamTrack[] {
		return [...this.#tracks];
	}
}

interface FakeTransceiver {
	direction: RTCRtpTransceiverDirection;
	sender: {
		track: unknown;
		parameters: RTCRtpSendParameters;
		replaceTrack(track: unknown): Promise<void>;
		setStreams(): void;
		getParameters(): RTCRtpSendParameters;
		setParameters(parameters: RTCRtpSendParameters): Promise<void>;
	};
	receiver: { track: { kind: string } };
}

interface Described {
	type: 'offer' | 'answer';
	sdp: string;
}

export class Ether {
	peers: FakePeer[] = [];

	/** Two ends are connected when each knows the other's present credentials. */
	settle(): void {
		for (const peer of this.peers) {
			const other = this.peers.find((candidate) => candidate.ufrag === peer.remoteUfrag && candidate.open);
			if (peer.settled && other?.settled && other.remoteUfrag === peer.ufrag) peer.become('connected');
		}
	}
}

export class FakePeer {
	signalingState: RTCSignalingState = 'stable';
	connectionState: RTCPeerConnectionState = 'new';
	localDescription: Described | null = null;
	currentLocalDescription: Described | null = null;
	currentRemoteDescription: Described | null = null;
	remoteDescription: Described | null = null;
	onnegotiationneeded: (() => void) | null = null;
	onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
	onconnectionstatechange: (() => void) | null = null;
	ontrack: ((event: { track: unknown }) => void) | null = null;
	offers = 0;
	answers = 0;
	candidates: RTCIceCandidateInit[] = [];
	#session = 1000 + made++;
	#generation = 0;
	#asked = false;
	#stable: Described | null = null;
	#places: FakeTransceiver[] = [];
	#ether: Ether;

	constructor(
		ether: Ether,
		public config: RTCConfiguration = {},
	) {
		this.#ether = ether;
		ether.peers.push(this);
	}

	get ufrag(): string {
		return `u${this.#session}g${this.#generation}`;
	}
	get remoteUfrag(): string | null {
		return /a=ice-ufrag:(\S+)/.exec(this.remoteDescription?.sdp ?? '')?.[1] ?? null;
	}
	get open(): boolean {
		return this.signalingState !== 'closed';
	}
	get settled(): boolean {
		return this.signalingState === 'stable' && this.remoteDescription !== null;
	}

	addTransceiver(what: string | { kind: string }, { direction }: RTCRtpTransceiverInit): void {
		const kind = typeof what === 'string' ? what : what.kind;
		this.#places.push(place(kind, direction ?? 'sendrecv', typeof what === 'string' ? null : what));
		this.#needed();
	}
	getTransceivers(): FakeTransceiver[] {
		return this.#places;
	}
	getReceivers(): FakeTransceiver['receiver'][] {
		return this.#places.map(({ receiver }) => receiver);
	}
	setConfiguration(config: RTCConfiguration): void {
		this.config = config;
	}

	restartIce(): void {
		this.#generation += 1;
		this.#needed();
	}

	async setLocalDescription(): Promise<void> {
		await this.#operation();
		const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
		this.localDescription = { type, sdp: this.#sdp() };
		this[type === 'offer' ? 'offers' : 'answers'] += 1;
		this.#to(type === 'offer' ? 'have-local-offer' : 'stable');
		this.onicecandidate?.({
			candidate: { candidate: 'c', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: this.ufrag },
		});
	}

	async setRemoteDescription(description: Described): Promise<void> {
		await this.#operation();
		if (description.type === 'answer' && this.signalingState !== 'have-local-offer')
			throw new Error('InvalidStateError');
		if (description.type === 'offer' && this.signalingState === 'have-local-offer') {
			this.localDescription = this.#stable; // implicit rollback
		}
		this.remoteDescription = description;
		if (description.type === 'offer') this.#receive(description.sdp);
		this.#to(description.type === 'offer' ? 'have-remote-offer' : 'stable');
	}

	async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
		await this.#operation();
		if (!this.remoteDescription) throw new Error('InvalidStateError');
		if (candidate.usernameFragment !== this.remoteUfrag) throw new Error('OperationError');
		this.candidates.push(candidate);
	}

	close(): void {
		this.signalingState = 'closed';
		this.connectionState = 'closed';
	}

	become(state: RTCPeerConnectionState): void {
		if (this.connectionState === state || !this.open) return;
		this.connectionState = state;
		this.onconnectionstatechange?.();
	}

	/** Several wishes make one event, and a wish that was rolled back comes again. */
	#needed(): void {
		if (this.#asked) return;
		this.#asked = true;
		queueMicrotask(() => {
			this.#asked = false;
			if (this.signalingState === 'stable' && this.#wants()) this.onnegotiationneeded?.();
		});
	}
	#wants(): boolean {
		return !this.localDescription?.sdp.includes(`${this.ufrag}\n`);
	}
	#receive(sdp: string): void {
		for (const kind of /m=(.*)/.exec(sdp)?.[1]?.split(',') ?? []) {
			if (this.#places.some(({ receiver }) => receiver.track.kind === kind)) continue;
			this.#places.push(place(kind, 'recvonly', null));
		}
		for (const { receiver } of this.#places) this.ontrack?.({ track: receiver.track });
	}
	#to(state: RTCSignalingState): void {
		this.signalingState = state;
		if (state !== 'stable') return;
		this.#stable = this.currentLocalDescription = this.localDescription;
		this.currentRemoteDescription = this.remoteDescription;
		this.#needed();
		this.#ether.settle();
	}
	#sdp(): string {
		const kinds = this.#places.map(({ receiver }) => receiver.track.kind).join(',');
		return `v=0\no=- ${this.#session} ${this.offers} IN IP4 0.0.0.0\na=ice-ufrag:${this.ufrag}\nm=${kinds}\n`;
	}
	async #operation(): Promise<void> {
		await Promise.resolve();
		if (!this.open) throw new Error('InvalidStateError');
	}
}

function place(kind: string, direction: RTCRtpTransceiverDirection, track: unknown): FakeTransceiver {
	const sender = {
		track,
		parameters: { encodings: [{}] } as unknown as RTCRtpSendParameters,
		replaceTrack: async (next: unknown): Promise<void> => void (sender.track = next),
		setStreams: (): void => {},
		getParameters: (): RTCRtpSendParameters => structuredClone(sender.parameters),
		setParameters: async (next: RTCRtpSendParameters): Promise<void> => void (sender.parameters = next),
	};
	return { direction, sender, receiver: { track: { kind } } };
}
