"""
The list of openly listed circles for other directories: the Meeting Guide format.

It knows weekly meetings only (github.com/code4recovery/spec, "Time Fields"), so what happens
every second week or once a month stands on the circle's page alone.
"""

from datetime import datetime, timedelta
from typing import Any

from sessions import public, schedule
from sessions.circles import Circle
from sessions.keys import Keys
from sessions.language import DEFAULT, say
from sessions.public import Listing
from sessions.schedule import Dated, Series
from sessions.settings import Settings

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
