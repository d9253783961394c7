"""Who facilitates which date; for the eyes of facilitators alone."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from sessions.circles import Role
from sessions.rota import By
from sessions.web.shapes.base import Shape, View, WallTime


class RoleShape(Shape, frozen=True, kw_only=True):
    role: Role


class RotaPerson(View, frozen=True, kw_only=True):
    membership: UUID
    name: str
    """As facilitators know them: a name, or a masked address."""
    mine: bool


class RotaDateView(View, frozen=True, kw_only=True):
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    membership: UUID | None
    """None: nobody yet, or the date does not take place."""
    name: str | None
    by: By
    mine: bool
    cancelled: bool


class SwapView(View, frozen=True, kw_only=True):
    """Somebody asks somebody else to change dates."""

    id: UUID
    asker: str
    asked: str
    mine: WallTime
    """The date of who asks."""
    mine_starts_at: datetime
    theirs: WallTime
    theirs_starts_at: datetime
    by_me: bool
    of_me: bool


class RotaView(View, frozen=True, kw_only=True):
    series: UUID
    circle: UUID
    title: str
    zone: str
    order: list[RotaPerson]
    """Of the people who facilitate now."""
    every: int
    """How many dates a turn is long."""
    people: list[RotaPerson]
    """All who facilitate."""
    dates: list[RotaDateView]
    more: bool
    """There are dates after these."""
    swaps: list[SwapView]


class RotaPlanShape(Shape, frozen=True, kw_only=True):
    order: Annotated[list[UUID], Meta(max_length=30)]
    every: Annotated[int, Meta(ge=1, le=12)] = 1


class RotaDateShape(Shape, frozen=True, kw_only=True):
    membership: UUID | None
    """None: nobody yet."""


class SwapShape(Shape, frozen=True, kw_only=True):
    mine: datetime
    theirs: datetime
    agreed: bool = False
    """Both have said yes already; nobody is asked."""
