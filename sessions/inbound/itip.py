"""
Read what a calendar app sent (RFC 5546 - 3.2. Methods for VEVENT Calendar Components). Pure.

Only the few lines that matter are kept, before anything parses them: no rule, no zone and
no alarm of a stranger's is ever looked at, so none can keep us busy, and whatever else is
broken does not stand in the way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, cast, get_args

import icalendar
from icalendar import vDDDTypes

from sessions.inbound.messages import CalendarPart
from sessions.text import clean_text

Method = Literal["REPLY", "COUNTER", "REFRESH"]
Moment = datetime | date
"""A naive datetime is wall time: of a zone that nobody named, or one that nobody knows."""

MOST_LINES = 20_000
MOST_EVENTS = 100
LONGEST_LINE = 4000
LONGEST_COMMENT = 500
KEPT = re.compile(
    r"(?:UID|SEQUENCE|DTSTAMP|RECURRENCE-ID|DTSTART|DTEND|DURATION|ATTENDEE|COMMENT)[;:]",
    re.IGNORECASE,
)
VENDOR = re.compile(r';TZID="?/([^;:"\r\n]*)"?')
LINE_END = re.compile(r"[\r\n]+")
NAME = re.compile(r"[A-Za-z0-9-]+[;:]")


class NotOurs(Exception):
    """No calendar, or one that asks for nothing that we do."""


@dataclass(frozen=True, slots=True)
class Attendee:
    address: str
    partstat: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT: the whole series, or, with `recurrence_id`, one date of it."""

    recurrence_id: Moment | None
    sequence: int
    stamped_at: datetime
    attendees: tuple[Attendee, ...] = ()
    start: Moment | None = None
    minutes: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    method: Method
    uid: str
    entries: tuple[Entry, ...]


def read(part: CalendarPart) -> Message:
    lines = _unfolded(part.text)
    method = _method(lines, part.method)
    events = [_parsed(block) for block in _blocks(lines)]
    [uid, *others] = {str(event.get("uid", "")) for event in events} or {""}
    if not uid or others:
        # RFC 5546 - 3.2.3. REPLY: one UID in each message.
        raise NotOurs
    return Message(method, uid, tuple(entry for event in events for entry in _entries(event)))


def _unfolded(text: str) -> list[str]:
    """
    RFC 5545 - 3.1. Content Lines; also those that a mail program folded its own way, and
    left without the space.
    """
    lines: list[list[str]] = []
    for line in LINE_END.split(text.lstrip("\ufeff"))[:MOST_LINES]:
        if lines and line[:1] in (" ", "\t"):
            lines[-1].append(line[1:])
        elif lines and not NAME.match(line):
            lines[-1].append(line)
        else:
            lines.append([line])
    return ["".join(parts) for parts in lines]


def _method(lines: list[str], outside: str) -> Method:
    """RFC 6047 - 2.4. Content-Type Header Field: both have to say the same."""
    named = (line.partition(":")[2] for line in lines if line[:7].upper() == "METHOD:")
    inside = next(named, outside).strip().upper()
    if inside not in get_args(Method) or outside not in ("", inside):
        raise NotOurs
    return cast(Method, inside)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """The lines of each VEVENT that are of use, without those of the alarms in it."""
    path: list[str] = []
    block: list[str] = []
    count = 0
    for line in lines:
        name, _, value = line.upper().partition(":")
        if name == "BEGIN":
            path.append(value.strip())
            block = [] if path[-1] == "VEVENT" else block
        elif name == "END" and path:
            if path.pop() == "VEVENT" and (count := count + 1) <= MOST_EVENTS:
                yield block
        elif path[-1:] == ["VEVENT"] and KEPT.match(line):
            block.append(line[:LONGEST_LINE])


def _parsed(block: list[str]) -> icalendar.Event:
    text = "\r\n".join(["BEGIN:VEVENT", *block, "END:VEVENT", ""])
    try:
        return cast(icalendar.Event, icalendar.Event.from_ical(VENDOR.sub(_plain, text)))
    except (ValueError, KeyError, TypeError, IndexError, AssertionError) as error:
        raise NotOurs from error


def _plain(found: re.Match[str]) -> str:
    """
    RFC 5545 - 3.8.3.1. Time Zone Identifier: behind a slash, a name is a vendor's own; most
    end with the one that everybody knows.
    """
    region, city = ["", *found[1].split("/")][-2:]
    return f";TZID={region}/{city}" if region and city else ""


def _entries(event: icalendar.Event) -> Iterator[Entry]:
    """None, when the date it is about, or its age, cannot be made out."""
    stamped_at = _moment(event, "dtstamp")
    recurrence_id = _moment(event, "recurrence-id")
    unclear = "recurrence-id" in event and recurrence_id is None
    if unclear or not isinstance(stamped_at, datetime):
        return
    start = _moment(event, "dtstart")
    yield Entry(
        recurrence_id=recurrence_id,
        sequence=_number(event.get("sequence", 0)),
        stamped_at=stamped_at.replace(tzinfo=stamped_at.tzinfo or UTC),
        attendees=tuple(_attendees(event)),
        start=start,
        minutes=_minutes(event, start),
        comment=_comment(event),
    )


def _first(event: icalendar.Event, name: str) -> object:
    value = event.get(name)
    return value[0] if isinstance(value, list) and value else value


def _moment(event: icalendar.Event, name: str) -> Moment | None:
    value = _first(event, name)
    moment = value.dt if isinstance(value, vDDDTypes) else None
    if not isinstance(moment, date):
        return None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return moment
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return None  # before all calendars, or after
    return moment


def _number(value: object) -> int:
    return int(value) if isinstance(value, int) else -1


def _minutes(event: icalendar.Event, start: Moment | None) -> int | None:
    value = _first(event, "duration")
    length = value.dt if isinstance(value, vDDDTypes) else None
    end = _moment(event, "dtend")
    if (
        isinstance(start, datetime)
        and isinstance(end, datetime)
        and (start.tzinfo is None) == (end.tzinfo is None)
    ):
        length = end - start
    return length // timedelta(minutes=1) if isinstance(length, timedelta) else None


def _attendees(event: icalendar.Event) -> Iterator[Attendee]:
    found = event.get("attendee", [])
    for value in found if isinstance(found, list) else [found]:
        partstat = str(getattr(value, "params", {}).get("PARTSTAT", "NEEDS-ACTION"))
        address = re.sub("^mailto:", "", str(value).strip(), flags=re.IGNORECASE)
        yield Attendee(address.strip(), partstat.upper())


def _comment(event: icalendar.Event) -> str:
    return clean_text(str(_first(event, "comment") or ""))[:LONGEST_COMMENT]
