import { m } from './lib/messages/messages.js';
import type { Route } from './lib/router.svelte.js';

const plain = (): string => m.brand();

export const routes: readonly Route[] = [
	{ path: '/', load: () => import('./pages/Start.svelte'), title: plain },
	{ path: '/signin', load: () => import('./pages/SignIn.svelte'), title: plain },
	{ path: '/in', load: () => import('./pages/MailLink.svelte'), title: plain, secret: true },
	{ path: '/home', load: () => import('./pages/Home.svelte'), title: plain },
	{ path: '/circles/new', load: () => import('./pages/NewCircle.svelte'), title: plain },
	{ path: '/circles/:id', load: () => import('./pages/CirclePage.svelte'), title: plain },
	{ path: '/circles/:id/book', load: () => import('./pages/Book.svelte'), title: plain },
	{ path: '/series/:id', load: () => import('./pages/SeriesPage.svelte'), title: plain },
	{ path: '/a', load: () => import('./pages/AnswerPage.svelte'), title: plain, secret: true },
	{ path: '/feed', load: () => import('./pages/Feed.svelte'), title: plain },
	{ path: '/j', load: () => import('./pages/Join.svelte'), title: plain, secret: true },
	{ path: '/room', load: () => import('./pages/RoomPage.svelte'), title: plain },
	{ path: '/after', load: () => import('./pages/After.svelte'), title: plain },
	{ path: '/privacy', load: () => import('./pages/Privacy.svelte'), title: plain },
	{ path: '/help', load: () => import('./pages/Help.svelte'), title: plain },
	{ path: '/bye', load: () => import('./pages/Bye.svelte'), title: () => '' },
];
