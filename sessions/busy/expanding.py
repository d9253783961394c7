"""
Pruned events become times. Pure, but heavy: only the process that may be killed does it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from sessions.busy.pruning import BUSY_STATUS, Pruned, Window, is_free
from sessions.busy.spans import Span, clipped, merged

PERIOD = re.compile(r"(\d{8}T\d{6}Z)/(?:(\d{8}T\d{6}Z)|(P[0-9DHMSTW]+))")
NOT_BUSY = re.compile(r"FBTYPE=\"?FREE\"?", re.IGNORECASE)


def expand(pruned: Pruned, window: Window, zone: ZoneInfo) -> list[Span]:
    """
    When somebody is busy within the window: in order, and none touches another.

    `zone` is for times without one, and for whole days. Raises `Unreadable`.
    """
    spans = chain(_of_events(pruned, window, zone), _of_free_busy(pruned.free_busy))
    return merged(clipped(spans, window))


def _of_events(pruned: Pruned, window: Window, zone: ZoneInfo) -> Iterator[Span]:
    if not pruned.events:
        return
    calendar = _calendar(pruned)
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    for event in query.between(window.after - timedelta(days=1), window.before):
        if not is_free(_said(event)):
            yield _instant(event["DTSTART"].dt, zone), _instant(event["DTEND"].dt, zone)


def _calendar(pruned: Pruned) -> Any:
    """A broken event is left out, and the rest is read all the same."""
    zones = "\r\n".join(["BEGIN:VCALENDAR", *pruned.zones, "END:VCALENDAR", ""])
    try:
        calendar = icalendar.Calendar.from_ical(zones)
    except ValueError:
        calendar = icalendar.Calendar()
    for lines in pruned.events:
        text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
        try:
            calendar.add_component(icalendar.Event.from_ical(text))
        except (ValueError, KeyError, IndexError, AssertionError):
            continue
    return calendar


def _said(event: Any) -> dict[str, list[str]]:
    names = ("STATUS", "TRANSP", BUSY_STATUS)
    return {name: [f"{name}:{event[name]}"] for name in names if name in event}


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def _of_free_busy(lines: Iterable[str]) -> Iterator[Span]:
    """RFC 5545 - 3.8.2.6. Free/Busy Time; always in UTC."""
    for line in lines:
        head, _, value = line.partition(":")
        if NOT_BUSY.search(head):
            continue
        for begin, end, length in PERIOD.findall(value):
            starts = _utc(begin)
            yield starts, _utc(end) if end else starts + _duration(length)


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _duration(text: str) -> timedelta:
    length: timedelta = icalendar.vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    return length
