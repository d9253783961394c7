import { api, want } from './client.js';
import type { Answer, Plan } from './types.js';

const at = (id: string) => ({ params: { path: { id } } });
const date = (id: string, original: string) => ({ params: { path: { id, original } } });

export const getSeriesOf = (circle: string) => want(api.GET('/api/circles/{id}/series', at(circle)));
export const book = (circle: string, body: Plan & { title: string }, key: string) =>
	want(api.POST('/api/circles/{id}/series', { ...at(circle), body, headers: { 'Idempotency-Key': key } }));
export const preview = (plan: Plan, zones: string[], signal?: AbortSignal) =>
	want(api.POST('/api/preview', { body: { ...plan, zones, count: 8 }, signal }));

export const getSeries = (id: string) => want(api.GET('/api/series/{id}', at(id)));
export const cancelSeries = (id: string) =>
	want(api.POST('/api/series/{id}/cancel', { ...at(id), body: {} }));
export const moveDate = (id: string, original: string, to: string) =>
	want(api.PUT('/api/series/{id}/occurrences/{original}', { ...date(id, original), body: { to } }));
export const cancelDate = (id: string, original: string) =>
	want(api.DELETE('/api/series/{id}/occurrences/{original}', date(id, original)));
export const restoreDate = (id: string, original: string) =>
	want(api.POST('/api/series/{id}/occurrences/{original}/restore', { ...date(id, original), body: {} }));

export const lookAtAnswers = (token: string) => want(api.POST('/api/answer/look', { body: { token } }));
export const answer = (token: string, series: string, original: string | null, said: Answer) =>
	want(api.POST('/api/answer', { body: { token, series, original, answer: said } }));
