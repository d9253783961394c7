"""
The page of an openly listed circle, to be read without JavaScript and by search engines.

Its tab says nothing: what it says is seen by others and stays in the history.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale as Names
from babel.core import UnknownLocaleError
from babel.dates import format_datetime

from sessions import public
from sessions.feeds import webcal_url
from sessions.language import LOCALES, RIGHT_TO_LEFT, TERRITORIES, Locale, place, say
from sessions.public import Date, Listing
from sessions.recurrence import Occurrence
from sessions.settings import Settings

OWN_NAMES = {"en": "English", "he": "עברית", "ar": "العربية"}
ZONES = (
    "Asia/Jerusalem", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg",
    "America/Anchorage", "America/Argentina/Buenos_Aires", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
    "America/Santiago", "America/Sao_Paulo", "America/Toronto", "Asia/Amman", "Asia/Baghdad",
    "Asia/Beirut", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Kolkata", "Asia/Riyadh",
    "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Europe/Berlin", "Europe/Istanbul",
    "Europe/Kyiv", "Europe/London", "Europe/Madrid", "Europe/Moscow", "Europe/Paris",
    "Pacific/Auckland",
)  # fmt: skip
"""One for each hour in which many people live; any other can be named in the address."""
STYLE = re.compile(r'<link rel="stylesheet"[^>]*>')
DAY, TIME = "EEEE d MMMM y", "HH:mm"
# A script ends at "</script", and "<!--" changes how it is read, whatever JSON thinks.
ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


class Reader(NamedTuple):
    locale: Locale
    zone: str | None
    """`None`: the zone of each series."""


class Sheet(NamedTuple):
    """What the page is written on."""

    settings: Settings
    listing: Listing
    dates: Sequence[Date]
    reader: Reader

    def say(self, key: str, **params: str) -> str:
        """Ready to stand in HTML."""
        return escape(say(self.reader.locale, key, **params))

    @property
    def url(self) -> str:
        return public.page_url(self.settings, self.listing.circle)


def page(sheet: Sheet, shell: str) -> str:
    """`shell` is any built page: the styles of all pages are named in it."""
    locale = sheet.reader.locale
    direction = "rtl" if locale in RIGHT_TO_LEFT else "ltr"
    styles = "".join(STYLE.findall(shell)[:1])
    return (
        f'<!doctype html><html lang="{locale}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="/favicon.svg" type="image/svg+xml">'
        f'{styles}<link rel="stylesheet" href="/open.css">'
        f'<link rel="canonical" href="{escape(sheet.url)}">{_alternates(sheet)}'
        f"<title>Ronda</title>{_json_ld(sheet)}</head>"
        f"<body>{_header(sheet)}<main>{_circle(sheet)}{_dates(sheet)}{_ask(sheet)}"
        f"{_subscribe(sheet)}</main></body></html>"
    )


def _alternates(sheet: Sheet) -> str:
    feed = public.feed_url(sheet.settings, sheet.listing.circle)
    languages = "".join(
        f'<link rel="alternate" hreflang="{locale}" href="{escape(_link(sheet, lang=locale))}">'
        for locale in LOCALES
    )
    return f'{languages}<link rel="alternate" type="text/calendar" href="{escape(feed)}">'


def _link(sheet: Sheet, **query: str) -> str:
    return f"{sheet.url}?{urlencode(query)}"


def _header(sheet: Sheet) -> str:
    exit_url = sheet.settings.exit_url or "/bye"
    zone = {"zone": sheet.reader.zone} if sheet.reader.zone else {}
    here = {sheet.reader.locale: ' aria-current="true"'}
    links = "".join(
        f'<a href="{escape(_link(sheet, lang=locale, **zone))}" lang="{locale}"'
        f"{here.get(locale, '')}>{OWN_NAMES[locale]}</a>"
        for locale in LOCALES
    )
    return (
        f'<header><a href="/">Ronda</a><nav>{links}</nav>'
        f'<a class="exit" href="{escape(exit_url)}" rel="noreferrer nofollow">'
        f"{sheet.say('open.exit')}</a></header>"
    )


def _circle(sheet: Sheet) -> str:
    circle = sheet.listing.circle
    spoken = "، ".join if sheet.reader.locale == "ar" else ", ".join
    names = spoken(_language(code, sheet.reader.locale) for code in circle.languages)
    languages = f"<br>{sheet.say('open.languages', languages=names)}" if names else ""
    purpose = f'<p class="own-words">{escape(circle.purpose)}</p>' if circle.purpose else ""
    return (
        f"<section><h1><bdi>{escape(circle.name)}</bdi></h1>"
        f'<p class="soft">{sheet.say("open.kind")}{languages}</p>{purpose}</section>'
    )


def _language(code: str, locale: Locale) -> str:
    try:
        return Names.parse(code, sep="-").get_display_name(locale) or code
    except (UnknownLocaleError, ValueError):
        return code


def _dates(sheet: Sheet) -> str:
    rows = "".join(_row(sheet, date) for date in sheet.dates)
    listed = f'<ul role="list">{rows}</ul>' if rows else f"<p>{sheet.say('open.none')}</p>"
    return (
        f'<section aria-labelledby="dates"><h2 id="dates">{sheet.say("open.dates")}</h2>'
        f"{listed}{_choice(sheet) if rows else ''}</section>"
    )


def _row(sheet: Sheet, date: Date) -> str:
    locale, occurrence = sheet.reader.locale, date.occurrence
    zone = sheet.reader.zone or date.series.zone
    times = sheet.say(
        "open.times",
        start=_format(occurrence.starts_at, zone, TIME, locale),
        end=_format(occurrence.ends_at, zone, TIME, locale),
        zone=place(zone, locale=locale),
    )
    day = escape(_format(occurrence.starts_at, zone, DAY, locale))
    mark = "cancelled" if occurrence.cancelled else "moved" if occurrence.moved else ""
    tag = {
        "cancelled": f' <span class="tag">{sheet.say("open.cancelled")}</span>',
        "moved": f' <span class="tag">{sheet.say("open.moved")}</span>',
    }.get(mark, "")
    return (
        f'<li class="{mark}"><time datetime="{occurrence.starts_at.isoformat()}">'
        f"<strong>{day}</strong> <span>{times}</span></time>{tag}</li>"
    )


def _format(moment: datetime, zone: str, pattern: str, locale: Locale) -> str:
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return format_datetime(local, pattern, locale=TERRITORIES[locale])


def _choice(sheet: Sheet) -> str:
    locale, chosen = sheet.reader
    known = (chosen, *ZONES) if chosen and chosen not in ZONES else ZONES
    cities = sorted((place(zone, locale=locale), zone) for zone in known)
    options = "".join(
        f'<option value="{escape(zone)}"{" selected" if zone == chosen else ""}>'
        f"{escape(city)}</option>"
        for city, zone in cities
    )
    return (
        f'<form><input type="hidden" name="lang" value="{locale}">'
        f'<label for="zone">{sheet.say("open.zone")}</label> <select id="zone" name="zone">'
        f'<option value="">{sheet.say("open.zone.own")}</option>{options}</select> '
        f"<button>{sheet.say('open.zone.show')}</button></form>"
    )


def _ask(sheet: Sheet) -> str:
    return (
        f'<section class="ask"><p>{sheet.say("open.ask.text")}</p>'
        f'<p><a class="button" href="/#open">{sheet.say("open.ask")}</a></p></section>'
    )


def _subscribe(sheet: Sheet) -> str:
    feed = public.feed_url(sheet.settings, sheet.listing.circle)
    return (
        f"<section><h2>{sheet.say('open.subscribe')}</h2>"
        f'<p class="soft">{sheet.say("open.subscribe.text")}</p>'
        f'<p><a href="{escape(webcal_url(feed))}">{sheet.say("open.subscribe.open")}</a> · '
        f'<a href="{escape(feed)}">{sheet.say("open.subscribe.file")}</a></p></section>'
    )


def _json_ld(sheet: Sheet) -> str:
    """schema.org Event: each date by itself, for a schedule cannot tell moved ones."""
    graph = [_event(sheet, date.occurrence) for date in sheet.dates]
    document = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(document, ensure_ascii=False).translate(ESCAPED)
    return f'<script type="application/ld+json">{text}</script>'


def _event(sheet: Sheet, occurrence: Occurrence) -> Mapping[str, Any]:
    circle = sheet.listing.circle
    status = "EventCancelled" if occurrence.cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "name": circle.name,
        "description": circle.purpose,
        "startDate": occurrence.starts_at.isoformat(),
        "endDate": occurrence.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": sheet.url},
        "organizer": {"@type": "Organization", "name": circle.name, "url": sheet.url},
        "inLanguage": circle.languages,
        "isAccessibleForFree": True,
        "url": sheet.url,
    }
