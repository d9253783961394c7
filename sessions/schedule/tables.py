"""What was decided about a series; instants are computed, never stored."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import JSON, String
from sqlmodel import Field, SQLModel

from sessions.recurrence import Change, Pattern, Rule

Frequency = Literal["once", "weekly", "monthly"]
AgendaKey = Literal["", "check_in", "story", "youth", "newcomers", "action", "grief", "silent"]
"""How a meeting goes: the template that its dates begin with; empty for none."""


@dataclass(frozen=True, slots=True)
class DateChange(Change):
    """What is different about one date, with what no calendar app asks for."""

    title: str | None = None
    seats: int | None = None
    agenda: AgendaKey | None = None

    def over(self, series: "Series") -> "Shown":
        return Shown(
            series.title if self.title is None else self.title,
            series.seats if self.seats is None else self.seats,
            series.agenda if self.agenda is None else self.agenda,
        )

    def skip(self) -> "DateChange":
        return replace(self, skipped=True)

    @property
    def time(self) -> Change:
        """Only what a calendar app is to know."""
        return Change(self.moved_to, self.cancelled, self.skipped, self.minutes)


class Shown(NamedTuple):
    """What holds for one date: its own, or else its series'."""

    title: str
    seats: int | None
    agenda: AgendaKey


class Series(SQLModel, table=True):
    """A session that happens once, or again and again."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    uid: str = Field(max_length=64, unique=True)
    """RFC 5545 - 3.8.4.7. Unique Identifier: random, says nothing, stable for life."""
    circle_id: UUID = Field(foreign_key="circle.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=120)
    start: NaiveDatetime
    """Wall time in `zone`; the aware instants are computed, never stored."""
    zone: str = Field(max_length=64)
    minutes: int
    frequency: Frequency = Field(default="once", sa_type=String(8))
    weekdays: list[str] | None = Field(default=None, sa_type=JSON, nullable=True)
    interval: int = 1
    count: int | None = None
    until: date | None = None
    day: int | None = None
    position: int | None = None
    week_start: str = Field(default="MO", max_length=2)
    seats: int | None = None
    """Places on each date; `None`: for everyone in the circle."""
    agenda: AgendaKey = Field(default="", sa_type=String(32))
    extra_of: UUID | None = Field(
        default=None, foreign_key="series.id", ondelete="CASCADE", index=True
    )
    """A date beside the rule is an event of its own: few apps understand RDATE."""
    follows: UUID | None = Field(default=None, foreign_key="series.id", ondelete="SET NULL")
    """The series that ended where this one begins."""
    announced: list[list[str | int]] | None = Field(
        default=None, sa_type=JSON(none_as_null=True), nullable=True
    )
    """Which offsets from UTC were told, from which original start on."""
    sequence: int = 0
    """RFC 5545 - 3.8.7.4. Sequence Number: goes up each time we tell people something new."""
    public_sequence: int = 0
    """The same for all the world, which hears only of what has become of the dates."""
    booking_key: str | None = Field(default=None, max_length=64, unique=True)
    """Keyed hash of the request's Idempotency-Key: the same request books once."""
    created_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None = None

    @property
    def pattern(self) -> Pattern:
        return Pattern(self.start, self.zone, self.minutes, self.rule)

    @property
    def rule(self) -> Rule | None:
        if self.frequency == "once":
            return None
        return Rule(
            weekdays=tuple(self.weekdays or ()),
            interval=self.interval,
            count=self.count,
            until=self.until,
            frequency=self.frequency,
            day=self.day,
            position=self.position,
            week_start=self.week_start,
        )

    def plan(self, pattern: Pattern) -> None:
        """Take over when it happens; whether that is possible was checked before."""
        self.start, self.zone, self.minutes = pattern.start, pattern.zone, pattern.minutes
        rule = pattern.rule or Rule()
        self.frequency = rule.frequency if pattern.rule else "once"
        self.weekdays = list(rule.weekdays)
        self.interval, self.count, self.until = rule.interval, rule.count, rule.until
        self.day, self.position, self.week_start = rule.day, rule.position, rule.week_start


class OccurrenceChange(SQLModel, table=True):
    __tablename__ = "occurrence_change"

    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    original: NaiveDatetime = Field(primary_key=True)
    moved_to: NaiveDatetime | None = None
    """Wall time in the series' zone."""
    cancelled: bool = False
    skipped: bool = False
    """Never announced: nobody has it in their calendar, not even crossed out."""
    minutes: int | None = None
    title: str | None = Field(default=None, max_length=120)
    seats: int | None = None
    agenda: AgendaKey | None = Field(default=None, sa_type=String(32), nullable=True)
    changed_at: datetime

    @property
    def change(self) -> DateChange:
        return DateChange(
            self.moved_to,
            self.cancelled,
            self.skipped,
            self.minutes,
            self.title,
            self.seats,
            self.agenda,
        )

    def take(self, change: DateChange) -> None:
        """Become that."""
        self.moved_to, self.cancelled = change.moved_to, change.cancelled
        self.skipped, self.minutes = change.skipped, change.minutes
        self.title, self.seats, self.agenda = change.title, change.seats, change.agenda


class Told(SQLModel, table=True):
    """That a person has this series in their calendar, and in which revision."""

    membership_id: UUID = Field(
        foreign_key="membership.id", ondelete="CASCADE", primary_key=True
    )
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    sequence: int
    told_at: datetime
    cleared: bool = False
    """Not any more: the last that they heard was its cancellation."""
    mailbox_hash: str | None = Field(default=None, max_length=64, unique=True)
    """Of the address that answers come back to."""
