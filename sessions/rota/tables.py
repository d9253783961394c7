"""What was decided about who facilitates; who has which date is computed."""

from datetime import datetime
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import JSON, String
from sqlmodel import Field, SQLModel

from sessions.rota.rule import By, Plan


class RotaPlan(SQLModel, table=True):
    """The order in which the facilitators of a series take turns."""

    __tablename__ = "rota_plan"

    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    order: list[str] = Field(default_factory=list, sa_type=JSON)
    """Memberships. Who is gone keeps their place, for a gap is better than a surprise."""
    every: int = 1
    start_at: NaiveDatetime
    """The original start from which on it is counted."""
    remaining: list[int] = Field(default_factory=list, sa_type=JSON)
    """Dates of their turn that each still has; empty where no turn has begun."""

    @property
    def plan(self) -> Plan:
        order = tuple(UUID(one) for one in self.order)
        return Plan(order, self.every, self.start_at, tuple(self.remaining))


class RotaDate(SQLModel, table=True):
    """One date that somebody has whatever the order says."""

    __tablename__ = "rota_date"

    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    original: NaiveDatetime = Field(primary_key=True)
    membership_id: UUID | None = Field(
        default=None, foreign_key="membership.id", ondelete="SET NULL"
    )
    by: By = Field(sa_type=String(8))


class RotaSkip(SQLModel, table=True):
    """
    Somebody does not take this date.

    It stays after the date is over: whose turn the later ones are depends on it.
    """

    __tablename__ = "rota_skip"

    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    original: NaiveDatetime = Field(primary_key=True)
    membership_id: UUID = Field(
        foreign_key="membership.id", ondelete="CASCADE", primary_key=True
    )


class RotaSwap(SQLModel, table=True):
    """One facilitator asks another to change dates; gone once it is answered."""

    __tablename__ = "rota_swap"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", index=True)
    mine: NaiveDatetime
    """The date of who asks."""
    theirs: NaiveDatetime
    asker_id: UUID = Field(foreign_key="membership.id", ondelete="CASCADE")
    asked_id: UUID = Field(foreign_key="membership.id", ondelete="CASCADE")
    asked_at: datetime
