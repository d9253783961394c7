/** Words for a browser that runs no script, or has not yet; made once, when the front end is built. */
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { directionOf, language, locales, type Locale } from './lib/locale.svelte.js';
import { m } from './lib/messages/messages.js';
import Help from './pages/Help.svelte';
import Start from './pages/Start.svelte';

export { directionOf, locales };

/** What can be read before anybody says who they are, by the name of the file. */
export const readable: Record<string, { page: string; component: Component }> = {
	start: { page: 'src/pages/Start.svelte', component: Start },
	help: { page: 'src/pages/Help.svelte', component: Help },
};

export function words(component: Component, locale: Locale): string {
	language.show(locale);
	return `<div id="words">${render(component).body}</div>`;
}

/** What every other page says, in all languages, for nobody knows yet which. */
export function scriptNeeded(): string {
	const lines = locales.map((locale) => {
		const [need, start, help, exit] = [m.script_needed, m.brand, m.help, m.exit].map((say) =>
			say({}, { locale }),
		);
		const links = `<a href="/">${start}</a> · <a href="/help">${help}</a> · <a href="/bye">${exit}</a>`;
		return `<p lang="${locale}" dir="${directionOf(locale)}">${need}<br>${links}</p>`;
	});
	return `<noscript>${lines.join('')}</noscript>`;
}
