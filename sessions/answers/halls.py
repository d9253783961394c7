"""Between the tables and the pure rule: the places of a series, read and written back."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence, schedule
from sessions.answers.tables import Answer, Waiting
from sessions.circles import Membership
from sessions.schedule import Changes, Dated, Series
from sessions.seating import Hall, Key, Night, Wait, Word


class OpenHall(NamedTuple):
    """The places of a series, with the rows that they were read from."""

    series: Series
    hall: Hall
    answers: dict[Key, Answer]
    waiting: dict[Key, Waiting]
    stale: list[Waiting]
    """Of people who have left, or who facilitate by now."""

    async def close(self, db: AsyncSession, *, now: datetime) -> None:
        """Write down what is different."""
        for key, word in self.hall.said.items():
            self._say(db, key, word, now=now)
        for key in self.hall.waits.keys() | self.waiting.keys():
            await self._wait(db, key, self.hall.waits.get(key))
        for row in self.stale:
            await db.delete(row)
        await db.flush()

    def _say(self, db: AsyncSession, key: Key, word: Word, *, now: datetime) -> None:
        row = self.answers.get(key)
        if row is None:
            db.add(
                Answer(
                    membership_id=key.who,
                    series_id=self.series.id,
                    original=key.level,
                    answer=word,
                    answered_at=now,
                )
            )
        elif row.answer != word:
            row.answer, row.answered_at = word, now

    async def _wait(self, db: AsyncSession, key: Key, wait: Wait | None) -> None:
        row = self.waiting.get(key)
        if wait is None:
            await db.delete(row)
            return
        if row is None:
            row = Waiting(
                membership_id=key.who,
                series_id=self.series.id,
                original=key.level,
                since=wait.since,
            )
            db.add(row)
        row.take_over(wait)


async def open_hall(
    db: AsyncSession, series: Series, *, now: datetime, also: datetime | None = None
) -> OpenHall:
    """
    With all dates to come that differ from the others, and that one.

    Whoever is going to `close` it has locked the series.
    """
    seated = set(await _seated(db, series))
    found = await db.exec(select(Answer).where(Answer.series_id == series.id))
    answers = {Key(a.membership_id, a.original): a for a in found}
    found_waiting = await db.exec(select(Waiting).where(Waiting.series_id == series.id))
    waiting = {Key(w.membership_id, w.original): w for w in found_waiting}
    changes = await schedule.changes_of(db, [series.id])
    seats = {o: change.seats for o, change in changes[series.id].items() if change.seats}
    named = {key.level for key in answers.keys() | waiting.keys()} | seats.keys() | {also}
    nights = dict(
        _nights(series, changes[series.id], seats, {n for n in named if n}, after=now)
    )

    def counts(key: Key) -> bool:
        return key.who in seated and (key.level is None or key.level in nights)

    hall = Hall(
        seats=series.seats,
        next_start=_next_start(Dated(series, changes[series.id]), now=now),
        nights=nights,
        said={key: answer.answer for key, answer in answers.items() if counts(key)},
        waits={key: row.wait for key, row in waiting.items() if counts(key)},
    )
    return OpenHall(
        series,
        hall,
        answers,
        {key: row for key, row in waiting.items() if counts(key)},
        [row for key, row in waiting.items() if key.who not in seated],
    )


async def _seated(db: AsyncSession, series: Series) -> Iterable[UUID]:
    """Those who need a place: whoever facilitates is there anyway."""
    return await db.exec(
        select(Membership.id).where(
            Membership.circle_id == series.circle_id,
            Membership.role == "member",
            col(Membership.ended_at).is_(None),
        )
    )


def _nights(
    series: Series,
    changes: Changes,
    seats: dict[datetime, int],
    originals: set[datetime],
    *,
    after: datetime,
) -> Iterable[tuple[datetime, Night]]:
    for original in originals:
        if not recurrence.follows(series.pattern, original):
            continue
        date = recurrence.occurrence_at(series.pattern, changes, original)
        if date.starts_at > after:
            limit = seats.get(original, series.seats)
            yield original, Night(date.starts_at, limit, date.cancelled)


def _next_start(dated: Dated, *, now: datetime) -> datetime | None:
    if dated.series.cancelled_at is not None:
        return None
    coming = recurrence.next_dates(
        dated.series.pattern, dated.changes, after=now, limit=2, with_cancelled=False
    )
    return next((date.starts_at for date in coming if date.starts_at > now), None)
