import { beforeEach, describe, expect, test } from 'vitest';
import { begin, post, quiet, someone, together, visitor, welcome, type Visitor } from './meeting.fake.js';

beforeEach(begin);

describe('what is sent', () => {
	const shares = ({ peers }: Visitor): (number | undefined)[] =>
		peers
			.filter(({ open }) => open)
			.map((peer) => peer.getTransceivers()[1]!.sender.parameters.encodings[0]!.maxBitrate);

	test('the more people, the smaller the picture, for each of them', async () => {
		const [ada] = await together();
		expect(shares(ada)).toEqual([800_000]);
		const cy = visitor('cy');
		ada.mesh.hear({ type: 'joined', peer: someone('cy') });
		cy.mesh.hear(welcome('cy', ['ada', 'bo']));
		await quiet();

		expect(shares(ada)).toEqual([400_000, 400_000]);
		expect(shares(cy)).toEqual([400_000, 400_000]);

		ada.mesh.hear({ type: 'left', seat: 'cy' });
		await quiet();
		expect(shares(ada)).toEqual([800_000]);
	});

	test('sound comes first', async () => {
		const [ada, bo] = await together();

		for (const { peers } of [ada, bo]) {
			const places = peers[0]!.getTransceivers();
			const priorities = places.map(({ sender }) => sender.parameters.encodings[0]!.priority);
			expect(priorities).toEqual(['high', 'low']);
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
