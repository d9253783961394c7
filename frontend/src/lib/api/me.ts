import { api, want } from './client.js';
import type { components } from './schema.js';
import type { Answer } from './types.js';

export const getMe = () => want(api.GET('/api/me'));
export const changeMe = (change: components['schemas']['PersonChange']) =>
	want(api.PATCH('/api/me', { body: change }));
export const exportMe = () => want(api.GET('/api/me/export'));
export const deleteMe = () => want(api.DELETE('/api/me'));

export const getNext = () => want(api.GET('/api/me/next'));
export const answerDate = (series: string, original: string | null, answer: Answer) =>
	want(api.POST('/api/me/answers', { body: { series, original, answer } }));

export const getSignIns = () => want(api.GET('/api/me/signins'));
export const endSignIn = (device: string) =>
	want(api.DELETE('/api/me/signins/{device}', { params: { path: { device } } }));
export const getPasskeys = () => want(api.GET('/api/me/passkeys'));
export const removePasskey = (key: string) =>
	want(api.DELETE('/api/me/passkeys/{key}', { params: { path: { key } } }));
