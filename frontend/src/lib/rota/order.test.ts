import { expect, test } from 'vitest';
import { moved } from './order.js';

test('somebody moves by one place', () => {
	expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
	expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
});

test('at the ends nothing moves', () => {
	expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
	expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
});
