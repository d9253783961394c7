/** Meshes that meet through a post in memory, for tests; their clocks are turned by hand. */
import { vi } from 'vitest';
import type { ClientMessage, Peer, ServerMessage } from '../room/messages.gen.js';
import { Ether, FakePeer, FakeStream } from './ether.fake.js';
import type { Link } from './link.js';
import { Mesh } from './mesh.js';

vi.stubGlobal('MediaStream', FakeStream);

/** Passes words between meshes in order, as the server would; may lose them, or hold them back. */
class Post {
	meshes = new Map<string, Mesh>();
	deaf = new Set<string>();
	held: [string, ServerMessage][] | null = null;
	said: [string, string][] = [];

	carry(by: string, message: ClientMessage): void {
		if (message.type !== 'describe' && message.type !== 'candidate') return;
		if (this.deaf.has(by)) return;
		if (message.type === 'describe') this.said.push([by, message.kind]);
		const { type, to, ...rest } = message;
		const heard = { ...rest, by, type: type === 'describe' ? 'described' : 'candidateof' } as ServerMessage;
		if (this.held) this.held.push([to, heard]);
		else this.deliver(to, heard);
	}
	deliver(to: string, heard: ServerMessage): void {
		queueMicrotask(() => !this.deaf.has(to) && this.meshes.get(to)?.hear(heard));
	}
	release(): void {
		for (const [to, heard] of this.held ?? []) this.deliver(to, heard);
		this.held = null;
	}
}

export interface Visitor {
	mesh: Mesh;
	links: Map<string, Link>;
	peers: FakePeer[];
	/** Lets the patience of this visitor's links run out. */
	impatient(): void;
}

export let ether: Ether;
export let post: Post;

/** Nobody has met yet. */
export function begin(): void {
	ether = new Ether();
	post = new Post();
}

export function visitor(seat: string): Visitor {
	const links = new Map<string, Link>();
	const peers: FakePeer[] = [];
	let alarms: (() => void)[] = [];
	const mesh = new Mesh({
		peer: (config) => {
			const peer = new FakePeer(ether, config);
			peers.push(peer);
			return peer as unknown as RTCPeerConnection;
		},
		send: (message) => post.carry(seat, message),
		online: () => !post.deaf.has(seat),
		changed: (other, link) => void (link ? links.set(other, link) : links.delete(other)),
		after: (_, what) => {
			alarms.push(what);
			return () => (alarms = alarms.filter((other) => other !== what));
		},
	});
	post.meshes.set(seat, mesh);
	return { mesh, links, peers, impatient: () => alarms.splice(0).forEach((ring) => ring()) };
}

export const someone = (seat: string): Peer => ({
	seat,
	name: seat,
	role: 'member',
	microphone: false,
	camera: false,
	away: false,
});

export function welcome(you: string, others: string[]): ServerMessage {
	const ice = {
		type: 'ice' as const,
		servers: [{ urls: ['turn:relay.test'], username: 'u', credential: 'c' }],
		policy: 'relay' as const,
	};
	return {
		type: 'welcome',
		you,
		name: you,
		role: 'member',
		title: '',
		direct: false,
		peers: others.map(someone),
		hands: [],
		lobby: [],
		ice,
		closes_at: 0,
	};
}

export const quiet = async (): Promise<void> => {
	for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};

export const healths = (...visitors: Visitor[]): string[] =>
	visitors.flatMap(({ links }) => [...links.values()].map(({ health }) => health));

/** Ada is there; Bo comes in and offers. */
export async function together(first = 'ada', second = 'bo'): Promise<[Visitor, Visitor]> {
	const [ada, bo] = [visitor(first), visitor(second)];
	ada.mesh.hear(welcome(first, []));
	ada.mesh.hear({ type: 'joined', peer: someone(second) });
	bo.mesh.hear(welcome(second, [first]));
	await quiet();
	return [ada, bo];
}
