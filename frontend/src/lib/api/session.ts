/** One date, the places in it, and the way into an open circle. */
import { api, want } from './client.js';
import type { components } from './schema.js';

type Shapes = components['schemas'];

export type Session = Shapes['SessionView'];
export type WhoComes = Shapes['WhoComesView'];
export type JoinRequest = Shapes['JoinRequestView'];
export type Place = Shapes['PlaceView'];

const at = (series: string, original: string) => ({ params: { path: { series, original } } });

export const getDate = (series: string, original: string) =>
	want(api.GET('/api/series/{series}/dates/{original}', at(series, original)));
export const getWhoComes = (series: string, original: string) =>
	want(api.GET('/api/series/{series}/answers/{original}', at(series, original)));

export const takePlace = (series: string, original: string | null) =>
	want(api.POST('/api/me/accept', { body: { series, original } }));
export const passPlace = (series: string, original: string | null) =>
	want(api.POST('/api/me/pass', { body: { series, original } }));
export const takeByLink = (token: string, series: string, original: string | null) =>
	want(api.POST('/api/answer/accept', { body: { token, series, original } }));
export const passByLink = (token: string, series: string, original: string | null) =>
	want(api.POST('/api/answer/pass', { body: { token, series, original } }));

export const calendarFile = (series: string, original: string) =>
	want(
		api.POST('/api/series/{series}/dates/{original}/calendar', {
			...at(series, original),
			body: {},
			parseAs: 'text',
		}),
	);
export const calendarFileByLink = (token: string, series: string, original: string) =>
	want(api.POST('/api/answer/calendar', { body: { token, series, original }, parseAs: 'text' }));

export const lookAtJoinRequest = (token: string) =>
	want(api.POST('/api/join-request/look', { body: { token } }));
export const confirmJoinRequest = (token: string) =>
	want(api.POST('/api/join-request/confirm', { body: { token } }));
