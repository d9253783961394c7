"""Which times suit: proposed, answered, booked."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, polls
from sessions.circles import Belonging
from sessions.polls import Asked, Poll
from sessions.web.given import ONLY_READS, House, Me
from sessions.web.naming import known_as
from sessions.web.shapes.base import Nothing, TokenShape, utc
from sessions.web.shapes.polls import (
    BookedView,
    BookTime,
    NewPoll,
    PollAnswers,
    PollAnswersByLink,
    PollTimeView,
    PollView,
    WhoSaid,
)


class CirclePollsController(Controller):
    path = "/api/circles/{circle:uuid}/polls"
    tags = ("polls",)

    @get("/", summary="Polls of a circle, the newest first")
    async def listed(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
    ) -> list[PollView]:
        mine = await circles.belonging(db, me.person, circle)
        found = await polls.asked(db, mine, await polls.polls_in(db, mine))
        return [poll_view(house, one) for one in found]

    @post("/", summary="Propose times and ask the circle which suit")
    async def propose(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[NewPoll],
    ) -> PollView:
        mine = await circles.led_by(db, me.person, circle)
        poll = await polls.propose(
            db,
            house.keys,
            mine,
            title=data.title,
            zone=data.zone,
            minutes=data.minutes,
            times=list(data.times),
            until=data.until,
            now=house.now,
        )
        return await _view(db, house, mine, poll)


class PollsController(Controller):
    path = "/api/polls/{poll:uuid}"
    tags = ("polls",)

    @get("/", summary="A poll and what was answered")
    async def one(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        poll: FromPath[UUID],
    ) -> PollView:
        found, mine = await polls.poll_for(db, me.person, poll)
        return await _view(db, house, mine, found)

    @post("/answers", status_code=200, summary="Say which times suit")
    async def answer(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        poll: FromPath[UUID],
        data: JSONBody[PollAnswers],
    ) -> PollView:
        found, mine = await polls.poll_for(db, me.person, poll)
        said = {one.start: one.answer for one in data.answers}
        await polls.answer(db, house.keys, mine, found, said, now=house.now)
        return await _view(db, house, mine, found)

    @post("/close", status_code=200, summary="Take no more answers")
    async def close(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        poll: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> PollView:
        found, mine = await polls.poll_for(db, me.person, poll)
        await polls.close(db, mine, found, now=house.now)
        return await _view(db, house, mine, found)

    @post("/book", summary="Book one of the times and invite the circle to it")
    async def book(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        poll: FromPath[UUID],
        data: JSONBody[BookTime],
    ) -> BookedView:
        found, mine = await polls.poll_for(db, me.person, poll)
        series = await polls.book(
            db,
            house.keys,
            mine,
            found,
            data.start,
            again=data.again,
            count=data.count,
            now=house.now,
        )
        return BookedView(series=series.id)


class AnswerPollsController(Controller):
    """By the personal link of a mail, without an account."""

    path = "/api/answer/polls"
    tags = ("polls",)

    @post("/look", status_code=200, summary="Polls that a link can answer", opt=ONLY_READS)
    async def look(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[TokenShape],
    ) -> list[PollView]:
        mine = await circles.membership_by_answer_link(db, data.token)
        return await _open_views(db, house, mine)

    @post("/", status_code=200, summary="Say by a link which times suit")
    async def answer(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[PollAnswersByLink],
    ) -> list[PollView]:
        mine = await circles.membership_by_answer_link(db, data.token)
        poll = await polls.poll_of(db, mine, data.poll)
        said = {one.start: one.answer for one in data.answers}
        await polls.answer(db, house.keys, mine, poll, said, now=house.now)
        return await _open_views(db, house, mine)


async def _view(db: AsyncSession, house: House, mine: Belonging, poll: Poll) -> PollView:
    await db.flush()
    [found] = await polls.asked(db, mine, [poll])
    return poll_view(house, found)


async def _open_views(db: AsyncSession, house: House, mine: Belonging) -> list[PollView]:
    """Without names: a link shows what everybody may see, whoever it belongs to."""
    await db.flush()
    going_on = [p for p in await polls.polls_in(db, mine) if p.is_open(now=house.now)]
    found = await polls.asked(db, mine, going_on)
    return [poll_view(house, one, with_names=False) for one in found]


def poll_view(house: House, asked: Asked, *, with_names: bool = True) -> PollView:
    poll, mine = asked.poll, asked.mine
    with_names = with_names and mine.leads
    return PollView(
        id=poll.id,
        circle=poll.circle_id,
        circle_name=mine.circle.name,
        title=poll.title,
        zone=poll.zone,
        minutes=poll.minutes,
        role=mine.membership.role,
        until=poll.until,
        open=poll.is_open(now=house.now),
        booked=poll.series_id,
        answered=asked.answered(),
        asked=len(asked.people) if mine.leads else None,
        times=_time_views(house, asked, with_names=with_names),
    )


def _time_views(house: House, asked: Asked, *, with_names: bool) -> list[PollTimeView]:
    counts, best = asked.counts(), asked.best()
    views = []
    for start in asked.times:
        date, said = asked.occurrence(start), asked.given[start]
        names = [
            WhoSaid(name=known_as(house, person), answer=said.get(who))
            for who, person in asked.people.items()
        ]
        views.append(
            PollTimeView(
                start=start,
                starts_at=utc(date.starts_at),
                ends_at=utc(date.ends_at),
                over=date.starts_at <= house.now,
                mine=said.get(asked.mine.membership.id),
                yes=counts[start].yes,
                maybe=counts[start].maybe,
                no=counts[start].no,
                best=start in best,
                people=names if with_names else None,
            )
        )
    return views
