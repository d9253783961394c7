"""The way into the room."""

from datetime import datetime

from msgspec import field

from sessions.admission import State as DoorState
from sessions.circles import Role
from sessions.web.shapes.base import Name, Shape, Token, View
from sessions.web.shapes.circles import AgreementView


class TicketShape(Shape, frozen=True, kw_only=True):
    ticket: Token


class JoinShape(TicketShape, frozen=True, kw_only=True):
    name: Name
    agreement: int | None = None


class DoorAgreement(AgreementView, frozen=True, kw_only=True):
    accepted: bool


class LaterDate(View, frozen=True, kw_only=True):
    starts_at: datetime


class DoorView(View, frozen=True, kw_only=True):
    state: DoorState
    circle_name: str
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None
    zone: str | None
    name: str
    role: Role
    agreement: DoorAgreement
    direct: bool
    """Other people's browsers learn this one's network address."""
    next: LaterDate | None
    """The date after the one at the door."""


class PassView(View, frozen=True, kw_only=True):
    pass_: str = field(name="pass")
    socket: str
