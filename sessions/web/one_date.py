"""One date of a series: what to expect, who comes, and how to keep it in mind."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, schedule
from sessions.errors import NotAllowed
from sessions.language import Locale, accepted, say
from sessions.recurrence import Occurrence
from sessions.schedule import UNCHANGED, AgendaKey, Booking
from sessions.web.given import ONLY_READS, AnyRequest, House, Me
from sessions.web.me import ticket_url
from sessions.web.naming import known_as
from sessions.web.places import place_of
from sessions.web.series.reading import start_of
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.dates import SessionView, WhoComesView
from sessions.web.shapes.series import GoingView, OccurrenceView
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
        request: AnyRequest,
        series: FromPath[UUID],
        original: FromPath[str],
    ) -> SessionView:
        booking = await schedule.booking_for(db, me.person, series)
        date = date_of(booking, start_of(original))
        locale = accepted(request.headers.get("accept-language", ""))
        return await _view(db, house, me, booking, date, locale)

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
    db: AsyncSession,
    house: House,
    me: Me,
    booking: Booking,
    date: Occurrence,
    locale: Locale,
) -> SessionView:
    series, mine = booking.series, booking.mine
    shown = booking.shown(date.original)
    given = await answers.answers_of(db, [mine.membership.id])
    waits = await answers.waits_of(db, [mine.membership.id], now=house.now)
    opened = await answers.open_hall(db, series, now=house.now, also=date.original)
    standing = place_of(mine, given, waits, series.id, date.original, opened=opened)
    whole = place_of(mine, given, waits, series.id, None, opened=opened)
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
        occurrence=_occurrence(booking, date),
        series_cancelled=series.cancelled_at is not None,
        agenda=shown.agenda,
        what_to_expect=what_to_expect(shown.agenda, locale),
        answer=answers.answer_for(given, series.id, date.original),
        own_answer=(series.id, date.original) in given,
        default_answer=given.get((series.id, None)),
        place=standing.place,
        offered_until=standing.offered_until,
        can_take=standing.can_take,
        whole=whole,
        seats=opened.hall.seats_on(date.original),
        free=opened.hall.free(date.original),
        opens_at=utc(schedule.opens_at(date)),
        open=open_now,
        over=date.ends_at <= house.now and not open_now,
        ticket_url=ticket_url(house, mine),
        calendar_url=f"{here}/calendar",
        prefilled=prefilled(me.person, date),
        going=await _going(db, house, booking, date.original) if mine.leads else None,
    )


def _occurrence(booking: Booking, date: Occurrence) -> OccurrenceView:
    shown = booking.shown(date.original)
    return OccurrenceView(
        original=date.original,
        starts_at=utc(date.starts_at),
        ends_at=utc(date.ends_at),
        local=date.local,
        minutes=int((date.ends_at - date.starts_at).total_seconds() // 60),
        cancelled=date.cancelled,
        moved=date.moved,
        skipped=date.skipped,
        title=booking.changes.get(date.original, UNCHANGED).title,
        seats=shown.seats,
        agenda=shown.agenda,
    )


async def _going(
    db: AsyncSession, house: House, booking: Booking, original: datetime
) -> GoingView:
    counted = await answers.going(db, booking.series, [original], now=house.now)
    return GoingView(**counted[original]._asdict())


def what_to_expect(agenda: AgendaKey, locale: Locale) -> list[str]:
    about = [say(locale, f"expect.{agenda}")] if agenda else []
    return [*about, *say(locale, "expect.always").split("\n")]
