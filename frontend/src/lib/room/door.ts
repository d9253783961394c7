/** The way in and out: tickets, passes and the seat, over HTTP. */
import { api, Problem, want } from '../api/client.js';
import type { Entry } from './connection.js';

export const lookAtTicket = (ticket: string) => want(api.POST('/api/join/look', { body: { ticket } }));

export const join = (ticket: string, name: string, agreement: number | null) =>
	want(api.POST('/api/join', { body: { ticket, name, agreement } }));

const ANSWER_WITHIN = 5000;

/** A fresh pass for the seat this browser holds; null when it holds none. */
export async function renewPass(): Promise<Entry | null> {
	try {
		return await want(api.POST('/api/seat/pass', { body: {}, signal: AbortSignal.timeout(ANSWER_WITHIN) }));
	} catch (problem) {
		if (problem instanceof Problem && GONE.has(problem.status)) return null;
		throw problem;
	}
}

/** Goes on when the page is left behind: the seat is given up for certain. */
export function giveUpSeat(): void {
	api.POST('/api/seat/leave', { body: {}, keepalive: true }).catch(() => undefined);
}

const GONE = new Set([401, 403, 404, 410]);
