"""
The list of openly listed circles for other directories: the Meeting Guide format.

It knows weekly meetings only (github.com/code4recovery/spec, "Time Fields"), so what happens
every second week or once a month stands on the circle's page alone.
"""

import asyncio
from collections.abc import Container, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Raw, json

from sessions import public, schedule
from sessions.circles import Circle
from sessions.keys import Keys
from sessions.language import DEFAULT, say
from sessions.public import Listing
from sessions.schedule import Dated, Series
from sessions.settings import Settings

KEPT = timedelta(minutes=10)
"""So long may a series be listed that is over or cancelled, and none that is new."""
SUNDAY_FIRST = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
TYPES = {
    "am": "AM",
    "da": "DA",
    "de": "DE",
    "el": "EL",
    "en": "EN",
    "es": "S",
    "fa": "FA",
    "fr": "FR",
    "he": "HE",
    "hi": "HI",
    "hr": "HR",
    "hu": "HU",
    "it": "ITA",
    "ja": "JA",
    "ko": "KOR",
    "lt": "LT",
    "ml": "ML",
    "no": "NO",
    "pa": "PUN",
    "pl": "POL",
    "pt": "POR",
    "ru": "RUS",
    "sk": "SK",
    "sv": "SV",
    "th": "TH",
    "tl": "TL",
    "uk": "UK",
}
"""
What the format calls a language. It has none for Arabic, and its TR is no language at all.
"""


Written = dict[UUID, list[Raw]]
"""By circle."""


class Directory:
    """What was written last, for as long as it may be told again."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.good_until = datetime.min.replace(tzinfo=UTC)
        self._written: Written = {}

    def keep(self, written: Written, *, now: datetime) -> None:
        self._written, self.good_until = written, now + KEPT

    def of(self, circles: Container[UUID]) -> bytes:
        """The list, as far as it is about these."""
        return json.encode(
            [one for circle, all_ in self._written.items() if circle in circles for one in all_]
        )


def write(
    listings: Iterable[Listing], *, keys: Keys, settings: Settings, now: datetime
) -> Written:
    return {
        listing.circle.id: [
            Raw(json.encode(meeting))
            for meeting in meetings([listing], keys=keys, settings=settings, now=now)
        ]
        for listing in listings
    }


def meetings(
    listings: list[Listing], *, keys: Keys, settings: Settings, now: datetime
) -> list[dict[str, Any]]:
    return [
        _meeting(listing.circle, dated.series, keys, settings, now=now)
        for listing in listings
        for dated in listing.dated
        if _is_weekly(dated, now=now)
    ]


def _is_weekly(dated: Dated, *, now: datetime) -> bool:
    rule = dated.series.rule
    return (
        rule is not None
        and (rule.frequency, rule.interval) == ("weekly", 1)
        and schedule.has_dates(dated, now=now)
    )


def _meeting(
    circle: Circle, series: Series, keys: Keys, settings: Settings, *, now: datetime
) -> dict[str, Any]:
    page = public.page_url(settings, circle)
    ends = series.start + timedelta(minutes=series.minutes)
    return {
        "name": circle.name,
        "slug": public.public_uid(keys, series),
        "day": [SUNDAY_FIRST.index(day) for day in series.weekdays or ()],
        "time": f"{series.start:%H:%M}",
        "end_time": f"{ends:%H:%M}",
        "timezone": series.zone,
        "types": _types(circle),
        "notes": circle.purpose,
        "url": page,
        # Never a way into the room: that is a personal link, and somebody at the door.
        "conference_url": page,
        "conference_url_notes": say(DEFAULT, "open.meeting"),
        "updated": f"{public.revised_at(keys, circle, series, now=now):%Y-%m-%d %H:%M:%S}",
    }


def _types(circle: Circle) -> list[str]:
    spoken = {language.partition("-")[0].lower() for language in circle.languages}
    return sorted(TYPES[language] for language in spoken if language in TYPES)
