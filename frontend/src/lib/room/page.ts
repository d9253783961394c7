/**
 * What this page is called for as long as it is loaded, in memory only: by it the server
 * knows a second socket of the same page from a second tab.
 */
export const PAGE = [...crypto.getRandomValues(new Uint8Array(16))]
	.map((byte) => byte.toString(16).padStart(2, '0'))
	.join('');
