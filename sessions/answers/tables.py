"""What was said, and who waits."""

from datetime import datetime
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import Index, String, text
from sqlmodel import Field, SQLModel

from sessions.seating import Wait, Word


class Answer(SQLModel, table=True):
    """An answer to one date, or, without `original`, to a series: the default of its dates."""

    __table_args__ = (
        Index(
            "uq_answer_series",
            "membership_id",
            "series_id",
            unique=True,
            sqlite_where=text("original IS NULL"),
            postgresql_where=text("original IS NULL"),
        ),
        Index("uq_answer_date", "membership_id", "series_id", "original", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    membership_id: UUID = Field(foreign_key="membership.id", ondelete="CASCADE")
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", index=True)
    original: NaiveDatetime | None = None
    answer: Word = Field(sa_type=String(8))
    answered_at: datetime
    replied_sequence: int | None = None
    replied_at: datetime | None = None
    """RFC 5546 - 2.1.5. Message Sequencing: of the reply that came by mail, if it did."""
    taken_at: datetime | None = None
    """`answered_at` of that reply: whether another answer was given since."""


class Waiting(SQLModel, table=True):
    """A yes without a place, to one date or, without `original`, to all of them."""

    __table_args__ = (
        Index(
            "uq_waiting_series",
            "membership_id",
            "series_id",
            unique=True,
            sqlite_where=text("original IS NULL"),
            postgresql_where=text("original IS NULL"),
        ),
        Index("uq_waiting_date", "membership_id", "series_id", "original", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    membership_id: UUID = Field(foreign_key="membership.id", ondelete="CASCADE")
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", index=True)
    original: NaiveDatetime | None = None
    since: datetime
    offered_until: datetime | None = None
    missed: bool = False
    """They let an offer pass, and are not asked again."""

    @property
    def wait(self) -> Wait:
        return Wait(self.since, self.offered_until, self.missed)

    def take_over(self, wait: Wait) -> None:
        self.since, self.offered_until, self.missed = wait.since, wait.until, wait.missed
