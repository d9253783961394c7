"""One date of a series, as the page about it shows it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sessions.answers import Place
from sessions.answers import Word as AnswerWord
from sessions.circles import Role
from sessions.schedule import AgendaKey
from sessions.web.shapes.answers import PlaceView
from sessions.web.shapes.base import View
from sessions.web.shapes.series import OccurrenceView


class PrefilledLinks(View, frozen=True, kw_only=True):
    """Pages of calendar services; nothing of the circle and no secret is in them."""

    google: str
    outlook: str


class SessionView(View, frozen=True, kw_only=True):
    series: UUID
    circle: UUID
    circle_name: str
    title: str
    zone: str
    """Of the series; `local` of the occurrence is its wall time."""
    repeats: bool
    role: Role
    occurrence: OccurrenceView
    series_cancelled: bool
    agenda: AgendaKey
    """What people can expect; the page has the words for it."""
    answer: AnswerWord | None
    own_answer: bool
    """The answer is to this date and not to all."""
    default_answer: AnswerWord | None
    place: Place | None
    """`null` also for facilitators, who take no place."""
    offered_until: datetime | None
    can_take: bool
    """There is a place for somebody who waits, kept for them or free."""
    whole: PlaceView
    """What a yes to all dates came to."""
    seats: int | None
    full: bool
    """A yes has to wait for a place. How many are left would tell what others answered."""
    opens_at: datetime
    open: bool
    over: bool
    ticket_url: str
    calendar_url: str
    """To be asked by POST, with an empty body: one date as a calendar file."""
    prefilled: PrefilledLinks


class WhoComesView(View, frozen=True, kw_only=True):
    name: str
    """Or a masked address."""
    role: Role
    answer: AnswerWord | None
    own: bool
    """Said for this date, and not for all."""
    place: Place | None


class JoinRequestView(View, frozen=True, kw_only=True):
    circle_name: str
    purpose: str
    address: str
    """Masked."""


class ConfirmedView(View, frozen=True, kw_only=True):
    state: Literal["in"]
