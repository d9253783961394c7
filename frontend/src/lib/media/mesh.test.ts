import { beforeEach, describe, expect, test, vi } from 'vitest';
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

interface Visitor {
	mesh: Mesh;
	links: Map<string, Link>;
	peers: FakePeer[];
	/** Lets the patience of this visitor's links run out. */
	impatient(): void;
}

let ether: Ether;
let post: Post;

function visitor(seat: string): Visitor {
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
		changed: (other, link) => void (link ? links.set(other, link) : links.delete(other)),
		after: (_, what) => {
			alarms.push(what);
			return () => (alarms = alarms.filter((other) => other !== what));
		},
	});
	post.meshes.set(seat, mesh);
	return { mesh, links, peers, impatient: () => alarms.splice(0).forEach((ring) => ring()) };
}

const someone = (seat: string): Peer => ({
	seat,
	name: seat,
	role: 'member',
	microphone: false,
	camera: false,
	away: false,
});

function welcome(you: string, others: string[]): ServerMessage {
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

const quiet = async (): Promise<void> => {
	for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};

const healths = (...visitors: Visitor[]): string[] =>
	visitors.flatMap(({ links }) => [...links.values()].map(({ health }) => health));

/** Ada is there; Bo comes in and offers. */
async function together(first = 'ada', second = 'bo'): Promise<[Visitor, Visitor]> {
	const [ada, bo] = [visitor(first), visitor(second)];
	ada.mesh.hear(welcome(first, []));
	ada.mesh.hear({ type: 'joined', peer: someone(second) });
	bo.mesh.hear(welcome(second, [first]));
	await quiet();
	return [ada, bo];
}

beforeEach(() => {
	ether = new Ether();
	post = new Post();
});

describe('coming together', () => {
	test('the newcomer offers and both are connected', async () => {
		const [ada, bo] = await together();

		expect(healths(ada, bo)).toEqual(['connected', 'connected']);
		expect(post.said).toEqual([
			['bo', 'offer'],
			['ada', 'answer'],
		]);
	});

	test('sound comes before picture, one place each, both ways', async () => {
		const [ada, bo] = await together();

		for (const peer of [ada.peers[0]!, bo.peers[0]!]) {
			expect(peer.getTransceivers().map(({ receiver }) => receiver.track.kind)).toEqual(['audio', 'video']);
			expect(peer.getTransceivers().map(({ direction }) => direction)).toEqual(['sendrecv', 'sendrecv']);
		}
	});

	test('only servers that were named are asked, in the way that was named', async () => {
		const [, bo] = await together();

		expect(bo.peers[0]!.config).toEqual({
			iceServers: [{ urls: ['turn:relay.test'], username: 'u', credential: 'c' }],
			iceTransportPolicy: 'relay',
		});
	});

	test('four people make six connections', async () => {
		const seats = ['a', 'b', 'c', 'd'];
		const all = seats.map(visitor);
		for (const [index, one] of all.entries()) one.mesh.hear(welcome(seats[index]!, seats.slice(0, index)));
		await quiet();

		expect(healths(...all)).toEqual(Array.from({ length: 12 }, () => 'connected'));
		expect(ether.peers).toHaveLength(12);
	});

	test('candidates reach the connection they belong to', async () => {
		const [ada, bo] = await together();

		expect(ada.peers[0]!.candidates).toHaveLength(1);
		expect(bo.peers[0]!.candidates).toHaveLength(1);
	});
});

describe('devices', () => {
	const track = { kind: 'video' } as MediaStreamTrack;

	test('switching a camera on and off needs no negotiation', async () => {
		const [ada, bo] = await together();
		post.said = [];

		ada.mesh.show('video', track);
		await quiet();
		expect(ada.peers[0]!.getTransceivers()[1]!.sender.track).toBe(track);
		ada.mesh.show('video', null);
		bo.mesh.show('video', track);
		await quiet();

		expect(ada.peers[0]!.getTransceivers()[1]!.sender.track).toBe(null);
		expect(post.said).toEqual([]);
	});

	test('what is on already is shown to whoever comes later', async () => {
		const ada = visitor('ada');
		ada.mesh.show('video', track);
		ada.mesh.hear(welcome('ada', []));
		visitor('bo').mesh.hear(welcome('bo', ['ada']));
		await quiet();

		expect(ada.peers[0]!.getTransceivers()[1]!.sender.track).toBe(track);
	});
});

describe.each([
	['ada', 'bo'],
	['bo', 'ada'],
])('glare, with %s offering first', (first, second) => {
	test('offers that cross still end in one connection', async () => {
		const [one, two] = [visitor(first), visitor(second)];
		post.held = [];
		one.mesh.hear(welcome(first, [second]));
		two.mesh.hear(welcome(second, [first]));
		await quiet();
		post.release();
		await quiet();

		expect(healths(one, two)).toEqual(['connected', 'connected']);
		expect(ether.peers).toHaveLength(2);
	});

	test('an offer that was lost is said again when the other side is heard', async () => {
		const [one, two] = [visitor(first), visitor(second)];
		post.deaf.add(second);
		one.mesh.hear(welcome(first, [second]));
		await quiet();
		post.deaf.clear();
		two.mesh.hear(welcome(second, [first]));
		await quiet();

		expect(healths(one, two)).toEqual(['connected', 'connected']);
	});
});

describe('losing and coming back', () => {
	test('a restarted server finds the connections as they were', async () => {
		const [ada, bo] = await together();
		post.said = [];

		ada.mesh.hear(welcome('ada', ['bo']));
		bo.mesh.hear(welcome('bo', ['ada']));
		await quiet();

		expect(post.said).toEqual([]);
		expect(ether.peers).toHaveLength(2);
		expect(healths(ada, bo)).toEqual(['connected', 'connected']);
	});

	test.each(['ada', 'bo'])('a reloaded page of %s is met with a new connection', async (seat) => {
		const [ada, bo] = await together();
		const [stayed, other] = seat === 'bo' ? [ada, 'ada'] : [bo, 'bo'];
		const again = visitor(seat);

		again.mesh.hear(welcome(seat, [other]));
		await quiet();

		expect(healths(stayed, again)).toEqual(['connected', 'connected']);
		expect(stayed.peers).toHaveLength(2);
		expect(stayed.peers[0]!.open).toBe(false);
	});

	test.each(['ada', 'bo'])('an answer from a page that started over makes %s offer afresh', async (seat) => {
		const [ada, bo] = await together();
		const [stayed, other] = seat === 'ada' ? [ada, 'bo'] : [bo, 'ada'];
		const again = visitor(other);
		again.mesh.hear(welcome(other, []));

		stayed.mesh.networkChanged();
		await quiet();

		expect(healths(stayed, again)).toEqual(['connected', 'connected']);
	});

	test('a network that changed restarts ICE on the same connection', async () => {
		const [ada, bo] = await together();
		const before = ada.peers[0]!.ufrag;
		post.said = [];

		ada.mesh.networkChanged();
		await quiet();

		expect(ada.peers).toHaveLength(1);
		expect(ada.peers[0]!.ufrag).not.toBe(before);
		expect(post.said).toEqual([
			['ada', 'offer'],
			['bo', 'answer'],
		]);
		expect(healths(ada, bo)).toEqual(['connected', 'connected']);
	});

	test('a connection that stays interrupted is mended, then made anew', async () => {
		const [ada] = await together();
		post.deaf.add('bo');
		ada.peers[0]!.become('disconnected');
		expect(healths(ada)).toEqual(['reconnecting']);

		ada.impatient();
		expect(ada.peers).toHaveLength(1);
		ada.impatient();
		expect(ada.peers).toHaveLength(2);
	});

	test('whoever joins without an offer believes to be connected, and is offered one', async () => {
		const [ada, bo] = await together();
		ada.mesh.hear({ type: 'left', seat: 'bo' });
		ada.mesh.hear({ type: 'joined', peer: someone('bo') });
		bo.mesh.hear(welcome('bo', ['ada']));
		await quiet();
		expect(ada.links.size).toBe(0);

		ada.impatient();
		await quiet();
		expect(healths(ada, bo)).toEqual(['connected', 'connected']);
	});

	test('an ICE restart that nobody heard is said again after the next welcome', async () => {
		const [ada, bo] = await together();
		post.deaf.add('ada');
		ada.mesh.networkChanged();
		await quiet();
		post.deaf.clear();
		post.said = [];

		ada.mesh.hear(welcome('ada', ['bo']));
		await quiet();

		expect(post.said).toEqual([
			['ada', 'offer'],
			['bo', 'answer'],
		]);
		expect(healths(ada, bo)).toEqual(['connected', 'connected']);
	});
});

describe('what is sent', () => {
	const shares = ({ peers }: Visitor): (number | undefined)[] =>
		peers
			.filter(({ open }) => open)
			.map((peer) => peer.getTransceivers()[1]!.sender.parameters.encodings[0]!.maxBitrate);

	test('the more people, the smaller the picture, for each of them', async () => {
		const [ada] = await together();
		const alone = shares(ada);
		const cy = visitor('cy');
		ada.mesh.hear({ type: 'joined', peer: someone('cy') });
		cy.mesh.hear(welcome('cy', ['ada', 'bo']));
		await quiet();

		expect(alone).toEqual([800_000]);
		expect(shares(ada)).toEqual([400_000, 400_000]);
		expect(shares(cy)).toEqual([400_000, 400_000]);

		ada.mesh.hear({ type: 'left', seat: 'cy' });
		await quiet();
		expect(shares(ada)).toEqual(alone);
	});

	test('sound comes first', async () => {
		const [ada, bo] = await together();

		for (const { peers } of [ada, bo]) {
			const [sound, picture] = peers[0]!
				.getTransceivers()
				.map(({ sender }) => sender.parameters.encodings[0]!);
			expect(sound).toEqual({ priority: 'high', networkPriority: 'high' });
			expect(picture!.priority).toBe('low');
		}
	});
});

describe('fresh relays', () => {
	const fresh = { urls: ['turn:relay.test'], username: 'later', credential: 'c2' };

	test('are for connections that flow and for those to come', async () => {
		const [ada] = await together();
		post.said = [];

		ada.mesh.hear({ type: 'ice', servers: [fresh], policy: 'relay' });
		await quiet();
		ada.mesh.hear({ type: 'joined', peer: someone('cy') });
		visitor('cy').mesh.hear(welcome('cy', ['ada']));
		await quiet();

		expect(ada.peers.map(({ config }) => config)).toEqual(
			Array.from({ length: 2 }, () => ({ iceServers: [fresh], iceTransportPolicy: 'relay' })),
		);
		expect(post.said.filter(([by]) => by === 'bo')).toEqual([]);
		expect(ada.peers[0]!.connectionState).toBe('connected');
	});
});

describe('going', () => {
	test('whoever left is let go of at once', async () => {
		const [ada] = await together();
		ada.mesh.hear({ type: 'left', seat: 'bo' });

		expect(ada.links.size).toBe(0);
		expect(ada.peers[0]!.open).toBe(false);
	});

	test('the removed keep no connection', async () => {
		const [, bo] = await together();
		bo.mesh.hear({ type: 'bye', reason: 'removed' });

		expect(bo.peers[0]!.open).toBe(false);
	});

	test('a seat missing from the next welcome is gone', async () => {
		const [ada] = await together();
		ada.mesh.hear(welcome('ada', []));

		expect(ada.peers[0]!.open).toBe(false);
	});
});
