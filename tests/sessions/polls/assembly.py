"""A circle that is asked which times suit, and what its people say."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sessions import polls
from sessions.polls import Again, Asked, Poll, Suits
from tests.sessions.village import DANA, Village

THURSDAY, FRIDAY = datetime(2026, 3, 12, 19), datetime(2026, 3, 13, 10)
PLAN: dict[str, Any] = {
    "title": "First evening",
    "zone": "Asia/Jerusalem",
    "minutes": 60,
    "times": [THURSDAY, FRIDAY],
    "until": date(2026, 3, 10),
}


class Assembly:
    """One poll; asked by Dana."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.poll: UUID

    async def propose(self, *, who: str = DANA, **changes: Any) -> UUID:
        async with self.village.acting(who) as (db, mine):
            plan = PLAN | changes
            made = await polls.propose(
                db, self.village.keys, mine, **plan, now=self.village.clock()
            )
            self.poll = made.id
        return self.poll

    async def say(self, who: str, **said: Suits) -> None:
        """`thu` and `fri`."""
        starts = {"thu": THURSDAY, "fri": FRIDAY}
        async with self.village.acting(who) as (db, mine):
            poll = await polls.poll_of(db, mine, self.poll)
            answers = {starts[name]: answer for name, answer in said.items()}
            await polls.answer(
                db, self.village.keys, mine, poll, answers, now=self.village.clock()
            )

    async def close(self, *, who: str = DANA) -> None:
        async with self.village.acting(who) as (db, mine):
            poll = await polls.poll_of(db, mine, self.poll)
            await polls.close(db, mine, poll, now=self.village.clock())

    async def book(
        self,
        start: datetime = FRIDAY,
        *,
        who: str = DANA,
        again: Again = "once",
        count: int | None = None,
    ) -> UUID:
        async with self.village.acting(who) as (db, mine):
            poll = await polls.poll_of(db, mine, self.poll)
            series = await polls.book(
                db,
                self.village.keys,
                mine,
                poll,
                start,
                again=again,
                count=count,
                now=self.village.clock(),
            )
            self.village.planned = series.id
            return series.id

    async def seen(self, who: str = DANA) -> Asked:
        async with self.village.acting(who) as (db, mine):
            poll = await polls.poll_of(db, mine, self.poll)
            [found] = await polls.asked(db, mine, [poll])
            return found

    async def row(self) -> Poll | None:
        async with self.village.database.read() as db:
            return await db.get(Poll, self.poll)
