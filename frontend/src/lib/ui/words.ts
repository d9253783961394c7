/** Keeps somebody's own words from turning the sentence around them (UAX #9, 2.4 Explicit Directional Isolates). */
export function isolate(words: string): string {
	return `\u2068${words}\u2069`;
}
