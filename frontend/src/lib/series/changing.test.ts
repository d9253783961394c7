import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../api/client.js';
import type { Changed, Occurrence, Series } from '../api/types.js';
import { Changing } from './changing.svelte.js';

const NOW = new Date('2027-03-05T12:00:00Z');

const date = (original: string, change: Partial<Occurrence> = {}): Occurrence => ({
	original,
	starts_at: `${original.slice(0, 16)}:00Z`.replace('19:00', '17:00'),
	ends_at: `${original.slice(0, 16)}:00Z`.replace('19:00', '18:15'),
	local: original,
	minutes: 75,
	cancelled: false,
	moved: false,
	skipped: false,
	title: null,
	seats: null,
	agenda: '',
	facilitator: null,
	mine: false,
	going: null,
	...change,
});

const FIRST = date('2027-03-09T19:00:00');
const SECOND = date('2027-03-16T19:00:00', { local: '2027-03-17T20:00:00', moved: true });

const series: Series = {
	id: 's',
	circle: 'c',
	title: 'Evening',
	start: FIRST.original,
	zone: 'Asia/Jerusalem',
	minutes: 75,
	rule: {
		frequency: 'weekly',
		weekdays: ['TU'],
		interval: 1,
		count: 10,
		until: null,
		day: null,
		position: null,
		week_start: 'SU',
	},
	total: 10,
	seats: null,
	agenda: '',
	sequence: 0,
	cancelled: false,
	role: 'facilitator',
	extra_of: null,
	follows: null,
	extras: [],
	next: [FIRST, SECOND],
};
const begun: Series = { ...series, start: '2027-01-05T19:00:00' };

const answer = { series, dry: true, means: { mails: 2, sentences: ['Told'] } } as unknown as Changed;
const send = vi.fn<(changing: Changing, dry: boolean) => Promise<Changed>>();

beforeEach(() => {
	vi.stubGlobal('navigator', { languages: ['en-GB'] }); // begins its weeks on Mondays; the series does not
	send.mockReset().mockResolvedValue(answer);
});

const changing = (about: Partial<ConstructorParameters<typeof Changing>[1]>): Changing =>
	new Changing('change', { series, now: NOW, ...about }, send);

test('what was not touched is not said', () => {
	const all = changing({ scope: 'all', parts: ['when', 'length', 'title', 'seats', 'agenda', 'rhythm'] });

	expect(all.wish).toEqual({ scope: 'all', original: null });
	expect(all.touched).toBe(false);
});

test('one date starts from where it is now, it and the following from the plan', () => {
	const one = changing({ date: SECOND, parts: ['when'] });
	expect([one.day, one.clock]).toEqual(['2027-03-17', '20:00']);

	one.scope = 'following';
	expect([one.day, one.clock]).toEqual(['2027-03-16', '19:00']);
	one.clock = '18:30';
	expect(one.wish).toEqual({ scope: 'following', original: SECOND.original, to: '2027-03-16T18:30:00' });
});

test('only the parts that are open count', () => {
	const one = changing({ date: FIRST, parts: ['length'] });
	[one.day, one.minutes, one.title] = ['2027-03-10', 90, 'Longer'];

	expect(one.wish).toEqual({ scope: 'one', original: FIRST.original, minutes: 90 });
});

test('all of a series that has begun is what is still to come', () => {
	const all = changing({ series: begun, scope: 'all', parts: ['when'] });
	expect(all.day).toBe('2027-03-09');
	all.clock = '18:00';
	expect(all.wish).toMatchObject({ scope: 'following', original: FIRST.original, to: '2027-03-09T18:00:00' });

	const named = changing({ series: begun, scope: 'all', parts: ['title'] });
	named.title = 'Night';
	expect(named.wish).toEqual({ scope: 'all', original: null, title: 'Night' });
});

test('a new rhythm begins with a date of its own', () => {
	const all = changing({ scope: 'all', parts: ['rhythm'] });
	all.repeating.rhythm = 'work';

	expect(all.wish).toMatchObject({
		to: '2027-03-31T19:00:00',
		rule: { frequency: 'monthly', position: -1, week_start: 'SU', count: 10 },
	});
});

test('a count is of the dates that are left', () => {
	const all = changing({ series: begun, scope: 'all', parts: ['rhythm'] });
	expect(all.repeating.count).toBe(1); // nine were before the ninth of March
	expect(all.wish).toEqual({ scope: 'all', original: null });

	const one = changing({ date: SECOND, scope: 'following', parts: ['rhythm'] });
	expect(one.repeating.count).toBe(9);
	one.scope = 'all';
	expect(one.repeating.count).toBe(10);
	one.scope = 'following';
	one.repeating.rhythm = 'fortnightly';
	expect(one.wish).toMatchObject({ scope: 'following', rule: { interval: 2, count: 9 } });

	one.repeating.count = 4;
	expect(one.wish).toMatchObject({ rule: { count: 4 } });
});

test('first it is only asked what it would mean', async () => {
	const one = changing({ date: FIRST, parts: ['when'] });
	one.day = '2027-03-10';

	await one.rehearse();
	expect(send).toHaveBeenLastCalledWith(one, true);
	expect([one.means, one.done]).toEqual([answer.means, null]);

	await one.carryOut();
	expect(send).toHaveBeenLastCalledWith(one, false);
	expect(one.done).toEqual(answer);
	expect(one.touched).toBe(false);
});

test('a refusal loses nothing, and the good time is taken over', async () => {
	send.mockRejectedValueOnce(new Problem(400, 'The clocks go forward', {}, '03:00'));
	const one = changing({ date: FIRST, parts: ['when'] });
	[one.day, one.clock] = ['2027-03-26', '02:30'];

	await one.rehearse();
	expect([one.day, one.clock, one.means]).toEqual(['2027-03-26', '02:30', null]);
	one.takeOver('03:00');
	expect(one.start).toBe('2027-03-26T03:00:00');
	expect(one.attempt.problem).toBeNull();
});
