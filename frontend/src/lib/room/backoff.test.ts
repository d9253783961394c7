import { describe, expect, test } from 'vitest';
import { backOff } from './backoff.js';

const CHANCES = [0, 0.25, 0.5, 0.999];

describe('back-off', () => {
	test('the first try comes within 0.3 to 1 second', () => {
		for (const chance of CHANCES) {
			expect(backOff(0, 0, chance)).toBeGreaterThanOrEqual(300);
			expect(backOff(0, 0, chance)).toBeLessThanOrEqual(1000);
		}
	});

	test('for half a minute nobody waits longer than two seconds', () => {
		for (const chance of CHANCES) expect(backOff(40, 29_000, chance)).toBeLessThanOrEqual(2000);
	});

	test('afterwards the tries become rare', () => {
		expect(backOff(40, 31_000, 0)).toBeGreaterThan(7000);
		expect(backOff(40, 31_000, 0.999)).toBeLessThanOrEqual(15_000);
	});

	test('two people seldom try at the same moment', () => {
		expect(new Set(CHANCES.map((chance) => backOff(1, 1000, chance))).size).toBe(CHANCES.length);
	});
});
