"""The calendar feed: one secret address for each person."""

from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import feeds, people
from sessions.errors import NotFound
from sessions.web.given import AnyRequest, House, note

HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
}


@get(
    "/feed/{file:str}",
    tags=("feed",),
    summary="A person's calendar feed",
    media_type="text/calendar",
)
async def calendar_feed(
    db: NamedDependency[AsyncSession],
    house: NamedDependency[House],
    request: AnyRequest,
    file: FromPath[str],
) -> Response[bytes]:
    token, _, suffix = file.rpartition(".")
    if suffix != "ics":
        raise NotFound("unknown_link")
    now = house.now
    found = await feeds.tagged(db, house.settings, token, now=now)
    tag = f'"{found.tag}"'
    headers = {**HEADERS, "ETag": tag}
    answer = Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if not names(tag, ",".join(request.headers.getall("if-none-match", []))):
        feed = await feeds.load(db, found, now=now)
        body = feeds.write(
            feed, keys=house.keys, settings=house.settings, written=house.entries, now=now
        )
        answer = Response(body, media_type="text/calendar", headers=headers)
    # Once a day: the page shows when a calendar last asked, so that a leak can be seen.
    if found.used_on != now.date():
        async with note(house, db) as once_a_day:
            await people.note_feed_use(once_a_day, found.person, now.date())
    return answer


def names(tag: str, if_none_match: str) -> bool:
    """RFC 9110 - 13.1.2. If-None-Match: a list, `*` for any, compared weakly."""
    listed = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in listed or "*" in listed
