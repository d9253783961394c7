"""Calendars that people keep elsewhere; all that is kept of them is when they are busy."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import String
from sqlmodel import Field, SQLModel

Kind = Literal["ics", "caldav"]


class ExternalCalendar(SQLModel, table=True):
    __tablename__ = "external_calendar"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    kind: Kind = Field(sa_type=String(8))
    access: bytes
    """Sealed address, user name and password."""
    label: str = Field(max_length=80)
    """Its owner's word for it."""
    etag: str | None = Field(default=None, max_length=200)
    """What it was when its times were read: the same again need not be read again."""
    fetched_at: datetime | None = None
    """When it was last read well."""
    trouble: str | None = Field(default=None, max_length=40)
    """Code of a sentence, `problem.calendar_…`; `None`: the last try went well."""
    tries: int = 0
    """In vain, since it was last read well."""
    next_at: datetime = Field(index=True)
    lease_until: datetime | None = None
    created_at: datetime


class BusyTime(SQLModel, table=True):
    """Never what it is about."""

    __tablename__ = "busy_time"

    calendar_id: UUID = Field(
        foreign_key="external_calendar.id", ondelete="CASCADE", primary_key=True
    )
    starts_at: datetime = Field(primary_key=True)
    ends_at: datetime
