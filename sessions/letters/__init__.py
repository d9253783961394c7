"""
What stands in each letter, by kind of letter and by what the person wants to be seen.

Discreet is the default until a person chooses full: then no word of the circle is in
subject, body, sender, file name or calendar entry.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.keys import Keys
from sessions.letters import (
    farewell,
    join_requests,
    personal,
    polls,
    proposals,
    reminders,
    roles,
    rota,
    seats,
    series,
)
from sessions.letters.desk import Nothing, Office, Written, message_id
from sessions.outbox import OutboxEntry
from sessions.settings import Settings

__all__ = ["Nothing", "Written", "message_id", "write"]

Writer = Callable[[AsyncSession, Office, Any], Awaitable[Written]]

WRITERS: dict[type[outbox.AnyLetter], Writer] = {
    outbox.SignInLetter: personal.signin,
    outbox.Welcome: personal.welcome,
    outbox.Booked: series.about_series,
    outbox.DateChanged: series.about_series,
    outbox.DateRestored: series.about_series,
    outbox.DateCancelled: series.about_series,
    outbox.SeriesCancelled: series.about_series,
    outbox.SeriesChanged: series.about_series,
    outbox.SeriesRestored: series.about_series,
    outbox.Redrawn: series.about_series,
    outbox.Farewell: farewell.farewell,
    outbox.CounterDeclined: proposals.counter_declined,
    outbox.RotaChanged: rota.changed,
    outbox.RotaAsked: rota.asked,
    outbox.RoleOffered: roles.offered,
    outbox.RoleChanged: roles.ended,
    outbox.RoleTaken: roles.taken,
    outbox.PollAsked: polls.asked,
    outbox.Reminder: reminders.reminder,
    outbox.SeatOffered: seats.seat_offered,
    outbox.InLine: seats.in_line,
    outbox.JoinAsked: join_requests.join_asked,
}
"""By kind; each matter writes its own."""


async def write(
    db: AsyncSession, keys: Keys, settings: Settings, entry: OutboxEntry, *, now: datetime
) -> Written:
    """Raises `Nothing` when the letter has become pointless."""
    letter = outbox.read(keys, entry)
    return await WRITERS[type(letter)](db, Office(keys, settings, entry, now), letter)
