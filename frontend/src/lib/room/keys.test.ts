import { expect, test } from 'vitest';
import { shortcut, wantsToSpeak } from './keys.js';

function press(code: string, target: string = 'body', more: object = {}) {
	const element = target === 'body' ? document.body : document.createElement(target);
	return { code, key: '', altKey: false, ctrlKey: false, metaKey: false, target: element, ...more };
}

test.each([
	['KeyM', 'microphone'],
	['KeyV', 'camera'],
	['KeyH', 'hand'],
	['KeyL', 'layout'],
	['KeyC', 'chat'],
])('%s means %s on any keyboard', (code, meaning) => {
	expect(shortcut(press(code, 'body', { key: 'צ' }))).toBe(meaning);
});

test.each(['?', '؟'])('%s opens the options', (key) => {
	expect(shortcut(press('Slash', 'body', { key }))).toBe('options');
});

test('nothing happens while somebody types', () => {
	expect(shortcut(press('KeyM', 'input'))).toBe(null);
	expect(wantsToSpeak(press('Space', 'textarea'))).toBe(false);
});

test('keys of the browser stay with the browser', () => {
	expect(shortcut(press('KeyC', 'body', { ctrlKey: true }))).toBe(null);
});

test('space speaks only where it presses nothing', () => {
	expect(wantsToSpeak(press('Space'))).toBe(true);
	expect(wantsToSpeak(press('Space', 'button'))).toBe(false);
});
