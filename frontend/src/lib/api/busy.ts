/** When people have no time: calendars they keep elsewhere, and days off. */
import { api, want } from './client.js';
import type { components } from './schema.js';

type Shapes = components['schemas'];

export type Clash = Shapes['ClashView'];
export type Country = Shapes['CountryView'];
export type DayOff = Shapes['DayOffView'];
export type OtherCalendar = Shapes['CalendarView'];
export type NewCalendar = Shapes['NewCalendar'];

const one = (calendar: string) => ({ params: { path: { calendar } } });

export const getCalendars = () => want(api.GET('/api/me/calendars'));
export const addCalendar = (body: NewCalendar) => want(api.POST('/api/me/calendars', { body }));
export const removeCalendar = (id: string) => want(api.DELETE('/api/me/calendars/{calendar}', one(id)));
export const readCalendar = (id: string) =>
	want(api.POST('/api/me/calendars/{calendar}/refresh', { ...one(id), body: {} }));

export const getCountries = () => want(api.GET('/api/holidays/countries'));
/** Days are "2026-03-10"; both are included. */
export const getDaysOff = (country: string, from: string, to: string) =>
	want(api.GET('/api/holidays', { params: { query: { country, from, to } } }));
