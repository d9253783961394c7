"""What the server itself says, in each person's language: mails and problems."""

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location

Locale = Literal["en", "he", "ar"]
LOCALES: tuple[Locale, ...] = get_args(Locale)
DEFAULT: Locale = "en"
TERRITORIES = {"en": "en_GB", "he": "he_IL", "ar": "ar_EG"}
RIGHT_TO_LEFT = frozenset({"he", "ar"})
WHEN = "EEEE d MMMM y, HH:mm"


def say(locale: str, key: str, **params: str | int) -> str:
    """A sentence of the message files; a missing key is a bug and raises `KeyError`."""
    return words(locale)[key].format(**params)


@cache
def words(locale: str) -> dict[str, str]:
    """All message files of a language; each matter has its own."""
    catalogue: dict[str, str] = {}
    for path in (resources.files("sessions") / "words" / locale).iterdir():
        catalogue |= json.loads(path.read_text(encoding="utf-8"))
    return catalogue


def when(moment: datetime, *, zone: str, locale: str) -> str:
    """Weekday, date and wall time in `zone`, as this language writes them."""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return format_datetime(local, WHEN, locale=TERRITORIES[locale])


def place(zone: str, *, locale: str) -> str:
    """A zone as people call it: "London", not "Europe/London"."""
    return get_timezone_location(ZoneInfo(zone), locale=TERRITORIES[locale], return_city=True)


def accepted(header: str) -> Locale:
    """The first of our languages in an Accept-Language header (RFC 9110 - 12.5.4)."""
    ranked = sorted(
        (part.partition(";q=") for part in header.lower().replace(" ", "").split(",")),
        key=lambda part: -_quality(part[2]),
    )
    for tag, _, _ in ranked:
        language = tag.partition("-")[0]
        for locale in LOCALES:
            if language == locale:
                return locale
    return DEFAULT


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
