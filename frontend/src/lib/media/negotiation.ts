/**
 * One RTCPeerConnection and the talk about it with the other side: the "perfect
 * negotiation" pattern (WebRTC: Real-Time Communication in Browsers - 10.7. Perfect
 * negotiation example). Both sides may offer at any time; when offers cross, the polite
 * side takes its own back.
 */
import type { Candidate, Describe } from '../room/messages.gen.js';
import { withRoleKept } from './dtls.js';

export type Words = Omit<Describe, 'to'> | Omit<Candidate, 'to'>;

export interface Wiring {
	polite: boolean;
	say(words: Words): void;
	/** The other side's first offer is in: time to put one's own tracks into its places. */
	offered(): void;
	/** What the other side described does not fit what we have. */
	misunderstood(): void;
}

export class Negotiation {
	#peer: RTCPeerConnection;
	#wiring: Wiring;
	#offering = false;
	#early: Omit<Candidate, 'to'>[] = [];
	#turn: Promise<void> = Promise.resolve();

	constructor(peer: RTCPeerConnection, wiring: Wiring) {
		this.#peer = peer;
		this.#wiring = wiring;
		peer.onnegotiationneeded = () => void this.#offer();
		peer.onicecandidate = ({ candidate }) => candidate && wiring.say(words(candidate));
	}

	/** One after the other: a candidate must not overtake the description it belongs to. */
	hear(words: Words): Promise<void> {
		this.#turn = this.#turn
			.then(() => this.#take(words))
			.catch((problem) => this.#survive(words.type, problem));
		return this.#turn;
	}

	/** Says an unanswered offer once more; it may have been lost with a socket. */
	repeat(): void {
		if (this.#peer.signalingState === 'have-local-offer') this.#describe();
	}

	#take(words: Words): Promise<void> {
		return words.type === 'describe' ? this.#described(words) : this.#candidate(words);
	}

	async #offer(): Promise<void> {
		this.#offering = true;
		try {
			await this.#peer.setLocalDescription();
			this.#describe();
		} catch (problem) {
			this.#survive('describe', problem);
		} finally {
			this.#offering = false;
		}
	}

	async #described({ kind, sdp }: Omit<Describe, 'to'>): Promise<void> {
		const unsettled = this.#offering || this.#peer.signalingState !== 'stable';
		// We insist on our own offer; that theirs arrived says that ours would arrive now, too.
		if (kind === 'offer' && unsettled && !this.#wiring.polite) return this.repeat();
		// An answer to an offer that was taken back meanwhile.
		if (kind === 'answer' && this.#peer.signalingState !== 'have-local-offer') return;

		await this.#peer.setRemoteDescription({ type: kind, sdp });
		if (kind === 'offer') await this.#answer();
		for (const words of this.#early.splice(0)) await this.#candidate(words);
	}

	async #answer(): Promise<void> {
		this.#wiring.offered();
		await this.#peer.setLocalDescription();
		this.#describe();
	}

	async #candidate(words: Omit<Candidate, 'to'>): Promise<void> {
		const remote = this.#peer.remoteDescription;
		if (!remote) return void this.#early.push(words);
		// Of an offer we ignored, or of the network before an ICE restart.
		if (words.fragment && !remote.sdp.includes(`a=ice-ufrag:${words.fragment}`)) return;
		await this.#peer.addIceCandidate({
			candidate: words.candidate,
			sdpMid: words.mid,
			sdpMLineIndex: words.index,
			usernameFragment: words.fragment,
		});
	}

	#describe(): void {
		const local = this.#peer.localDescription;
		if (local?.type !== 'offer' && local?.type !== 'answer') return;
		const { currentLocalDescription: before, currentRemoteDescription: theirs } = this.#peer;
		const sdp = local.type === 'offer' ? withRoleKept(local.sdp, before, theirs) : local.sdp;
		this.#wiring.say({ type: 'describe', kind: local.type, sdp });
	}

	/** What the other browser says must not break ours. A candidate less is no harm. */
	#survive(type: Words['type'], problem: unknown): void {
		if (this.#peer.signalingState === 'closed') return;
		console.warn(`The other side's words could not be used (${type}).`, problem);
		if (type === 'describe') this.#wiring.misunderstood();
	}
}

function words(candidate: RTCIceCandidate): Words {
	return {
		type: 'candidate',
		candidate: candidate.candidate,
		mid: candidate.sdpMid,
		index: candidate.sdpMLineIndex,
		fragment: candidate.usernameFragment,
	};
}
