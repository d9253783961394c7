import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leave, onExit, TripleShift } from '../src/lib/exit.js';

const happened: string[] = [];

beforeEach(() => {
	happened.length = 0;
	document.body.innerHTML = '<h1>Tuesday circle</h1>';
	vi.stubGlobal('fetch', (address: string, options: RequestInit) => {
		happened.push(`${options.method} ${address} ${options.keepalive ? 'keepalive' : ''}`);
		return Promise.resolve(new Response());
	});
	vi.stubGlobal('location', { replace: (to: string) => happened.push(`to ${to}`) });
});

afterEach(() => {
	vi.unstubAllGlobals();
	document.head.innerHTML = '';
});

test('devices stop before anything else happens', () => {
	const forget = onExit(() => happened.push('tracks stopped'));

	leave();
	forget();

	expect(happened).toEqual(['tracks stopped', 'POST /api/exit keepalive', 'to /bye']);
	expect(document.body.innerHTML).toBe('');
});

test('a callback that fails keeps nobody here', () => {
	const forget = onExit(() => {
		throw new Error('no such track');
	});

	leave();
	forget();

	expect(happened.at(-1)).toBe('to /bye');
});

test('the operator chooses where the exit leads', () => {
	document.head.innerHTML = '<meta name="exit-url" content="https://weather.example/">';

	leave();

	expect(happened.at(-1)).toBe('to https://weather.example/');
});

test('a callback taken back is not called', () => {
	onExit(() => happened.push('never'))();

	leave();

	expect(happened).not.toContain('never');
});

test('three times Shift is an exit', () => {
	expect(presses('Shift 0', 'Shift 300', 'Shift 600')).toBe(true);
});

test('two times Shift, or three times slowly, is not', () => {
	expect(presses('Shift 0', 'Shift 300')).toBe(false);
	expect(presses('Shift 0', 'Shift 900', 'Shift 1800')).toBe(false);
});

test('writing capital letters is not an exit', () => {
	expect(presses('Shift 0', 'A 100', 'Shift 200', 'B 300', 'Shift 400')).toBe(false);
});

test('switching the keyboard’s language is not an exit', () => {
	expect(presses('Shift 0 alt', 'Shift 200 alt', 'Shift 400 alt')).toBe(false);
	expect(presses('Shift 0 ctrl', 'Shift 200 ctrl', 'Shift 400 ctrl')).toBe(false);
});

function presses(...keys: string[]): boolean {
	const shifts = new TripleShift();
	const heard = keys.map((press) => {
		const [key = '', at, with_] = press.split(' ');
		return shifts.hears({
			key,
			timeStamp: Number(at),
			altKey: with_ === 'alt',
			ctrlKey: with_ === 'ctrl',
			metaKey: false,
			repeat: false,
		});
	});
	return heard.includes(true);
}
