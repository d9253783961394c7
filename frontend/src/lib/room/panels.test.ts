import { expect, test } from 'vitest';
import { Panels } from './panels.svelte.js';

test('on a narrow screen nothing covers the circle at first, and never two things', () => {
	const panels = new Panels(false, true);
	expect(panels.any).toBe(false);

	panels.toggle('chat');
	panels.toggle('people');
	expect([panels.chat, panels.people]).toEqual([false, true]);
});

test('on a wide screen the chat is open, and the people for whoever leads', () => {
	expect(new Panels(true, false)).toMatchObject({ chat: true, people: false });
	expect(new Panels(true, true)).toMatchObject({ chat: true, people: true });
});

test('lines count as unread while the chat is closed', () => {
	const panels = new Panels(true, false);
	panels.read(3);
	panels.toggle('chat');

	expect(panels.unread(5)).toBe(2);
});
