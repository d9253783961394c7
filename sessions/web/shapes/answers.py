"""What people answer to dates."""

from datetime import datetime
from uuid import UUID

from sessions.circles import Role
from sessions.invites import Word as AnswerWord
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
    ticket_url: str
    opens_at: datetime
    open: bool


class AnswerShape(Shape, frozen=True, kw_only=True):
    series: UUID
    answer: AnswerWord
    original: datetime | None = None


class AnswerByLink(AnswerShape, frozen=True, kw_only=True):
    token: Token


class DateToAnswer(View, frozen=True, kw_only=True):
    series: UUID
    title: str
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled: bool
    answer: AnswerWord | None


class AnswersView(View, frozen=True, kw_only=True):
    name: str
    circle_name: str
    person: str
    """Masked address."""
    dates: list[DateToAnswer]
    whole: dict[str, AnswerWord | None]
    """Answer to each series as a whole, by its id."""
    join_url: str
