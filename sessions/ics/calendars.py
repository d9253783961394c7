"""The VCALENDARs: a feed to subscribe to, and what is sent by mail."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import icalendar
from icalendar import vText

from sessions import zones
from sessions.ics.event import Event, Method, begin_of, end_of, special
from sessions.ics.lines import written
from sessions.ics.vevents import exclude, master, one_line, override
from sessions.recurrence import UNCHANGED, occurrence_at

# Neutral on purpose: it stands in every file, whoever may come to see it.
PRODID = "-//Calendar//Calendar//EN"


def feed(
    events: Iterable[Event],
    *,
    name: str,
    refresh_hours: int,
    entries: Callable[[Event], bytes] | None = None,
) -> bytes:
    """
    A calendar to subscribe to, of one person or of all the world. No METHOD, no people, no
    alarms.

    `name` is what apps call it, `refresh_hours` how old a copy of it may become. `entries`
    may look the bytes of `entry(event)` up instead of writing them again.
    """
    events = list(events)
    calendar = _calendar()
    title = vText(one_line(name))
    # RFC 7986 - 5.1. NAME and 5.7. REFRESH-INTERVAL, and what apps knew before them.
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    interval = timedelta(hours=refresh_hours)
    calendar.add("refresh-interval", interval, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(f"PT{refresh_hours}H"))
    return _assemble(calendar, events, b"".join(map(entries or entry, events)))


def single(event: Event) -> bytes:
    """One event as a file, to be added by hand. Without a name: it is no calendar itself."""
    return _assemble(_calendar(), [event], entry(event))


def entry(event: Event) -> bytes:
    """The VEVENTs of one event in a feed, without the calendar around them."""
    return b"".join(map(written, _feed_vevents(event)))


def request(event: Event) -> bytes:
    """RFC 5546 - 3.2.2. REQUEST: the whole series as it is now."""
    return _message(event, "REQUEST", _as_it_is(event))


def request_one(event: Event, original: datetime) -> bytes:
    """RFC 5546 - 3.2.2.1. Rescheduling an Event: one date of a series, by itself."""
    if event.pattern.rule is None:
        return request(event)
    return _message(event, "REQUEST", [_one(event, original)])


def cancel_one(event: Event, original: datetime) -> bytes:
    """RFC 5546 - 3.2.5. CANCEL, for one date of a series."""
    if event.pattern.rule is None:
        return cancel(event)
    off = replace(event.changes.get(original, UNCHANGED), cancelled=True)
    return _message(event, "CANCEL", [_one(replace(event, changes={original: off}), original)])


def cancel(event: Event) -> bytes:
    """RFC 5546 - 3.2.5. CANCEL, for all of it."""
    return _message(event, "CANCEL", [master(event, people=True, cancelled=True)])


def decline_counter(event: Event, original: datetime | None = None) -> bytes:
    """
    RFC 5546 - 3.2.8. DECLINECOUNTER: it stays as it is, whatever was proposed.

    `original` names the date for which another time was asked, None the whole series, of
    which there is room for one VEVENT. The event has to have the sequence that the COUNTER
    was about. More is written than has to be, as apps show the words of this message and not
    those that they know.
    """
    if original is None or event.pattern.rule is None:
        return _message(event, "DECLINECOUNTER", _as_it_is(event)[:1])
    return _message(event, "DECLINECOUNTER", [_one(event, original)])


def _as_it_is(event: Event) -> list[icalendar.Event]:
    """The series without the dates that are off, and then those that are different."""
    whole, overrides = master(event, people=True), []
    for occurrence in special(event):
        if occurrence.cancelled:
            exclude(whole, occurrence, event)
        else:
            overrides.append(override(event, occurrence, people=True))
    return [whole, *overrides]


def _one(event: Event, original: datetime) -> icalendar.Event:
    occurrence = occurrence_at(event.pattern, event.changes, original)
    return override(event, occurrence, people=True)


def _feed_vevents(event: Event) -> Iterator[icalendar.Event]:
    whole = master(event, cancelled=event.cancelled)
    dates = [] if event.cancelled else special(event)
    for occurrence in dates:
        if occurrence.skipped:
            exclude(whole, occurrence, event)
    yield whole
    yield from (override(event, date) for date in dates if not date.skipped)


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
        begin, end = begin_of(event), end_of(event)
        known = spans.get(event.pattern.zone, (begin, end))
        spans[event.pattern.zone] = min(known[0], begin), max(known[1], end)
    # RFC 5545 - 3.6. Calendar Components: an empty calendar is none.
    spans = spans or {"UTC": (zones.EPOCH, zones.EPOCH)}
    return "".join(
        zones.vtimezone(name, after=begin, before=end)
        for name, (begin, end) in sorted(spans.items())
    )
