/** Who facilitates: a circle, and which of its dates. For facilitators alone. */
import { api, want } from './client.js';
import type { components } from './schema.js';

type Shapes = components['schemas'];

export type Rota = Shapes['RotaView'];
export type RotaDate = Shapes['RotaDateView'];
export type RotaPerson = Shapes['RotaPerson'];
export type Swap = Shapes['SwapView'];
export type Role = Shapes['RoleShape']['role'];

const at = (series: string) => ({ params: { path: { series } } });
const date = (series: string, original: string) => ({ params: { path: { series, original } } });
const one = (series: string, swap: string) => ({ params: { path: { series, swap } } });

export const getRota = (series: string, dates: number) =>
	want(api.GET('/api/series/{series}/rota', { params: { path: { series }, query: { dates } } }));
export const setOrder = (series: string, order: string[], every: number) =>
	want(api.PUT('/api/series/{series}/rota', { ...at(series), body: { order, every } }));
export const giveDate = (series: string, original: string, membership: string | null) =>
	want(api.PUT('/api/series/{series}/rota/{original}', { ...date(series, original), body: { membership } }));
export const freeDate = (series: string, original: string) =>
	want(api.DELETE('/api/series/{series}/rota/{original}', date(series, original)));
export const skipDate = (series: string, original: string) =>
	want(api.POST('/api/series/{series}/rota/{original}/skip', { ...date(series, original), body: {} }));

export const swapDates = (series: string, mine: string, theirs: string, agreed: boolean) =>
	want(api.POST('/api/series/{series}/rota/swaps', { ...at(series), body: { mine, theirs, agreed } }));
export const acceptSwap = (series: string, swap: string) =>
	want(api.POST('/api/series/{series}/rota/swaps/{swap}/accept', { ...one(series, swap), body: {} }));
export const declineSwap = (series: string, swap: string) =>
	want(api.POST('/api/series/{series}/rota/swaps/{swap}/decline', { ...one(series, swap), body: {} }));

export const withdrawOffer = (circle: string, member: string) =>
	want(api.DELETE('/api/circles/{circle}/members/{member}/offer', { params: { path: { circle, member } } }));
export const setRole = (circle: string, member: string, role: Role) =>
	want(
		api.PATCH('/api/circles/{circle}/members/{member}', {
			params: { path: { circle, member } },
			body: { role },
		}),
	);
