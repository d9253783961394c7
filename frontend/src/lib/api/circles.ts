import { deviceZone } from '../calendar/dates.js';
import { language, type Locale } from '../locale.svelte.js';
import { api, want } from './client.js';
import type { CircleChange, NewCircle } from './types.js';

const at = (circle: string) => ({ params: { path: { circle } } });

export const getCircles = () => want(api.GET('/api/circles'));
export const makeCircle = (body: NewCircle) => want(api.POST('/api/circles', { body }));
export const getCircle = (id: string) => want(api.GET('/api/circles/{circle}', at(id)));
export const changeCircle = (id: string, body: CircleChange) =>
	want(api.PATCH('/api/circles/{circle}', { ...at(id), body }));
export const writeAgreement = (id: string, text: string) =>
	want(api.PUT('/api/circles/{circle}/agreement', { ...at(id), body: { text } }));

export const getMembers = (id: string) => want(api.GET('/api/circles/{circle}/members', at(id)));
export const endMembership = (circle: string, member: string) =>
	want(api.DELETE('/api/circles/{circle}/members/{member}', { params: { path: { circle, member } } }));
export const leaveCircle = (id: string) =>
	want(api.POST('/api/circles/{circle}/leave', { ...at(id), body: {} }));
export const acceptRole = (id: string) =>
	want(api.POST('/api/circles/{circle}/offer/accept', { ...at(id), body: {} }));
export const declineRole = (id: string) =>
	want(api.POST('/api/circles/{circle}/offer/decline', { ...at(id), body: {} }));
export const showBusy = (id: string, shown: boolean) =>
	want(api.PUT('/api/circles/{circle}/busy', { ...at(id), body: { shown } }));
export const invite = (id: string, addresses: string[], locale: Locale) =>
	want(api.POST('/api/circles/{circle}/invitations', { ...at(id), body: { addresses, locale } }));

export const getOpenCircles = () => want(api.GET('/api/open-circles'));
export const askForPlace = (id: string, address: string) =>
	want(
		api.POST('/api/open-circles/{circle}/ask', {
			...at(id),
			body: { address, locale: language.current, zone: deviceZone() },
		}),
	);
