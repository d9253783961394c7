"""Answering by the personal link of a mail, without an account."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, invites, schedule
from sessions.circles import Belonging
from sessions.people import Person, address_of, masked
from sessions.web.given import ONLY_READS, House
from sessions.web.me import ticket_url
from sessions.web.shapes import AnswerByLink, AnswersView, DateToAnswer, TokenShape, utc

DATES_PER_SERIES = 6


class AnswerController(Controller):
    path = "/api/answer"
    tags = ("answers",)

    @post("/look", status_code=200, summary="What an answer link is about", opt=ONLY_READS)
    async def look(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[TokenShape],
    ) -> AnswersView:
        mine = await circles.membership_by_answer_link(db, data.token)
        return await _view(db, house, mine)

    @post("/", status_code=200, summary="Answer for a date or for a series")
    async def answer(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[AnswerByLink],
    ) -> AnswersView:
        mine = await circles.membership_by_answer_link(db, data.token)
        await invites.answer(
            db,
            mine,
            data.series,
            original=data.original,
            answer=data.answer,
            now=house.now,
        )
        await db.flush()
        return await _view(db, house, mine)


async def _view(db: AsyncSession, house: House, mine: Belonging) -> AnswersView:
    person = await db.get_one(Person, mine.membership.person_id)
    given = await invites.answers_of(db, [mine.membership.id])
    booked = [b for b in await schedule.bookings(db, [mine]) if b.series.cancelled_at is None]
    dates = [
        DateToAnswer(
            series=booking.series.id,
            title=booking.series.title,
            original=date.original,
            starts_at=utc(date.starts_at),
            ends_at=utc(date.ends_at),
            zone=booking.series.zone,
            cancelled=date.cancelled,
            answer=invites.answer_for(given, booking.series.id, date.original),
        )
        for booking in booked
        for date in schedule.next_dates(booking, now=house.now, limit=DATES_PER_SERIES)
        if date.ends_at > house.now
    ]
    return AnswersView(
        name=person.name,
        circle_name=mine.circle.name,
        person=masked(address_of(house.keys, person)),
        dates=sorted(dates, key=lambda date: date.starts_at),
        whole={str(b.series.id): given.get((b.series.id, None)) for b in booked},
        join_url=ticket_url(house, mine),
    )
