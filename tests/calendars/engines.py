"""
Calendar programs that nobody here wrote, asked what they read in our iCalendar.

Both engines know the usual zones by name and then may not look at our VTIMEZONE at all. So
each also reads a copy in which every TZID has a name that nobody knows.
"""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events

READER = Path(__file__).with_name("read.mjs")


class Meeting(NamedTuple):
    """What a reader believes: who meets when. Cancelled dates are left out."""

    uid: str
    starts_at: datetime
    ends_at: datetime


def rename_zones(calendar: bytes) -> bytes:
    # icalendar remembers a VTIMEZONE by its name for as long as it runs, so the name has to
    # be a new one for other content.
    mark = hashlib.sha256(calendar).hexdigest()[:8]
    return re.sub(rb"TZID([:=])([^:;\r\n]+)", rb"TZID\1X-%b-\2" % mark.encode(), calendar)


def both_ways(calendar: bytes) -> list[bytes]:
    return [calendar, rename_zones(calendar)]


def read_with_python(calendar: bytes, *, after: datetime, before: datetime) -> list[Meeting]:
    """recurring-ical-events"""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar)).between(
        after - timedelta(days=2), before + timedelta(days=2)
    )
    return _meetings(
        (
            Meeting(str(event["uid"]), _utc(event["dtstart"].dt), _utc(event["dtend"].dt))
            for event in found
            if event.get("status") != "CANCELLED"
        ),
        after,
        before,
    )


def read_with_javascript(
    calendars: Iterable[bytes], *, after: datetime, before: datetime
) -> list[list[Meeting]]:
    """ical.js, as in Thunderbird. Node starts slowly: give it many calendars at once."""
    return [
        _meetings(
            (
                Meeting(row["uid"], _parse(row["starts_at"]), _parse(row["ends_at"]))
                for row in rows
                if not row["cancelled"]
            ),
            after,
            before,
        )
        # Dates that were moved into the window may come from far outside of it.
        for rows in rows_of(calendars, until=before + timedelta(days=120))
    ]


def rows_of(calendars: Iterable[bytes], *, until: datetime) -> list[list[dict[str, Any]]]:
    """Everything that read.mjs prints."""
    done = subprocess.run(
        ["node", READER, until.astimezone(UTC).isoformat()],
        input=b"".join(calendars),
        capture_output=True,
        check=True,
        timeout=60,
    )
    rows: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return rows


def readings(calendar: bytes, *, after: datetime, before: datetime) -> dict[str, list[Meeting]]:
    """What each engine makes of the calendar and of its copy with unknown zones."""
    copies = both_ways(calendar)
    plain, renamed = read_with_javascript(copies, after=after, before=before)
    return {
        "recurring-ical-events": read_with_python(copies[0], after=after, before=before),
        "recurring-ical-events, zones renamed": read_with_python(
            copies[1], after=after, before=before
        ),
        "ical.js": plain,
        "ical.js, zones renamed": renamed,
    }


def _meetings(found: Iterable[Meeting], after: datetime, before: datetime) -> list[Meeting]:
    return sorted(m for m in found if after <= m.starts_at < before)


def _utc(moment: datetime) -> datetime:
    assert moment.tzinfo, f"{moment} has lost its zone"
    return moment.astimezone(UTC)


def _parse(text: str | None) -> datetime:
    assert text, "ical.js has lost a zone"
    return datetime.fromisoformat(text)
