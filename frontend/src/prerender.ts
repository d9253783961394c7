/** Words for a browser that runs no script; made once, when the front end is built. */
import { render } from 'svelte/server';
import { directionOf, language, locales, type Locale } from './lib/locale.svelte.js';
import { m } from './lib/messages/messages.js';
import Start from './pages/Start.svelte';

export { directionOf, locales };

export function startPage(locale: Locale): string {
	language.show(locale);
	return `<div id="words">${render(Start).body}</div>`;
}

/** What every other page says, in all languages, for nobody knows yet which. */
export function scriptNeeded(): string {
	const lines = locales.map((locale) => {
		const [words, start, exit] = [m.script_needed, m.brand, m.exit].map((say) => say({}, { locale }));
		const links = `<a href="/">${start}</a> · <a href="/bye">${exit}</a>`;
		return `<p lang="${locale}" dir="${directionOf(locale)}">${words} ${links}</p>`;
	});
	return `<noscript>${lines.join('')}</noscript>`;
}
