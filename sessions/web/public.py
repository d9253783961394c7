"""Openly listed circles for everybody: a page, a calendar, and a list for directories."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, public
from sessions.errors import NotFound
from sessions.language import LOCALES, accepted
from sessions.meetings import Written, write
from sessions.people import is_zone
from sessions.public import Listed
from sessions.web.copies import not_modified, whole
from sessions.web.given import AnyRequest, House, host_of
from sessions.web.open_page import Reader, Sheet, page
from sessions.web.pages import HTML, language_of, text_of

# Not for longer: a circle that is closed is gone here at once, and so long after everywhere.
OPEN = {"Cache-Control": "public, max-age=60", "X-Robots-Tag": "all"}
# Pages of other origins may read these; nothing in them depends on who asks.
SHARED = OPEN | {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
CALENDAR = "text/calendar"
OWN = OPEN | {"Vary": "Accept-Language, Cookie"}
LISTED, AT_ONCE = 1000, 50
"""Circles of the directory, and those of them that are written in one go."""
WHATEVER_IS_WRITTEN = -1
"""The revision of what is remembered by all that it is made of."""


class Made(NamedTuple):
    head: Listed
    plain: bytes


Make = Callable[[AsyncSession], Awaitable[Made]]


def public_routes() -> list[HTTPRouteHandler]:
    return [open_circle, directory]


@get("/open/{name:str}", include_in_schema=False)
async def open_circle(
    house: NamedDependency[House], request: AnyRequest, name: FromPath[str]
) -> Response[bytes]:
    """
    Its page, or with `.ics` its calendar.

    Closed or never there, it is the same: not to be found.
    """
    if name.endswith(".ics"):
        circle = _uuid(name.removesuffix(".ics"))
        make: Make = partial(_feed, house, circle)
        key = f"{circle}.ics"
        return await _serve(house, request, key, make, headers=SHARED, media_type=CALENDAR)
    try:
        circle, reader = _uuid(name), _reader(request)
        make = partial(_page, house, circle, reader)
        key = f"{circle} {reader.locale} {reader.zone}"
        return await _serve(house, request, key, make, headers=OWN, media_type=HTML)
    except NotFound as error:
        # The same as for any other page that does not exist.
        raise NotFoundException from error


@get("/meetings.json", include_in_schema=False)  # described where the format comes from
async def directory(house: NamedDependency[House], request: AnyRequest) -> Response[bytes]:
    make = partial(_directory, house)
    return await _serve(
        house, request, "directory", make, headers=SHARED, media_type="application/json"
    )


async def _serve(
    house: House,
    request: AnyRequest,
    key: str,
    make: Make,
    *,
    headers: Mapping[str, str],
    media_type: str,
) -> Response[bytes]:
    """From memory as long as nobody has written anything; else as far as it is the same."""
    house.visits.spend(host_of(request), now=house.now)
    revision = house.database.revision()
    head = house.listed.recall(key, revision=revision, now=house.now)
    body = house.listed.body(head.tag) if head else None
    if head is None or body is None:
        async with house.database.read() as db:
            head, plain = await make(db)
        body = house.listed.body(head.tag) or house.listed.keep(head.tag, plain)
        house.listed.remember(key, head, revision=revision)
    same = not_modified(request, head.tag, headers)
    return same or whole(request, head.tag, body, headers, media_type=media_type)


async def _feed(house: House, circle: UUID, db: AsyncSession) -> Made:
    now = house.now
    head = await public.listed(db, house.settings, circle, now=now)
    known = house.listed.body(head.tag)
    if known:
        return Made(head, known.plain)
    listing = await public.listing(db, circle, now=now)
    plain = public.feed(
        listing,
        keys=house.keys,
        settings=house.settings,
        written=house.listed.entries,
        now=now,
    )
    return Made(head, plain)


async def _page(house: House, circle: UUID, reader: Reader, db: AsyncSession) -> Made:
    now = house.now
    tag = (await public.listed(db, house.settings, circle, now=now)).tag
    key = f"{tag} {reader.locale} {reader.zone}"
    head = house.listed.recall(key, revision=WHATEVER_IS_WRITTEN, now=now)
    known = house.listed.body(head.tag) if head else None
    if head and known:
        return Made(head, known.plain)
    made = await _page_anew(house, circle, reader, db)
    house.listed.remember(key, made.head, revision=WHATEVER_IS_WRITTEN)
    return made


async def _page_anew(house: House, circle: UUID, reader: Reader, db: AsyncSession) -> Made:
    now = house.now
    listing = await public.listing(db, circle, now=now)
    dates = public.dates(listing, now=now)
    sheet = Sheet(house.settings, listing, dates, reader)
    plain = page(sheet, text_of("index.html") or "").encode()
    over = min((date.occurrence.ends_at for date in dates), default=now + timedelta(days=1))
    return Made(Listed(_tag(plain), over), plain)


async def _directory(house: House, db: AsyncSession) -> Made:
    """Written every ten minutes at most; but a circle that is closed is gone at once."""
    written = house.directory
    async with written.turn:
        if house.now >= written.good_until:
            await _write_directory(house, db)
    plain = written.of(await circles.which_are_open(db))
    return Made(Listed(_tag(plain), written.good_until), plain)


async def _write_directory(house: House, db: AsyncSession) -> None:
    """Not all of it in one go, which would hold up everybody."""
    now, written = house.now, Written()
    listed = await circles.open_circles(db, limit=LISTED)
    for begin in range(0, len(listed), AT_ONCE):
        some = await public.listings(db, listed[begin : begin + AT_ONCE], now=now)
        written |= await asyncio.to_thread(
            write, some, keys=house.keys, settings=house.settings, now=now
        )
    house.directory.keep(written, now=now)


def _tag(plain: bytes) -> str:
    return hashlib.sha256(plain).hexdigest()[:40]


def _reader(request: AnyRequest) -> Reader:
    """Language and zone as chosen on the page itself; else what the browser asks for."""
    chosen = request.query_params.get("lang", "")
    locale = accepted(chosen if chosen in LOCALES else language_of(request))
    zone = request.query_params.get("zone", "")
    return Reader(locale, zone if zone and is_zone(zone) else None)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
