"""Which times suit: proposed, answered, booked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from sessions.circles import Role
from sessions.polls import MAX_TIMES, Again, Suits
from sessions.web.shapes.base import Line, Shape, Token, View, WallTime, ZoneName


class NewPoll(Shape, frozen=True, kw_only=True):
    title: Line
    zone: ZoneName
    minutes: int
    times: Annotated[list[datetime], Meta(min_length=1, max_length=MAX_TIMES)]
    """Wall time in `zone`."""
    until: date
    """The last day, in `zone`, on which it can be answered."""


class TimeAnswer(Shape, frozen=True, kw_only=True):
    start: datetime
    answer: Suits


Answers = Annotated[list[TimeAnswer], Meta(min_length=1, max_length=MAX_TIMES)]


class PollAnswers(Shape, frozen=True, kw_only=True):
    answers: Answers


class PollAnswersByLink(PollAnswers, frozen=True, kw_only=True):
    token: Token
    poll: UUID


class BookTime(Shape, frozen=True, kw_only=True):
    start: datetime
    again: Again = "once"
    count: int | None = None
    """How many dates; left out: without an end."""


class WhoSaid(View, frozen=True, kw_only=True):
    name: str
    """Or a masked address."""
    answer: Suits | None


class PollTimeView(View, frozen=True, kw_only=True):
    start: WallTime
    starts_at: datetime
    ends_at: datetime
    over: bool
    mine: Suits | None
    yes: int
    maybe: int
    no: int
    best: bool
    """No other time suits more people; several may share this."""
    people: list[WhoSaid] | None
    """Facilitators see who said what, and who has not answered; nobody else does."""


class PollView(View, frozen=True, kw_only=True):
    id: UUID
    circle: UUID
    circle_name: str
    title: str
    zone: str
    minutes: int
    role: Role
    until: date
    """The last day on which it can be answered, in `zone`."""
    open: bool
    """It can be answered now."""
    booked: UUID | None
    """The series that came of it."""
    answered: int
    """How many people have answered."""
    asked: int | None
    """How many could: how many belong to the circle, which only facilitators see."""
    times: list[PollTimeView]


class BookedView(View, frozen=True, kw_only=True):
    series: UUID
