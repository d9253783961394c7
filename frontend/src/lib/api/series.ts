import type { components } from './schema.js';
import { api, want } from './client.js';
import type { Answer, ChangeWish, Plan } from './types.js';

type Shapes = components['schemas'];

const inCircle = (circle: string) => ({ params: { path: { circle } } });
const at = (series: string) => ({ params: { path: { series } } });
const date = (series: string, original: string) => ({ params: { path: { series, original } } });

export const getSeriesOf = (circle: string) =>
	want(api.GET('/api/circles/{circle}/series', inCircle(circle)));
export const book = (circle: string, body: Plan & { title: string }, key: string) =>
	want(
		api.POST('/api/circles/{circle}/series', {
			...inCircle(circle),
			body,
			headers: { 'Idempotency-Key': key },
		}),
	);
/** As many dates as the server gives at a time. */
const MOST_DATES = 60;
export const preview = (plan: Plan, zones: string[], circle: string, signal?: AbortSignal) => {
	const { start, zone, minutes, rule, skip } = plan;
	const body = { start, zone, minutes, rule, skip, zones, circle, count: MOST_DATES };
	return want(api.POST('/api/preview', { body, signal }));
};

export const getSeries = (id: string) => want(api.GET('/api/series/{series}', at(id)));
export const getDates = (id: string, after: Date, before: Date) => {
	const query = { after: after.toISOString(), before: before.toISOString() };
	return want(api.GET('/api/series/{series}/dates', { params: { path: { series: id }, query } }));
};

/** With `dry` nothing is changed: the answer only says what it would mean. */
export const changeSeries = (id: string, wish: ChangeWish, dry: boolean) =>
	want(api.POST('/api/series/{series}/change', { ...at(id), body: { ...wish, dry } }));
export const cancelSeries = (id: string, dry: boolean) =>
	want(api.POST('/api/series/{series}/cancel', { ...at(id), body: { dry } }));
export const restoreSeries = (id: string, dry: boolean) =>
	want(api.POST('/api/series/{series}/restore', { ...at(id), body: { dry } }));
export const addExtra = (id: string, body: Shapes['NewExtra'], key: string) =>
	want(api.POST('/api/series/{series}/extra', { ...at(id), body, headers: { 'Idempotency-Key': key } }));
export const cloneSeries = (id: string, body: Shapes['CloneShape'], key: string) =>
	want(api.POST('/api/series/{series}/clone', { ...at(id), body, headers: { 'Idempotency-Key': key } }));
export const cancelDate = (id: string, original: string, dry: boolean) =>
	want(
		api.POST('/api/series/{series}/occurrences/{original}/cancel', {
			...date(id, original),
			body: { dry },
		}),
	);
export const restoreDate = (id: string, original: string, dry: boolean) =>
	want(
		api.POST('/api/series/{series}/occurrences/{original}/restore', {
			...date(id, original),
			body: { dry },
		}),
	);

export const lookAtAnswers = (token: string) => want(api.POST('/api/answer/look', { body: { token } }));
export const answer = (token: string, series: string, original: string | null, said: Answer) =>
	want(api.POST('/api/answer', { body: { token, series, original, answer: said } }));
