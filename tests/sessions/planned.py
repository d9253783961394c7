"""What a series has come to, and what a mail says of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from sessions import schedule
from sessions.schedule import Booking
from sessions.tables import METADATA
from tests.calendars.app import unfolded, value
from tests.conftest import NOON
from tests.fakes import Delivered
from tests.sessions.village import Village


async def booking_of(village: Village, series: UUID) -> Booking:
    async with village.planning(series) as (_, booking):
        return booking


async def starts(village: Village, series: UUID) -> list[datetime]:
    """Where its dates are now, on the wall."""
    booking = await booking_of(village, series)
    found = schedule.next_dates(booking, now=NOON, limit=20)
    return [date.local for date in found if not date.cancelled]


async def all_rows(village: Village) -> list[str]:
    """Everything that lies in the database, to the last column."""
    async with village.database.engine.connect() as connection:
        return [
            repr(row)
            for table in METADATA.sorted_tables
            for row in sorted(await connection.execute(select(table)), key=repr)
        ]


def said(letter: Delivered) -> tuple[str, str, int]:
    """Method, UID and SEQUENCE."""
    text = unfolded(letter.calendar)
    return value(text, "METHOD"), value(text, "UID"), int(value(text, "SEQUENCE"))
