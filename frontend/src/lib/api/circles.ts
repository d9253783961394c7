import { deviceZone } from '../calendar/dates.js';
import { language, type Locale } from '../locale.svelte.js';
import { api, want } from './client.js';
import type { CircleInput } from './types.js';

const at = (id: string) => ({ params: { path: { id } } });

export const getCircles = () => want(api.GET('/api/circles'));
export const makeCircle = (body: CircleInput & { agreement: string }) =>
	want(api.POST('/api/circles', { body }));
export const getCircle = (id: string) => want(api.GET('/api/circles/{id}', at(id)));
export const changeCircle = (id: string, body: Partial<CircleInput>) =>
	want(api.PATCH('/api/circles/{id}', { ...at(id), body }));
export const writeAgreement = (id: string, text: string) =>
	want(api.PUT('/api/circles/{id}/agreement', { ...at(id), body: { text } }));

export const getMembers = (id: string) => want(api.GET('/api/circles/{id}/members', at(id)));
export const endMembership = (id: string, membership: string) =>
	want(api.DELETE('/api/circles/{id}/members/{membership}', { params: { path: { id, membership } } }));
export const invite = (id: string, addresses: string[], locale: Locale) =>
	want(api.POST('/api/circles/{id}/invitations', { ...at(id), body: { addresses, locale } }));

export const getOpenCircles = () => want(api.GET('/api/open-circles'));
export const askForPlace = (id: string, address: string) =>
	want(
		api.POST('/api/open-circles/{id}/ask', {
			...at(id),
			body: { address, locale: language.current, zone: deviceZone() },
		}),
	);
