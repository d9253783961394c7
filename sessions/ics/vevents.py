"""The VEVENT of a series, and those of its dates that are different."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
from icalendar import vCalAddress, vRecur, vText, vUri

from sessions.ics.event import Event, Words
from sessions.recurrence import Occurrence, even, occurrence_at, rrule_text
from sessions.text import clean_line, clean_text

MARKS = re.compile("[\u061c\u200e\u200f]")
NOT_IN_URI = re.compile('[\\s\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff"<>\\\\]')
NO_WORDS = Words()


def master(event: Event, *, people: bool = False, cancelled: bool = False) -> icalendar.Event:
    """The whole series as its rule tells it; a single date as it is now."""
    pattern = event.pattern
    rule = rrule_text(pattern)
    if rule is None:
        only = occurrence_at(pattern, event.changes, pattern.start)
        return _vevent(event, only, people=people, cancelled=cancelled or only.cancelled)
    first = occurrence_at(pattern, {}, pattern.start)
    vevent = _vevent(replace(event, words={}), first, people=people, cancelled=cancelled)
    vevent.add("rrule", vRecur.from_ical(rule))
    if not even(pattern, pattern.start):
        # Taken from this one night, DTEND would give all others a wrong length.
        del vevent["dtend"]
        vevent.add("duration", timedelta(minutes=pattern.minutes))
    return vevent


def override(event: Event, occurrence: Occurrence, *, people: bool = False) -> icalendar.Event:
    vevent = _vevent(event, occurrence, people=people, cancelled=occurrence.cancelled)
    _add_wall(vevent, "recurrence-id", occurrence.original, event)
    return vevent


def exclude(vevent: icalendar.Event, occurrence: Occurrence, event: Event) -> None:
    """One line for each date; a list would be read by fewer."""
    _add_wall(vevent, "exdate", occurrence.original, event)


def one_line(text: str) -> str:
    """Marks of direction as well: some apps show them as boxes in a title."""
    return MARKS.sub("", clean_line(text))


def _vevent(
    event: Event, occurrence: Occurrence, *, people: bool, cancelled: bool
) -> icalendar.Event:
    words = event.words.get(occurrence.original, NO_WORDS)
    vevent = icalendar.Event()
    vevent.add("uid", vText(one_line(event.uid)))
    vevent.add("sequence", event.sequence)
    vevent.add("dtstamp", event.stamped_at.astimezone(UTC))
    vevent.add("last-modified", event.changed_at.astimezone(UTC))
    vevent.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    vevent.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if event.private:
        # RFC 5545 - 3.8.1.3. Classification: public is the default, and better not said; some
        # apps then show the entry to everybody who may see when its owner is busy.
        vevent.add("class", "PRIVATE")
    _add_times(vevent, event, occurrence)
    _add_words(vevent, event, words)
    if people:
        _add_people(vevent, event, words)
    return vevent


def _add_times(vevent: icalendar.Event, event: Event, occurrence: Occurrence) -> None:
    """
    Always a DTEND: apps add a DURATION on the wall, an hour off in some nights. Where the
    wall clock cannot tell the end, it is given in UTC (RFC 5545 - 3.8.2.2. Date-Time End).
    """
    length = occurrence.ends_at - occurrence.starts_at
    minutes = length // timedelta(minutes=1)
    _add_wall(vevent, "dtstart", occurrence.local, event)
    if even(replace(event.pattern, minutes=minutes), occurrence.local):
        _add_wall(vevent, "dtend", occurrence.local + length, event)
    else:
        vevent.add("dtend", occurrence.ends_at)


def _add_wall(vevent: icalendar.Event, name: str, wall: datetime, event: Event) -> None:
    if event.pattern.zone == "UTC":
        # icalendar leaves out this one TZID, and forgets the Z of an EXDATE.
        vevent.add(name, wall.replace(tzinfo=UTC))
    else:
        vevent.add(name, wall, parameters={"TZID": event.pattern.zone})


def _add_words(vevent: icalendar.Event, event: Event, words: Words) -> None:
    url = NOT_IN_URI.sub("", event.url)
    summary = event.summary if words.summary is None else words.summary
    description = event.description if words.description is None else words.description
    vevent.add("summary", vText(one_line(summary)))
    text = "\n".join(part for part in (url, clean_text(description)) if part)
    if text:
        vevent.add("description", vText(text))
    if url:
        vevent.add("url", vUri(url))
        vevent.add("location", vText(url))
    if url and event.conference:
        # RFC 7986 - 5.11. CONFERENCE
        feature = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
        vevent.add("conference", vUri(url, params=feature))


def _add_people(vevent: icalendar.Event, event: Event, words: Words) -> None:
    if event.organizer:
        vevent.add("organizer", vCalAddress(_mailto(event.organizer)))
    if event.attendee:
        attendee = vCalAddress(_mailto(event.attendee))
        attendee.params.update(
            CUTYPE="INDIVIDUAL",
            ROLE="REQ-PARTICIPANT",
            PARTSTAT=words.partstat or event.partstat,
            RSVP="TRUE",
        )
        vevent.add("attendee", attendee)


def _mailto(address: str) -> str:
    return "mailto:" + NOT_IN_URI.sub("", address)
