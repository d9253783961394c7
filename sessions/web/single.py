"""One date to be added to a calendar by hand: as a file, or on a service's own page."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID, uuid5

from litestar import Response

from sessions import ics, recurrence
from sessions.entries import entry_of
from sessions.errors import NotFound
from sessions.language import say
from sessions.people import Person
from sessions.recurrence import Occurrence, Pattern
from sessions.schedule import Booking
from sessions.web.given import House
from sessions.web.shapes.dates import PrefilledLinks

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
FILE = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
"""A neutral name: it stays in the folder of downloads."""


def date_of(booking: Booking, original: datetime) -> Occurrence:
    """Raises `NotFound` for a start that is none, and for a date that nobody was told of."""
    series = booking.series
    if original.tzinfo is not None or not recurrence.follows(series.pattern, original):
        raise NotFound("no_such_date")
    date = recurrence.occurrence_at(series.pattern, booking.changes, original)
    if date.skipped:
        raise NotFound("no_such_date")
    return date


def calendar_file(
    house: House, booking: Booking, person: Person, original: datetime
) -> Response[bytes]:
    """An event of its own, so that apps do not take it for a change of the whole series."""
    date, zone = date_of(booking, original), booking.series.zone
    event = entry_of(
        booking, person, keys=house.keys, settings=house.settings, stamped_at=house.now
    )
    words = event.words.get(original)
    minutes = int((date.ends_at - date.starts_at).total_seconds() // 60)
    single = replace(
        event,
        uid=str(uuid5(UUID(booking.series.uid), original.isoformat())),
        summary=(words and words.summary) or event.summary,
        pattern=Pattern(date.local, zone, minutes),
        changes={},
        words={},
        cancelled=event.cancelled or date.cancelled,
    )
    return Response(
        ics.single(single), status_code=200, media_type="text/calendar", headers=FILE
    )


def prefilled(person: Person, date: Occurrence) -> PrefilledLinks:
    """A neutral word and the time; no link, for an address is no place for a secret."""
    word = person.summary or say(person.locale, "mail.neutral")
    starts, ends = date.starts_at.astimezone(UTC), date.ends_at.astimezone(UTC)
    google = {
        "action": "TEMPLATE",
        "text": word,
        "dates": f"{starts:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}",
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": word,
        "startdt": f"{starts:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
    }
    return PrefilledLinks(
        google=f"{GOOGLE}?{urlencode(google)}", outlook=f"{OUTLOOK}?{urlencode(outlook)}"
    )
