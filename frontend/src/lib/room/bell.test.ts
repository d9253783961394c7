import { beforeEach, expect, test } from 'vitest';
import { Bell, type Call } from './bell.svelte.js';

let played: Call[];
let elsewhere: boolean;
let time: number;

function bell(sounds = true): Bell {
	const play = (call: Call): void => void played.push(call);
	return new Bell({ play, elsewhere: () => elsewhere, now: () => time }, sounds);
}

beforeEach(() => {
	[played, elsewhere, time] = [[], false, 0];
});

test('the door that opens and somebody who knocks are heard', () => {
	const one = bell();
	one.ring('opened');
	time += 10_000;
	one.ring('knocked');

	expect(played).toEqual(['opened', 'knocked']);
});

test('several people who knock at once are one sound', () => {
	const one = bell();
	for (let count = 0; count < 5; count++) one.ring('knocked');

	expect(played).toEqual(['knocked']);
});

test('switched off it is silent, and the tab still calls', () => {
	const one = bell(false);
	elsewhere = true;
	one.ring('opened');

	expect(played).toEqual([]);
	expect(one.calling).toBe(true);
});

test('the tab calls until the person is back, and not at all when they are there', () => {
	const one = bell();
	one.ring('opened');
	expect(one.calling).toBe(false);

	elsewhere = true;
	one.ring('opened');
	one.seen();
	expect(one.calling).toBe(true);
	elsewhere = false;
	one.seen();
	expect(one.calling).toBe(false);
});
