import { expect, test } from 'vitest';
import { inWords, nextLook } from './countdown.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
	[10_000, 'in 1 minute'],
	[12 * MINUTE, 'in 12 minutes'],
	[2 * HOUR, 'in 2 hours'],
	[30 * HOUR, 'in 30 hours'],
	[48 * HOUR, 'in 2 days'],
])('%i ms from now is "%s"', (ms, words) => {
	expect(inWords(ms, 'en-GB')).toBe(words);
});

test('it speaks the language of the page', () => {
	expect(inWords(12 * MINUTE, 'he-IL')).toBe('בעוד 12 דקות');
	expect(inWords(12 * MINUTE, 'ar-EG-u-nu-arab')).toBe('خلال ١٢ دقيقة');
});

test('the last minute ends when the door opens', () => {
	expect(nextLook(42_000)).toBe(42_000);
	expect(nextLook(0)).toBe(1000);
	expect(nextLook(5 * MINUTE + 7000)).toBe(7000);
});
