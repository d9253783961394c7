/**
 * Which page is shown: the History API, and nothing else.
 *
 * A secret behind `#` is taken into memory and out of the address bar at once,
 * so that neither history nor a shoulder keeps it.
 */
import type { Component } from 'svelte';

export interface Route {
	/** '/circles/:id' */
	path: string;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each page has its own props
	load: () => Promise<{ default: Component<any> }>;
	/** What the tab says; neutral where the page is under a secret. */
	title: () => string;
	/** The fragment of the address is a secret. */
	secret?: boolean;
}

export interface Match {
	route: Route;
	params: Record<string, string>;
}

class Router {
	path = $state('/');
	/** The secret that came with the link, until the next page. */
	secret = $state('');
	/** Goes up with each visit, so that the same page under a new secret starts afresh. */
	visits = $state(0);

	#routes: readonly Route[] = [];

	start(routes: readonly Route[]): void {
		this.#routes = routes;
		this.#arrive();
		addEventListener('popstate', () => this.#arrive());
		addEventListener('click', (event) => this.#follow(event));
	}

	get match(): Match | null {
		return find(this.#routes, this.path);
	}

	go(to: string, { replace = false } = {}): void {
		history[replace ? 'replaceState' : 'pushState'](null, '', to);
		this.#arrive();
		scrollTo(0, 0);
	}

	#arrive(): void {
		const here = location.pathname;
		if (find(this.#routes, here)?.route.secret && location.hash) {
			this.secret = location.hash.slice(1);
			history.replaceState(null, '', here);
		} else if (here !== this.path) {
			this.secret = '';
		} else if (location.hash) {
			return; // an anchor on the same page: the browser scrolls by itself
		}
		this.path = here;
		this.visits += 1;
	}

	#follow(event: MouseEvent): void {
		const to = followable(event);
		if (!to || !find(this.#routes, to.pathname)) return;
		if (to.hash && to.pathname === location.pathname && !this.match?.route.secret) return;
		event.preventDefault();
		this.go(to.pathname + to.search + to.hash);
	}
}

export const router = new Router();

export function find(routes: readonly Route[], path: string): Match | null {
	for (const route of routes) {
		const params = fit(route.path, path);
		if (params) return { route, params };
	}
	return null;
}

function fit(pattern: string, path: string): Record<string, string> | null {
	const wanted = pattern.split('/');
	const given = path.replace(/(.)\/$/, '$1').split('/');
	if (wanted.length !== given.length) return null;
	const params: Record<string, string> = {};
	for (const [at, part] of wanted.entries()) {
		const value = given[at] ?? '';
		if (part.startsWith(':') && value) params[part.slice(1)] = decodeURIComponent(value);
		else if (part !== value) return null;
	}
	return params;
}

/** The address of a plain left click on a link of ours. */
function followable(event: MouseEvent): URL | null {
	if (event.defaultPrevented || event.button !== 0) return null;
	if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
	const link = (event.target as Element | null)?.closest('a');
	if (!link || !link.href || link.target || link.hasAttribute('download')) return null;
	const to = new URL(link.href);
	return to.origin === location.origin ? to : null;
}
