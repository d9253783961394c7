"""When somebody has no time: other calendars, and days off."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from sessions.busy.overlaps import Kind as ClashKind
from sessions.busy.tables import Kind
from sessions.web.shapes.base import Name, Shape, View, WallTime

CalendarAddress = Annotated[str, Meta(min_length=1, max_length=2000)]
Password = Annotated[str, Meta(max_length=200)]


class NewCalendar(Shape, frozen=True, kw_only=True):
    kind: Kind
    address: CalendarAddress
    username: Name = ""
    password: Password = ""
    label: Name


class CalendarView(View, frozen=True, kw_only=True):
    """Without its address, which is a secret: whoever has it can read the calendar."""

    id: UUID
    kind: Kind
    label: str
    host: str
    read_at: datetime | None
    """When it was last read well."""
    trouble: str | None
    """Why it cannot be read now, as a sentence."""
    due: bool
    """It is about to be read."""
    busy: int
    """How many times it holds."""


class ClashView(View, frozen=True, kw_only=True):
    """A date of a plan on which somebody has no time."""

    original: WallTime
    starts_at: datetime
    ends_at: datetime
    """What of the date is taken; of a colleague no more is told than the date."""
    kind: ClashKind
    label: str


class CountryView(View, frozen=True, kw_only=True):
    code: str
    name: str


class DayOffView(View, frozen=True, kw_only=True):
    day: date
    name: str
