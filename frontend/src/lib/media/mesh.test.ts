import { beforeEach, describe, expect, test } from 'vitest';
import { begin, ether, healths, post, quiet, someone, together, visitor, welcome } from './meeting.fake.js';

beforeEach(begin);

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

	test('while the server is away nothing is begun that nobody could hear of', async () => {
		const [ada] = await together();
		post.deaf.add('ada');
		ada.peers[0]!.become('disconnected');

		ada.impatient();
		ada.impatient();
		expect(ada.peers[0]!.open).toBe(true);
		ada.peers[0]!.become('connected');

		expect([ada.peers.length, ...healths(ada)]).toEqual([1, 'connected']);
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
