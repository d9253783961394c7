"""How long answers are kept, and what becomes of them when somebody leaves."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence
from sessions.answers.tables import Answer, Waiting
from sessions.schedule import Series

KEPT = timedelta(days=30)
OF_ITS_MAIL = {"replied_sequence", "replied_at", "taken_at"}
"""The series that follows counts its revisions anew."""


async def withdraw(db: AsyncSession, membership: UUID) -> None:
    """All of somebody who leaves: their places are free, and nobody need remember."""
    for table in (Answer, Waiting):
        await db.exec(delete(table).where(col(table.membership_id) == membership))


async def carry_over(
    db: AsyncSession,
    old: Series,
    new: Series,
    names: Mapping[datetime, datetime],
    *,
    whole: bool = True,
) -> None:
    """
    What was said to a series counts for the one that follows it, or for itself changed.

    `names` are the dates that the new one takes over, by their old original starts;
    without `whole`, nothing that was said to all of them counts any more.
    """
    answers = await db.exec(select(Answer).where(Answer.series_id == old.id))
    waiting = await db.exec(select(Waiting).where(Waiting.series_id == old.id))
    for row in [*answers, *waiting]:
        if row.original is None and not whole:
            if old.id == new.id:
                await db.delete(row)
        elif row.original is None:
            if old.id == new.id:
                continue
            said = row.model_dump(exclude={"id", "series_id"} | OF_ITS_MAIL)
            db.add(type(row)(**said, series_id=new.id))
        elif row.original in names:
            row.series_id, row.original = new.id, names[row.original]
            for name in OF_ITS_MAIL & type(row).model_fields.keys():
                setattr(row, name, None)
    await db.flush()


async def answered_dates(db: AsyncSession, series: UUID) -> set[datetime | None]:
    """To which somebody has given an answer; `None`: to all."""
    return set(await db.exec(select(Answer.original).where(Answer.series_id == series)))


async def ask_again(
    db: AsyncSession, series: UUID, originals: Collection[datetime], *, single: bool
) -> bool:
    """
    Whoever said yes or maybe to one of these dates has said nothing; gives whether there
    was anybody. `single`: there is no other date, so what was said to all was about this one.

    Who does not come to the others had this date in their calendar for its own sake. It
    would vanish with their no to all: it stays there as a maybe.
    """
    if not originals:
        return False
    said = list(await db.exec(select(Answer).where(Answer.series_id == series)))
    whole = {row.membership_id: row.answer for row in said if row.original is None}
    asked = False
    for row in said:
        if row.answer == "no" or not (single or row.original in originals):
            continue
        default = None if single else whole.get(row.membership_id)
        if default == "no":
            asked |= row.answer == "yes"
            row.answer = "maybe"
        else:
            asked = True
            await db.delete(row)
        if default != "yes":
            await _leave_line(db, row)
    await db.flush()
    return asked


async def _leave_line(db: AsyncSession, answer: Answer) -> None:
    await db.exec(
        delete(Waiting).where(
            col(Waiting.membership_id) == answer.membership_id,
            col(Waiting.series_id) == answer.series_id,
            col(Waiting.original).is_(None)
            if answer.original is None
            else col(Waiting.original) == answer.original,
        )
    )


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    """
    30 days after what they were given for: a single date, or the last one of a series.

    Original starts are wall time; nobody counts the hours here.
    """
    limit = now - KEPT
    wall = limit.replace(tzinfo=None)
    for table in (Answer, Waiting):
        await db.exec(delete(table).where(col(table.original) < wall))
        answered = select(table.series_id).where(col(table.original).is_(None))
        found = await db.exec(select(Series).where(col(Series.id).in_(answered)))
        over = [series.id for series in found if _ended_before(series, limit)]
        await db.exec(delete(table).where(col(table.series_id).in_(over)))


def _ended_before(series: Series, limit: datetime) -> bool:
    if series.cancelled_at is not None and series.cancelled_at < limit:
        return True
    last = recurrence.last_start(series.pattern)
    return last is not None and last < limit.replace(tzinfo=None)
