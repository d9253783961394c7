import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../api/client.js';
import type { Plan, Preview } from '../api/types.js';
import { booked, bookingFor, Booking } from './booking.svelte.js';
import { Looking } from './looking.svelte.js';

const NOW = new Date('2027-03-02T12:00:00Z');

beforeEach(() => {
	vi.stubGlobal('navigator', { languages: ['en-GB'] });
	vi.useFakeTimers();
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

test('a week from now, every week, ten times', () => {
	expect(new Booking(NOW).plan).toMatchObject({
		start: '2027-03-09T19:00:00',
		minutes: 75,
		rule: { frequency: 'weekly', weekdays: ['TU'], interval: 1, count: 10 },
		seats: null,
		skip: [],
	});
});

test('what is missing makes no plan', () => {
	const booking = new Booking(NOW);
	booking.repeating.ending = 'until';
	expect(booking.plan).toBeNull();
	booking.repeating.until = '2027-06-30';
	expect(booking.plan?.rule).toMatchObject({ until: '2027-06-30', count: null });

	booking.repeating.rhythm = 'weeks';
	booking.repeating.weekdays = [];
	expect(booking.plan).toBeNull();
});

test('the series begins with a date of its rule', () => {
	const booking = new Booking(NOW);
	booking.repeating.rhythm = 'work';

	expect(booking.plan?.start).toBe('2027-03-31T19:00:00');
});

test('a choice that the new first day does not offer falls back to its weekday', () => {
	const booking = new Booking(NOW);
	booking.repeating.rhythm = 'date';
	booking.day = '2027-03-30';
	expect(booking.repeating.rhythm).toBe('last');
	booking.day = '2027-03-15';
	expect(booking.repeating.rhythm).toBe('date');
});

test('a date that is left out stays out at another time of day', () => {
	const booking = new Booking(NOW);
	booking.skip('2027-03-16T19:00:00', true);
	booking.clock = '18:30';
	expect(booking.plan?.skip).toEqual(['2027-03-16T18:30:00']);

	booking.skip('2027-03-16T18:30:00', false);
	expect(booking.plan?.skip).toEqual([]);
	booking.skip('2027-03-23T18:30:00', true);
	booking.repeating.rhythm = 'once';
	expect(booking.plan?.skip).toEqual([]);
	booking.repeating.rhythm = 'fortnightly';
	expect(booking.plan?.skip).toEqual(['2027-03-23T18:30:00']);
	booking.day = '2027-03-10';
	expect(booking.plan?.skip).toEqual([]);
	booking.day = '2027-03-09';
	expect(booking.plan?.skip).toEqual(['2027-03-23T18:30:00']);
});

test('a good time is taken over, alone or with its day', () => {
	const booking = new Booking(NOW);
	booking.takeOver('03:30');
	expect([booking.day, booking.clock]).toEqual(['2027-03-09', '03:30']);
	booking.takeOver('2027-03-11T20:00');
	expect([booking.day, booking.clock]).toEqual(['2027-03-11', '20:00']);
});

test('who comes back finds what was begun, until it is booked', () => {
	const booking = bookingFor('circle', NOW);
	booking.title = 'Evening';
	expect(bookingFor('circle', NOW).title).toBe('Evening');
	expect(bookingFor('another', NOW).title).toBe('');

	booked('circle');
	expect(bookingFor('circle', NOW).title).toBe('');
});

const PLAN = { start: '2027-03-09T19:00:00', zone: 'UTC', minutes: 75, rule: null } as Plan;
const preview = (total: number) => ({ total }) as Preview;

test('only the newest question is asked, and an older one is given up', async () => {
	const signals: AbortSignal[] = [];
	const ask = vi.fn(async (plan: Plan, _zones: string[], signal: AbortSignal) => {
		signals.push(signal);
		return preview(plan.minutes);
	});
	const looking = new Looking(ask);

	looking.look(PLAN, []);
	looking.look({ ...PLAN, minutes: 80 }, []); // while typing
	await vi.advanceTimersByTimeAsync(1000);
	expect(ask).toHaveBeenCalledTimes(1);
	expect(looking.seen).toEqual(preview(80));

	looking.look({ ...PLAN, minutes: 90 }, []);
	expect(signals[0]?.aborted).toBe(true);
	expect(looking.busy).toBe(true);
	await vi.advanceTimersByTimeAsync(1000);
	expect([looking.seen, looking.busy]).toEqual([preview(90), false]);
});

test('a refusal stands beside what was seen before, until the next answer', async () => {
	const ask = vi
		.fn()
		.mockResolvedValueOnce(preview(1))
		.mockRejectedValueOnce(new Problem(400, 'No', {}, '03:30'));
	const looking = new Looking(ask.mockResolvedValue(preview(2)));
	for (const problem of [null, '03:30', null]) {
		looking.look(PLAN, []);
		await vi.advanceTimersByTimeAsync(1000);
		expect(looking.problem?.nearest ?? null).toBe(problem);
		expect(looking.seen).not.toBeNull();
	}
});
