import { api, want } from './client.js';
import type { Answer, Person } from './types.js';

export const getMe = () => want(api.GET('/api/me'));
export const changeMe = (change: Partial<Pick<Person, 'name' | 'locale' | 'zone' | 'detail' | 'summary'>>) =>
	want(api.PATCH('/api/me', { body: change }));
export const exportMe = () => want(api.GET('/api/me/export'));
export const deleteMe = () => want(api.DELETE('/api/me'));

export const getNext = () => want(api.GET('/api/me/next'));
export const answerDate = (series: string, original: string | null, answer: Answer) =>
	want(api.POST('/api/me/answers', { body: { series, original, answer } }));

export const getFeed = () => want(api.GET('/api/me/feed'));
export const rotateFeed = () => want(api.POST('/api/me/feed/rotate', { body: {} }));

export const getSignIns = () => want(api.GET('/api/me/signins'));
export const endSignIn = (id: string) =>
	want(api.DELETE('/api/me/signins/{id}', { params: { path: { id } } }));
export const getPasskeys = () => want(api.GET('/api/me/passkeys'));
export const removePasskey = (id: string) =>
	want(api.DELETE('/api/me/passkeys/{id}', { params: { path: { id } } }));
