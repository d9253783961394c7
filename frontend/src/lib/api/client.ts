/**
 * Every request goes through here: in the chosen language, and with one kind of
 * error. What somebody typed stays in their form; a request never clears it.
 */
import createClient from 'openapi-fetch';
import { language } from '../locale.svelte.js';
import { m } from '../messages/messages.js';
import type { components, paths } from './schema.js';

/** A problem document (RFC 9457), or a network that did not answer (status 0). */
export class Problem extends Error {
	constructor(
		readonly status: number,
		detail: string,
		/** What to do, by the name of the field. */
		readonly fields: Readonly<Record<string, string>> = {},
		/** What would be good, where the server can tell: a time of day, or a date with one. */
		readonly nearest = '',
	) {
		super(detail);
	}
}

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin });

api.use({
	onRequest({ request }) {
		request.headers.set('Accept-Language', language.current);
		return request;
	},
	onError() {
		return new Problem(0, m.error_network());
	},
});

interface Reply<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

/** The answer, or the problem thrown. */
export async function want<T>(reply: Promise<Reply<T>>): Promise<T> {
	const { data, error, response } = await reply;
	if (!response.ok) throw problemOf(response.status, error);
	return data as T;
}

export function asProblem(thrown: unknown): Problem {
	if (thrown instanceof Problem) return thrown;
	console.error(thrown);
	return new Problem(0, m.error_unknown());
}

function problemOf(status: number, body: unknown): Problem {
	// What stands between us and the server (a proxy) may answer with no document at all.
	const said: Partial<components['schemas']['Problem']> =
		typeof body === 'object' && body !== null ? body : {};
	return new Problem(status, said.detail || m.error_unknown(), said.fields, said.nearest);
}
