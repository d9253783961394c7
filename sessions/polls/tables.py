"""What was proposed, and what people answered."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import String
from sqlmodel import Field, SQLModel

from sessions.polls.counting import Suits
from sessions.zones import resolve


class Poll(SQLModel, table=True):
    """Times of which one is to be chosen; a circle's people say which suit them."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    circle_id: UUID = Field(foreign_key="circle.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=120)
    zone: str = Field(max_length=64)
    minutes: int
    until: date
    """The last day, in `zone`, on which it can be answered."""
    created_at: datetime
    closed_at: datetime | None = None
    series_id: UUID | None = Field(default=None, foreign_key="series.id", ondelete="SET NULL")
    """What was booked of it."""

    @property
    def ends_at(self) -> datetime:
        midnight = datetime.combine(self.until + timedelta(days=1), datetime.min.time())
        return resolve(midnight, self.zone)

    def is_open(self, *, now: datetime) -> bool:
        return self.closed_at is None and now < self.ends_at


class PollTime(SQLModel, table=True):
    __tablename__ = "poll_time"

    poll_id: UUID = Field(foreign_key="poll.id", ondelete="CASCADE", primary_key=True)
    start: NaiveDatetime = Field(primary_key=True)
    """Wall time in the poll's zone."""


class PollAnswer(SQLModel, table=True):
    __tablename__ = "poll_answer"

    poll_id: UUID = Field(foreign_key="poll.id", ondelete="CASCADE", primary_key=True)
    start: NaiveDatetime = Field(primary_key=True)
    membership_id: UUID = Field(
        foreign_key="membership.id", ondelete="CASCADE", primary_key=True
    )
    answer: Suits = Field(sa_type=String(8))
    answered_at: datetime
