import { m } from '../messages/messages.js';
import type { Health } from '../media/link.js';
import type { Refused } from './messages.gen.js';

/** A name inside a sentence keeps its own direction (Unicode UAX #9, 2.4 Explicit Directional Isolates). */
export function isolate(name: string): string {
	return `\u2068${name}\u2069`;
}

/** How the line to one person is; nothing when it is well. */
export function lineWords(away: boolean, health: Health | undefined): string {
	if (away || health === 'reconnecting') return m.room_reconnecting();
	return health === 'connecting' ? m.room_connecting() : '';
}

export function refusal({ reason }: Refused): string {
	switch (reason) {
		case 'full':
			return m.room_refused_full();
		case 'too_much':
			return m.room_refused_too_much();
		case 'too_long':
			return m.room_refused_too_long();
		case 'unknown_seat':
			return m.room_refused_unknown_seat();
		default:
			return m.room_refused_other();
	}
}
