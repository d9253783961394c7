import { api, want } from './client.js';
import type { components } from './schema.js';

export type Feed = components['schemas']['FeedView'];
export type CircleFeed = components['schemas']['CircleFeedView'];

export const getFeeds = () => want(api.GET('/api/me/feeds'));

/** The feed for all circles, or with its id that of one. */
export const renewFeed = (circle?: string): Promise<Feed> =>
	circle === undefined
		? want(api.POST('/api/me/feeds/all/rotate', { body: {} }))
		: want(api.POST('/api/me/feeds/{circle}/rotate', { params: { path: { circle } }, body: {} }));

export const endFeed = (circle?: string) =>
	circle === undefined
		? want(api.DELETE('/api/me/feeds/all'))
		: want(api.DELETE('/api/me/feeds/{circle}', { params: { path: { circle } } }));
