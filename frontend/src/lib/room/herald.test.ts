import { expect, test } from 'vitest';
import { Herald } from './herald.svelte.js';

/** Holds what is to be done later, until the test says that it is later. */
function later() {
	const waiting: (() => void)[] = [];
	return {
		after: (_: number, what: () => void) => {
			waiting.push(what);
			return () => waiting.splice(waiting.indexOf(what), 1);
		},
		waiting,
		pass: () => waiting.splice(0).forEach((act) => act()),
	};
}

test('several people who come and go are one sentence each', () => {
	const clock = later();
	const herald = new Herald(clock.after);
	for (const name of ['Ada', 'Bo']) herald.tell({ kind: 'joined', name });
	herald.tell({ kind: 'left', name: 'Cy' });

	expect(herald.said).toBe('');
	expect(clock.waiting).toHaveLength(1);
	clock.pass();
	expect(herald.said).toBe('Joined: \u2068Ada\u2069 and \u2068Bo\u2069. Left: \u2068Cy\u2069');
});

test('somebody who writes three lines is named once', () => {
	const clock = later();
	const herald = new Herald(clock.after);
	const line = { type: 'said' as const, seat: 's', name: 'Ada', text: '', at: 0 };
	for (let count = 0; count < 3; count++) herald.tell({ kind: 'said', line });
	clock.pass();

	expect(herald.said).toBe('New in the chat from \u2068Ada\u2069');
});

test('whoever was let in hears that they are in', () => {
	const clock = later();
	const herald = new Herald(clock.after);
	herald.tell({ kind: 'opened' });
	clock.pass();

	expect(herald.said).toBe('The door is open. You are in the circle now.');
});

test('after the visit nothing is said any more', () => {
	const clock = later();
	const herald = new Herald(clock.after);
	herald.tell({ kind: 'joined', name: 'Ada' });
	herald.close();

	expect(clock.waiting).toHaveLength(0);
});
