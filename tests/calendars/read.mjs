/**
 * What ical.js reads. On stdin, as JSON, a list of calendars, each with the instant up to which
 * it is to be expanded. Prints, as JSON, one list for each.
 */
import { readFileSync } from 'node:fs';

import ICAL from '../../frontend/node_modules/ical.js/dist/ical.js';

const given = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(given.map(([calendar, until]) => read(calendar, until))));

function read(text, last) {
	const until = ICAL.Time.fromJSDate(new Date(last), true);
	const calendar = new ICAL.Component(ICAL.parse(text));
	// Left alone, ical.js gives every series the overrides of all the others in the file.
	const strict = { exceptions: [], strictExceptions: true };
	const events = calendar.getAllSubcomponents('vevent').map((c) => new ICAL.Event(c, strict));
	const masters = events.filter((event) => !event.isRecurrenceException());
	const orphans = events.filter(
		(event) => event.isRecurrenceException() && !masters.some((master) => master.uid === event.uid),
	);
	return [...masters.flatMap((master) => expand(master, events, until)), ...orphans.map(single)];
}

function expand(master, events, until) {
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
