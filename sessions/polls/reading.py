"""Polls as a circle's people see them: facilitators who said what, the others how many."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.circles import Belonging, Circle, Membership, people_in
from sessions.errors import NotFound
from sessions.people import Person
from sessions.polls.counting import Count, Suits, best, count
from sessions.polls.tables import Poll, PollAnswer, PollTime
from sessions.recurrence import Occurrence, Pattern, occurrence_at

Given = dict[datetime, dict[UUID, Suits]]
"""By start and membership."""


class Asked(NamedTuple):
    """A poll with what was answered, as one of its circle's people sees it."""

    poll: Poll
    mine: Belonging
    times: list[datetime]
    given: Given
    people: dict[UUID, Person]
    """Everybody in the circle now, by membership: their answers count."""

    def counts(self) -> dict[datetime, Count]:
        return {start: count(self.given[start].values()) for start in self.times}

    def best(self) -> set[datetime]:
        return best(self.counts())

    def answered(self) -> int:
        return len({who for answers in self.given.values() for who in answers})

    def occurrence(self, start: datetime) -> Occurrence:
        return occurrence_at(Pattern(start, self.poll.zone, self.poll.minutes), {}, start)


async def poll_for(db: AsyncSession, person: Person, poll_id: UUID) -> tuple[Poll, Belonging]:
    """Raises `NotFound` for a poll that does not exist and for one that is not theirs."""
    found = await db.exec(
        select(Poll, Circle, Membership)
        .join(Circle, col(Poll.circle_id) == col(Circle.id))
        .join(Membership, col(Membership.circle_id) == col(Circle.id))
        .where(
            Poll.id == poll_id,
            Membership.person_id == person.id,
            col(Membership.ended_at).is_(None),
        )
    )
    row = found.first()
    if row is None:
        raise NotFound
    poll, circle, membership = row
    return poll, Belonging(circle, membership)


async def polls_in(db: AsyncSession, mine: Belonging) -> list[Poll]:
    """The newest first."""
    found = await db.exec(
        select(Poll)
        .where(Poll.circle_id == mine.circle.id)
        .order_by(col(Poll.created_at).desc(), col(Poll.id))
    )
    return list(found)


async def asked(db: AsyncSession, mine: Belonging, polls: Iterable[Poll]) -> list[Asked]:
    """Each with its answers; all of them of one circle."""
    listed = list(polls)
    ids = [poll.id for poll in listed]
    people = {
        membership.id: person
        for membership, person in await people_in(db, mine.circle.id)
        if membership.ended_at is None
    }
    times = await _times_of(db, ids)
    given: dict[UUID, Given] = {one: defaultdict(dict) for one in ids}
    for said in await db.exec(select(PollAnswer).where(col(PollAnswer.poll_id).in_(ids))):
        if said.membership_id in people:
            given[said.poll_id][said.start][said.membership_id] = said.answer
    return [Asked(p, mine, times[p.id], given[p.id], people) for p in listed]


async def times_of(db: AsyncSession, poll: Poll) -> list[datetime]:
    return (await _times_of(db, [poll.id]))[poll.id]


async def _times_of(db: AsyncSession, ids: list[UUID]) -> dict[UUID, list[datetime]]:
    found = await db.exec(
        select(PollTime).where(col(PollTime.poll_id).in_(ids)).order_by(col(PollTime.start))
    )
    times: dict[UUID, list[datetime]] = defaultdict(list)
    for time in found:
        times[time.poll_id].append(time.start)
    return times
