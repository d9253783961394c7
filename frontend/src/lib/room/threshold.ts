/**
 * What is carried over the threshold from the page before the room, in memory only:
 * a reload loses it, and the seat cookie brings one back instead.
 */
import type { Entry } from './connection.js';

let entry: Entry | null = null;
let next: string | null = null;

export function carry(found: Entry, then: string | null): void {
	entry = found;
	next = then;
}

/** A pass is good once. */
export function takeEntry(): Entry | null {
	const taken = entry;
	entry = null;
	return taken;
}

/** When the circle meets again, if that was known at the door. */
export function nextMeeting(): string | null {
	return next;
}
