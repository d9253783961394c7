"""One date of a series: who comes, and how to keep it in mind."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, schedule
from sessions.errors import NotAllowed
from sessions.recurrence import Occurrence
from sessions.schedule import Booking
from sessions.web.given import ONLY_READS, House, Me
from sessions.web.me import ticket_url
from sessions.web.naming import known_as
from sessions.web.places import place_of
from sessions.web.series.reading import start_of
from sessions.web.series.views import dates_view
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.dates import SessionView, WhoComesView
from sessions.web.single import calendar_file, date_of, prefilled


class OneDateController(Controller):
    path = "/api/series/{series:uuid}"
    tags = ("dates",)

    @get("/dates/{original:str}", summary="One date, as its page shows it")
    async def one(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
    ) -> SessionView:
        booking = await schedule.booking_for(db, me.person, series)
        date = date_of(booking, start_of(original))
        return await _view(db, house, me, booking, date)

    @post(
        "/dates/{original:str}/calendar",
        status_code=200,
        summary="One date as a calendar file",
        media_type="text/calendar",
        opt=ONLY_READS,
    )
    async def calendar(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[Nothing],
    ) -> Response[bytes]:
        booking = await schedule.booking_for(db, me.person, series)
        return calendar_file(house, booking, me.person, start_of(original))

    @get("/answers/{original:str}", summary="Who comes on one date")
    async def who(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
    ) -> list[WhoComesView]:
        booking = await schedule.booking_for(db, me.person, series)
        if not booking.mine.leads:
            raise NotAllowed
        start = date_of(booking, start_of(original)).original
        return [
            WhoComesView(
                name=known_as(house, one.person),
                role=one.membership.role,
                answer=one.answer,
                own=one.own,
                place=one.place,
            )
            for one in await answers.who_comes(db, booking.series, start, now=house.now)
        ]


async def _view(
    db: AsyncSession, house: House, me: Me, booking: Booking, date: Occurrence
) -> SessionView:
    series, mine = booking.series, booking.mine
    shown = booking.shown(date.original)
    [occurrence] = await dates_view(db, house, booking, [date])
    membership = mine.membership.id
    everybody = await answers.said_by(db, [membership], about=[series.id], now=house.now)
    said = everybody[membership]
    opened = await answers.open_hall(db, series, now=house.now, also=date.original)
    standing = place_of(mine, said, series.id, date.original, opened=opened)
    whole = place_of(mine, said, series.id, None, opened=opened)
    off = series.cancelled_at is not None or date.cancelled
    open_now = schedule.is_open(date, now=house.now) and not off
    here = f"/api/series/{series.id}/dates/{date.original.isoformat()}"
    return SessionView(
        series=series.id,
        circle=mine.circle.id,
        circle_name=mine.circle.name,
        title=shown.title,
        zone=series.zone,
        repeats=series.frequency != "once",
        role=mine.membership.role,
        occurrence=occurrence,
        series_cancelled=series.cancelled_at is not None,
        agenda=shown.agenda,
        answer=said.word(series.id, date.original),
        own_answer=said.is_own(series.id, date.original),
        default_answer=said.word(series.id, None),
        place=standing.place,
        offered_until=standing.offered_until,
        can_take=standing.can_take,
        whole=whole,
        seats=opened.hall.seats_on(date.original),
        full=opened.hall.is_full(date.original),
        opens_at=utc(schedule.opens_at(date)),
        open=open_now,
        over=date.ends_at <= house.now and not open_now,
        ticket_url=ticket_url(house, mine),
        calendar_url=f"{here}/calendar",
        prefilled=prefilled(me.person, date),
    )
