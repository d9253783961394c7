import { m } from './lib/messages/messages.js';
import type { Route } from './lib/router.svelte.js';

/** What the tab says is seen by others and stays in the history: never a circle's name. */
const named = (say: () => string) => (): string => `${say()} · ${m.brand()}`;
const neutral = (): string => m.brand();

export const routes: readonly Route[] = [
	{ path: '/', load: () => import('./pages/Start.svelte'), title: neutral },
	{ path: '/signin', load: () => import('./pages/SignIn.svelte'), title: named(m.sign_in) },
	{ path: '/in', load: () => import('./pages/MailLink.svelte'), title: neutral, secret: true },
	{ path: '/home', load: () => import('./pages/Home.svelte'), title: named(m.nav_circles) },
	{ path: '/circles/new', load: () => import('./pages/NewCircle.svelte'), title: named(m.make_circle) },
	{ path: '/circles/:id', load: () => import('./pages/CirclePage.svelte'), title: named(m.circle) },
	{ path: '/circles/:id/book', load: () => import('./pages/Book.svelte'), title: named(m.book_dates) },
	{ path: '/series/:id', load: () => import('./pages/SeriesPage.svelte'), title: named(m.dates) },
	{ path: '/series/:id/rota', load: () => import('./pages/Rota.svelte'), title: named(m.rota_title) },
	{ path: '/circles/:id/poll', load: () => import('./pages/NewPoll.svelte'), title: named(m.poll_new) },
	{ path: '/polls/:id', load: () => import('./pages/Poll.svelte'), title: named(m.poll) },
	{ path: '/series/:id/:original', load: () => import('./pages/Session.svelte'), title: named(m.session) },
	{ path: '/ask', load: () => import('./pages/AskConfirm.svelte'), title: neutral, secret: true },
	{ path: '/a', load: () => import('./pages/AnswerPage.svelte'), title: neutral, secret: true },
	{ path: '/feed', load: () => import('./pages/Feed.svelte'), title: named(m.nav_calendar) },
	{ path: '/calendars', load: () => import('./pages/Calendars.svelte'), title: named(m.calendars_title) },
	{ path: '/j', load: () => import('./pages/Join.svelte'), title: neutral, secret: true },
	{ path: '/room', load: () => import('./pages/RoomPage.svelte'), title: neutral },
	{ path: '/after', load: () => import('./pages/After.svelte'), title: neutral },
	{ path: '/privacy', load: () => import('./pages/Privacy.svelte'), title: named(m.nav_privacy) },
	{ path: '/help', load: () => import('./pages/Help.svelte'), title: named(m.help) },
	{ path: '/bye', load: () => import('./pages/Bye.svelte'), title: () => '' },
];
