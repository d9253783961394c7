"""The door: from a ticket to a pass."""

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import admission, schedule
from sessions.admission import Door
from sessions.web.cookies import SEAT, ended, seat_cookie
from sessions.web.given import ONLY_READS, AnyRequest, House, seat_of
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.door import (
    DoorAgreement,
    DoorView,
    JoinShape,
    LaterDate,
    PassView,
    TicketShape,
)

SOCKET = "/socket"


class JoinController(Controller):
    path = "/api"
    tags = ("door",)

    @post("/join/look", status_code=200, summary="What a ticket leads to now", opt=ONLY_READS)
    async def look(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[TicketShape],
    ) -> DoorView:
        device = admission.device_of(house.keys, seat_of(request))
        door = await admission.look(db, house.keys, data.ticket, device=device, now=house.now)
        return _door_view(house, door)

    @post("/join", status_code=200, summary="Take a seat")
    async def enter(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[JoinShape],
    ) -> Response[PassView]:
        entry = await admission.enter(
            db,
            house.keys,
            data.ticket,
            name=data.name,
            agreement=data.agreement,
            seat_cookie=seat_of(request),
            can_hide=house.settings.can_hide_addresses,
            now=house.now,
        )
        return _with_seat(house, entry)

    @post("/seat/pass", status_code=200, summary="A fresh pass for the seat of this device")
    async def come_back(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[Nothing],
    ) -> Response[PassView]:
        entry = await admission.come_back(
            db,
            house.keys,
            seat_of(request),
            can_hide=house.settings.can_hide_addresses,
            now=house.now,
        )
        return _with_seat(house, entry)

    @post("/seat/leave", status_code=204, summary="Give the seat of this device up")
    async def leave(self, data: JSONBody[Nothing]) -> Response[None]:
        return Response(None, status_code=204, cookies=[ended(SEAT)])


def _with_seat(house: House, entry: admission.Entry) -> Response[PassView]:
    socket = "ws" + house.settings.public_url.removeprefix("http") + SOCKET
    cookie = seat_cookie(entry.seat, now=house.now, until=entry.closes_at)
    view = PassView(pass_=entry.token, socket=socket)
    return Response(view, status_code=200, cookies=[cookie])


def _title(door: Door) -> str:
    if door.booking is None:
        return ""
    return (
        door.booking.shown(door.date.original).title if door.date else door.booking.series.title
    )


def _door_view(house: House, door: Door) -> DoorView:
    mine, date = door.mine, door.date
    return DoorView(
        state=door.state,
        circle_name=mine.circle.name,
        title=_title(door),
        starts_at=utc(date.starts_at) if date else None,
        ends_at=utc(date.ends_at) if date else None,
        opens_at=utc(schedule.opens_at(date)) if date else None,
        zone=door.booking.series.zone if door.booking else None,
        name=door.person.name,
        role=mine.membership.role,
        agreement=DoorAgreement(
            version=door.agreement.version,
            text=door.agreement.text,
            accepted=mine.membership.agreed_version == door.agreement.version,
        ),
        direct=admission.is_direct(mine.circle, can_hide=house.settings.can_hide_addresses),
        next=LaterDate(starts_at=utc(door.later.starts_at)) if door.later else None,
    )
