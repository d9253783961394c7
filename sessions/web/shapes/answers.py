"""What people answer to dates."""

from datetime import datetime
from uuid import UUID

from sessions.answers import Place
from sessions.answers import Word as AnswerWord
from sessions.circles import Role
from sessions.web.shapes.base import Shape, Token, View, WallTime


class UpcomingView(View, frozen=True, kw_only=True):
    series: UUID
    circle: UUID
    circle_name: str
    title: str
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    zone: str
    role: Role
    cancelled: bool
    moved: bool
    answer: AnswerWord | None
    place: Place | None
    """What a yes came to; `null` for facilitators, who take no place."""
    offered_until: datetime | None
    ticket_url: str
    opens_at: datetime
    open: bool


class AnswerShape(Shape, frozen=True, kw_only=True):
    series: UUID
    answer: AnswerWord
    original: datetime | None = None


class AnswerByLink(AnswerShape, frozen=True, kw_only=True):
    token: Token


class PlaceShape(Shape, frozen=True, kw_only=True):
    """A date, or, without `original`, all of a series."""

    series: UUID
    original: datetime | None = None


class PlaceByLink(PlaceShape, frozen=True, kw_only=True):
    token: Token


class PlaceView(View, frozen=True, kw_only=True):
    """What became of an answer."""

    place: Place | None
    offered_until: datetime | None
    can_take: bool
    """There is a place for somebody who waits, kept for them or free."""


class DateToAnswer(View, frozen=True, kw_only=True):
    series: UUID
    title: str
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled: bool
    moved: bool
    answer: AnswerWord | None
    place: Place | None
    offered_until: datetime | None
    can_take: bool
    seats: int | None
    full: bool
    """A yes has to wait for a place. How many are left would tell what others answered."""


class AnswersView(View, frozen=True, kw_only=True):
    name: str
    circle_name: str
    person: str
    """Masked address."""
    dates: list[DateToAnswer]
    whole: dict[str, AnswerWord | None]
    """Answer to each series as a whole, by its id."""
    whole_places: dict[str, PlaceView]
    """What a yes to each series as a whole came to."""
    join_url: str
    place: Place | None = None
    """What the answer that was just given came to."""
