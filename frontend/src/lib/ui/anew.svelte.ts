/** What the server says is in the language in which it was asked: in another one it is asked anew. */
import { untrack } from 'svelte';
import { language } from '../locale.svelte.js';

/** To be called while a component is made. */
export function inAnotherLanguage(act: () => unknown): void {
	let spoken = untrack(() => language.current);
	$effect(() => {
		if (language.current === spoken) return;
		spoken = language.current;
		untrack(act);
	});
}
