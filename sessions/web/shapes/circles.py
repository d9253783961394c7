"""Circles, their agreement and their people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from sessions.answers import Word as AnswerWord
from sessions.circles import MAX_SEATS, MIN_SEATS, Leaving, Openness, Role
from sessions.invites import MailState
from sessions.language import Locale
from sessions.web.shapes.base import Line, Shape, View

Languages = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=35)]], Meta(max_length=12)
]
AgreementText = Annotated[str, Meta(max_length=8000)]
Seats = Annotated[int, Meta(ge=MIN_SEATS, le=MAX_SEATS)]
Purpose = Annotated[str, Meta(max_length=2000)]


class AgreementView(View, frozen=True, kw_only=True):
    version: int
    text: str


class AgreementShape(Shape, frozen=True, kw_only=True):
    text: AgreementText


class CircleChange(Shape, frozen=True, kw_only=True):
    """What is left out stays as it is."""

    name: Line | None = None
    purpose: Purpose | None = None
    languages: Languages | None = None
    openness: Openness | None = None
    seats: Seats | None = None
    hide_addresses: bool | None = None


class NewCircle(Shape, frozen=True, kw_only=True):
    name: Line
    purpose: Purpose = ""
    languages: Languages = field(default_factory=list)
    openness: Openness = "invitation"
    seats: Seats = 12
    hide_addresses: bool | None = None
    """Left out: hidden wherever the server can."""
    agreement: AgreementText = ""


class CircleView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    purpose: str
    languages: list[str]
    openness: Openness
    seats: int
    hide_addresses: bool
    can_hide_addresses: bool
    role: Role
    offered: bool
    """The asker is asked to facilitate it, and has not answered yet."""
    leaving: Leaving
    """What it means when the asker goes."""
    agreement: AgreementView
    shows_busy: bool
    """Whether others who facilitate it see when the asker has no time."""
    members: int | None
    """Facilitators see how many; nobody else does."""


class BusyShown(Shape, frozen=True, kw_only=True):
    shown: bool


class MemberView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    address: str
    """Masked."""
    role: Role
    offered_at: datetime | None
    """When they were asked to facilitate, if they have not answered yet."""
    invited_at: datetime
    answer: AnswerWord | None
    ended: bool
    mail: MailState | None


class Invitations(Shape, frozen=True, kw_only=True):
    addresses: Annotated[
        list[Annotated[str, Meta(max_length=254)]], Meta(min_length=1, max_length=50)
    ]
    locale: Locale | None = None


class InvitedView(View, frozen=True, kw_only=True):
    invited: int
    already: int


class NextDate(View, frozen=True, kw_only=True):
    starts_at: datetime
    minutes: int
    zone: str


class OpenCircleView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    purpose: str
    languages: list[str]
    next: NextDate | None
