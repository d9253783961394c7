import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientMessage, Peer, ServerMessage } from './messages.gen.js';
import { Room, type News } from './room.svelte.js';

const someone = (seat: string): Peer => ({
	seat,
	name: seat.toUpperCase(),
	role: 'member',
	microphone: false,
	camera: false,
	away: false,
});

const WELCOME: ServerMessage = {
	type: 'welcome',
	you: 'me',
	name: 'Mo',
	role: 'facilitator',
	title: 'Tuesday',
	direct: false,
	peers: [someone('ada'), someone('bo')],
	hands: ['bo'],
	lobby: [{ seat: 'cy', name: 'Cy' }],
	ice: { type: 'ice', servers: [], policy: 'all' },
	closes_at: 0,
};

let sent: ClientMessage[];
let news: News[];
let room: Room;

beforeEach(() => {
	sent = [];
	news = [];
	room = new Room(
		(message) => sent.push(message) > 0,
		(item) => news.push(item),
	);
});

describe('the lobby', () => {
	test('shows nothing of the others', () => {
		room.hear({ type: 'waiting' });

		expect(room.place).toBe('lobby');
		expect([room.peers, room.hands, room.lobby]).toEqual([[], [], []]);
	});

	test('whoever is let in is told so, and who comes in directly is not', () => {
		room.hear(WELCOME);
		expect(news).toEqual([]);

		room.hear({ type: 'waiting' });
		room.hear(WELCOME);
		expect(news).toEqual([{ kind: 'opened' }]);
	});

	test('a return to the lobby forgets who was there', () => {
		room.hear(WELCOME);
		room.hear({ type: 'waiting' });

		expect(room.peers).toEqual([]);
	});
});

describe('the room', () => {
	beforeEach(() => room.hear(WELCOME));

	test('begins as the server says', () => {
		expect(room.place).toBe('room');
		expect(room.peers.map(({ seat }) => seat)).toEqual(['ada', 'bo']);
		expect(room.leads).toBe(true);
		expect(news).toEqual([]);
	});

	test('one knows one’s own name, also after a reload', () => {
		expect(room.name).toBe('Mo');
	});

	test('newcomers stand at the end', () => {
		room.hear({ type: 'joined', peer: someone('cy') });

		expect(room.peers.map(({ seat }) => seat)).toEqual(['ada', 'bo', 'cy']);
		expect(news).toEqual([{ kind: 'joined', name: 'CY' }]);
	});

	test('whoever is there already is not announced twice', () => {
		room.hear({ type: 'joined', peer: someone('ada') });

		expect(room.peers).toHaveLength(2);
		expect(news).toEqual([]);
	});

	test('who leaves takes the raised hand along', () => {
		room.hear({ type: 'left', seat: 'bo' });

		expect(room.peers.map(({ seat }) => seat)).toEqual(['ada']);
		expect(room.hands).toEqual([]);
		expect(news).toEqual([{ kind: 'left', name: 'BO' }]);
	});

	test('a lost connection is an absence, not a goodbye', () => {
		room.hear({ type: 'away', seat: 'ada' });
		expect(room.peers[0]?.away).toBe(true);

		room.hear({ type: 'back', seat: 'ada' });
		expect(room.peers[0]?.away).toBe(false);
		expect(news).toEqual([]);
	});

	test('hands keep the order of the server', () => {
		room.hear({ type: 'hands', order: ['me', 'ada', 'bo'] });

		expect(room.hands).toEqual(['me', 'ada', 'bo']);
		expect(room.handUp).toBe(true);
	});

	test('others say what they have switched on', () => {
		room.hear({ type: 'devicesof', seat: 'ada', microphone: true, camera: true });

		expect(room.peers[0]).toMatchObject({ microphone: true, camera: true });
	});

	test("one's own line is shown and not announced", () => {
		room.hear({ type: 'said', seat: 'me', name: 'Me', text: 'hello', at: 1 });
		room.hear({ type: 'said', seat: 'ada', name: 'ADA', text: 'hi', at: 2 });

		expect(room.lines.map(({ text }) => text)).toEqual(['hello', 'hi']);
		expect(news.map(({ kind }) => kind)).toEqual(['said']);
	});

	test('people knock and go away again', () => {
		room.hear({ type: 'knocked', knock: { seat: 'di', name: 'Di' } });
		room.hear({ type: 'unknocked', seat: 'cy' });

		expect(room.lobby).toEqual([{ seat: 'di', name: 'Di' }]);
	});

	test('a second welcome after a lost socket announces only those who are new', () => {
		room.hear({ ...WELCOME, peers: [someone('ada'), someone('eve')] });

		expect(news).toEqual([{ kind: 'joined', name: 'EVE' }]);
	});

	test('what was refused is told, unless the browsers said it among themselves', () => {
		room.hear({ type: 'refused', command: 'describe', reason: 'unknown_seat' });
		room.hear({ type: 'refused', command: 'renew', reason: 'not_admitted' });
		expect(room.refused).toBe(null);

		room.hear({ type: 'refused', command: 'admit', reason: 'full' });
		expect(room.refused?.reason).toBe('full');
	});

	test('a last word leaves nothing of the others on the screen', () => {
		room.hear({ type: 'said', seat: 'ada', name: 'ADA', text: 'hi', at: 2 });
		room.hear({ type: 'bye', reason: 'removed' });

		expect(room.place).toBe('gone');
		expect(room.farewell).toBe('removed');
		expect([room.peers, room.lines, room.hands, room.lobby]).toEqual([[], [], [], []]);
	});
});

describe('what one says', () => {
	test('goes out as it was meant, and empty words do not', () => {
		room.say('  ');
		room.say(' shalom ');
		room.raise(true);
		room.admit('cy');

		expect(sent).toEqual([
			{ type: 'chat', text: 'shalom' },
			{ type: 'hand', up: true },
			{ type: 'admit', seat: 'cy' },
		]);
	});

	test('devices are nobody’s business before one is in the room', () => {
		room.tellDevices(true, true);
		expect(sent).toEqual([]);

		room.hear(WELCOME);
		room.tellDevices(true, false);
		expect(sent).toEqual([{ type: 'devices', microphone: true, camera: false }]);
	});
});
