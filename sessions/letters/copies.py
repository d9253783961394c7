"""A series as one person's own copy has it: with their answers, and their turns."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, recurrence, rota
from sessions.answers import Word
from sessions.entries import entry_of
from sessions.ics import Event, Participation, Words
from sessions.language import say
from sessions.letters.desk import Desk
from sessions.schedule import Booking

PARTSTAT: dict[Word, Participation] = {
    "yes": "ACCEPTED",
    "maybe": "TENTATIVE",
    "no": "DECLINED",
}


class Answered(NamedTuple):
    """RFC 5545 - 3.2.12. Participation Status: a copy that forgot it would ask again."""

    whole: Participation
    dates: dict[datetime, Participation]


async def copy_of(db: AsyncSession, desk: Desk, booking: Booking, *, sequence: int) -> Event:
    """`sequence`: of the revision that is told, or answered to."""
    answered = await _answered(db, booking)
    return entry_of(
        booking,
        desk.person,
        keys=desk.office.keys,
        settings=desk.office.settings,
        stamped_at=desk.office.now,
        invited=True,
        sequence=sequence,
        partstat=answered.whole,
        words=await _words(db, desk, booking, answered.dates),
    )


async def _answered(db: AsyncSession, booking: Booking) -> Answered:
    given = await answers.answers_of(db, [booking.mine.membership.id])
    mine = {
        original: PARTSTAT[word]
        for (series, original), word in given.items()
        if series == booking.series.id
    }
    whole = mine.pop(None, "NEEDS-ACTION")
    dates = {
        original: said
        for original, said in mine.items()
        if original is not None
        and said != whole
        and recurrence.follows(booking.series.pattern, original)
    }
    return Answered(whole, dates)


async def _words(
    db: AsyncSession,
    desk: Desk,
    booking: Booking,
    answered: Mapping[datetime, Participation],
) -> dict[datetime, Words]:
    """What this reader's copy alone says of some of the dates."""
    own = await rota.own_dates(db, [booking], now=desk.office.now)
    duty = f"{desk.mine.circle.name}\n{say(desk.person.locale, 'entry.on_duty')}"
    on_duty = own.get(booking.series.id, set())
    return {
        original: Words(
            description=duty if original in on_duty else None,
            partstat=answered.get(original),
        )
        for original in on_duty | answered.keys()
    }
