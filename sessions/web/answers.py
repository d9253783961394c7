"""Answering: by the personal link of a mail, without an account, or signed in."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, circles, schedule, waiting
from sessions.answers import OpenHall, Place, Said
from sessions.circles import Belonging
from sessions.errors import NotFound
from sessions.people import Person, address_of, masked
from sessions.recurrence import Occurrence
from sessions.schedule import Booking, Series
from sessions.web.given import ONLY_READS, House, Me
from sessions.web.me import ticket_url
from sessions.web.places import place_of
from sessions.web.shapes.answers import (
    AnswerByLink,
    AnswerShape,
    AnswersView,
    DateToAnswer,
    PlaceByLink,
    PlaceShape,
    PlaceView,
)
from sessions.web.shapes.base import TokenShape, utc
from sessions.web.single import calendar_file

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
        place = await _give(db, house, mine, data)
        return await _view(db, house, mine, place)

    @post("/accept", status_code=200, summary="Take the place that is kept for me")
    async def accept(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[PlaceByLink],
    ) -> AnswersView:
        mine = await circles.membership_by_answer_link(db, data.token)
        place = await _take(db, house, mine, data)
        return await _view(db, house, mine, place)

    @post("/pass", status_code=200, summary="Leave a place, or the line, to others")
    async def pass_on(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[PlaceByLink],
    ) -> AnswersView:
        mine = await circles.membership_by_answer_link(db, data.token)
        place = await _pass_on(db, house, mine, data)
        return await _view(db, house, mine, place)

    @post(
        "/calendar",
        status_code=200,
        summary="One date as a calendar file",
        media_type="text/calendar",
        opt=ONLY_READS,
    )
    async def calendar(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[PlaceByLink],
    ) -> Response[bytes]:
        mine = await circles.membership_by_answer_link(db, data.token)
        person = await db.get_one(Person, mine.membership.person_id)
        booking = await schedule.booking_for(db, person, data.series)
        if booking.mine.circle.id != mine.circle.id or data.original is None:
            raise NotFound("no_such_date")
        return calendar_file(house, booking, person, data.original)


class MyAnswersController(Controller):
    path = "/api/me"
    tags = ("me",)

    @post("/answers", status_code=200, summary="Answer for a date or for a series")
    async def answer(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[AnswerShape],
    ) -> PlaceView:
        booking = await schedule.booking_for(db, me.person, data.series)
        await _give(db, house, booking.mine, data)
        return await _place_view(db, house, booking.mine, data.series, data.original)

    @post("/accept", status_code=200, summary="Take the place that is kept for me")
    async def accept(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[PlaceShape],
    ) -> PlaceView:
        booking = await schedule.booking_for(db, me.person, data.series)
        await _take(db, house, booking.mine, data)
        return await _place_view(db, house, booking.mine, data.series, data.original)

    @post("/pass", status_code=200, summary="Leave a place, or the line, to others")
    async def pass_on(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[PlaceShape],
    ) -> PlaceView:
        booking = await schedule.booking_for(db, me.person, data.series)
        await _pass_on(db, house, booking.mine, data)
        return await _place_view(db, house, booking.mine, data.series, data.original)


async def _give(
    db: AsyncSession, house: House, mine: Belonging, data: AnswerShape
) -> Place | None:
    return await waiting.answer(
        db,
        house.keys,
        mine,
        data.series,
        original=data.original,
        word=data.answer,
        now=house.now,
    )


async def _take(
    db: AsyncSession, house: House, mine: Belonging, data: PlaceShape
) -> Place | None:
    return await waiting.take(
        db, house.keys, mine, data.series, original=data.original, now=house.now
    )


async def _pass_on(
    db: AsyncSession, house: House, mine: Belonging, data: PlaceShape
) -> Place | None:
    return await waiting.pass_on(
        db, house.keys, mine, data.series, original=data.original, now=house.now
    )


async def _place_view(
    db: AsyncSession, house: House, mine: Belonging, series: UUID, original: datetime | None
) -> PlaceView:
    me = mine.membership.id
    said = await answers.said_by(db, [me], about=[series], now=house.now)
    row = await db.get_one(Series, series)
    opened = await answers.open_hall(db, row, now=house.now, also=original)
    return place_of(mine, said[me], series, original, opened=opened)


async def _view(
    db: AsyncSession, house: House, mine: Belonging, place: Place | None = None
) -> AnswersView:
    person = await db.get_one(Person, mine.membership.person_id)
    me = mine.membership.id
    said = (await answers.said_by(db, [me], now=house.now))[me]
    booked = [b for b in await schedule.bookings(db, [mine]) if b.series.cancelled_at is None]
    dates: list[DateToAnswer] = []
    whole: dict[str, PlaceView] = {}
    for booking in booked:
        series = booking.series
        opened = await answers.open_hall(db, series, now=house.now)
        dates.extend(_dates(house, booking, opened, said))
        whole[str(series.id)] = place_of(mine, said, series.id, None, opened=opened)
    return AnswersView(
        name=person.name,
        circle_name=mine.circle.name,
        person=masked(address_of(house.keys, person)),
        dates=sorted(dates, key=lambda date: date.starts_at),
        whole={str(b.series.id): said.word(b.series.id, None) for b in booked},
        whole_places=whole,
        join_url=ticket_url(house, mine),
        place=place,
    )


def _dates(house: House, booking: Booking, opened: OpenHall, said: Said) -> list[DateToAnswer]:
    series = booking.series

    def view(date: Occurrence) -> DateToAnswer:
        standing = place_of(booking.mine, said, series.id, date.original, opened=opened)
        return DateToAnswer(
            series=series.id,
            title=booking.shown(date.original).title,
            original=date.original,
            starts_at=utc(date.starts_at),
            ends_at=utc(date.ends_at),
            zone=series.zone,
            cancelled=date.cancelled,
            moved=date.moved,
            answer=said.word(series.id, date.original),
            place=standing.place,
            offered_until=standing.offered_until,
            can_take=standing.can_take,
            seats=opened.hall.seats_on(date.original),
            full=opened.hall.is_full(date.original),
        )

    return [
        view(date)
        for date in schedule.next_dates(booking, now=house.now, limit=DATES_PER_SERIES)
        if date.ends_at > house.now
    ]
