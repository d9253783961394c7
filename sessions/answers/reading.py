"""Who said what, as people and facilitators see it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.answers.tables import Answer, Waiting
from sessions.circles import Membership, people_in
from sessions.people import Person
from sessions.schedule import Series
from sessions.seating import Place, Wait, Word, place_with

Given = dict[tuple[UUID, datetime | None], Word]
"""Answers of one person by series and original start; `None` stands for the series."""
Waits = dict[tuple[UUID, datetime | None], Wait]


@dataclass(frozen=True, slots=True)
class Said:
    """What one person answered, and where they wait for a place; a date goes by its series."""

    given: Given = field(default_factory=dict)
    waits: Waits = field(default_factory=dict)

    def is_own(self, series: UUID, original: datetime) -> bool:
        """Whether it was said to this date, and not to all."""
        return (series, original) in self.given

    def word(self, series: UUID, original: datetime | None) -> Word | None:
        return self.given.get((series, original), self.given.get((series, None)))

    def wait(self, series: UUID, original: datetime | None) -> Wait | None:
        """Who has said nothing about a date of their own waits for it with the series."""
        mine = self.waits.get((series, original))
        if mine or (series, original) in self.given:
            return mine
        return self.waits.get((series, None))

    def place(self, series: UUID, original: datetime | None) -> Place | None:
        if self.word(series, original) != "yes":
            return None
        return place_with(self.wait(series, original))


class Coming(NamedTuple):
    """What one person says to one date."""

    membership: Membership
    person: Person
    answer: Word | None
    own: bool
    """Said for this date, and not for all."""
    place: Place | None


class Speaker(NamedTuple):
    membership: Membership
    person: Person
    said: Said


class Going(NamedTuple):
    """How many; `yes` are those who have a place."""

    yes: int
    maybe: int
    no: int
    waiting: int


async def answers_of(db: AsyncSession, memberships: list[UUID]) -> Given:
    found = await db.exec(select(Answer).where(col(Answer.membership_id).in_(memberships)))
    return {(a.series_id, a.original): a.answer for a in found}


async def waiting_of(db: AsyncSession, memberships: Collection[UUID]) -> list[Waiting]:
    found = await db.exec(select(Waiting).where(col(Waiting.membership_id).in_(memberships)))
    return list(found)


async def whole_answers(db: AsyncSession, circle_id: UUID) -> dict[UUID, Word]:
    """The latest answer to a whole series by membership, for the facilitators' list."""
    found = await db.exec(
        select(Answer)
        .join(Series, col(Answer.series_id) == col(Series.id))
        .where(Series.circle_id == circle_id, col(Answer.original).is_(None))
        .order_by(col(Answer.answered_at))
    )
    return {a.membership_id: a.answer for a in found}


async def who_comes(
    db: AsyncSession, series: Series, original: datetime, *, now: datetime
) -> list[Coming]:
    """Everybody who belongs, in the order they came; those who said nothing as well."""
    everybody = await _everybody(db, series.circle_id, [series.id], now=now)
    return [_coming(speaker, series.id, original) for speaker in everybody]


async def going(
    db: AsyncSession,
    circle_id: UUID,
    dates: Mapping[UUID, Collection[datetime]],
    *,
    now: datetime,
) -> dict[UUID, dict[datetime, Going]]:
    """For dates of a circle's series how many come, how many do not, and how many wait."""
    everybody = await _everybody(db, circle_id, dates, now=now)
    return {
        series: {
            original: _counted([_coming(speaker, series, original) for speaker in everybody])
            for original in originals
        }
        for series, originals in dates.items()
    }


def _counted(people: list[Coming]) -> Going:
    waiting = sum(one.place in ("waiting", "offered") for one in people)
    words = [one.answer for one in people]
    return Going(words.count("yes") - waiting, words.count("maybe"), words.count("no"), waiting)


async def said_by(
    db: AsyncSession,
    memberships: Collection[UUID],
    *,
    about: Collection[UUID] | None = None,
    now: datetime,
) -> dict[UUID, Said]:
    """By membership, to these series or to all; of somebody who said nothing, nothing."""
    answers = select(Answer).where(col(Answer.membership_id).in_(memberships))
    waiting = select(Waiting).where(col(Waiting.membership_id).in_(memberships))
    if about is not None:
        answers = answers.where(col(Answer.series_id).in_(about))
        waiting = waiting.where(col(Waiting.series_id).in_(about))
    return _by_person(memberships, await db.exec(answers), await db.exec(waiting), now=now)


def may_come(said: Said, membership: Membership, series: UUID, original: datetime) -> bool:
    """Whoever has not said no; but who waits for a place does not come so far."""
    if said.word(series, original) == "no":
        return False
    return membership.role == "facilitator" or said.place(series, original) in (None, "held")


async def _everybody(
    db: AsyncSession, circle_id: UUID, series: Collection[UUID], *, now: datetime
) -> list[Speaker]:
    """Who belongs, in the order they came, with what they said to these series."""
    people = [one for one in await people_in(db, circle_id) if not one[0].ended_at]
    answers = await db.exec(select(Answer).where(col(Answer.series_id).in_(series)))
    waiting = await db.exec(select(Waiting).where(col(Waiting.series_id).in_(series)))
    said = _by_person([member.id for member, _ in people], answers, waiting, now=now)
    return [Speaker(member, person, said[member.id]) for member, person in people]


def _by_person(
    memberships: Iterable[UUID],
    answers: Iterable[Answer],
    waiting: Iterable[Waiting],
    *,
    now: datetime,
) -> dict[UUID, Said]:
    said = {membership: Said() for membership in memberships}
    for row in answers:
        if row.membership_id in said:
            said[row.membership_id].given[row.series_id, row.original] = row.answer
    for wait in waiting:
        if wait.membership_id in said:
            waits = said[wait.membership_id].waits
            waits[wait.series_id, wait.original] = _as_of(wait.wait, now)
    return said


def _coming(speaker: Speaker, series: UUID, original: datetime) -> Coming:
    membership, person, said = speaker
    return Coming(
        membership,
        person,
        said.word(series, original),
        said.is_own(series, original),
        None if membership.role == "facilitator" else said.place(series, original),
    )


def _as_of(wait: Wait, now: datetime) -> Wait:
    """An offer whose time is over is none, though nobody has crossed it out yet."""
    if wait.until and wait.until <= now:
        return Wait(wait.since, missed=True)
    return wait
