"""
Write iCalendar. Pure: the words, the people and the moment of writing are given.

Everything stays inside what all calendar apps read alike; where they do not, the comment
says what was chosen. Cancelled dates are told in two ways, because the standards want it so:

* in a feed, as an override with STATUS:CANCELLED, so that people see that it is off;
* in an invitation, as an EXDATE: RFC 5546 - 3.2.2. REQUEST has no cancelled status.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import icalendar
from icalendar import vCalAddress, vRecur, vText, vUri

from sessions import zones
from sessions.recurrence import (
    Change,
    Occurrence,
    Pattern,
    even,
    follows,
    last_start,
    occurrence_at,
    rrule_text,
    uneven,
)
from sessions.text import clean_line, clean_text

# Neutral on purpose: it stands in every file, whoever may come to see it.
PRODID = "-//Calendar//Calendar//EN"
HORIZON = timedelta(days=5 * 366)
"""How far an open series is told; to be written anew long before that."""
MARKS = re.compile("[\u061c\u200e\u200f]")
NOT_IN_URI = re.compile('[\\s\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff"<>\\\\]')

Method = Literal["REQUEST", "CANCEL"]
Participation = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A series or a single date, in the words that one reader may see."""

    uid: str
    sequence: int
    summary: str
    pattern: Pattern
    changes: Mapping[datetime, Change]
    created_at: datetime
    changed_at: datetime
    stamped_at: datetime
    """When this message is made; an open series is told from here on."""
    url: str = ""
    description: str = ""
    """What follows the address, which is always the first line."""
    organizer: str | None = None
    attendee: str | None = None
    partstat: Participation = "NEEDS-ACTION"
    conference: bool = False
    """Say that the address is a call with sound and picture."""
    private: bool = False
    cancelled: bool = False


def feed(
    events: Iterable[Event],
    *,
    name: str,
    refresh_hours: int,
    entries: Callable[[Event], bytes] | None = None,
) -> bytes:
    """
    A calendar to subscribe to. No METHOD, no people, no alarms.

    `entries` may look the bytes of `entry(event)` up instead of writing them again.
    """
    events = list(events)
    calendar = _calendar()
    title = vText(_one_line(name))
    # RFC 7986 - 5.1. NAME and 5.7. REFRESH-INTERVAL, and what apps knew before them.
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    interval = timedelta(hours=refresh_hours)
    calendar.add("refresh-interval", interval, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(f"PT{refresh_hours}H"))
    return _assemble(calendar, events, b"".join(map(entries or entry, events)))


def entry(event: Event) -> bytes:
    """The VEVENTs of one event in a feed, without the calendar around them."""
    return b"".join(vevent.to_ical() for vevent in _feed_vevents(event))


def request(event: Event) -> bytes:
    """RFC 5546 - 3.2.2. REQUEST: the whole series as it is now."""
    vevents = [_master(event, people=True)]
    for occurrence in _special(event):
        if occurrence.cancelled:
            _add_wall(vevents[0], "exdate", occurrence.original, event)
        else:
            vevents.append(_override(event, occurrence, people=True))
    return _message(event, "REQUEST", vevents)


def request_one(event: Event, original: datetime) -> bytes:
    """RFC 5546 - 3.2.2.1. Rescheduling an Event: one date of a series, by itself."""
    if event.pattern.rule is None:
        return request(event)
    occurrence = occurrence_at(event.pattern, event.changes, original)
    return _message(event, "REQUEST", [_override(event, occurrence, people=True)])


def cancel_one(event: Event, original: datetime) -> bytes:
    """RFC 5546 - 3.2.5. CANCEL, for one date of a series."""
    if event.pattern.rule is None:
        return cancel(event)
    occurrence = occurrence_at(event.pattern, {original: Change(moved_to=None)}, original)
    return _message(event, "CANCEL", [_override(event, occurrence, people=True)])


def cancel(event: Event) -> bytes:
    """RFC 5546 - 3.2.5. CANCEL, for all of it."""
    return _message(event, "CANCEL", [_master(event, people=True, cancelled=True)])


def _feed_vevents(event: Event) -> Iterator[icalendar.Event]:
    yield _master(event, cancelled=event.cancelled)
    if not event.cancelled:
        yield from (_override(event, occurrence) for occurrence in _special(event))


def _master(event: Event, *, people: bool = False, cancelled: bool = False) -> icalendar.Event:
    pattern = event.pattern
    rule = rrule_text(pattern)
    if rule is None:
        only = occurrence_at(pattern, event.changes, pattern.start)
        return _vevent(event, only, people=people, cancelled=cancelled or only.cancelled)
    first = occurrence_at(pattern, {}, pattern.start)
    vevent = _vevent(event, first, people=people, cancelled=cancelled)
    vevent.add("rrule", vRecur.from_ical(rule))
    if not even(pattern, pattern.start):
        # Taken from this one night, DTEND would give all others a wrong length.
        del vevent["dtend"]
        vevent.add("duration", timedelta(minutes=pattern.minutes))
    return vevent


def _override(event: Event, occurrence: Occurrence, *, people: bool = False) -> icalendar.Event:
    vevent = _vevent(event, occurrence, people=people, cancelled=occurrence.cancelled)
    _add_wall(vevent, "recurrence-id", occurrence.original, event)
    return vevent


def _vevent(
    event: Event, occurrence: Occurrence, *, people: bool, cancelled: bool
) -> icalendar.Event:
    vevent = icalendar.Event()
    vevent.add("uid", vText(_one_line(event.uid)))
    vevent.add("sequence", event.sequence)
    vevent.add("dtstamp", event.stamped_at.astimezone(UTC))
    vevent.add("created", event.created_at.astimezone(UTC))
    vevent.add("last-modified", event.changed_at.astimezone(UTC))
    vevent.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    vevent.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    vevent.add("class", "PRIVATE" if event.private else "PUBLIC")
    _add_times(vevent, event, occurrence)
    _add_words(vevent, event)
    if people:
        _add_people(vevent, event)
    return vevent


def _add_times(vevent: icalendar.Event, event: Event, occurrence: Occurrence) -> None:
    """
    Always a DTEND: apps add a DURATION on the wall, an hour off in some nights. Where the
    wall clock cannot tell the end, it is given in UTC (RFC 5545 - 3.8.2.2. Date-Time End).
    """
    _add_wall(vevent, "dtstart", occurrence.local, event)
    if even(event.pattern, occurrence.local):
        end = occurrence.local + timedelta(minutes=event.pattern.minutes)
        _add_wall(vevent, "dtend", end, event)
    else:
        vevent.add("dtend", occurrence.ends_at)


def _add_wall(vevent: icalendar.Event, name: str, wall: datetime, event: Event) -> None:
    vevent.add(name, wall, parameters={"TZID": event.pattern.zone})


def _add_words(vevent: icalendar.Event, event: Event) -> None:
    url = NOT_IN_URI.sub("", event.url)
    vevent.add("summary", vText(_one_line(event.summary)))
    text = "\n".join(part for part in (url, clean_text(event.description)) if part)
    if text:
        vevent.add("description", vText(text))
    if url:
        vevent.add("url", vUri(url))
        vevent.add("location", vText(url))
    if url and event.conference:
        # RFC 7986 - 5.11. CONFERENCE
        feature = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
        vevent.add("conference", vUri(url, params=feature))


def _add_people(vevent: icalendar.Event, event: Event) -> None:
    if event.organizer:
        vevent.add("organizer", vCalAddress(_mailto(event.organizer)))
    if event.attendee:
        attendee = vCalAddress(_mailto(event.attendee))
        attendee.params.update(
            CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT=event.partstat, RSVP="TRUE"
        )
        vevent.add("attendee", attendee)


def _mailto(address: str) -> str:
    return "mailto:" + NOT_IN_URI.sub("", address)


def _one_line(text: str) -> str:
    """Marks of direction as well: some apps show them as boxes in a title."""
    return MARKS.sub("", clean_line(text))


def _special(event: Event) -> list[Occurrence]:
    """The dates of a series that its rule alone does not tell, in order."""
    if event.pattern.rule is None:
        return []
    originals = {o for o in event.changes if follows(event.pattern, o)}
    originals.update(uneven(event.pattern, before=_end(event)))
    return [occurrence_at(event.pattern, event.changes, o) for o in sorted(originals)]


def _message(event: Event, method: Method, vevents: Iterable[icalendar.Event]) -> bytes:
    calendar = _calendar()
    calendar.add("method", method)
    return _assemble(calendar, [event], b"".join(v.to_ical() for v in vevents))


def _calendar() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _assemble(calendar: icalendar.Calendar, events: list[Event], vevents: bytes) -> bytes:
    ending = b"END:VCALENDAR\r\n"
    head: bytes = calendar.to_ical().removesuffix(ending)
    return head + _vtimezones(events).encode() + vevents + ending


def _vtimezones(events: list[Event]) -> str:
    """One for each zone, over all the dates in it; without one, ical.js forgets the zone."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for event in events:
        begin, end = _begin(event), _end(event)
        known = spans.get(event.pattern.zone, (begin, end))
        spans[event.pattern.zone] = min(known[0], begin), max(known[1], end)
    # RFC 5545 - 3.6. Calendar Components: an empty calendar is none.
    spans = spans or {"UTC": (zones.EPOCH, zones.EPOCH)}
    return "".join(
        zones.vtimezone(name, after=begin, before=end)
        for name, (begin, end) in sorted(spans.items())
    )


def _begin(event: Event) -> datetime:
    return min(zones.resolve(wall, event.pattern.zone) for wall in _walls(event))


def _end(event: Event) -> datetime:
    latest = max(zones.resolve(wall, event.pattern.zone) for wall in _walls(event))
    if last_start(event.pattern) is None:
        latest = max(latest, event.stamped_at + HORIZON)
    # The longest meeting, and a night's sleep.
    return latest + timedelta(days=2)


def _walls(event: Event) -> Iterator[datetime]:
    """Times between which everything happens that the event tells of."""
    yield event.pattern.start
    yield last_start(event.pattern) or event.pattern.start + HORIZON
    for original, change in event.changes.items():
        yield original
        yield change.moved_to or original
