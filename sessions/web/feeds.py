"""Calendar feeds: their secret addresses, and what calendar apps get there."""

from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec.structs import asdict
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, feeds
from sessions.circles import Belonging, Membership
from sessions.errors import NotFound
from sessions.feeds import Tagged
from sessions.people import Person
from sessions.web.copies import not_modified, whole
from sessions.web.given import AnyRequest, House, Me
from sessions.web.shapes.base import Nothing
from sessions.web.shapes.feeds import CircleFeedView, FeedsView, FeedView

HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
}
CALENDAR = "text/calendar"


class FeedsController(Controller):
    path = "/api/me/feeds"
    tags = ("feed",)

    @get("/", summary="My calendar feeds")
    async def mine(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
    ) -> FeedsView:
        return FeedsView(
            all=_view(house, me.person),
            circles=[
                _circle_view(house, mine) for mine in await circles.circles_of(db, me.person)
            ],
        )

    @post("/all/rotate", status_code=200, summary="A new address of the feed for all circles")
    async def rotate(
        self,
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[Nothing],
    ) -> FeedView:
        feeds.renew(house.keys, me.person)
        return _view(house, me.person)

    @delete("/all", status_code=204, summary="End the feed for all circles")
    async def end(self, me: NamedDependency[Me]) -> None:
        feeds.end(me.person)

    @post(
        "/{circle:uuid}/rotate",
        status_code=200,
        summary="An address, or a new one, of the feed for one circle",
    )
    async def rotate_one(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> CircleFeedView:
        mine = await circles.belonging(db, me.person, circle)
        feeds.renew(house.keys, mine.membership)
        return _circle_view(house, mine)

    @delete("/{circle:uuid}", status_code=204, summary="End the feed for one circle")
    async def end_one(
        self, db: NamedDependency[AsyncSession], me: NamedDependency[Me], circle: FromPath[UUID]
    ) -> None:
        feeds.end((await circles.belonging(db, me.person, circle)).membership)


@get(
    "/feed/{file:str}",
    tags=("feed",),
    summary="A calendar feed",
    media_type=CALENDAR,
)
async def calendar_feed(
    house: NamedDependency[House], request: AnyRequest, file: FromPath[str]
) -> Response[bytes]:
    """
    Without a transaction where nothing was written since: apps ask all day.

    Compressed where that is understood, and so that its length tells nobody anything.
    """
    token, _, suffix = file.rpartition(".")
    if suffix != "ics":
        raise NotFound("unknown_link")
    revision = house.database.revision()
    known = house.feeds.recall(token, revision=revision, now=house.now)
    if known is not None:
        answer = _from_memory(house, request, known)
        if answer is not None:
            return answer
    return await _from_database(house, request, token, revision)


def _from_memory(house: House, request: AnyRequest, head: Tagged) -> Response[bytes] | None:
    same = not_modified(request, head.tag, HEADERS)
    body = house.feeds.body(head.tag)
    if same or body is None:
        return same
    return whole(request, head.tag, body, HEADERS, media_type=CALENDAR)


async def _from_database(
    house: House, request: AnyRequest, token: str, revision: int | None
) -> Response[bytes]:
    now = house.now
    async with house.database.read() as db:
        head = await feeds.tagged(db, house.settings, token, now=now)
        answer = _from_memory(house, request, head)
        if answer is None:
            feed = await feeds.load(db, head, now=now)
            plain = feeds.write(
                feed,
                keys=house.keys,
                settings=house.settings,
                written=house.feeds.entries,
                now=now,
            )
            body = house.feeds.keep(head.tag, plain)
            answer = whole(request, head.tag, body, HEADERS, media_type=CALENDAR)
    if head.used_on == now.date():
        house.feeds.remember(token, head, revision=revision)
    else:
        await _note_use(house, head)
    return answer


async def _note_use(house: House, head: Tagged) -> None:
    """Once a day: the page shows when a calendar last asked, so that a leak can be seen."""
    owner, key = (Membership, head.membership) if head.only else (Person, head.person)
    async with house.database.write() as db:
        await feeds.note_use(db, owner, key, house.now.date())


def _view(house: House, owner: feeds.Owner) -> FeedView:
    token = feeds.token_of(house.keys, owner)
    url = token and feeds.url_of(house.settings, token)
    return FeedView(
        live=url is not None,
        url=url,
        webcal=url and feeds.webcal_url(url),
        google=url and feeds.google_url(url),
        outlook=url and feeds.outlook_url(url),
        office=url and feeds.office_url(url),
        last_used_on=owner.feed_used_on,
    )


def _circle_view(house: House, mine: Belonging) -> CircleFeedView:
    return CircleFeedView(
        **asdict(_view(house, mine.membership)),
        circle=mine.circle.id,
        name=mine.circle.name,
        role=mine.membership.role,
    )
