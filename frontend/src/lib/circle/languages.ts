/** Languages a circle may speak, each by a name in the language of the page. */
import { list, tag } from '../calendar/dates.js';

export const offered = ['he', 'ar', 'en', 'ru', 'am', 'fr', 'es'] as const;

export function languageName(code: string): string {
	try {
		return new Intl.DisplayNames([tag()], { type: 'language' }).of(code) ?? code;
	} catch {
		return code; // not a language tag at all
	}
}

export function languageNames(codes: readonly string[]): string {
	return list(codes.map(languageName));
}
