import { beforeEach, describe, expect, test } from 'vitest';
import { Connection, type Entry, type Socket, type Standing } from './connection.js';
import type { ClientMessage, ServerMessage } from './messages.gen.js';

/** A server at the other end of the line, and a clock one turns by hand. */
class World {
	lines: Line[] = [];
	passes: (Entry | null | Error)[] = [];
	time = 0;
	readonly page = 'this-page';
	#alarms: { at: number; what: () => void }[] = [];

	open = (url: string): Socket => {
		const line = new Line(url);
		this.lines.push(line);
		return line;
	};
	now = (): number => this.time;
	chance = (): number => 0.5;
	renew = async (): Promise<Entry | null> => {
		const next = this.passes.shift();
		if (next === undefined || next instanceof Error) throw next ?? new Error('No answer.');
		return next;
	};
	after = (ms: number, what: () => void): (() => void) => {
		const alarm = { at: this.time + ms, what };
		this.#alarms.push(alarm);
		return () => (this.#alarms = this.#alarms.filter((other) => other !== alarm));
	};

	/** Lets `ms` pass, with everything that falls due in it. */
	async pass(ms: number): Promise<void> {
		const end = this.time + ms;
		for (;;) {
			const due = this.#alarms.filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at)[0];
			if (!due) break;
			this.#alarms = this.#alarms.filter((other) => other !== due);
			this.time = due.at;
			due.what();
			for (let turn = 0; turn < 5; turn++) await Promise.resolve();
		}
		this.time = end;
	}
}

class Line implements Socket {
	onopen: Socket['onopen'] = null;
	onmessage: Socket['onmessage'] = null;
	onclose: Socket['onclose'] = null;
	readyState: Socket['readyState'] = 0;
	sent: ClientMessage[] = [];
	closed = false;

	constructor(readonly url: string) {}

	send(text: string): void {
		this.sent.push(JSON.parse(text) as ClientMessage);
	}
	close(): void {
		this.closed = true;
		this.readyState = 3;
	}
	connect(): void {
		this.readyState = 1;
		this.onopen?.call(this as unknown as WebSocket, new Event('open'));
	}
	say(message: ServerMessage): void {
		const event = new MessageEvent('message', { data: JSON.stringify(message) });
		this.onmessage?.call(this as unknown as WebSocket, event);
	}
	drop(): void {
		this.readyState = 3;
		this.onclose?.call(this as unknown as WebSocket, new Event('close') as CloseEvent);
	}
}

const ENTRY: Entry = { pass: 'first', socket: 'ws://ronda.test/room' };

let world: World;
let heard: ServerMessage[];
let standings: Standing[];
let connection: Connection;

const line = (): Line => world.lines.at(-1)!;

function arrive(): void {
	line().connect();
	line().say({ type: 'waiting' });
}

beforeEach(() => {
	world = new World();
	heard = [];
	standings = [];
	connection = new Connection(world, {
		hear: (message) => heard.push(message),
		standing: (standing) => standings.push(standing),
	});
	connection.start(ENTRY);
});

describe('the connection', () => {
	test('says hello with the pass as its first words', () => {
		line().connect();

		expect(line().sent).toEqual([{ type: 'hello', version: 1, token: 'first', page: 'this-page' }]);
	});

	test('is open when the server has answered, not before', () => {
		line().connect();
		expect(connection.standing).toBe('connecting');

		line().say({ type: 'waiting' });
		expect(standings).toEqual(['open']);
		expect(heard).toEqual([{ type: 'waiting' }]);
	});

	test('a lost line is taken up again with a renewed pass', async () => {
		arrive();
		world.passes = [{ ...ENTRY, pass: 'second' }];

		line().drop();
		expect(connection.standing).toBe('reconnecting');
		await world.pass(1000);
		line().connect();

		expect(world.lines).toHaveLength(2);
		expect(line().sent).toEqual([{ type: 'hello', version: 1, token: 'second', page: 'this-page' }]);
	});

	test('a server that is away for three seconds has everyone back within five', async () => {
		arrive();
		line().say({ type: 'bye', reason: 'restarting' });
		const away = new Error('connection refused');

		world.passes = Array.from({ length: 50 }, () => away);
		await world.pass(3000);
		world.passes = [{ ...ENTRY, pass: 'back' }];
		await world.pass(2000);

		expect(world.lines).toHaveLength(2);
	});

	test('removed means removed: it never comes back by itself', async () => {
		arrive();
		line().say({ type: 'bye', reason: 'removed' });
		world.passes = [ENTRY];
		await world.pass(60_000);

		expect(heard.at(-1)).toEqual({ type: 'bye', reason: 'removed' });
		expect(connection.standing).toBe('closed');
		expect(world.lines).toHaveLength(1);
	});

	test('without a seat there is nothing to come back to', async () => {
		arrive();
		world.passes = [null];
		line().drop();
		await world.pass(1000);

		expect(heard.at(-1)).toEqual({ type: 'bye', reason: 'bad_pass' });
		expect(connection.standing).toBe('closed');
	});

	test('a server that never answers is given up and tried again', async () => {
		line().connect();
		world.passes = [ENTRY];
		await world.pass(8000);

		expect(world.lines[0]?.closed).toBe(true);
		expect(world.lines).toHaveLength(2);
	});

	test('back online it does not sit out its waiting time', async () => {
		arrive();
		line().drop();
		world.passes = [ENTRY];
		connection.tryNow();
		await world.pass(0);

		expect(world.lines).toHaveLength(2);
	});

	test('a socket that only looks alive is left for a new one', async () => {
		arrive();
		world.passes = [ENTRY];
		connection.distrust();
		await world.pass(1000);

		expect(world.lines[0]?.closed).toBe(true);
		expect(world.lines).toHaveLength(2);
	});

	test('the same page says so on every line', async () => {
		arrive();
		world.passes = [{ ...ENTRY, pass: 'second' }];
		connection.distrust();
		await world.pass(1000);
		line().connect();

		const pages = world.lines.flatMap(({ sent }) => sent).map((said) => 'page' in said && said.page);
		expect(pages).toEqual(['this-page', 'this-page']);
	});

	test('what the line it left behind still says is not heard', async () => {
		arrive();
		const left = line();
		world.passes = [{ ...ENTRY, pass: 'second' }];
		connection.distrust();
		await world.pass(1000);
		arrive();
		left.say({ type: 'bye', reason: 'resumed' });
		left.drop();

		expect(connection.standing).toBe('open');
		expect(heard).toEqual([{ type: 'waiting' }, { type: 'waiting' }]);
	});

	test('on another network a line has to prove that it lives', async () => {
		arrive();
		world.passes = [{ ...ENTRY, pass: 'second' }];
		connection.tryNow();
		expect(line().sent.at(-1)).toEqual({ type: 'renew' });
		await world.pass(5000);

		expect(world.lines).toHaveLength(2);
		expect(world.lines[0]?.closed).toBe(true);
	});

	test('a line that answers is kept', async () => {
		arrive();
		connection.tryNow();
		line().say({ type: 'ice', servers: [], policy: 'all' });
		await world.pass(60_000);

		expect(world.lines).toHaveLength(1);
		expect(standings).toEqual(['open']);
	});

	test('what nobody can hear is not kept for later', () => {
		arrive();
		expect(connection.send({ type: 'hand', up: true })).toBe(true);
		line().drop();
		expect(connection.send({ type: 'hand', up: false })).toBe(false);
	});

	test('after closing nothing rings any more', async () => {
		arrive();
		connection.close();
		world.passes = [ENTRY];
		await world.pass(60_000);

		expect(world.lines).toHaveLength(1);
	});
});
