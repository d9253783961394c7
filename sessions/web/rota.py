"""Who facilitates: a circle, and which of its dates. For facilitators alone."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, rota, schedule
from sessions.recurrence import Occurrence, occurrence_at
from sessions.rota import Duties, Duty, Rota, RotaSwap
from sessions.schedule import Booking
from sessions.web.given import House, Me
from sessions.web.naming import known_as
from sessions.web.series.reading import start_of
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.rota import (
    RoleShape,
    RotaDateShape,
    RotaDateView,
    RotaPerson,
    RotaPlanShape,
    RotaView,
    SwapShape,
    SwapView,
)

Wanted = Annotated[int, QueryParameter(name="dates", ge=1, le=104)]
SHOWN = 12


@patch(
    "/api/circles/{circle:uuid}/members/{member:uuid}",
    status_code=204,
    tags=["circles"],
    summary="Ask somebody to facilitate, or let them do so no more",
)
async def change_role(
    db: NamedDependency[AsyncSession],
    house: NamedDependency[House],
    me: NamedDependency[Me],
    circle: FromPath[UUID],
    member: FromPath[UUID],
    data: JSONBody[RoleShape],
) -> None:
    mine = await circles.led_by(db, me.person, circle)
    change = rota.offer_role if data.role == "facilitator" else rota.end_role
    await change(db, house.keys, mine, member, now=house.now)


@delete(
    "/api/circles/{circle:uuid}/members/{member:uuid}/offer",
    status_code=204,
    tags=["circles"],
    summary="Withdraw the question whether somebody would facilitate",
)
async def withdraw_offer(
    db: NamedDependency[AsyncSession],
    me: NamedDependency[Me],
    circle: FromPath[UUID],
    member: FromPath[UUID],
) -> None:
    mine = await circles.led_by(db, me.person, circle)
    await rota.withdraw_offer(db, mine, member)


class RotaController(Controller):
    path = "/api/series/{series:uuid}/rota"
    tags = ("rota",)

    @get("/", summary="Who facilitates which date")
    async def look(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        wanted: Wanted = SHOWN,
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        return await _view(db, house, booking, wanted)

    @put("/", summary="Set the order of turns")
    async def set_order(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[RotaPlanShape],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        await rota.set_order(
            db, house.keys, booking, list(data.order), every=data.every, now=house.now
        )
        return await _view(db, house, booking)

    @put("/{original:str}", summary="Give one date to somebody by hand")
    async def set_date(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[RotaDateShape],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        await rota.set_date(
            db, house.keys, booking, start_of(original), data.membership, now=house.now
        )
        return await _view(db, house, booking)

    @delete("/{original:str}", status_code=200, summary="Leave one date to the order again")
    async def free(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        await rota.free_date(db, house.keys, booking, start_of(original), now=house.now)
        return await _view(db, house, booking)

    @post("/{original:str}/skip", status_code=200, summary="Leave one date to the next in turn")
    async def skip(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[Nothing],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        await rota.skip(db, house.keys, booking, start_of(original), now=house.now)
        return await _view(db, house, booking)

    @post("/swaps", status_code=200, summary="Ask a colleague to change dates")
    async def swap(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[SwapShape],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        swap = rota.swap_agreed if data.agreed else rota.ask_swap
        await swap(db, house.keys, booking, data.mine, data.theirs, now=house.now)
        return await _view(db, house, booking)

    @post("/swaps/{swap:uuid}/accept", status_code=200, summary="Change dates as asked")
    async def accept(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        swap: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        await rota.accept_swap(db, house.keys, booking, swap, now=house.now)
        return await _view(db, house, booking)

    @post(
        "/swaps/{swap:uuid}/decline",
        status_code=200,
        summary="Keep one's date; or take one's own question back",
    )
    async def decline(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        swap: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> RotaView:
        booking = await schedule.booking_for(db, me.person, series)
        await rota.decline_swap(db, booking, swap)
        return await _view(db, house, booking)


async def _view(
    db: AsyncSession, house: House, booking: Booking, wanted: int = SHOWN
) -> RotaView:
    schedule.check_leads(booking)
    await db.flush()
    dates = schedule.next_dates(booking, now=house.now, limit=wanted + 1)
    shown = dates[:wanted]
    found = await rota.rota_of(db, booking)
    duties = rota.duties_on(booking, found, [date.original for date in shown])
    people = {who: _person(house, booking, found, who) for who in found.facilitators}
    order = found.kept.plan.order if found.kept.plan else ()
    swaps = await rota.open_swaps(db, booking, found, now=house.now)
    return RotaView(
        series=booking.series.id,
        circle=booking.series.circle_id,
        title=booking.series.title,
        zone=booking.series.zone,
        order=[people[who] for who in order if who in people],
        every=found.kept.plan.every if found.kept.plan else 1,
        people=list(people.values()),
        dates=[_date_view(date, duties, people) for date in shown],
        more=len(dates) > wanted,
        swaps=[_swap_view(booking, swap, people) for swap in swaps],
    )


def _person(house: House, booking: Booking, found: Rota, who: UUID) -> RotaPerson:
    membership, person = found.facilitators[who]
    return RotaPerson(
        membership=who,
        name=known_as(house, person),
        mine=membership.id == booking.mine.membership.id,
    )


def _date_view(
    date: Occurrence, duties: Duties, people: dict[UUID, RotaPerson]
) -> RotaDateView:
    duty = duties.get(date.original, Duty(date.original, None))
    person = people[duty.who] if duty.who else None
    return RotaDateView(
        original=date.original,
        starts_at=utc(date.starts_at),
        ends_at=utc(date.ends_at),
        membership=duty.who,
        name=person.name if person else None,
        by=duty.by,
        mine=person is not None and person.mine,
        cancelled=date.cancelled,
    )


def _swap_view(booking: Booking, swap: RotaSwap, people: dict[UUID, RotaPerson]) -> SwapView:
    mine, theirs = (
        occurrence_at(booking.series.pattern, booking.changes, original)
        for original in (swap.mine, swap.theirs)
    )
    asker, asked = people[swap.asker_id], people[swap.asked_id]
    return SwapView(
        id=swap.id,
        asker=asker.name,
        asked=asked.name,
        mine=mine.original,
        mine_starts_at=utc(mine.starts_at),
        theirs=theirs.original,
        theirs_starts_at=utc(theirs.starts_at),
        by_me=asker.mine,
        of_me=asked.mine,
    )
