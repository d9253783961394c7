"""A series changed, and all that hangs on its dates taken along."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, proposals, schedule, waiting
from sessions.answers import Answer, Waiting
from sessions.keys import Keys
from sessions.rescheduling import Standing, ask_anew
from sessions.rota import carrying
from sessions.schedule import Booking, Carried, Changed, Scope, Series, Wish

Carrier = Callable[[AsyncSession, Series, Series, Carried], Awaitable[None]]


async def change(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    scope: Scope,
    original: datetime | None,
    wish: Wish,
    *,
    now: datetime,
) -> Changed:
    was = Standing(booking.series.pattern, booking.changes)
    changed = await schedule.change_series(db, keys, booking, scope, original, wish, now=now)
    before, after, carried = booking.series, changed.series, changed.carried
    if carried is None:
        await ask_anew(db, before, was, after, changed.means)
    else:
        await ask_anew(db, before, was, after, changed.means, name=carried.name)
        for carry in CARRIERS:
            await carry(db, before, after, carried)
    await waiting.settle(db, keys, after, now=now)
    return changed


async def carry_answers(
    db: AsyncSession, before: Series, after: Series, carried: Carried
) -> None:
    """What was said to a date that stays stays; for another time everybody is asked anew."""
    originals: set[datetime] = set()
    for table in (Answer, Waiting):
        found = await db.exec(select(table.original).where(table.series_id == before.id))
        originals.update(original for original in found if original is not None)
    names = {o: name for o in originals if (name := carried.name(o)) is not None}
    await answers.carry_over(db, before, after, names, whole=not carried.anew)


CARRIERS: tuple[Carrier, ...] = (carry_answers, carrying.carry_over, proposals.carry_over)
"""What hangs on dates by their names; each matter takes its own along."""
