"""Circles, their people and their agreement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec.structs import asdict
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, circles, invites, join_requests, public, rota, schedule
from sessions.circles import Agreement, Belonging, CirclePlan
from sessions.people import address_of, masked
from sessions.web.given import AnyRequest, House, Me, host_of
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.circles import (
    AgreementShape,
    AgreementView,
    BusyShown,
    CircleChange,
    CircleView,
    Invitations,
    InvitedView,
    MemberView,
    NewCircle,
    NextDate,
    OpenCircleView,
)
from sessions.web.shapes.people import AskForLink


class CirclesController(Controller):
    path = "/api/circles"
    tags = ("circles",)

    @get("/", summary="My circles")
    async def mine(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
    ) -> list[CircleView]:
        belongings = await circles.circles_of(db, me.person)
        return [await circle_view(db, house, mine) for mine in belongings]

    @post("/", summary="Make a circle")
    async def make(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[NewCircle],
    ) -> CircleView:
        mine = await circles.make_circle(
            db,
            house.keys,
            me.person,
            _plan(data, can_hide=house.settings.can_hide_addresses),
            agreement=data.agreement,
            can_hide=house.settings.can_hide_addresses,
            now=house.now,
        )
        return await circle_view(db, house, mine)

    @get("/{circle:uuid}", summary="One of my circles")
    async def one(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
    ) -> CircleView:
        return await circle_view(db, house, await circles.belonging(db, me.person, circle))

    @patch("/{circle:uuid}", summary="Change a circle")
    async def change(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[CircleChange],
    ) -> CircleView:
        mine = await circles.led_by(db, me.person, circle)
        before = mine.circle.name
        circles.change_circle(
            mine.circle,
            circles.plan_of(mine.circle)._replace(**_changes(data)),
            can_hide=house.settings.can_hide_addresses,
            now=house.now,
        )
        if mine.circle.name != before:
            await schedule.redraw_circle(db, house.keys, mine.circle, now=house.now)
        return await circle_view(db, house, mine)

    @put("/{circle:uuid}/agreement", summary="Adopt a new version of the agreement")
    async def adopt(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[AgreementShape],
    ) -> AgreementView:
        mine = await circles.led_by(db, me.person, circle)
        agreement = await circles.adopt_agreement(db, mine.circle.id, data.text, now=house.now)
        return _agreement_view(agreement)

    @get("/{circle:uuid}/members", summary="Who belongs to a circle")
    async def members(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
    ) -> list[MemberView]:
        mine = await circles.led_by(db, me.person, circle)
        said = await answers.whole_answers(db, mine.circle.id)
        mails = await invites.mail_states(db, mine.circle.id)
        return [
            MemberView(
                id=membership.id,
                name=person.name,
                address=masked(address_of(house.keys, person)),
                role=membership.role,
                offered_at=membership.offered_at and utc(membership.offered_at),
                invited_at=utc(membership.created_at),
                answer=said.get(membership.id),
                ended=membership.ended_at is not None,
                mail=mails.get(membership.id),
            )
            for membership, person in await circles.people_in(db, mine.circle.id)
        ]

    @delete("/{circle:uuid}/members/{member:uuid}", status_code=204, summary="End a membership")
    async def let_go(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        member: FromPath[UUID],
    ) -> None:
        mine = await circles.led_by(db, me.person, circle)
        await invites.let_go(db, house.keys, mine, member, now=house.now)

    @post("/{circle:uuid}/leave", status_code=204, summary="Leave a circle")
    async def leave(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> None:
        mine = await circles.belonging(db, me.person, circle)
        await invites.let_go(db, house.keys, mine, mine.membership.id, now=house.now)

    @post("/{circle:uuid}/offer/accept", status_code=200, summary="Facilitate, as asked")
    async def accept_role(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> CircleView:
        mine = await circles.belonging(db, me.person, circle)
        await rota.accept_role(db, house.keys, mine, now=house.now)
        return await circle_view(db, house, mine)

    @post("/{circle:uuid}/offer/decline", status_code=200, summary="Rather not facilitate")
    async def decline_role(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> CircleView:
        mine = await circles.belonging(db, me.person, circle)
        rota.decline_role(mine)
        return await circle_view(db, house, mine)

    @put("/{circle:uuid}/busy", status_code=204, summary="Let those who facilitate see when")
    async def show_busy(
        self,
        db: NamedDependency[AsyncSession],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[BusyShown],
    ) -> None:
        mine = await circles.led_by(db, me.person, circle)
        mine.membership.shows_busy = data.shown

    @post("/{circle:uuid}/invitations", summary="Invite people by mail")
    async def invite(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[Invitations],
    ) -> InvitedView:
        mine = await circles.led_by(db, me.person, circle)
        done = await invites.invite(
            db,
            house.keys,
            mine,
            data.addresses,
            locale=data.locale or me.person.locale,
            zone=me.person.zone,
            now=house.now,
        )
        return InvitedView(invited=done.invited, already=done.already)


class OpenCirclesController(Controller):
    path = "/api/open-circles"
    tags = ("open circles",)

    @get("/", summary="Circles that anybody may find")
    async def listed(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
    ) -> list[OpenCircleView]:
        house.visits.spend(host_of(request), now=house.now)
        found = await circles.open_circles(db)
        return [
            OpenCircleView(
                id=circle.id,
                name=circle.name,
                purpose=circle.purpose,
                languages=circle.languages,
                next=_next(dated, now=house.now),
            )
            for circle, dated in await public.listings(db, found, now=house.now)
        ]

    @post("/{circle:uuid}/ask", status_code=202, summary="Ask for a personal link by mail")
    async def ask(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        circle: FromPath[UUID],
        data: JSONBody[AskForLink],
    ) -> dict[str, str]:
        await join_requests.ask(
            db,
            house.keys,
            await circles.open_circle(db, circle),
            address=data.address,
            locale=data.locale,
            zone=data.zone,
            host=host_of(request),
            now=house.now,
        )
        return {}


def _plan(data: NewCircle, *, can_hide: bool) -> CirclePlan:
    hide = can_hide if data.hide_addresses is None else data.hide_addresses
    return CirclePlan(
        data.name, data.purpose, list(data.languages), data.openness, data.seats, hide
    )


def _changes(data: CircleChange) -> dict[str, Any]:
    """Only what was sent."""
    return {name: value for name, value in asdict(data).items() if value is not None}


def _agreement_view(agreement: Agreement) -> AgreementView:
    return AgreementView(version=agreement.version, text=agreement.text)


def _next(booked: list[schedule.Dated], *, now: datetime) -> NextDate | None:
    coming = [(start, each.series) for each in booked if (start := _start(each, now=now))]
    if not coming:
        return None
    starts_at, series = min(coming, key=lambda pair: pair[0])
    return NextDate(starts_at=utc(starts_at), minutes=series.minutes, zone=series.zone)


def _start(dated: schedule.Dated, *, now: datetime) -> datetime | None:
    dates = schedule.dates_between(dated, after=now, before=schedule.END_OF_TIME)
    return next((date.starts_at for date in dates if not date.cancelled), None)


async def circle_view(db: AsyncSession, house: House, mine: Belonging) -> CircleView:
    circle = mine.circle
    return CircleView(
        id=circle.id,
        name=circle.name,
        purpose=circle.purpose,
        languages=circle.languages,
        openness=circle.openness,
        seats=circle.seats,
        hide_addresses=circle.hide_addresses,
        can_hide_addresses=house.settings.can_hide_addresses,
        role=mine.membership.role,
        offered=mine.membership.offered_at is not None,
        leaving=await circles.leaving_of(db, mine),
        agreement=_agreement_view(await circles.current_agreement(db, circle.id)),
        shows_busy=mine.membership.shows_busy,
        members=await circles.head_count(db, circle.id) if mine.leads else None,
    )
