/**
 * What ical.js reads: the calendars on stdin (several may follow each other), expanded up to
 * the instant given as the first argument. Prints, as JSON, one list for each calendar.
 */
import { readFileSync } from 'node:fs';

import ICAL from '../../frontend/node_modules/ical.js/dist/ical.js';

const until = ICAL.Time.fromJSDate(new Date(process.argv[2]), true);
const parsed = ICAL.parse(readFileSync(0, 'utf8'));
const calendars = Array.isArray(parsed[0]) ? parsed : [parsed];
process.stdout.write(JSON.stringify(calendars.map((jcal) => read(new ICAL.Component(jcal)))));

function read(calendar) {
	// Left alone, ical.js gives every series the overrides of all the others in the file.
	const strict = { exceptions: [], strictExceptions: true };
	const events = calendar.getAllSubcomponents('vevent').map((c) => new ICAL.Event(c, strict));
	const masters = events.filter((event) => !event.isRecurrenceException());
	const orphans = events.filter(
		(event) => event.isRecurrenceException() && !masters.some((master) => master.uid === event.uid),
	);
	return [...masters.flatMap((master) => expand(master, events)), ...orphans.map(single)];
}

function expand(master, events) {
	if (!master.isRecurring()) return [single(master)];
	for (const event of events) {
		if (event.uid === master.uid && event.isRecurrenceException()) master.relateException(event);
	}
	const found = [];
	const iterator = master.iterator();
	for (let next = iterator.next(); next && next.compare(until) < 0; next = iterator.next()) {
		const { item, startDate, endDate } = master.getOccurrenceDetails(next);
		found.push(row(item, startDate, endDate));
	}
	return found;
}

function single(event) {
	return row(event, event.startDate, event.endDate);
}

function row(event, start, end) {
	return {
		uid: event.uid,
		summary: event.summary,
		description: event.description,
		location: event.location,
		cancelled: event.component.getFirstPropertyValue('status') === 'CANCELLED',
		starts_at: instant(start),
		ends_at: instant(end),
	};
}

/** A floating time is an error here: it means that a zone was not understood. */
function instant(time) {
	return time.zone === ICAL.Timezone.localTimezone ? null : new Date(time.toUnixTime() * 1000).toISOString();
}
