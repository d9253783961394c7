import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { find, router, type Route } from '../src/lib/router.svelte.js';

const nothing: Route['load'] = () => Promise.reject(new Error('no page is drawn here'));
const route = (path: string, secret = false): Route => ({ path, load: nothing, title: () => '', secret });
const routes = [route('/'), route('/circles/new'), route('/circles/:id'), route('/j', true), route('/help')];

beforeAll(() => {
	vi.stubGlobal('scrollTo', () => undefined);
	history.replaceState(null, '', '/j#first-secret');
	router.start(routes);
});

afterEach(() => router.go('/'));

test('a secret leaves the address bar before anything is drawn', () => {
	expect(router.secret).toBe('first-secret');
	expect(location.hash).toBe('');
	expect(location.pathname).toBe('/j');
});

test('a secret is forgotten on the next page', () => {
	router.go('/j#another');
	expect(router.secret).toBe('another');

	router.go('/help');

	expect(router.secret).toBe('');
});

test('the same page under a new secret starts afresh', () => {
	router.go('/j#one');
	const before = router.visits;

	router.go('/j#two');

	expect(router.secret).toBe('two');
	expect(router.visits).toBe(before + 1);
});

test('a fixed path wins over a pattern', () => {
	expect(find(routes, '/circles/new')?.route.path).toBe('/circles/new');
	expect(find(routes, '/circles/7f3a')?.params).toEqual({ id: '7f3a' });
	expect(find(routes, '/circles/7f3a/book')).toBeNull();
});

test('a slash at the end does not matter', () => {
	expect(find(routes, '/help/')?.route.path).toBe('/help');
});

test('a click on a link of ours stays in the page', () => {
	const link = document.body.appendChild(document.createElement('a'));
	link.href = '/circles/42';

	link.click();

	expect(router.path).toBe('/circles/42');
});

test('a click that asks for a new tab is left to the browser', () => {
	const link = document.body.appendChild(document.createElement('a'));
	link.href = '/help';
	// jsdom would try to navigate; only who claims the click matters here.
	const claimed = !link.dispatchEvent(
		new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: true }),
	);

	expect(claimed).toBe(false);
	expect(router.path).toBe('/');
});
