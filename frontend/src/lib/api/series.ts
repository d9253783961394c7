import { api, want } from './client.js';
import type { Answer, Plan } from './types.js';

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
export const preview = (plan: Plan, zones: string[], signal?: AbortSignal) =>
	want(api.POST('/api/preview', { body: { ...plan, zones, count: 8 }, signal }));

export const getSeries = (id: string) => want(api.GET('/api/series/{series}', at(id)));
export const cancelSeries = (id: string) =>
	want(api.POST('/api/series/{series}/cancel', { ...at(id), body: {} }));
export const moveDate = (id: string, original: string, to: string) =>
	want(api.PUT('/api/series/{series}/occurrences/{original}', { ...date(id, original), body: { to } }));
export const cancelDate = (id: string, original: string) =>
	want(api.DELETE('/api/series/{series}/occurrences/{original}', date(id, original)));
export const restoreDate = (id: string, original: string) =>
	want(api.POST('/api/series/{series}/occurrences/{original}/restore', { ...date(id, original), body: {} }));

export const lookAtAnswers = (token: string) => want(api.POST('/api/answer/look', { body: { token } }));
export const answer = (token: string, series: string, original: string | null, said: Answer) =>
	want(api.POST('/api/answer', { body: { token, series, original, answer: said } }));
