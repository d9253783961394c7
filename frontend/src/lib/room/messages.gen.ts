/**
 * The protocol between browser and room.
 * Written by `python -m signaling.schema` from signaling/messages.py: change it there.
 */

export const VERSION = 1;

export type Role = 'facilitator' | 'member' | 'guest';

export type RefusalReason =
	'not_allowed' | 'unknown_seat' | 'full' | 'too_much' | 'too_long' | 'not_admitted' | 'bad_message';

export type ByeReason =
	| 'removed'
	| 'replaced'
	| 'full'
	| 'ended'
	| 'left'
	| 'bad_pass'
	| 'old_version'
	| 'closed'
	| 'slow'
	| 'restarting'
	| 'resumed';

/** First of all messages, within 5 seconds. A newer client may say more than we know. */
export interface Hello {
	type: 'hello';
	version: number;
	token: string;
	page?: string;
}

export interface Admit {
	type: 'admit';
	seat: string;
}

export interface AdmitAll {
	type: 'admitall';
}

export interface Remove {
	type: 'remove';
	seat: string;
}

export interface End {
	type: 'end';
}

export interface Chat {
	type: 'chat';
	text: string;
}

export interface Hand {
	type: 'hand';
	up: boolean;
}

/** What is open at the speaker's own seat. There is no message that opens another's. */
export interface Devices {
	type: 'devices';
	microphone: boolean;
	camera: boolean;
}

export interface Leave {
	type: 'leave';
}

/** Asks for fresh `ice`: what a relay lets one in with is short-lived. */
export interface Renew {
	type: 'renew';
}

export interface Describe {
	type: 'describe';
	to: string;
	kind: 'answer' | 'offer';
	sdp: string;
}

/** One way to reach a browser; an empty one ends the list. */
export interface Candidate {
	type: 'candidate';
	to: string;
	candidate: string;
	mid: string | null;
	index: number | null;
	fragment: string | null;
}

/** What the admitted see of each other, and nothing more. */
export interface Peer {
	seat: string;
	name: string;
	role: Role;
	microphone: boolean;
	camera: boolean;
	away: boolean;
}

export interface Knock {
	seat: string;
	name: string;
}

export interface IceServer {
	urls: string[];
	username?: string;
	credential?: string;
}

/** How browsers may find each other: part of `welcome`, and the answer to `renew`. */
export interface Ice {
	type: 'ice';
	servers: IceServer[];
	policy: 'all' | 'relay';
}

/** You are in the lobby. Of the others it says nothing, not even whether there are any. */
export interface Waiting {
	type: 'waiting';
}

export interface Welcome {
	type: 'welcome';
	you: string;
	name: string;
	role: Role;
	title: string;
	direct: boolean;
	peers: Peer[];
	hands: string[];
	lobby: Knock[];
	ice: Ice;
	closes_at: number;
}

export interface Joined {
	type: 'joined';
	peer: Peer;
}

export interface Left {
	type: 'left';
	seat: string;
}

export interface Away {
	type: 'away';
	seat: string;
}

export interface Back {
	type: 'back';
	seat: string;
}

export interface Knocked {
	type: 'knocked';
	knock: Knock;
}

export interface Unknocked {
	type: 'unknocked';
	seat: string;
}

export interface Said {
	type: 'said';
	seat: string;
	name: string;
	text: string;
	at: number;
}

export interface Hands {
	type: 'hands';
	order: string[];
}

export interface DevicesOf {
	type: 'devicesof';
	seat: string;
	microphone: boolean;
	camera: boolean;
}

export interface Described {
	type: 'described';
	by: string;
	kind: 'answer' | 'offer';
	sdp: string;
}

export interface CandidateOf {
	type: 'candidateof';
	by: string;
	candidate: string;
	mid: string | null;
	index: number | null;
	fragment: string | null;
}

/** `command` is the type of what was refused, empty when it could not be read. */
export interface Refused {
	type: 'refused';
	command: string;
	reason: RefusalReason;
}

/** The last message of a socket; it is closed right after. */
export interface Bye {
	type: 'bye';
	reason: ByeReason;
}

export type ClientMessage =
	Hello | Admit | AdmitAll | Remove | End | Chat | Hand | Devices | Leave | Renew | Describe | Candidate;

export type ServerMessage =
	| Waiting
	| Welcome
	| Joined
	| Left
	| Away
	| Back
	| Knocked
	| Unknocked
	| Said
	| Hands
	| DevicesOf
	| Ice
	| Described
	| CandidateOf
	| Refused
	| Bye;
