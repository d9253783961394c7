/**
 * Which language the page speaks. Changing it changes every message on screen,
 * without a reload: the compiled messages read `current` each time they are drawn.
 */
import { locales, overwriteGetLocale, type Locale } from './messages/runtime.js';

export { locales, type Locale };

/** Each language by its own name. */
export const ownNames: Record<Locale, string> = { en: 'English', he: 'עברית', ar: 'العربية' };

/** The server draws the pages in the language this says; nothing else is ever stored. */
const COOKIE = 'language';
const A_YEAR = 365 * 24 * 60 * 60;

class Language {
	#current = $state<Locale>(preferred());

	get current(): Locale {
		return this.#current;
	}

	get direction(): 'ltr' | 'rtl' {
		return directionOf(this.#current);
	}

	/** True once somebody has chosen on this device; then no account overrules it. */
	get chosen(): boolean {
		return kept() !== null;
	}

	choose(next: Locale): void {
		keep(next);
		this.show(next);
	}

	/** Show a language without remembering it on this device. */
	show(next: Locale): void {
		this.#current = next;
		mark(next);
	}
}

export const language = new Language();
overwriteGetLocale(() => language.current);
mark(language.current);

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
	return locale === 'en' ? 'ltr' : 'rtl';
}

function mark(locale: Locale): void {
	if (typeof document === 'undefined') return;
	document.documentElement.lang = locale;
	document.documentElement.dir = directionOf(locale);
}

function preferred(): Locale {
	const wishes = typeof navigator === 'undefined' ? [] : navigator.languages;
	return kept() ?? wishes.map((wish) => known(wish.split('-')[0])).find((wish) => wish !== null) ?? 'en';
}

function known(tag: string | null | undefined): Locale | null {
	return locales.find((locale) => locale === tag) ?? null;
}

function kept(): Locale | null {
	if (typeof document === 'undefined') return null;
	const cookies = document.cookie.split('; ').map((cookie) => cookie.split('='));
	return known(cookies.find(([name]) => name === COOKIE)?.[1]);
}

/** Where cookies are refused, the choice lasts as long as the page. */
function keep(locale: Locale): void {
	document.cookie = `${COOKIE}=${locale}; path=/; max-age=${A_YEAR}; SameSite=Strict`;
}
