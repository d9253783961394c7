"""Plans, series and their dates, and what changes about them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from sessions.circles import Role
from sessions.schedule import AgendaKey, How, Said, Scope
from sessions.web.shapes.base import Line, Shape, View, WallTime, ZoneName
from sessions.web.shapes.busy import ClashView

Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WeekStart = Literal["MO", "SU", "SA"]
Seats = Annotated[int, Meta(ge=1, le=30)]
Skip = Annotated[list[WallTime], Meta(max_length=200)]


class RuleShape(Shape, frozen=True, kw_only=True):
    """Of a month: a `day`, or a `position` (1–4, or -1 for the last) among `weekdays`."""

    frequency: Literal["weekly", "monthly"] = "weekly"
    weekdays: Annotated[list[Weekday], Meta(max_length=7)] = field(default_factory=list)
    interval: int = 1
    count: int | None = None
    until: date | None = None
    day: int | None = None
    position: int | None = None
    week_start: WeekStart = "MO"


class PatternShape(Shape, frozen=True, kw_only=True):
    start: WallTime
    zone: ZoneName
    minutes: int
    rule: RuleShape | None = None


class NewSeries(PatternShape, frozen=True, kw_only=True):
    title: Line
    seats: Seats | None = None
    agenda: AgendaKey = ""
    skip: Skip = field(default_factory=list)
    """Original starts on which it does not take place, and never was to."""


class PreviewShape(PatternShape, frozen=True, kw_only=True):
    zones: Annotated[list[ZoneName], Meta(max_length=8)] = field(default_factory=list)
    count: Annotated[int, Meta(ge=1, le=60)] = 12
    skip: Skip = field(default_factory=list)
    circle: UUID | None = None
    """To look for clashes with what this circle has booked already."""


class LocalTime(View, frozen=True, kw_only=True):
    zone: str
    local: WallTime


class PreviewDate(View, frozen=True, kw_only=True):
    original: WallTime
    starts_at: datetime
    skipped: bool
    in_: list[LocalTime] = field(name="in")


class ShiftNote(View, frozen=True, kw_only=True):
    zone: str
    original: WallTime
    shift_minutes: int


class PreviewView(View, frozen=True, kw_only=True):
    dates: list[PreviewDate]
    notes: list[ShiftNote]
    last: WallTime | None
    """The last date of the plan; null when it goes on without an end."""
    total: int | None
    """How many there are, without those that are skipped."""
    clashes: list[ClashView]
    """The first few."""
    clashes_total: int


class GoingView(View, frozen=True, kw_only=True):
    """How many said what; for facilitators alone."""

    yes: int
    maybe: int
    no: int
    waiting: int


class OccurrenceView(View, frozen=True, kw_only=True):
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    local: WallTime
    minutes: int
    cancelled: bool
    moved: bool
    skipped: bool
    title: str | None
    """Its own; null: that of the series."""
    seats: int | None
    agenda: AgendaKey
    facilitator: str | None = None
    """Whose turn it is; for facilitators alone."""
    mine: bool = False
    going: GoingView | None = None


class SeriesLite(View, frozen=True, kw_only=True):
    """A single date beside the rule."""

    id: UUID
    title: str
    start: WallTime
    zone: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    cancelled: bool


class SeriesView(View, frozen=True, kw_only=True):
    id: UUID
    circle: UUID
    title: str
    start: WallTime
    zone: str
    minutes: int
    rule: RuleShape | None
    total: int | None
    """How many of the dates that the rule counts take place."""
    seats: int | None
    agenda: AgendaKey
    sequence: int
    cancelled: bool
    role: Role
    """What the asker is in its circle."""
    extra_of: UUID | None
    follows: UUID | None
    extras: list[SeriesLite]
    next: list[OccurrenceView]


class DryShape(Shape, frozen=True, kw_only=True):
    """`dry`: only say what it would mean."""

    dry: bool = False


class ChangeShape(DryShape, frozen=True, kw_only=True):
    """
    What is left out stays as it is.

    `to` is the new start of the date `original`, or, for all, of the first date; wall time
    in `zone`, without one in that of the series. `seats` as null: for all, as many as one
    likes; for one date, as many as its series has.
    """

    scope: Scope
    original: WallTime | None = None
    title: Line | None = None
    to: WallTime | None = None
    zone: ZoneName | None = None
    minutes: int | None = None
    rule: RuleShape | UnsetType | None = UNSET
    seats: Seats | UnsetType | None = UNSET
    agenda: AgendaKey | None = None


class NewExtra(DryShape, frozen=True, kw_only=True):
    start: WallTime
    minutes: int | None = None
    title: Line | None = None


class CloneShape(DryShape, frozen=True, kw_only=True):
    start: WallTime
    circle: UUID | None = None
    """Another one that the asker facilitates."""


class ToldView(View, frozen=True, kw_only=True):
    name: str
    """Of the person, or their masked address."""
    how: How
    kind: Said


class MeansView(View, frozen=True, kw_only=True):
    """Who hears of a change, and what becomes of the plan."""

    told: list[ToldView]
    people: int
    mails: int
    ends: WallTime | None
    """The last date of the series that ends where another begins."""
    begins: WallTime | None
    kept_changes: int
    dropped_changes: list[WallTime]
    sentences: list[str]


class ChangedView(View, frozen=True, kw_only=True):
    """`series` is as it will be; of a dry run, a new one has an id that leads nowhere."""

    series: SeriesView
    dry: bool
    means: MeansView
