"""What concerns the person who is signed in, and nobody else."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, circles, export, passkeys, people, rota, schedule, signin
from sessions.circles import Belonging
from sessions.errors import NotSignedIn
from sessions.letters.farewell import say_farewell
from sessions.people import Person, address_of, masked
from sessions.recurrence import Occurrence
from sessions.web.cookies import SEAT, SESSION, ended
from sessions.web.given import AnyRequest, House, Me, note
from sessions.web.places import place_of
from sessions.web.shapes.answers import UpcomingView
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.people import (
    ChallengeView,
    NewPasskey,
    PasskeyView,
    PersonChange,
    PersonView,
    SignedInView,
    WhoView,
)

UPCOMING = 20


class MeController(Controller):
    path = "/api/me"
    tags = ("me",)

    @get("/", summary="Who is signed in here")
    async def who(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
    ) -> WhoView:
        token = request.cookies.get(SESSION)
        try:
            person, device = await signin.who(db, token or "", now=house.now)
        except NotSignedIn:
            return who_view(house, None)
        view = who_view(house, await person_view(db, house, person))
        if signin.is_stale(device, now=house.now):
            async with note(house, db) as once_an_hour:
                await signin.touch(once_an_hour, device, now=house.now)
        return view

    @patch("/", summary="Change name, language, zone or level of detail")
    async def change(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[PersonChange],
    ) -> PersonView:
        before = schedule.look_of(me.person)
        people.change_person(
            me.person,
            now=house.now,
            name=data.name,
            locale=data.locale,
            zone=data.zone,
            detail=data.detail,
            summary=data.summary,
            reminders=data.reminders,
        )
        if schedule.look_of(me.person) != before:
            await schedule.redraw(db, house.keys, me.person, now=house.now)
        return await person_view(db, house, me.person)

    @get("/export", summary="Everything that is stored about me")
    async def export(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
    ) -> dict[str, Any]:
        return await export.everything_about(db, house.keys, me.person)

    @delete("/", status_code=204, summary="Delete everything that is stored about me")
    async def forget(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
    ) -> Response[None]:
        await say_farewell(db, house.keys, house.settings, me.person, now=house.now)
        led = [mine.circle for mine in await circles.circles_of(db, me.person) if mine.leads]
        await rota.end_offers(db, led)
        await export.forget(db, me.person)
        return Response(None, status_code=204, cookies=[ended(SESSION), ended(SEAT)])

    @get("/signins", summary="Devices on which I am signed in")
    async def devices(
        self, db: NamedDependency[AsyncSession], me: NamedDependency[Me]
    ) -> list[SignedInView]:
        return [
            SignedInView(
                id=device.id,
                created_at=utc(device.created_at),
                last_seen_at=utc(device.seen_at),
                current=device.id == me.device.id,
            )
            for device in await signin.devices(db, me.person)
        ]

    @delete("/signins/{device:uuid}", status_code=204, summary="Sign out on a device")
    async def sign_out_device(
        self,
        db: NamedDependency[AsyncSession],
        me: NamedDependency[Me],
        device: FromPath[UUID],
    ) -> None:
        await signin.sign_out_device(db, me.person, device)

    @get("/next", summary="My next dates")
    async def upcoming(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
    ) -> list[UpcomingView]:
        return await _upcoming(db, house, me.person)

    @get("/passkeys", summary="My passkeys")
    async def passkeys(
        self, db: NamedDependency[AsyncSession], me: NamedDependency[Me]
    ) -> list[PasskeyView]:
        return [
            PasskeyView(
                id=key.id,
                label=key.label,
                created_at=utc(key.created_at),
                last_used_on=key.last_used_on,
            )
            for key in await passkeys.of(db, me.person)
        ]

    @post("/passkeys/options", status_code=200, summary="Begin to add a passkey")
    async def passkey_options(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[Nothing],
    ) -> ChallengeView:
        challenge = await passkeys.begin_adding(db, house.settings, me.person, now=house.now)
        return ChallengeView(challenge_id=challenge.id, options=challenge.options)

    @post("/passkeys", status_code=201, summary="Add a passkey")
    async def add_passkey(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        data: JSONBody[NewPasskey],
    ) -> PasskeyView:
        key = await passkeys.finish_adding(
            db,
            house.settings,
            me.person,
            data.challenge_id,
            data.credential,
            label=data.label,
            now=house.now,
        )
        return PasskeyView(
            id=key.id, label=key.label, created_at=utc(key.created_at), last_used_on=None
        )

    @delete("/passkeys/{key:uuid}", status_code=204, summary="Remove a passkey")
    async def remove_passkey(
        self, db: NamedDependency[AsyncSession], me: NamedDependency[Me], key: FromPath[UUID]
    ) -> None:
        await passkeys.remove(db, me.person, key)


def who_view(house: House, person: PersonView | None) -> WhoView:
    return WhoView(person=person, can_hide_addresses=house.settings.can_hide_addresses)


async def person_view(db: AsyncSession, house: House, person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        name=person.name,
        locale=person.locale,
        zone=person.zone,
        detail=person.detail,
        summary=person.summary,
        reminders=person.reminders,
        address=masked(address_of(house.keys, person)),
        passkeys=len(await passkeys.of(db, person)),
    )


async def _upcoming(db: AsyncSession, house: House, person: Person) -> list[UpcomingView]:
    mine = await circles.circles_of(db, person)
    memberships = [m.membership.id for m in mine]
    said = await answers.said_by(db, memberships, now=house.now)
    views = [
        view
        for booking in await schedule.bookings(db, mine)
        if booking.series.cancelled_at is None
        for view in _dates_of(house, booking, said[booking.mine.membership.id])
    ]
    return sorted(views, key=lambda view: view.starts_at)[:UPCOMING]


def _dates_of(
    house: House, booking: schedule.Booking, said: answers.Said
) -> list[UpcomingView]:
    series, mine = booking.series, booking.mine

    def view(date: Occurrence) -> UpcomingView:
        standing = place_of(mine, said, series.id, date.original)
        return UpcomingView(
            series=series.id,
            circle=mine.circle.id,
            circle_name=mine.circle.name,
            title=booking.shown(date.original).title,
            original=date.original,
            starts_at=utc(date.starts_at),
            ends_at=utc(date.ends_at),
            zone=series.zone,
            role=mine.membership.role,
            cancelled=date.cancelled,
            moved=date.moved,
            answer=said.word(series.id, date.original),
            place=standing.place,
            offered_until=standing.offered_until,
            ticket_url=ticket_url(house, mine),
            opens_at=utc(schedule.opens_at(date)),
            open=schedule.is_open(date, now=house.now),
        )

    return [
        view(date)
        for date in schedule.next_dates(booking, now=house.now, limit=6)
        if schedule.closes_at(date) > house.now
    ]


def ticket_url(house: House, mine: Belonging) -> str:
    return f"{house.settings.public_url}/j#{circles.ticket(house.keys, mine.membership)}"
