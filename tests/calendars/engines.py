"""
Calendar programs that nobody here wrote, asked what they read in our iCalendar.

They know the usual zones by name and then may not look at our VTIMEZONE at all. So each also
reads a copy in which every TZID has a name that nobody knows.
"""

import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events

JAVASCRIPT_READER = Path(__file__).with_name("read.mjs")
LIBICAL_READER = Path(__file__).with_name("read_with_libical.py")
SYSTEM_PYTHON = "/usr/bin/python3"
FAR = timedelta(days=120)
"""Dates that were moved into the window may come from as far outside of it."""


Row = dict[str, Any]


class Meeting(NamedTuple):
    """What a reader believes: who meets when. Cancelled dates are left out."""

    uid: str
    starts_at: datetime
    ends_at: datetime


class Question(NamedTuple):
    """Who meets in [after, before)?"""

    calendar: bytes
    after: datetime
    before: datetime


def rename_zones(calendar: bytes) -> bytes:
    # icalendar remembers a VTIMEZONE by its name for as long as it runs, so the name has to
    # be a new one for other content.
    mark = hashlib.sha256(calendar).hexdigest()[:8]
    return re.sub(rb"TZID([:=])([^:;\r\n]+)", rb"TZID\1X-%b-\2" % mark.encode(), calendar)


def both_ways(calendar: bytes) -> list[bytes]:
    return [calendar, rename_zones(calendar)]


def read_with_python(questions: Iterable[Question]) -> list[list[Meeting]]:
    """recurring-ical-events"""
    return [_found_by_python(*question) for question in questions]


def read_with_javascript(questions: Sequence[Question]) -> list[list[Meeting]]:
    """ical.js, as in Thunderbird."""
    return _found_by(["node", JAVASCRIPT_READER], questions)


def read_with_libical(questions: Sequence[Question]) -> list[list[Meeting]]:
    """libical, as in Evolution and GNOME Calendar."""
    return _found_by([SYSTEM_PYTHON, LIBICAL_READER], questions)


ENGINES: dict[str, Callable[[Sequence[Question]], list[list[Meeting]]]] = {
    "recurring-ical-events": read_with_python,
    "ical.js": read_with_javascript,
    "libical": read_with_libical,
}
"""Two are programs of their own, which start slowly: ask them many questions at once."""


def readings(calendar: bytes, *, after: datetime, before: datetime) -> dict[str, list[Meeting]]:
    """What each engine makes of the calendar and of its copy with unknown zones."""
    questions = [Question(copy, after, before) for copy in both_ways(calendar)]
    read: dict[str, list[Meeting]] = {}
    for name, engine in ENGINES.items():
        plain, renamed = engine(questions)
        read |= {name: plain, f"{name}, zones renamed": renamed}
    return read


def rows_of(calendar: bytes, *, until: datetime) -> list[Row]:
    """Everything that read.mjs prints."""
    [rows] = _ask(["node", JAVASCRIPT_READER], [(calendar, until)])
    return rows


def _found_by_python(calendar: bytes, after: datetime, before: datetime) -> list[Meeting]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar)).between(
        after - timedelta(days=2), before + timedelta(days=2)
    )
    return _within(
        (
            Meeting(str(event["uid"]), _utc(event["dtstart"].dt), _utc(event["dtend"].dt))
            for event in found
            if event.get("status") != "CANCELLED"
        ),
        after,
        before,
    )


def _found_by(command: list[str | Path], questions: Sequence[Question]) -> list[list[Meeting]]:
    read = _ask(command, [(calendar, before + FAR) for calendar, _, before in questions])
    return [
        _within(
            (
                Meeting(row["uid"], _parse(row["starts_at"]), _parse(row["ends_at"]))
                for row in rows
                if not row["cancelled"]
            ),
            question.after,
            question.before,
        )
        for question, rows in zip(questions, read, strict=True)
    ]


def _ask(
    command: list[str | Path], expand: Iterable[tuple[bytes, datetime]]
) -> list[list[Row]]:
    given = [[calendar.decode(), until.isoformat()] for calendar, until in expand]
    done = subprocess.run(
        command, input=json.dumps(given).encode(), capture_output=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr.decode()
    rows: list[list[Row]] = json.loads(done.stdout)
    return rows


def _within(found: Iterable[Meeting], after: datetime, before: datetime) -> list[Meeting]:
    return sorted(m for m in found if after <= m.starts_at < before)


def _utc(moment: datetime) -> datetime:
    assert moment.tzinfo, f"{moment} has lost its zone"
    return moment.astimezone(UTC)


def _parse(text: str | None) -> datetime:
    assert text, "ical.js has lost a zone"
    return datetime.fromisoformat(text)
