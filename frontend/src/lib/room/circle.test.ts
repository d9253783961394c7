import { describe, expect, test } from 'vitest';
import { places, type Box } from './circle.js';

const DESK: Box = { width: 1280, height: 640 };
const PHONE: Box = { width: 390, height: 640 };
const LTR = { rtl: false, label: 30 };

const counts = Array.from({ length: 14 }, (_, index) => index + 1);

describe.each([
	['a desk', DESK],
	['a phone', PHONE],
])('the circle on %s', (_, box) => {
	test.each(counts)('%i tiles and their names stay inside', (count) => {
		for (const { x, y, size } of places(count, box, LTR)) {
			expect(Math.abs(x) + size / 2).toBeLessThanOrEqual(box.width / 2);
			expect(Math.abs(y) - 0.01).toBeLessThanOrEqual(box.height / 2 - size / 2 + 15);
			expect(y + size / 2 + LTR.label).toBeLessThanOrEqual(box.height / 2 + 15.01);
		}
	});

	test.each(counts)('none of %i tiles covers another', (count) => {
		const all = places(count, box, LTR);
		for (const [index, one] of all.entries())
			for (const other of all.slice(index + 1)) {
				const clear =
					Math.abs(one.x - other.x) >= one.size || Math.abs(one.y - other.y) >= one.size + LTR.label;
				expect(clear).toBe(true);
			}
	});

	test('everybody has the same size', () => {
		expect(new Set(places(9, box, LTR).map(({ size }) => size)).size).toBe(1);
	});
});

describe('the order of the circle', () => {
	test('one sees oneself at the bottom', () => {
		const all = places(7, DESK, LTR);
		expect(all[0]!.y).toBe(Math.max(...all.map(({ y }) => y)));
	});

	test('it runs clockwise, and the other way in right-to-left languages', () => {
		const clockwise = places(5, DESK, LTR)[1]!;
		const other = places(5, DESK, { ...LTR, rtl: true })[1]!;

		expect(clockwise.x).toBeLessThan(0);
		expect(other.x).toBeCloseTo(-clockwise.x, 5);
	});

	test('two people look at each other along the longer side', () => {
		expect(places(2, DESK, LTR).map(({ y }) => y)).toEqual([-15, -15]);
		expect(places(2, PHONE, LTR).map(({ x }) => x)).toEqual([0, 0]);
	});
});
